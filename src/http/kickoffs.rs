//! Kickoff calls, replayed against the packet that was handed over.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::caller::Caller;
use super::path::SeenDeal;
use super::{Act, App, ProblemJson};
use crate::kickoff::Replay;

/// Which call was the kickoff.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Kickoff {
    /// The call's id.
    call: String,
}

/// Returns what a kickoff call shows: questions that the packet answers, promises that the ledger lacks, what it changed,
/// how it was opened. Red flags answer nothing for roles that may not see them.
#[utoipa::path(get, path = "/v1/deals/{deal}/kickoff", tag = "deals", params(("deal" = String, Path), Kickoff),
    responses((status = 200, body = Replay), (status = 404, body = ProblemJson)))]
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
    which: Result<Query<Kickoff>, QueryRejection>,
) -> Result<Json<Replay>, ProblemJson> {
    let Query(Kickoff { call }) = which?;
    let replay = app.pipeline.replay(&deal, &call, caller.may(Act::ReadRedFlags)).await?;
    replay.map(Json).ok_or_else(|| ProblemJson::not_found("call"))
}
