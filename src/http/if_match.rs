use axum::Json;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::ProblemJson;

/// Returns the `ETag` of a revision.
pub(super) fn tag(revision: u64) -> String {
    format!("\"{revision}\"")
}

/// A view as JSON, with its revision as `ETag`.
pub(super) struct Tagged<T>(pub(super) u64, pub(super) T);

impl<T: Serialize> IntoResponse for Tagged<T> {
    fn into_response(self) -> Response {
        ([(header::ETAG, tag(self.0))], Json(self.1)).into_response()
    }
}

/// The revision that a change rests on; `None` for `If-Match: *`, whatever stands.
pub(super) struct Expected(pub(super) Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for Expected {
    type Rejection = ProblemJson;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemJson> {
        let Some(seen) = seen(&parts.headers) else {
            return Err(required("If-Match: * to decide on whatever stands"));
        };
        if seen == "*" { Ok(Self(None)) } else { Ok(Self(Some(revision(seen)?))) }
    }
}

/// The revision that a change rests on; 0 for `If-None-Match: *`, where there must be nothing yet.
pub(super) struct ExpectedOrNew(pub(super) u64);

impl<S: Send + Sync> FromRequestParts<S> for ExpectedOrNew {
    type Rejection = ProblemJson;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ProblemJson> {
        if parts.headers.get(header::IF_NONE_MATCH).is_some_and(|any| any.as_bytes() == b"*") {
            return Ok(Self(0));
        }
        let seen = seen(&parts.headers).ok_or_else(|| required("If-None-Match: * for what is new"))?;
        Ok(Self(revision(seen)?))
    }
}

fn seen(headers: &HeaderMap) -> Option<&str> {
    let seen = headers.get(header::IF_MATCH)?;
    Some(seen.to_str().map(|seen| seen.trim().trim_matches('"')).unwrap_or_default())
}

fn revision(seen: &str) -> Result<u64, ProblemJson> {
    let revision = seen.parse::<u32>().map(u64::from);
    revision.map_err(|_| ProblemJson::field("If-Match", "is no ETag of this service"))
}

fn required(or: &str) -> ProblemJson {
    let detail = format!("send If-Match with the ETag of what you saw, or {or}");
    ProblemJson::new(StatusCode::PRECONDITION_REQUIRED, "precondition-required", detail)
}
