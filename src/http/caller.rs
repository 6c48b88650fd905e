use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{App, ProblemJson, cookie};
use crate::access::{Act, Role, Scopes, Viewer};
use crate::sign_in;
use crate::store::{Token, User};
use crate::transcript::Digest;

/// How stale the last use of a token may be before it is written again: a write for every request would cost more
/// than the request.
const NOTE_USE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Whoever sends a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Whose repeated posts are the same posts: the id of the token, or of the person who has signed in.
    pub(super) id: String,
    /// The person, where it is one and no machine.
    pub(super) user: Option<Uuid>,
    /// The person's login, or the machine's name, for the record.
    pub(crate) name: String,
    /// What they are.
    pub(crate) role: Role,
    /// Digest of their session's secret, where they have signed in; a token has none.
    pub(super) session: Option<Digest>,
    /// What their token may be used for.
    pub(super) scopes: Scopes,
}

impl Caller {
    /// Returns a person who has signed in, by the session with this digest where it is known.
    pub(super) fn signed_in(user: User, session: Option<Digest>) -> Self {
        let User { id, login, role, .. } = user;
        Self { id: id.to_string(), user: Some(id), name: login, role, session, scopes: Scopes::ALL }
    }

    /// Tells whether they may do `act`, by their role and by their token.
    pub(crate) fn may(&self, act: Act) -> bool {
        self.role.may(act) && self.scopes.allow(act)
    }

    /// Returns the eyes with which they read the store.
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer::new(self.role, self.user)
    }
}

impl From<Token> for Caller {
    fn from(token: Token) -> Self {
        let (user, name) = match token.user {
            Some((user, login, _)) => (Some(user), login),
            None => (None, token.name),
        };
        let Token { id, role, scopes, .. } = token;
        Self { id: id.to_string(), user, name, role, session: None, scopes }
    }
}

/// Lets a request pass that bears a known token or session, before its body is read. Every failure gets the same
/// answer.
pub(crate) async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let (method, headers) = (request.method().clone(), request.headers().clone());
    match admitted(&app, &method, &headers).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admitted(app: &App, method: &Method, headers: &HeaderMap) -> Result<Caller, ProblemJson> {
    // Who sends a token means it: a cookie beside it does not count.
    let caller = match headers.contains_key(header::AUTHORIZATION) {
        true => by_token(app, headers).await?,
        false => by_session(app, headers).await?,
    };
    let caller = caller.ok_or_else(|| {
        ProblemJson::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "send a token as `Authorization: Bearer …`; `readback token create` makes one. People sign in at /v1/sign-in",
        )
    })?;
    if !method.is_safe() {
        // A browser sends the cookie along, whoever made the page.
        if caller.session.is_some() && app.door.public_url.sent_it(headers) != Some(true) {
            return Err(ProblemJson::foreign_page());
        }
        app.door.throttle.post(&caller.id)?;
    }
    Ok(caller)
}

/// Returns the bearer token; none where there are several, so that nobody guesses which one counts.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, secret) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim()).filter(|secret| !secret.is_empty())
}

async fn by_token(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, ProblemJson> {
    let Some(secret) = bearer(headers) else { return Ok(None) };
    // The secret is never compared: its digest is looked up, so that timing tells nothing about a secret.
    let (store, now) = (app.pipeline.store(), Timestamp::now());
    let Some(token) = store.token(&Digest::of(secret.as_bytes()), now).await? else { return Ok(None) };
    if token.used_at.is_none_or(|used| now.duration_since(used) > NOTE_USE_EVERY) {
        let id = token.id;
        let used = store.write(move |tx| Box::pin(async move { tx.use_token(id, now).await })).await;
        if let Err(error) = used {
            // Reads go on when nothing can be written.
            tracing::warn!(%error, "failed to note the use of a token");
        }
    }
    Ok(Some(token.into()))
}

async fn by_session(app: &App, headers: &HeaderMap) -> Result<Option<Caller>, ProblemJson> {
    let Some(digest) = session_digest(app, headers) else { return Ok(None) };
    let (store, now) = (app.pipeline.store(), Timestamp::now());
    let session = sign_in::find(store, &digest, app.door.lifetimes, now).await?;
    Ok(session.map(|session| Caller::signed_in(session.user, Some(digest))))
}

/// Returns the digest of the session's secret that a browser sent.
pub(super) fn session_digest(app: &App, headers: &HeaderMap) -> Option<Digest> {
    cookie::read(headers, app.door.cookie()).map(|secret| Digest::of(secret.as_bytes()))
}
