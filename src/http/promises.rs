//! Promises over all deals.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::paging::PageParams;
use super::{App, ProblemJson};
use crate::rules::Category;
use crate::store::{Page, PromiseFilter};

/// Which promises to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only this deal's.
    deal: Option<String>,
    /// Only with this status: `open`, `changed`, `withdrawn`, `fulfilled`.
    status: Option<String>,
    /// Only of this category.
    #[param(value_type = Option<String>)]
    category: Option<Category>,
    /// Only those due on or before this day.
    #[param(value_type = Option<String>, format = Date)]
    due_by: Option<Date>,
    /// Where the page begins.
    cursor: Option<String>,
    /// Rows of the page, 50 by default, 200 at most.
    limit: Option<u32>,
}

/// A page of promises with their deals.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Promises {
    /// Entries of the ledger, as the packet has them, with `deal`, `account` and what people decided as `review`.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Value>,
    /// Where the next page begins; `null` on the last one.
    next_cursor: Option<String>,
}

/// Lists promises, those that are due first.
#[utoipa::path(get, path = "/v1/promises", tag = "promises", params(Filter),
    responses((status = 200, body = Promises)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Json<Promises>, ProblemJson> {
    let Query(Filter { deal, status, category, due_by, cursor, limit }) = filter?;
    let page = PageParams::new(cursor.as_deref(), limit, &app.limits)?;
    let filter = PromiseFilter { deal, status, category, due_by };
    let store = app.pipeline.store();
    let Page { items, next } =
        store.promises(caller.viewer(), &filter, page.after.as_ref(), page.limit).await?;
    Ok(Json(Promises { items, next_cursor: next.map(|cursor| cursor.to_string()) }))
}
