use askama::Template;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::frame::{Frame, draw};
use crate::http::{App, ProblemJson, encode};

#[derive(Template)]
#[template(path = "pages/trouble.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
    detail: String,
    more: Vec<String>,
}

/// Shows a problem as a page; who has not signed in is asked to, and then shown what they asked for: after a form, the
/// page that it stands on.
pub(super) async fn as_page(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = match request.method().is_safe() {
        true => request.uri().path_and_query().map(ToString::to_string),
        false => app.door.public_url.page_that_sent(request.headers()),
    };
    let asked = asked.unwrap_or_else(|| "/".to_owned());
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<ProblemJson>() else { return response };
    if response.status() == StatusCode::UNAUTHORIZED {
        return Redirect::to(&format!("/sign-in?next={}", encode(&asked))).into_response();
    }
    let status = response.status();
    let heading = heading(status);
    let page = Page {
        frame: Frame::open(heading, ""),
        heading,
        detail: problem.detail,
        more: problem.errors.into_iter().map(|error| error.detail).collect(),
    };
    match draw(&page) {
        Ok(page) => (status, page).into_response(),
        Err(_) => response,
    }
}

fn heading(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is no such page",
        StatusCode::FORBIDDEN => "This is not for your role",
        StatusCode::PRECONDITION_FAILED => "Somebody was faster",
        StatusCode::PAYLOAD_TOO_LARGE => "This is too large",
        StatusCode::TOO_MANY_REQUESTS => "Too many attempts",
        status if status.is_server_error() => "Something went wrong here",
        _ => "This cannot be done",
    }
}
