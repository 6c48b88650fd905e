//! Signing in and out.

use askama::Template;
use axum::extract::{Extension, Form, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::frame::{Frame, draw, shown};
use crate::http::{self, App, Caller, ClientAddress, ProblemJson, encode, is_own_path};

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct Page {
    frame: Frame,
    login: String,
    next: String,
    /// Where the OpenID provider is asked; empty where there is none.
    provider: String,
    wrong: String,
}

/// Where somebody wanted to go.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    next: String,
}

/// Who signs in.
#[derive(Deserialize)]
pub(super) struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

impl Page {
    fn new(app: &App, next: &str) -> Self {
        let next = own(next).to_owned();
        let provider = app.door.provider.as_ref();
        let provider = provider.map(|_| format!("/v1/sign-in/oidc?next={}", encode(&next)));
        let (login, wrong) = (String::new(), String::new());
        Self { frame: Frame::open("Sign in", ""), login, next, provider: provider.unwrap_or_default(), wrong }
    }
}

/// Returns `next` where it is a path of ours, else the first page: nobody is sent to another host from here.
fn own(next: &str) -> &str {
    if is_own_path(next) { next } else { "/" }
}

/// Asks who it is.
pub(super) async fn get(State(app): State<App>, Query(wish): Query<Wish>) -> Result<Response, ProblemJson> {
    Ok(draw(&Page::new(&app, &wish.next))?.into_response())
}

/// Signs somebody in.
pub(super) async fn enter(
    State(app): State<App>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
    Form(Credentials { login, password, next }): Form<Credentials>,
) -> Result<Response, ProblemJson> {
    match http::by_password(&app, &headers, address, &login, password).await {
        Ok(user) => {
            let cookie = http::open(&app, &headers, &user, "password").await?;
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(own(&next))).into_response())
        }
        Err(problem) if problem.status == StatusCode::UNAUTHORIZED.as_u16() => {
            let page = Page { login: shown(&login), wrong: problem.detail, ..Page::new(&app, &next) };
            // 422: a 401 would be taken for a session that ended.
            Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// Signs the caller out.
pub(super) async fn leave(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, ProblemJson> {
    let cookie = http::close(&app, caller).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}
