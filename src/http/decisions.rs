//! Decisions: what people say of the lines of a packet, appended and listed.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::if_match::{self, Expected, Tagged};
use super::paging::{PageOf, PageParams};
use super::path::{Id, SeenDeal};
use super::{Act, App, ProblemJson, idempotency};
use crate::pipeline::Author;
use crate::review::{self, Decision, LineKind, Tally};
use crate::rules::Kind;
use crate::store::StoredDecision;
use crate::transcript::Digest;

/// Acts of one post: a keyboard's worth.
const MOST_ACTS: usize = 100;

/// A decision as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DecisionView {
    /// Its number within the deal, from 1.
    seq: u64,
    /// Its id.
    id: String,
    /// Whose act it is: `review` or `handoff`.
    room: String,
    /// Who decided.
    by: String,
    /// As what.
    role: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: jiff::Timestamp,
    /// The act, and what its author saw.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    body: Value,
}

impl From<StoredDecision> for DecisionView {
    fn from(stored: StoredDecision) -> Self {
        let StoredDecision { seq, id, room, author, role, body, made_at, .. } = stored;
        Self { seq, id: id.to_string(), room, by: author, role, at: made_at, body }
    }
}

/// Decisions that were appended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(super) struct Decisions {
    /// The decisions, in the order of the acts.
    #[schema(value_type = Vec<Decision>)]
    decisions: Vec<Value>,
    /// What a reader may find lacking in what was typed; it stands all the same.
    #[schema(value_type = Vec<crate::review::Warning>)]
    warnings: Vec<Value>,
}

/// Which decisions to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Where the page begins.
    cursor: Option<String>,
    /// Rows of the page, 50 by default, 200 at most.
    limit: Option<u32>,
}

/// What was decided about a line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct History {
    /// The id under which the line goes now.
    entry: String,
    /// What stands: verdict, settled fields with what the calls propose beside them, the thread.
    #[schema(value_type = Option<Object>)]
    line: Option<review::Line>,
    /// Its decisions, in their order.
    decisions: Vec<Past>,
}

/// A decision, and whether it still stands.
#[derive(Debug, Serialize, ToSchema)]
struct Past {
    #[serde(flatten)]
    decision: Decision,
    /// Whether nobody took it back.
    stands: bool,
}

/// What reviews say of the rules.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stats {
    /// One row a rule and kind, those with most verdicts first.
    items: Vec<Tally>,
}

/// Appends decisions about a deal's packet: one act, or a list of acts that count together or not at all.
#[utoipa::path(post, path = "/v1/deals/{deal}/decisions", tag = "review",
    params(
        ("deal" = String, Path),
        ("If-Match" = String, Header, description = "The `ETag` of the decisions that were seen, or `*`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated post the same post for a day"),
    ),
    request_body = Vec<review::Act>,
    responses(
        (status = 201, description = "Appended, durably; the packet follows", body = Decisions),
        (status = 403, description = "Only the account executive settles lines", body = ProblemJson),
        (status = 404, body = ProblemJson),
        (status = 412, description = "Others have decided since; `errors` names what and who", body = ProblemJson),
        (status = 422, description = "An act that cannot be done", body = ProblemJson),
        (status = 428, description = "No If-Match", body = ProblemJson),
    ))]
pub(super) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    expected: Result<Expected, ProblemJson>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ProblemJson> {
    let body = body?;
    let acts = acts(&body)?;
    let Expected(expected) = expected?;
    let route = format!("POST /v1/deals/{deal}/decisions");
    let key = idempotency::key(&headers, &caller, route, Digest::of(&body))?;
    let appended = app.pipeline.decide(&deal, acts, author(&caller), expected, key).await?;
    let status = StatusCode::from_u16(appended.answer.status).unwrap_or(StatusCode::CREATED);
    let headers = [
        (header::ETAG, if_match::tag(appended.revision)),
        (header::CONTENT_TYPE, "application/json".to_owned()),
    ];
    Ok((status, headers, appended.answer.body).into_response())
}

/// Lists the decisions about a deal in the order in which they were made.
#[utoipa::path(get, path = "/v1/deals/{deal}/decisions", tag = "review",
    params(("deal" = String, Path), Filter),
    responses((status = 200, body = PageOf<DecisionView>), (status = 404, body = ProblemJson)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Tagged<PageOf<DecisionView>>, ProblemJson> {
    let Query(filter) = filter?;
    let page = PageParams::new(filter.cursor.as_deref(), filter.limit, &app.limits)?;
    let store = app.pipeline.store();
    let revision = store.last_decision(&deal).await?;
    let mut decisions = store.decisions_page(&deal, page.after.as_ref(), page.limit).await?;
    if !caller.may(Act::ReadRedFlags) {
        decisions.items.retain(|decision| !is_red_flag(&decision.body));
    }
    Ok(Tagged(revision, PageOf::new(decisions)))
}

/// Returns what was decided about a line, taken back or not.
#[utoipa::path(get, path = "/v1/deals/{deal}/lines/{entry}/history", tag = "review",
    params(("deal" = String, Path), ("entry" = String, Path)),
    responses((status = 200, body = History), (status = 404, body = ProblemJson)))]
pub(super) async fn history(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Tagged<History>, ProblemJson> {
    let Path((deal, entry)) = path?;
    let found = app.pipeline.reviewed(&deal).await?;
    let (reviewed, revision) = found.ok_or_else(|| ProblemJson::not_found("deal"))?;
    let seen = reviewed.seen(&entry);
    let hidden = |kind: LineKind| kind == LineKind::Found(Kind::Risk) || kind == LineKind::Stakeholder;
    let may = caller.may(Act::ReadRedFlags);
    let past = reviewed.history(&entry);
    if seen.as_ref().map_or(past.is_empty(), |seen| hidden(seen.kind) && !may) {
        return Err(ProblemJson::not_found("line"));
    }
    let decisions = past.into_iter().map(|(decision, stands)| Past { decision: decision.clone(), stands });
    let history = History {
        entry: reviewed.current(&entry).to_owned(),
        line: reviewed.line(&entry).cloned(),
        decisions: decisions.collect(),
    };
    Ok(Tagged(revision, history))
}

/// Returns, rule by rule, what people made of its findings in review.
#[utoipa::path(get, path = "/v1/rules/stats", tag = "review", responses((status = 200, body = Stats)))]
pub(super) async fn stats(State(app): State<App>) -> Result<Json<Stats>, ProblemJson> {
    Ok(Json(Stats { items: app.pipeline.rule_stats().await? }))
}

/// Reads one act or a list of them; what is wrong with one is named by its place.
fn acts(body: &[u8]) -> Result<Vec<review::Act>, ProblemJson> {
    let body: Value =
        serde_json::from_slice(body).map_err(|error| ProblemJson::field("body", error.to_string()))?;
    let (list, several) = match body {
        Value::Array(list) => (list, true),
        one => (vec![one], false),
    };
    if list.is_empty() || list.len() > MOST_ACTS {
        return Err(ProblemJson::field("body", format!("must hold 1 to {MOST_ACTS} acts")));
    }
    let read = |(at, act): (usize, Value)| {
        let place = if several { format!("/{at}") } else { "body".to_owned() };
        serde_json::from_value(act).map_err(|error| ProblemJson::field(&place, error.to_string()))
    };
    list.into_iter().enumerate().map(read).collect()
}

/// Returns the caller as the author of decisions.
pub(crate) fn author(caller: &Caller) -> Author {
    Author {
        name: caller.name.clone(),
        role: caller.role.as_str().to_owned(),
        reviews: caller.may(Act::Review),
        red_flags: caller.may(Act::ReadRedFlags),
    }
}

/// Tells whether a decision says what only AE, CSM and CS manager may read: of risks and of how people stand.
fn is_red_flag(body: &Value) -> bool {
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str);
    let kinds = [text("/seen/0/kind"), text("/what/kind")];
    let red = |kind: &str| kind == Kind::Risk.as_str() || kind == LineKind::Stakeholder.as_str();
    kinds.into_iter().flatten().any(red)
        || text("/what/field").is_some_and(|field| crate::packet::section_of(field) == Some("red-flags"))
}
