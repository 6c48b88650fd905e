//! Who sees a deal.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::Caller;
use super::if_match::{ExpectedOrNew, Tagged};
use super::path::Id;
use super::{App, ProblemJson};
use crate::handoff::{Action, Entry};
use crate::store::{self, DealAccess};

/// Who sees a deal.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessView {
    /// Whether the deal is there for its members, those who lead a team of theirs, and administrators alone.
    restricted: bool,
    /// Logins of who works on it.
    #[serde(default)]
    members: BTreeSet<String>,
}

/// Says who sees a deal.
#[utoipa::path(get, path = "/v1/deals/{deal}/access", tag = "deals", params(("deal" = String, Path)),
    responses((status = 200, body = AccessView), (status = 404, body = ProblemJson)))]
pub(super) async fn get(State(app): State<App>, Id(deal): Id) -> Result<Tagged<AccessView>, ProblemJson> {
    let found = app.pipeline.store().deal_access(&deal).await?;
    let (access, revision) = found.ok_or_else(|| ProblemJson::not_found("deal"))?;
    Ok(answer(access, revision))
}

/// Changes who sees a deal.
#[utoipa::path(put, path = "/v1/deals/{deal}/access", tag = "deals",
    params(("deal" = String, Path), ("If-Match" = String, Header, description = "The deal's `ETag` that was seen")),
    request_body = AccessView,
    responses(
        (status = 200, body = AccessView),
        (status = 400, description = "A member has no account", body = ProblemJson),
        (status = 404, body = ProblemJson),
        (status = 412, description = "Somebody else has changed it", body = ProblemJson),
        (status = 428, description = "No If-Match", body = ProblemJson),
    ))]
pub(super) async fn put(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    expected: Result<ExpectedOrNew, ProblemJson>,
    access: Result<Json<AccessView>, JsonRejection>,
) -> Result<Tagged<AccessView>, ProblemJson> {
    let Json(AccessView { restricted, members }) = access?;
    let ExpectedOrNew(expected) = expected?;
    let access =
        DealAccess { restricted, members: members.iter().map(|login| store::as_login(login)).collect() };
    let kept = access.clone();
    let now = Timestamp::now();
    let entry = Entry::new(Uuid::now_v7(), now, caller.name, Action::PermissionChanged, &deal);
    let entry = entry.of_deal(&deal).with(json!({"restricted": restricted, "members": access.members}));
    let work = app.pipeline.store().write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.put_deal_access(&deal, &access, Some(expected), Timestamp::now()).await
        })
    });
    let revision = work.await.map_err(|error| match error {
        store::Error::Missing { what: "user", id } => ProblemJson::field(
            "/members",
            format!("nobody has the login `{id}`; `readback user list` says who has one"),
        ),
        other => other.into(),
    })?;
    Ok(answer(kept, revision))
}

fn answer(access: DealAccess, revision: u64) -> Tagged<AccessView> {
    let DealAccess { restricted, members } = access;
    Tagged(revision, AccessView { restricted, members })
}
