use axum::http::{HeaderMap, StatusCode, header};

use super::ProblemJson;

/// Returns the `ETag` of a revision.
pub(super) fn tag(revision: u64) -> String {
    format!("\"{revision}\"")
}

/// Returns the revision that a change rests on; `None` for `*`, whatever stands.
pub(super) fn expected(headers: &HeaderMap) -> Result<Option<u64>, ProblemJson> {
    let Some(seen) = headers.get(header::IF_MATCH) else {
        let detail =
            "send If-Match with the ETag of what you saw, or If-Match: * to decide on whatever stands";
        return Err(ProblemJson::new(StatusCode::PRECONDITION_REQUIRED, "precondition-required", detail));
    };
    let seen = seen.to_str().map(|seen| seen.trim().trim_matches('"')).unwrap_or_default();
    if seen == "*" {
        return Ok(None);
    }
    let revision = seen.parse::<u32>().map(|revision| Some(revision.into()));
    revision.map_err(|_| ProblemJson::field("If-Match", "is no ETag of this service"))
}
