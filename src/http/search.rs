//! Search over the words of all calls.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::{Act, App, ProblemJson};
use crate::rules::Kind;
use crate::search::{Filters, Found, Search};
use crate::transcript::{Language, Side};

/// Hits of a page where the asker names no number, and at most.
const DEFAULT_HITS: u32 = 20;
const MOST_HITS: u32 = 100;

/// What to search for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Words, "an exact phrase", -without, begin*, OR, parentheses; filters such as `speaker:dana` too.
    pub(crate) q: String,
    /// Customer.
    pub(crate) account: Option<String>,
    /// Deal.
    pub(crate) deal: Option<String>,
    /// Call.
    pub(crate) call: Option<String>,
    /// Who said it: the name, or a word of it.
    pub(crate) speaker: Option<String>,
    /// On whose side.
    #[param(value_type = Option<String>)]
    pub(crate) side: Option<Side>,
    /// Only turns in which this was found.
    #[param(value_type = Option<String>)]
    pub(crate) kind: Option<Kind>,
    /// Language (`en`).
    pub(crate) language: Option<String>,
    /// First day.
    #[param(value_type = Option<String>, format = Date)]
    pub(crate) from: Option<Date>,
    /// Last day.
    #[param(value_type = Option<String>, format = Date)]
    pub(crate) to: Option<Date>,
    /// Whether the query is still being typed: the last word may be the start of one.
    #[serde(default)]
    pub(crate) typing: bool,
    /// Whether to count the facets.
    #[serde(default)]
    pub(crate) facets: bool,
    /// Hits of the page, 20 by default, 100 at most.
    pub(crate) limit: Option<u32>,
    /// Where the page begins.
    pub(crate) cursor: Option<String>,
}

/// What was found, and whether the index knows all that the store has.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Answer {
    #[serde(flatten)]
    found: Found,
    /// Whether calls have changed that the index has not read yet.
    behind: bool,
}

/// Finds turns by their words, the exact phrase first.
#[utoipa::path(get, path = "/v1/search", tag = "search", params(Params),
    responses((status = 200, body = Answer), (status = 400, body = ProblemJson),
        (status = 403, description = "Red flags are for others", body = ProblemJson)))]
pub(super) async fn search(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    params: Result<Query<Params>, QueryRejection>,
) -> Result<Json<Answer>, ProblemJson> {
    let Query(params) = params?;
    let (found, behind) = find(&app, &caller, params).await?;
    Ok(Json(Answer { found, behind }))
}

/// Returns what `caller` may find, and whether the index lacks calls that the store has.
pub(crate) async fn find(app: &App, caller: &Caller, params: Params) -> Result<(Found, bool), ProblemJson> {
    if params.q.chars().count() > app.limits.query {
        return Err(ProblemJson::field("q", format!("is longer than {} characters", app.limits.query)));
    }
    let limit = params.limit.unwrap_or(DEFAULT_HITS);
    if limit == 0 || limit > MOST_HITS {
        return Err(ProblemJson::field("limit", format!("must be from 1 to {MOST_HITS}")));
    }
    let search = Search {
        filters: Filters {
            accounts: params.account.into_iter().collect(),
            deals: params.deal.into_iter().collect(),
            calls: params.call.into_iter().collect(),
            speakers: params.speaker.into_iter().collect(),
            sides: params.side.into_iter().collect(),
            kinds: params.kind.into_iter().collect(),
            languages: params.language.iter().map(|tag| Language::from_tag(tag)).collect(),
            from: params.from,
            to: params.to,
        },
        typing: params.typing,
        facets: params.facets,
        limit,
        after: params.cursor,
        hidden: app.pipeline.store().hidden_deals(caller.viewer()).await?,
        ..Search::new(params.q)
    };
    if !caller.may(Act::ReadRedFlags) && search.kinds()?.contains(&Kind::Risk) {
        let detail = "red flags are for AE, CSM and CS manager (S-079); search without the kind `risk`";
        return Err(ProblemJson::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    let head = app.pipeline.store().head().await?;
    let mut found = app.pipeline.index().search(search).await?;
    if !caller.may(Act::ReadRedFlags) {
        found.facets.remove("kind");
        found.hits.iter_mut().for_each(|hit| hit.kinds.retain(|kind| *kind != Kind::Risk));
    }
    let behind = found.is_behind(head);
    Ok((found, behind))
}
