//! Signing in with a password, who one is, and signing out.

use std::net::IpAddr;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::{Caller, session_digest};
use super::peer::ClientAddress;
use super::{App, ProblemJson, cookie};
use crate::access::{Act, Role};
use crate::handoff::{Action, Entry};
use crate::sign_in::{self, hashed};
use crate::store::{self, User, as_login};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// The login: most often a mail address.
    login: String,
    /// The password.
    password: String,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// The password of today.
    current: String,
    /// The password from now on: 12 to 256 characters.
    new: String,
}

/// Who one is to the service.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SessionView {
    /// The person's login; a machine's token has a name instead.
    name: String,
    /// What one is.
    role: Role,
    /// Whether one is a person; else a machine.
    person: bool,
    /// What one may do.
    #[schema(value_type = Vec<String>)]
    may: Vec<&'static str>,
}

/// Signs in with login and password; the answer sets the session's cookie.
#[utoipa::path(post, path = "/v1/sign-in", tag = "session", security(()), request_body = Credentials,
    responses(
        (status = 200, description = "Signed in; `Set-Cookie` bears the session", body = SessionView),
        (status = 401, description = "No such login and password", body = ProblemJson),
        (status = 403, description = "Sent by a page of somebody else", body = ProblemJson),
        (status = 429, description = "Too many attempts; `Retry-After` says when", body = ProblemJson),
    ))]
pub(super) async fn sign_in(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    credentials: Result<Json<Credentials>, JsonRejection>,
) -> Result<Response, ProblemJson> {
    let Json(Credentials { login, password }) = credentials?;
    let user = by_password(&app, &headers, address, &login, password).await?;
    let cookie = open(&app, &headers, &user, "password").await?;
    let caller = Caller::signed_in(user, None);
    Ok(([(header::SET_COOKIE, cookie)], Json(view(&caller))).into_response())
}

/// Returns the person whose login and password these are.
pub(crate) async fn by_password(
    app: &App,
    headers: &HeaderMap,
    address: Option<IpAddr>,
    login: &str,
    password: String,
) -> Result<User, ProblemJson> {
    // A page of others must not sign people in as somebody else and have them work under that name.
    if app.door.public_url.sent_it(headers) == Some(false) {
        return Err(ProblemJson::foreign_page());
    }
    let login = as_login(login);
    app.door.throttle.sign_in(&login, address)?;
    let store = app.pipeline.store();
    let kept = store.password(&login).await?;
    let matches = app.door.passwords.matches(password, kept).await?;
    // Looked up whatever comes of it, so that time does not tell who has an account.
    let user = store.user(&login).await?;
    if let Some(user) = user.clone().filter(|user| matches && user.disabled_at.is_none()) {
        return Ok(user);
    }
    // What a stranger typed is no name of ours, and has no place in a record that is never changed.
    let name = user.map_or_else(|| "unknown".to_owned(), |user| user.login);
    record_refused(app, &name).await?;
    Err(ProblemJson::new(
        StatusCode::UNAUTHORIZED,
        "no-such-login-and-password",
        "there is no account with this login and password; an administrator can set another one with `readback user password`",
    ))
}

/// Opens a session in the browser that sent `headers` and returns its cookie. The session it had before ends.
pub(crate) async fn open(
    app: &App,
    headers: &HeaderMap,
    user: &User,
    by: &'static str,
) -> Result<HeaderValue, ProblemJson> {
    let old = session_digest(app, headers);
    let door = &app.door;
    let secret = sign_in::open(app.pipeline.store(), user, by, old, door.lifetimes, Timestamp::now()).await?;
    let name = door.cookie();
    cookie::write(name, secret.as_str(), door.lifetimes.whole.as_secs(), door.public_url.is_secure())
}

/// Says who one is.
#[utoipa::path(get, path = "/v1/session", tag = "session", responses((status = 200, body = SessionView)))]
pub(super) async fn get(Extension(caller): Extension<Caller>) -> Json<SessionView> {
    Json(view(&caller))
}

fn view(caller: &Caller) -> SessionView {
    let may = Act::ALL.into_iter().filter(|act| caller.may(*act)).map(Act::as_str).collect();
    SessionView { name: caller.name.clone(), role: caller.role, person: caller.user.is_some(), may }
}

/// Signs out: the session ends at the server, not only in the browser.
#[utoipa::path(delete, path = "/v1/session", tag = "session",
    responses((status = 204), (status = 403, description = "Not in a session", body = ProblemJson)))]
pub(super) async fn sign_out(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, ProblemJson> {
    let cookie = close(&app, caller).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// Ends the session of `caller` and returns what takes its cookie away.
pub(crate) async fn close(app: &App, caller: Caller) -> Result<HeaderValue, ProblemJson> {
    let digest = caller.session.ok_or_else(ProblemJson::no_session)?;
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), caller.name, Action::SignedOut, "session");
    let work = app.pipeline.store().write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.close_session(&digest).await
        })
    });
    work.await?;
    forget(app)
}

/// Changes one's own password; every session ends, this one too.
#[utoipa::path(put, path = "/v1/session/password", tag = "session", request_body = NewPassword,
    responses(
        (status = 204, description = "Sign in again"),
        (status = 400, description = "The new password is too easy, or the current one is another", body = ProblemJson),
        (status = 403, description = "Not in a session", body = ProblemJson),
        (status = 429, description = "Too many attempts; `Retry-After` says when", body = ProblemJson),
    ))]
pub(super) async fn change_password(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    Extension(caller): Extension<Caller>,
    change: Result<Json<NewPassword>, JsonRejection>,
) -> Result<Response, ProblemJson> {
    if caller.session.is_none() {
        return Err(ProblemJson::no_session());
    }
    let Json(NewPassword { current, new }) = change?;
    app.door.throttle.sign_in(&caller.name, address)?;
    let kept = app.pipeline.store().password(&caller.name).await?;
    if !app.door.passwords.matches(current, kept).await? {
        return Err(ProblemJson::field("/current", "is not the password of today"));
    }
    let hash = tokio::task::spawn_blocking(move || hashed(&new)).await;
    let hash = hash.unwrap_or(Err(sign_in::Error::Interrupted))?;
    let login = caller.name;
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), &login, Action::PermissionChanged, &login);
    let entry = entry.with(json!({"password": "changed"}));
    let work = app.pipeline.store().write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.set_password(&login, &hash).await
        })
    });
    work.await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, forget(&app)?)]).into_response())
}

async fn record_refused(app: &App, actor: &str) -> Result<(), ProblemJson> {
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), actor, Action::SignInRefused, "session");
    let work = app.pipeline.store().write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            Ok::<_, store::Error>(())
        })
    });
    Ok(work.await?)
}

fn forget(app: &App) -> Result<HeaderValue, ProblemJson> {
    cookie::write(app.door.cookie(), "", 0, app.door.public_url.is_secure())
}
