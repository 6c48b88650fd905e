//! Deals: listed, edited, and their packets.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::if_match::{self, ExpectedOrNew, Tagged};
use super::paging::{PageOf, PageParams};
use super::path::{Id, SeenDeal};
use super::{Act, App, ProblemJson};
use crate::handoff::Action;
use crate::packet::{self, Packet};
use crate::pipeline::Dossier;
use crate::store::StoredDeal;
use crate::transcript::Deal;

/// A deal as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DealView {
    #[serde(flatten)]
    deal: Deal,
    /// Rises with every edit; the `ETag` is made of it.
    revision: u64,
}

impl From<StoredDeal> for DealView {
    fn from(stored: StoredDeal) -> Self {
        Self { deal: stored.deal, revision: stored.revision }
    }
}

/// Which deals to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct DealFilter {
    /// Where the page begins.
    cursor: Option<String>,
    /// Rows of the page, 50 by default, 200 at most.
    limit: Option<u32>,
}

/// In which form a packet is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct PacketForm {
    /// `json`, `md` or `html`; without it, what the `Accept` header prefers, else JSON.
    format: Option<String>,
}

/// Whoever opens the same packet again within this time is still reading it.
const SAME_READING: SignedDuration = SignedDuration::from_hours(1);

/// Lists deals by account.
#[utoipa::path(get, path = "/v1/deals", tag = "deals", params(DealFilter),
    responses((status = 200, body = PageOf<DealView>)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    filter: Result<Query<DealFilter>, QueryRejection>,
) -> Result<Json<PageOf<DealView>>, ProblemJson> {
    let Query(filter) = filter?;
    let page = PageParams::new(filter.cursor.as_deref(), filter.limit, &app.limits)?;
    Ok(Json(PageOf::new(app.pipeline.store().deals(caller.viewer(), page.after.as_ref(), page.limit).await?)))
}

/// Returns what is known of a deal.
#[utoipa::path(get, path = "/v1/deals/{deal}", tag = "deals", params(("deal" = String, Path)),
    responses((status = 200, body = DealView), (status = 304), (status = 404, body = ProblemJson)))]
pub(super) async fn get(
    SeenDeal { stored, .. }: SeenDeal,
    headers: HeaderMap,
) -> Result<Response, ProblemJson> {
    let tag = if_match::tag(stored.revision);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    Ok(Tagged(stored.revision, DealView::from(stored)).into_response())
}

/// Writes what is known of a deal; its calls are read again, because sides and names rest on it.
#[utoipa::path(put, path = "/v1/deals/{deal}", tag = "deals",
    params(
        ("deal" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen; required to change a deal"),
        ("If-None-Match" = Option<String>, Header, description = "`*` to make a new deal"),
    ),
    request_body = Deal,
    responses(
        (status = 200, body = DealView),
        (status = 412, description = "Somebody else has changed it", body = ProblemJson),
        (status = 428, description = "Neither If-Match nor If-None-Match", body = ProblemJson),
    ))]
pub(super) async fn put(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id,
    expected: Result<ExpectedOrNew, ProblemJson>,
    deal: Result<Json<Deal>, JsonRejection>,
) -> Result<Tagged<DealView>, ProblemJson> {
    let Json(mut deal) = deal?;
    let ExpectedOrNew(expected) = expected?;
    if !deal.id.is_empty() && deal.id != id {
        return Err(ProblemJson::field("/deal", format!("is `{}`, the path says `{id}`", deal.id)));
    }
    deal.id = id;
    let revision = app.pipeline.edit_deal(deal.clone(), Some(expected), &caller.name).await?;
    Ok(Tagged(revision, DealView { deal, revision }))
}

/// Returns the draft of a deal's packet. Red flags are left out for roles that may not see them.
#[utoipa::path(get, path = "/v1/deals/{deal}/packet", tag = "deals",
    params(("deal" = String, Path), PacketForm),
    responses(
        (status = 200, content((serde_json::Value = "application/json"), (String = "text/markdown"), (String = "text/html"))),
        (status = 404, body = ProblemJson),
    ))]
pub(super) async fn packet(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    form: Result<Query<PacketForm>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ProblemJson> {
    let Query(form) = form?;
    let packet = packet_for(&app, &caller, &deal).await?;
    let accepted = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    match form.format.as_deref().unwrap_or_else(|| preferred(accepted)) {
        "json" => Ok(Json(packet).into_response()),
        "md" => {
            let kind = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
            Ok((kind, packet::markdown(&packet)).into_response())
        }
        "html" => {
            let page = packet::html(&packet).map_err(|error| ProblemJson::internal(&error))?;
            Ok(Html(page).into_response())
        }
        other => Err(ProblemJson::field("format", format!("`{other}` is none of json, md, html"))),
    }
}

/// Returns the packet of a deal as `caller` may read it, and notes that they did.
async fn packet_for(app: &App, caller: &Caller, deal: &str) -> Result<Packet, ProblemJson> {
    if app.pipeline.store().deal(deal).await?.is_none() {
        return Err(ProblemJson::not_found("deal"));
    }
    // Read first: what is decided while the packet is drawn was not seen.
    let decision = app.pipeline.store().last_decision(deal).await?;
    let mut packet = app.pipeline.packet(deal).await?;
    if !caller.may(Act::ReadRedFlags) {
        packet = packet.without_red_flags();
    }
    note_view(app, caller, &packet, decision).await?;
    Ok(packet)
}

/// Notes that `caller` opened a packet (S-077): once an hour, and anew once a call, a paper, an edit of the deal or
/// somebody else's decision after `decision`, the last that they saw, has changed it. A page asks for itself after each
/// decision, and that is no further reading.
pub(crate) async fn note_view(
    app: &App,
    caller: &Caller,
    packet: &Packet,
    decision: u64,
) -> Result<(), ProblemJson> {
    let (store, deal) = (app.pipeline.store(), &packet.deal.id);
    let sources = packet.sources();
    let edit = store.deal(deal).await?.map_or(0, |stored| stored.revision);
    let since = Timestamp::now().checked_sub(SAME_READING).unwrap_or(Timestamp::MIN);
    if store.has_opened(deal, &caller.name, (&sources, edit), since).await? {
        return Ok(());
    }
    let detail = json!({ "sources": sources, "decision": decision, "edit": edit });
    super::audit::note(app, caller, Action::PacketViewed, deal, detail).await
}

/// Returns what people look at and decide about a deal, as `caller` may read it.
pub(crate) async fn dossier_for(app: &App, caller: &Caller, deal: &str) -> Result<Dossier, ProblemJson> {
    let dossier = app.pipeline.dossier(deal, Timestamp::now()).await?;
    let dossier = dossier.ok_or_else(|| ProblemJson::not_found("deal"))?;
    Ok(if caller.may(Act::ReadRedFlags) { dossier } else { dossier.without_red_flags() })
}

fn preferred(accept: &str) -> &'static str {
    let kind = accept.split([',', ';']).map(str::trim).find_map(|kind| match kind {
        "application/json" | "*/*" => Some("json"),
        "text/html" => Some("html"),
        "text/markdown" => Some("md"),
        _ => None,
    });
    kind.unwrap_or("json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_a_page_and_a_program_gets_json() {
        assert_eq!(preferred("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), "html");
        assert_eq!(preferred("*/*"), "json");
        assert_eq!(preferred(""), "json");
    }
}
