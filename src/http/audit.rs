//! The audit trail: listed, proven, and taken along.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::Caller;
use super::paging::PageParams;
use super::{App, ProblemJson};
use crate::handoff::{Action, Entry, Head, Link, Proof, row_line, title_line};
use crate::store::AuditFilter;

/// Which rows to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only what was done to this deal.
    deal: Option<String>,
    /// Only what was done by this person.
    actor: Option<String>,
    /// Only this action.
    #[param(value_type = Option<String>)]
    action: Option<Action>,
    /// Only rows before this number: the last of the page before.
    before: Option<u64>,
    /// Rows of the page, 50 by default, 200 at most.
    limit: Option<u32>,
}

/// What to hold the trail against.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Against {
    /// An end of the trail that was noted elsewhere, `NUMBER:DIGEST`.
    head: Option<String>,
}

/// A row of the trail. What an erasure has emptied is `null`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkView {
    pub(crate) number: u64,
    #[schema(value_type = String, format = DateTime)]
    pub(crate) at: Timestamp,
    pub(crate) actor: Option<String>,
    pub(crate) action: String,
    pub(crate) deal: Option<String>,
    pub(crate) target: Option<String>,
    #[schema(value_type = Object)]
    pub(crate) detail: Value,
    /// SHA-256 over the row and the digest of the row before.
    pub(crate) digest: String,
}

/// Rows of the trail, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Links {
    items: Vec<LinkView>,
}

impl From<Link> for LinkView {
    fn from(link: Link) -> Self {
        let (number, at, action, digest) = (link.number, link.at, link.action, link.digest.to_string());
        let Some(body) = link.body else {
            return Self {
                number,
                at,
                action,
                digest,
                actor: None,
                deal: None,
                target: None,
                detail: Value::Null,
            };
        };
        let detail = serde_json::from_str(&body.detail).unwrap_or_default();
        let (actor, deal, target) = (Some(body.actor), body.deal, Some(body.target));
        Self { number, at, actor, action, deal, target, detail, digest }
    }
}

/// Lists what was done, the latest first.
#[utoipa::path(get, path = "/v1/audit", tag = "audit", params(Filter), responses((status = 200, body = Links)))]
pub(super) async fn list(
    State(app): State<App>,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Json<Links>, ProblemJson> {
    let Query(filter) = filter?;
    let limit = PageParams::new(None, filter.limit, &app.limits)?.limit;
    let action = filter.action.map(|action| action.as_str().to_owned());
    let filter = AuditFilter { deal: filter.deal, actor: filter.actor, action, before: filter.before };
    let links = app.pipeline.store().audit(&filter, limit).await?;
    Ok(Json(Links { items: links.into_iter().map(LinkView::from).collect() }))
}

/// Reads the whole trail and names every row that was edited, removed or moved.
#[utoipa::path(get, path = "/v1/audit/proof", tag = "audit", params(Against),
    responses((status = 200, body = Proof)))]
pub(super) async fn prove(
    State(app): State<App>,
    against: Result<Query<Against>, QueryRejection>,
) -> Result<Json<Proof>, ProblemJson> {
    let Query(against) = against?;
    let known = against.head.as_deref().map(str::parse::<Head>).transpose();
    let known: Vec<Head> = known.map_err(|error| ProblemJson::field("head", error))?.into_iter().collect();
    Ok(Json(app.pipeline.store().verify_audit(&known).await?))
}

/// Returns a copy of the whole trail as JSON lines, the first of which names its end: `readback audit verify --file` proves
/// it without the service. That it was taken is a row of it.
#[utoipa::path(get, path = "/v1/audit/export", tag = "audit",
    responses((status = 200, body = String, content_type = "application/x-ndjson")))]
pub(super) async fn export(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, ProblemJson> {
    let store = app.pipeline.store().clone();
    let head = store.record_audit_copy(&caller.name, Timestamp::now()).await?;
    let (last, title) = (head.number, title_line(&head));
    let rows = futures_util::stream::try_unfold(0, move |after| {
        let store = store.clone();
        async move {
            let mut links = store.audit_after(after).await?;
            // What was appended meanwhile is behind the end that the first line names.
            links.retain(|link| link.number <= last);
            let Some(end) = links.last().map(|link| link.number) else { return Ok(None) };
            let lines = links.iter().map(row_line).collect::<Result<String, _>>()?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Some((lines, end)))
        }
    });
    let body = Body::from_stream(futures_util::stream::once(async { Ok(title) }).chain(rows));
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""),
    ];
    Ok((headers, body).into_response())
}

/// Keeps in the trail what a caller did to a deal where nothing else is written.
pub(super) async fn note(
    app: &App,
    caller: &Caller,
    action: Action,
    deal: &str,
    detail: Value,
) -> Result<(), ProblemJson> {
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), &caller.name, action, deal);
    keep(app, entry.of_deal(deal).with(detail)).await
}

/// Keeps in the trail that a caller took `what` away, of one deal or of many.
pub(crate) async fn note_export(
    app: &App,
    caller: &Caller,
    what: &str,
    deal: Option<&str>,
    detail: Value,
) -> Result<(), ProblemJson> {
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), &caller.name, Action::Exported, what);
    let entry = entry.with(detail);
    keep(app, deal.into_iter().fold(entry, Entry::of_deal)).await
}

async fn keep(app: &App, entry: Entry) -> Result<(), ProblemJson> {
    let recorded = app.pipeline.store().write(move |tx| {
        tx.record(entry);
        Box::pin(async { Ok::<_, crate::store::Error>(()) })
    });
    Ok(recorded.await?)
}
