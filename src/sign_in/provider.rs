use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::Role;

/// Time for one request to the provider: a person waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of an answer of the provider at most; key sets and tokens are a few kilobytes.
const LARGEST_ANSWER: usize = 1 << 20;

/// An OpenID provider, and what its word counts for here.
#[derive(Clone, Debug)]
pub struct Provider {
    /// The provider's address, to the letter as its discovery document has it.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// How we prove it; empty for a public client.
    pub client_secret: ProviderSecret,
    /// Where the provider sends the browser back to.
    pub redirect_url: String,
    /// What to ask for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds a person's groups.
    pub groups_claim: String,
    /// What the members of a group are.
    pub roles: BTreeMap<String, Role>,
}

/// A client secret, which no log shows.
#[derive(Clone)]
pub struct ProviderSecret(pub String);

impl std::fmt::Debug for ProviderSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A sign-in that has begun: where to send the browser, and what its answer must match.
#[derive(Clone)]
pub struct Begun {
    /// The provider's page.
    pub url: String,
    /// What the provider hands back with the browser.
    pub state: String,
    /// What the provider's token must hold.
    pub nonce: String,
    /// PKCE: proves to the provider that we are who asked.
    pub verifier: String,
}

/// A person the provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// Who they are there; never changes.
    pub subject: String,
    /// Their mail address or user name; else the subject.
    pub login: String,
    /// Whether the provider has seen that the mail address is theirs.
    pub login_is_proven: bool,
    /// As others read it.
    pub name: String,
    /// What they are by their groups; none where no group of theirs has a role.
    pub role: Option<Role>,
}

/// Why the provider's word does not count.
#[derive(Debug, thiserror::Error)]
pub enum Mistrust {
    /// The settings hold an address that is none.
    #[error("read the address of the provider: {0}")]
    Address(String),
    /// The provider could not be reached, or answered otherwise than it must.
    #[error("talk to the provider: {0}")]
    Unreachable(String),
    /// The token is not the provider's, not for us, not for this sign-in, or no longer.
    #[error("trust the provider's token: {0}")]
    Token(String),
}

/// All further claims of a token: which of them holds the groups is a setting.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Claims(BTreeMap<String, Value>);

impl AdditionalClaims for Claims {}

type Fields = IdTokenFields<
    Claims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Found = Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Signatures that count: those that only the provider can make. `none` and shared secrets are not among them.
const SIGNATURES: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl Provider {
    /// Begins a sign-in.
    ///
    /// # Errors
    /// Where the provider cannot be reached.
    pub async fn begin(&self) -> Result<Begun, Mistrust> {
        let client = self.find().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client.authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        );
        for scope in &self.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        Ok(Begun {
            url: url.to_string(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Exchanges the code that the browser brought for the provider's word on who it is.
    ///
    /// # Errors
    /// [`Mistrust`].
    pub async fn finish(&self, code: String, nonce: String, verifier: String) -> Result<Vouched, Mistrust> {
        // Asked anew each time: a provider changes its keys when it likes, and people sign in once a day.
        let client = self.find().await?;
        let http = Http::new()?;
        let exchange = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| Mistrust::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        let answer = exchange.request_async(&http).await.map_err(unreachable)?;
        let mistrust = |error: &dyn std::fmt::Display| Mistrust::Token(error.to_string());
        let token = answer.id_token().ok_or_else(|| mistrust(&"there is none in the answer"))?;
        let judge = client.id_token_verifier().set_allowed_algs(SIGNATURES);
        let claims = token.claims(&judge, &Nonce::new(nonce)).map_err(|error| mistrust(&error))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|error| mistrust(&error))?;
            let key = token.signing_key(&judge).map_err(|error| mistrust(&error))?;
            let actual = AccessTokenHash::from_token(answer.access_token(), algorithm, key)
                .map_err(|error| mistrust(&error))?;
            if actual != *expected {
                return Err(mistrust(&"it belongs to another access token"));
            }
        }
        let subject = claims.subject().to_string();
        // An address that nobody has verified may be anybody's.
        let mail = claims.email().filter(|_| claims.email_verified() == Some(true));
        let login_is_proven = mail.is_some();
        let login = mail.map(|mail| mail.to_string());
        let login = login.or_else(|| claims.preferred_username().map(|name| name.to_string()));
        let name = claims.name().and_then(|name| name.get(None)).map(|name| name.to_string());
        let login = login.unwrap_or_else(|| subject.clone());
        Ok(Vouched {
            name: name.unwrap_or_else(|| login.clone()),
            role: self.role(&claims.additional_claims().0),
            login,
            login_is_proven,
            subject,
        })
    }

    /// Returns the first role, in the order of [`Role::ALL`], that one of the person's groups has.
    fn role(&self, claims: &BTreeMap<String, Value>) -> Option<Role> {
        let groups: Vec<&str> = match claims.get(&self.groups_claim)? {
            Value::Array(groups) => groups.iter().filter_map(Value::as_str).collect(),
            Value::String(group) => vec![group],
            _ => Vec::new(),
        };
        groups.iter().filter_map(|group| self.roles.get(*group)).min().copied()
    }

    async fn find(&self) -> Result<Found, Mistrust> {
        let address = |error: openidconnect::url::ParseError| Mistrust::Address(error.to_string());
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(address)?;
        let redirect = RedirectUrl::new(self.redirect_url.clone()).map_err(address)?;
        let http = Http::new()?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.map_err(unreachable)?;
        let secret = self.client_secret.0.clone();
        let secret = (!secret.is_empty()).then(|| ClientSecret::new(secret));
        let id = ClientId::new(self.client_id.clone());
        Ok(Found::from_provider_metadata(metadata, id, secret).set_redirect_uri(redirect))
    }
}

/// Our own client, as the library wants it: the binary has one, and one TLS stack.
struct Http(reqwest::Client);

impl Http {
    fn new() -> Result<Self, Mistrust> {
        // A provider that redirects could send us anywhere.
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        client.build().map(Self).map_err(unreachable)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, SendError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut response = HttpResponse::new(Vec::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = answer.headers().clone();
        while let Some(chunk) = answer.chunk().await? {
            response.body_mut().extend_from_slice(&chunk);
            if response.body().len() > LARGEST_ANSWER {
                return Err(SendError::TooLarge);
            }
        }
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = SendError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, SendError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the answer is larger than {LARGEST_ANSWER} bytes")]
    TooLarge,
}

/// Joins an error with its causes: what helps is most often the innermost.
fn unreachable(error: impl std::error::Error) -> Mistrust {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    Mistrust::Unreachable(text)
}
