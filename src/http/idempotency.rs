use axum::http::HeaderMap;

use super::ProblemJson;
use super::caller::Caller;
use crate::store::RequestKey;
use crate::transcript::Digest;

/// Longest `Idempotency-Key`.
const LONGEST_KEY: usize = 255;

/// Returns what makes a repeated post to `route` the same post, where the sender wants to be safe against repeating.
pub(super) fn key(
    headers: &HeaderMap,
    caller: &Caller,
    route: impl Into<String>,
    body: Digest,
) -> Result<Option<RequestKey>, ProblemJson> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim().trim_matches('"').to_owned();
    if key.is_empty() || key.len() > LONGEST_KEY {
        let detail = format!("must be 1 to {LONGEST_KEY} visible characters");
        return Err(ProblemJson::field("Idempotency-Key", detail));
    }
    Ok(Some(RequestKey { token: caller.id.clone(), route: route.into(), key, body }))
}
