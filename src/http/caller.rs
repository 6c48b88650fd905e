use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{App, ProblemJson};
use crate::access::{Act, Role, Scopes, Viewer};
use crate::store::Token;
use crate::transcript::Digest;

/// How stale the last use of a token may be before it is written again: a write for every request would cost more
/// than the request.
const NOTE_USE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// Whoever sends a request.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    /// Whose repeated posts are the same posts: the token's id.
    pub(super) id: String,
    /// The person, where it is one and no machine.
    pub(super) user: Option<Uuid>,
    /// The person's login, or the machine's name, for the record.
    pub(super) name: String,
    /// What they are.
    pub(super) role: Role,
    /// What their token may be used for.
    scopes: Scopes,
}

impl Caller {
    /// Tells whether they may do `act`, by their role and by their token.
    pub(super) fn may(&self, act: Act) -> bool {
        self.role.may(act) && self.scopes.allow(act)
    }

    /// Returns the eyes with which they read the store.
    pub(super) fn viewer(&self) -> Viewer {
        Viewer::new(self.role, self.user)
    }
}

impl From<Token> for Caller {
    fn from(token: Token) -> Self {
        let (user, name) = match token.user {
            Some((user, login, _)) => (Some(user), login),
            None => (None, token.name),
        };
        Self { id: token.id.to_string(), user, name, role: token.role, scopes: token.scopes }
    }
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
