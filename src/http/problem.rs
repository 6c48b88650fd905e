use std::time::Duration;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// An error as RFC 9457 `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemJson {
    /// A stable name for the kind of error, relative to `/problems/`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of error in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What was wrong this time, and the way on.
    pub detail: String,
    /// The fields that were wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds after which the same request may succeed: the `Retry-After` header.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

/// One field that was wrong.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of a parameter or header.
    pub pointer: String,
    /// What was wrong with it.
    pub detail: String,
}

impl ProblemJson {
    /// Returns a problem of `kind`, whose title is made of the same words.
    pub fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/problems/{kind}"),
            title: kind.replace('-', " "),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// Returns a 400 that names `field`.
    pub fn field(field: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let mut problem = Self::new(StatusCode::BAD_REQUEST, "bad-request", format!("{field}: {detail}"));
        problem.errors.push(FieldError { pointer: field.to_owned(), detail });
        problem
    }

    /// Returns a 404 for `what`, the same whether it never existed or is not for the asker.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("there is no such {what}"))
    }

    /// Returns a 429 for who must wait.
    pub(super) fn too_often(wait: Duration) -> Self {
        let seconds = wait.as_secs() + 1;
        let detail = format!("too many attempts; try again in {seconds} s");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail);
        Self { retry_after: Some(seconds), ..problem }
    }

    /// Returns a 403 for a request that a page of somebody else sent with our cookie, or may have sent.
    pub(super) fn foreign_page() -> Self {
        let detail = "a page of this service must send this: Origin or Sec-Fetch-Site say otherwise, or nothing. \
                      Behind a proxy, set server.public_url to the address in the browser";
        Self::new(StatusCode::FORBIDDEN, "foreign-page", detail)
    }

    /// Returns a 403 for what takes a person who has signed in.
    pub(super) fn no_session() -> Self {
        let detail = "this takes a session: a token cannot do it; sign in at /v1/sign-in";
        Self::new(StatusCode::FORBIDDEN, "no-session", detail)
    }
}

/// The detail, and what was wrong with each field.
impl std::fmt::Display for ProblemJson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)?;
        self.errors.iter().try_for_each(|error| write!(f, "; {}", error.detail))
    }
}

impl IntoResponse for ProblemJson {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(&self)).into_response();
        // Pages show it in their own way.
        response.extensions_mut().insert(self);
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        let kind = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"readback\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}
