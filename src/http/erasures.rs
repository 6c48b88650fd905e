//! Data protection: words are removed for good, and the proof that they stood there stays.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::{App, ProblemJson};
use crate::handoff::Forgotten;
use crate::store::Erased;

/// What to erase.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Erasure {
    /// A call: its transcripts, what was found in it, and what people wrote of it.
    Call {
        /// The call's id.
        call: String,
    },
    /// A person: what they said on the calls of a deal, and their name.
    Person {
        /// Their name, as on the calls.
        person: String,
        /// The deal's id.
        deal: String,
    },
}

/// Erases a call or a person for good. Index and packet follow within moments.
#[utoipa::path(post, path = "/v1/erasures", tag = "audit", request_body = Erasure,
    responses(
        (status = 200, description = "Gone from the store; the audit trail proves what stood there", body = Erased),
        (status = 400, body = ProblemJson),
        (status = 404, body = ProblemJson),
    ))]
pub(super) async fn erase(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    erasure: Result<Json<Erasure>, JsonRejection>,
) -> Result<Json<Erased>, ProblemJson> {
    let Json(erasure) = erasure?;
    let now = Timestamp::now();
    Ok(Json(match erasure {
        Erasure::Call { call } => app.pipeline.forget_call(&call, &caller.name, now).await?,
        Erasure::Person { person, deal } => {
            let person = Forgotten::new(&person).map_err(|error| ProblemJson::field("/person", error))?;
            app.pipeline.forget_person(&person, &deal, &caller.name, now).await?
        }
    }))
}
