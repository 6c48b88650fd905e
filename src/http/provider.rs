//! Signing in at an OpenID provider: there, and back again.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::IntoParams;

use super::peer::ClientAddress;
use super::{App, ProblemJson, cookie, session};
use crate::sign_in::{self, Provider};
use crate::store::SignIn;
use crate::transcript::Digest;

/// Where to go after signing in.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Next {
    /// A path of this service; its start page where there is none.
    next: Option<String>,
}

/// What the provider sends the browser back with.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct Answer {
    /// What is exchanged for the provider's word.
    code: Option<String>,
    /// What the browser was sent there with.
    state: Option<String>,
    /// Why the provider refused.
    error: Option<String>,
}

/// Sends the browser to the OpenID provider.
#[utoipa::path(get, path = "/v1/sign-in/oidc", tag = "session", security(()), params(Next),
    responses(
        (status = 303, description = "On to the provider"),
        (status = 404, description = "There is no provider", body = ProblemJson),
        (status = 502, description = "The provider cannot be reached", body = ProblemJson),
    ))]
pub(super) async fn begin(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    next: Result<Query<Next>, QueryRejection>,
) -> Result<Response, ProblemJson> {
    let provider = provider(&app)?;
    let Query(Next { next }) = next?;
    let next = next.unwrap_or_else(|| "/".to_owned());
    if !is_own_path(&next) {
        return Err(ProblemJson::field("next", "must be a path of this service, such as /deals/acme"));
    }
    app.door.throttle.address(address)?;
    let begun = provider.begin().await?;
    let (now, state) = (Timestamp::now(), Digest::of(begun.state.as_bytes()));
    let sign_in = SignIn { nonce: begun.nonce, verifier: begun.verifier, next };
    let work = app
        .pipeline
        .store()
        .write(move |tx| Box::pin(async move { tx.begin_sign_in(&state, &sign_in, now).await }));
    work.await?;
    let secure = app.door.public_url.is_secure();
    let kept = cookie::write(app.door.sign_in_cookie(), &begun.state, SignIn::PATIENCE.as_secs(), secure)?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, begun.url)], [(header::SET_COOKIE, kept)]).into_response())
}

/// Takes the browser back from the OpenID provider and signs the person in.
#[utoipa::path(get, path = "/v1/sign-in/oidc/callback", tag = "session", security(()), params(Answer),
    responses(
        (status = 303, description = "Signed in; `Set-Cookie` bears the session"),
        (status = 400, description = "Not the answer to a sign-in of this browser", body = ProblemJson),
        (status = 403, description = "The person has no role here", body = ProblemJson),
        (status = 404, description = "There is no provider", body = ProblemJson),
        (status = 502, description = "The provider's word does not count", body = ProblemJson),
    ))]
pub(super) async fn finish(
    State(app): State<App>,
    headers: HeaderMap,
    answer: Result<Query<Answer>, QueryRejection>,
) -> Result<Response, ProblemJson> {
    let provider = provider(&app)?;
    let Query(Answer { code, state, error }) = answer?;
    // The browser that began it must be the one that ends it: else a link could sign people in as somebody else.
    let began = cookie::read(&headers, app.door.sign_in_cookie());
    let state = state.filter(|state| began == Some(state));
    let sign_in = match state.map(|state| Digest::of(state.as_bytes())) {
        Some(state) => {
            let now = Timestamp::now();
            let store = app.pipeline.store();
            store.write(move |tx| Box::pin(async move { tx.take_sign_in(&state, now).await })).await?
        }
        None => None,
    };
    let Some(sign_in) = sign_in else {
        return Err(ProblemJson::field(
            "state",
            "is no sign-in of this browser, or one that took too long; begin again",
        ));
    };
    if let Some(error) = error {
        return Err(ProblemJson::field("error", format!("the provider refused: {error}")));
    }
    let code = code.ok_or_else(|| ProblemJson::field("code", "is missing"))?;
    let vouched = provider.finish(code, sign_in.nonce, sign_in.verifier).await?;
    let user =
        sign_in::by_provider(app.pipeline.store(), &provider.issuer, vouched, Timestamp::now()).await?;
    let secure = app.door.public_url.is_secure();
    let cookies = AppendHeaders([
        (header::SET_COOKIE, session::open(&app, &headers, &user, "openid").await?),
        (header::SET_COOKIE, cookie::write(app.door.sign_in_cookie(), "", 0, secure)?),
    ]);
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, sign_in.next)], cookies).into_response())
}

fn provider(app: &App) -> Result<&Provider, ProblemJson> {
    app.door.provider.as_ref().ok_or_else(|| ProblemJson::not_found("provider"))
}

/// Tells whether `next` stays here: browsers take `//host` and `/\host` for another place, and drop tabs and line
/// breaks before they look.
pub(crate) fn is_own_path(next: &str) -> bool {
    next.starts_with('/')
        && !next.starts_with("//")
        && next.chars().all(|c| c.is_ascii_graphic() && c != '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        assert!(is_own_path("/") && is_own_path("/deals/acme?tab=promises#p1"));
        for elsewhere in [
            "",
            "deals",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\n/evil",
        ] {
            assert!(!is_own_path(elsewhere), "{elsewhere:?}");
        }
    }
}
