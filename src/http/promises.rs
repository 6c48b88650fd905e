//! Promises over all deals.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::{App, ProblemJson};
use crate::pipeline::PromiseFilter;
use crate::rules::Category;

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
}

/// Promises with their deals.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Promises {
    /// Entries of the ledger, as the packet has them, with `deal`, `account` and what people decided as `review`.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Value>,
}

/// Lists promises, those that are due first.
#[utoipa::path(get, path = "/v1/promises", tag = "promises", params(Filter),
    responses((status = 200, body = Promises)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Json<Promises>, ProblemJson> {
    let Query(Filter { deal, status, category, due_by }) = filter?;
    let filter = PromiseFilter { deal, status, category, due_by };
    Ok(Json(Promises { items: app.pipeline.promises(caller.viewer(), &filter).await? }))
}
