//! Handoffs: where each stands, what its people do, what is late, and what is measured.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::if_match::{Expected, Tagged};
use super::paging::{PageOf, PageParams};
use super::path::Id;
use super::{App, ProblemJson, idempotency};
use crate::access;
use crate::handoff::{Act, GroupBy, GroupFigures, Of, Stage};
use crate::pipeline::{Actor, HandoffLine, HandoffView};
use crate::store::Page;
use crate::transcript::Digest;

/// Which handoffs to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only those at this stage.
    #[param(value_type = Option<String>)]
    stage: Option<Stage>,
    /// Only those with a deadline that is over and not met (`true`), or without one (`false`).
    late: Option<bool>,
    /// Only those of deals that were won on this day or later, in the deal's zone.
    #[param(value_type = Option<String>, format = Date)]
    closed_since: Option<Date>,
    /// Only those whose kickoff was held (`true`), or is still to be held (`false`).
    kicked_off: Option<bool>,
    /// Where the page begins.
    cursor: Option<String>,
    /// Deals to look at for the page, 50 by default, 200 at most; a page may hold fewer handoffs than this.
    limit: Option<u32>,
}

impl Filter {
    fn takes(&self, line: &HandoffLine) -> bool {
        let since = self.closed_since.and_then(|day| day.to_zoned(line.zone.clone()).ok());
        self.stage.is_none_or(|stage| line.stage == stage)
            && self.late.is_none_or(|late| line.is_late() == late)
            && since.is_none_or(|since| line.closed_at.is_some_and(|closed| closed >= since.timestamp()))
            && self.kicked_off.is_none_or(|held| (line.stage >= Stage::KickoffHeld) == held)
    }
}

/// How to group the figures.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Grouping {
    /// `all`, `ae`, `csm`, `team` or `month`.
    #[param(value_type = Option<String>)]
    #[serde(default)]
    by: GroupBy,
    /// Only handoffs in which this account executive acted.
    ae: Option<String>,
    /// Only handoffs in which this customer success manager acted.
    csm: Option<String>,
    /// Only handoffs in which somebody of this team acted.
    team: Option<String>,
}

/// What is measured of handoffs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Figures {
    /// One row a group.
    groups: Vec<GroupFigures>,
}

/// Returns where a deal's handoff stands: stage, gates, clocks, initials, disputes, questions.
#[utoipa::path(get, path = "/v1/deals/{deal}/handoff", tag = "handoffs", params(("deal" = String, Path)),
    responses((status = 200, body = HandoffView), (status = 404, body = ProblemJson)))]
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
) -> Result<Tagged<HandoffView>, ProblemJson> {
    view(&app, &caller, &deal, Timestamp::now()).await
}

async fn view(
    app: &App,
    caller: &Caller,
    deal: &str,
    now: Timestamp,
) -> Result<Tagged<HandoffView>, ProblemJson> {
    let red_flags = caller.may(access::Act::ReadRedFlags);
    let view =
        app.pipeline.handoff(deal, red_flags, now).await?.ok_or_else(|| ProblemJson::not_found("deal"))?;
    Ok(Tagged(view.revision, view))
}

/// Does something in a handoff: signs, initials, disputes, asks, approves, reports, … A repeated post does nothing, and
/// is answered with where the handoff stands by then.
#[utoipa::path(post, path = "/v1/deals/{deal}/handoff/acts", tag = "handoffs",
    params(
        ("deal" = String, Path),
        ("If-Match" = String, Header, description = "The `ETag` of the handoff that was seen, or `*`"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeated post the same post for a day"),
    ),
    request_body = Act,
    responses(
        (status = 201, description = "Done, durably", body = HandoffView),
        (status = 400, description = "A field is wrong; `errors` names it", body = ProblemJson),
        (status = 403, description = "It is for another role", body = ProblemJson),
        (status = 404, body = ProblemJson),
        (status = 409, description = "Not now; `errors` names what is missing, line by line", body = ProblemJson),
        (status = 412, description = "Somebody else has decided meanwhile", body = ProblemJson),
        (status = 428, description = "No If-Match", body = ProblemJson),
    ))]
pub(super) async fn act(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    expected: Result<Expected, ProblemJson>,
    headers: HeaderMap,
    act: Result<Json<Act>, JsonRejection>,
) -> Result<(StatusCode, Tagged<HandoffView>), ProblemJson> {
    let Json(act) = act?;
    let Expected(expected) = expected?;
    let body = serde_json::to_vec(&act).map_err(|error| ProblemJson::internal(&error))?;
    let route = format!("POST /v1/deals/{deal}/handoff/acts");
    let key = idempotency::key(&headers, &caller, route, Digest::of(&body))?;
    let actor = Actor { name: caller.name.clone(), role: caller.role };
    let now = Timestamp::now();
    app.pipeline.act(&deal, act, actor, expected, key, now).await?;
    Ok((StatusCode::CREATED, view(&app, &caller, &deal, now).await?))
}

/// Lists handoffs with their deadlines, by account.
#[utoipa::path(get, path = "/v1/handoffs", tag = "handoffs", params(Filter),
    responses((status = 200, body = PageOf<HandoffLine>)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Json<PageOf<HandoffLine>>, ProblemJson> {
    let Query(filter) = filter?;
    let asked = PageParams::new(filter.cursor.as_deref(), filter.limit, &app.limits)?;
    let now = Timestamp::now();
    let page = app.pipeline.store().deals(caller.viewer(), asked.after.as_ref(), asked.limit).await?;
    let mut items = Vec::new();
    for deal in page.items {
        let line = app.pipeline.handoff_line(deal, now).await?;
        if filter.takes(&line) {
            items.push(line);
        }
    }
    Ok(Json(PageOf::new(Page { items, next: page.next })))
}

/// Returns what the guides measure of handoffs, by person, team or month.
#[utoipa::path(get, path = "/v1/metrics/handoff", tag = "handoffs", params(Grouping),
    responses((status = 200, body = Figures)))]
pub(super) async fn figures(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    grouping: Result<Query<Grouping>, QueryRejection>,
) -> Result<Json<Figures>, ProblemJson> {
    let Query(Grouping { by, ae, csm, team }) = grouping?;
    let of = Of { ae, csm, team };
    let groups = app.pipeline.handoff_figures(caller.viewer(), by, &of, Timestamp::now()).await?;
    Ok(Json(Figures { groups }))
}
