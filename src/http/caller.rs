use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Act, App, ProblemJson, Role};
use crate::transcript::Digest;

/// How stale the last use of a token may be before it is written again: a write for every request would cost more
/// than the request.
const NOTE_USE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Whoever sends a request, known by their token.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// The token's id.
    pub(super) token: Uuid,
    /// The token's name, for the record.
    pub(super) name: String,
    /// What they may do.
    pub(super) role: Role,
}

/// Lets a request pass whose bearer token is known, before its body is read. Every failure gets the same answer.
pub(super) async fn authenticate(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let secret = secret(request.headers()).map(str::to_owned);
    match caller(&app, secret).await {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Ok(None) => ProblemJson::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "send a token as `Authorization: Bearer …`; `readback token create` makes one",
        )
        .into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Returns the bearer token; none where there are several, so that nobody guesses which one counts.
fn secret(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).into_iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, secret) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim()).filter(|secret| !secret.is_empty())
}

async fn caller(app: &App, secret: Option<String>) -> Result<Option<Caller>, ProblemJson> {
    let Some(secret) = secret else { return Ok(None) };
    // The secret is never compared: its digest is looked up, so that timing tells nothing about a secret.
    let store = app.pipeline.store();
    let Some(token) = store.token(&Digest::of(secret.as_bytes())).await? else { return Ok(None) };
    let Ok(role) = token.role.parse() else { return Ok(None) };
    let now = Timestamp::now();
    if token.revoked_at.is_some() {
        return Ok(None);
    }
    if token.used_at.is_none_or(|used| now.duration_since(used) > NOTE_USE_EVERY) {
        let used = store.write(move |tx| Box::pin(async move { tx.use_token(token.id, now).await })).await;
        if let Err(error) = used {
            // Reads go on when nothing can be written.
            tracing::warn!(%error, "failed to note the use of a token");
        }
    }
    Ok(Some(Caller { token: token.id, name: token.name, role }))
}

/// Lets a request pass whose caller may do `act`.
pub(super) async fn may(
    State(act): State<Act>,
    Extension(caller): Extension<Caller>,
    request: Request,
    next: Next,
) -> Response {
    if caller.role.may(act) {
        return next.run(request).await;
    }
    let detail = format!("a token of role {} may not do this; it takes {}", caller.role, who_may(act));
    ProblemJson::new(StatusCode::FORBIDDEN, "forbidden", detail).into_response()
}

fn who_may(act: Act) -> String {
    let roles = Role::ALL.into_iter().filter(|role| role.may(act)).map(Role::as_str);
    roles.collect::<Vec<_>>().join(" or ")
}
