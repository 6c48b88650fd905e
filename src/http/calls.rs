//! Calls: handed in, listed, read, and who speaks on them corrected.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::delivery::{self, Envelope, FileParams};
use super::paging::{PageOf, PageParams};
use super::path::Id;
use super::{Act, App, ProblemJson};
use crate::detect::CallRecord;
use crate::ingest::{Correction, Format};
use crate::pipeline::{Delivery, Reading, Receipt};
use crate::store::{CallState, RequestKey, StoredCall};
use crate::transcript::{Call, Language, Problem, Side, Speaker, Transcript};

/// A call as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CallView {
    #[serde(flatten)]
    call: Call,
    /// The deal it belongs to.
    deal: Option<String>,
    /// The newest version of its transcript.
    version: u32,
    /// `received`, `read` or `unreadable`.
    state: CallState,
    /// Why it is unreadable.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// When it first arrived.
    #[schema(value_type = String, format = DateTime)]
    received_at: jiff::Timestamp,
}

impl From<StoredCall> for CallView {
    fn from(stored: StoredCall) -> Self {
        let StoredCall { call, deal, version, state, reason, received_at, .. } = stored;
        Self { call, deal, version, state, reason, received_at }
    }
}

/// A transcript as it is read.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TranscriptView {
    /// The call's id.
    call: String,
    /// The format that was recognised.
    format: Format,
    /// Language of most of the call; `null` where it cannot be told.
    language: Option<Language>,
    /// Digest of the recorder's bytes.
    source: crate::transcript::Digest,
    /// Digest of words and labels.
    digest: crate::transcript::Digest,
    /// Who speaks.
    speakers: Vec<Speaker>,
    /// What was said.
    turns: Vec<TurnView>,
    /// What was odd about the input.
    problems: Vec<Problem>,
}

/// A turn.
#[derive(Debug, Serialize, ToSchema)]
struct TurnView {
    /// Index into `speakers`.
    speaker: u32,
    /// Name or label of the speaker.
    name: String,
    /// Side of the speaker.
    side: Option<Side>,
    /// When it begins.
    start_ms: Option<u64>,
    /// When it ends.
    end_ms: Option<u64>,
    /// The words.
    text: String,
}

/// Which calls to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct CallFilter {
    /// Only this deal's.
    deal: Option<String>,
    /// Where the page begins.
    cursor: Option<String>,
    /// Rows of the page, 50 by default, 200 at most.
    limit: Option<u32>,
}

/// Hands in a call: a JSON envelope, a form with the file and its metadata, or the file alone as the body.
#[utoipa::path(
    post, path = "/v1/calls", tag = "calls", params(FileParams),
    request_body(
        content(
            (Envelope = "application/json"),
            (delivery::Form = "multipart/form-data"),
            (Vec<u8> = "application/octet-stream"),
        ),
        description = "Any other content type is taken as the recorder's file, with its metadata in the query."
    ),
    responses(
        (status = 201, description = "Kept, durably; reading and indexing follow", body = Receipt),
        (status = 200, description = "These bytes had been delivered for this call before", body = Receipt),
        (status = 413, description = "More than a limit", body = ProblemJson),
        (status = 422, description = "No transcript", body = ProblemJson),
    )
)]
pub(super) async fn deliver(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    request: axum::extract::Request,
) -> Result<Response, ProblemJson> {
    let (delivery, key) = delivery::read(request, &caller).await?;
    let receipt = hand_in(&app, &caller, delivery, key).await?;
    let status = if receipt.duplicate { StatusCode::OK } else { StatusCode::CREATED };
    let place = format!("/v1/calls/{}", super::paging::encode(&receipt.call));
    Ok((status, [(header::LOCATION, place)], Json(receipt)).into_response())
}

/// Hands in a call for `caller`.
pub(crate) async fn hand_in(
    app: &App,
    caller: &Caller,
    delivery: Delivery,
    key: Option<RequestKey>,
) -> Result<Receipt, ProblemJson> {
    refuse_hidden(app, caller, &delivery).await?;
    let receipt = app.pipeline.deliver(delivery, key).await?;
    refuse_duplicate_of_hidden(app, caller, &receipt).await?;
    metrics::counter!("readback_calls_delivered_total", "duplicate" => receipt.duplicate.to_string())
        .increment(1);
    Ok(receipt)
}

/// Lists calls, the latest first.
#[utoipa::path(get, path = "/v1/calls", tag = "calls", params(CallFilter),
    responses((status = 200, body = PageOf<CallView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    filter: Result<Query<CallFilter>, QueryRejection>,
) -> Result<Json<PageOf<CallView>>, ProblemJson> {
    let Query(filter) = filter?;
    let page = PageParams::new(filter.cursor.as_deref(), filter.limit, &app.limits)?;
    let (deal, after) = (filter.deal.as_deref(), page.after.as_ref());
    let calls = app.pipeline.store().calls(caller.viewer(), deal, after, page.limit).await?;
    Ok(Json(PageOf::new(calls)))
}

/// Returns what is known of a call.
#[utoipa::path(get, path = "/v1/calls/{call}", tag = "calls", params(("call" = String, Path)),
    responses((status = 200, body = CallView), (status = 404, body = ProblemJson)))]
pub(super) async fn get(State(app): State<App>, Id(call): Id) -> Result<Json<CallView>, ProblemJson> {
    Ok(Json(stored(&app, &call).await?.into()))
}

/// Returns what was said on a call and by whom.
#[utoipa::path(get, path = "/v1/calls/{call}/transcript", tag = "calls", params(("call" = String, Path)),
    responses((status = 200, body = TranscriptView), (status = 404, body = ProblemJson)))]
pub(super) async fn transcript(
    State(app): State<App>,
    Id(call): Id,
) -> Result<Json<TranscriptView>, ProblemJson> {
    let stored = stored(&app, &call).await?;
    let reading = app.pipeline.reading(&stored).await?;
    let transcript = &reading.transcript;
    Ok(Json(TranscriptView {
        call,
        format: reading.format,
        language: transcript.language.clone(),
        source: transcript.source.clone(),
        digest: transcript.digest(),
        speakers: transcript.speakers.clone(),
        turns: turns(transcript),
        problems: reading.problems.clone(),
    }))
}

/// Returns what was found on a call; red flags are left out for roles that may not see them.
#[utoipa::path(get, path = "/v1/calls/{call}/findings", tag = "calls", params(("call" = String, Path)),
    responses((status = 200, body = CallRecord), (status = 404, body = ProblemJson)))]
pub(super) async fn findings(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(call): Id,
) -> Result<Json<CallRecord>, ProblemJson> {
    let stored = stored(&app, &call).await?;
    let reading = app.pipeline.reading(&stored).await?;
    Ok(Json(record_for(&caller, &reading)))
}

/// Returns what was found on a call as `caller` may read it.
pub(crate) fn record_for(caller: &Caller, reading: &Reading) -> CallRecord {
    let record = reading.record();
    if caller.may(Act::ReadRedFlags) { record } else { record.without_red_flags() }
}

/// Corrects who a speaker is; the call is read again and the findings follow.
#[utoipa::path(post, path = "/v1/calls/{call}/speakers", tag = "calls", params(("call" = String, Path)),
    request_body = Correction,
    responses((status = 202, description = "Kept; the call is read again"), (status = 404, body = ProblemJson)))]
pub(super) async fn correct_speaker(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(call): Id,
    correction: Result<Json<Correction>, JsonRejection>,
) -> Result<StatusCode, ProblemJson> {
    let Json(correction) = correction?;
    correct(&app, &caller, &call, &correction).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Keeps what `caller` says of a speaker of a call.
pub(crate) async fn correct(
    app: &App,
    caller: &Caller,
    call: &str,
    correction: &Correction,
) -> Result<(), ProblemJson> {
    let stored = stored(app, call).await?;
    let reading = app.pipeline.reading(&stored).await?;
    let labels: Vec<_> = reading.transcript.speakers.iter().map(|speaker| speaker.label.as_str()).collect();
    for label in std::iter::once(&correction.label).chain(&correction.merge_into) {
        if !labels.contains(&label.as_str()) {
            let known = labels.join("`, `");
            let detail = format!("no speaker of this call has the label `{label}`; there are `{known}`");
            return Err(ProblemJson::field("/label", detail));
        }
    }
    Ok(app.pipeline.correct(call, correction, &caller.name).await?)
}

/// Returns the recorder's bytes, to the letter.
#[utoipa::path(get, path = "/v1/calls/{call}/source", tag = "calls", params(("call" = String, Path)),
    responses((status = 200, description = "The bytes"), (status = 404, body = ProblemJson)))]
pub(super) async fn source(State(app): State<App>, Id(call): Id) -> Result<Response, ProblemJson> {
    let stored = stored(&app, &call).await?;
    let bytes = app.pipeline.store().source(&call, stored.version).await?;
    let mut headers = HeaderMap::new();
    // Hostile bytes: never shown by a browser as a page of ours.
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, header::HeaderValue::from_static("attachment"));
    Ok((headers, bytes).into_response())
}

/// Refuses a delivery by a reader to a call or deal that is not there for them: they would write where they may not
/// look. A recorder looks nowhere, and delivers to all.
async fn refuse_hidden(app: &App, caller: &Caller, delivery: &Delivery) -> Result<(), ProblemJson> {
    if !caller.role.may(Act::Read) {
        return Ok(());
    }
    let (store, viewer) = (app.pipeline.store(), caller.viewer());
    if store.hides_call(viewer, &delivery.call.id).await? {
        return Err(ProblemJson::not_found("call"));
    }
    if store.hides_deal(viewer, &delivery.deal.id).await? {
        return Err(ProblemJson::not_found("deal"));
    }
    Ok(())
}

/// Refuses to say which call has these bytes already where the call is not there for the caller.
async fn refuse_duplicate_of_hidden(
    app: &App,
    caller: &Caller,
    receipt: &Receipt,
) -> Result<(), ProblemJson> {
    let hidden = receipt.duplicate
        && caller.role.may(Act::Read)
        && app.pipeline.store().hides_call(caller.viewer(), &receipt.call).await?;
    if hidden { Err(ProblemJson::not_found("call")) } else { Ok(()) }
}

pub(crate) async fn stored(app: &App, call: &str) -> Result<StoredCall, ProblemJson> {
    app.pipeline.store().call(call).await?.ok_or_else(|| ProblemJson::not_found("call"))
}

fn turns(transcript: &Transcript) -> Vec<TurnView> {
    let view = |turn: &crate::transcript::Turn| {
        let speaker = &transcript.speakers[turn.speaker.index()];
        TurnView {
            speaker: turn.speaker.0,
            name: speaker.display().to_owned(),
            side: speaker.side,
            start_ms: turn.start().map(|time| time.as_millis()),
            end_ms: turn.end().map(|time| time.as_millis()),
            text: turn.text.clone(),
        }
    };
    transcript.turns.iter().map(view).collect()
}
