//! The model: what it cost, what was refused of it, and questions about a deal.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Extension, Query, State};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::path::SeenDeal;
use super::{Act, App, ProblemJson};
use crate::packet::Packet;
use crate::pipeline::Answered;
use crate::store::{DaySpent, Hearing};

/// How far back the cost is told.
const DAYS: i64 = 31;
/// Hearings that went wrong, at most.
const ODD: u32 = 200;
/// A longer question is none.
const LONGEST: usize = 500;

/// What a model cost and what was refused of it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LlmUsage {
    /// By day and model, the newest day first.
    days: Vec<DaySpent>,
    /// Calls of which it was not heard, or of which an answer was refused: turn, kind and reason, never its words.
    odd: Vec<Hearing>,
}

/// What is asked.
#[derive(Debug, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// The question, in plain words.
    q: String,
}

/// Says what the model cost in the last month, and what was refused of it.
#[utoipa::path(get, path = "/v1/llm/usage", tag = "llm", responses((status = 200, body = LlmUsage)))]
pub(super) async fn usage(State(app): State<App>) -> Result<Json<LlmUsage>, ProblemJson> {
    let from = Timestamp::now().checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(Timestamp::MIN);
    let store = app.pipeline.store();
    let odd = store.odd_hearings(ODD).await?;
    Ok(Json(LlmUsage { days: store.spent_by_day(from).await?, odd }))
}

/// Finds what answers a question about a deal: entries of its packet and words of its calls. No model is asked: a link
/// is opened again and again, and costs nothing.
#[utoipa::path(get, path = "/v1/deals/{deal}/ask", tag = "llm", params(("deal" = String, Path), Question),
    responses((status = 200, body = Answered), (status = 404, body = ProblemJson)))]
pub(super) async fn find(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
    question: Result<Query<Question>, QueryRejection>,
) -> Result<Json<Answered>, ProblemJson> {
    let Query(Question { q }) = question?;
    let packet = readable(&app, &caller, &deal).await?;
    Ok(Json(passages(&app, &packet, &q).await?))
}

/// Answers a question about a deal: entries of its packet and words of its calls, and with a model a sentence whose
/// every clause cites them.
#[utoipa::path(post, path = "/v1/deals/{deal}/ask", tag = "llm", params(("deal" = String, Path)),
    request_body = Question,
    responses((status = 200, body = Answered), (status = 404, body = ProblemJson), (status = 429, body = ProblemJson)))]
pub(super) async fn ask(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
    question: Result<Json<Question>, JsonRejection>,
) -> Result<Json<Answered>, ProblemJson> {
    let Json(Question { q }) = question?;
    let packet = readable(&app, &caller, &deal).await?;
    Ok(Json(answer(&app, &packet, &q).await?))
}

async fn readable(app: &App, caller: &Caller, deal: &str) -> Result<Packet, ProblemJson> {
    let packet = app.pipeline.packet(deal).await?;
    Ok(if caller.may(Act::ReadRedFlags) { packet } else { packet.without_red_flags() })
}

/// Returns what answers a question of a packet as its asker may read it; no model is asked.
pub(crate) async fn passages(app: &App, packet: &Packet, question: &str) -> Result<Answered, ProblemJson> {
    check(question)?;
    let passages = app.pipeline.passages(&packet.deal.id, packet, question).await?;
    Ok(Answered { passages, ..Answered::default() })
}

/// Answers a question from a packet as its asker may read it, in a sentence where there is a model.
pub(crate) async fn answer(app: &App, packet: &Packet, question: &str) -> Result<Answered, ProblemJson> {
    check(question)?;
    Ok(app.pipeline.inquire(&packet.deal.id, packet, question).await?)
}

fn check(question: &str) -> Result<(), ProblemJson> {
    if question.trim().is_empty() || question.len() > LONGEST {
        return Err(ProblemJson::field("q", format!("must be a question of at most {LONGEST} bytes")));
    }
    Ok(())
}
