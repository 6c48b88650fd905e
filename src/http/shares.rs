//! Links under which a customer reads the plan without an account.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::Caller;
use super::papers;
use super::path::{Id, SeenDeal};
use super::{App, ProblemJson};
use crate::access::Act;
use crate::handoff::{Action, Entry};
use crate::store::{self, NewShare, Share};
use crate::transcript::Digest;

/// What a link's secret begins with, so that a scanner for leaked secrets knows it.
const MARK: &str = "rbs_";

/// How long a link opens the plan where nobody says, and at most: the plan covers 90 days.
pub(crate) const DAYS: u32 = 30;
pub(crate) const MOST_DAYS: u32 = 120;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// How long a link is to open the plan.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ShareRequest {
    /// Days, 30 by default, 120 at most.
    #[schema(minimum = 1, maximum = 120)]
    days: Option<u32>,
}

/// A new link; its address is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewShareView {
    #[serde(flatten)]
    share: ShareView,
    /// The address below the service's own: whoever has it can read the plan.
    path: String,
}

/// A link as it is listed; never its address.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShareView {
    #[schema(value_type = String)]
    id: Uuid,
    made_by: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
    /// How often the plan was opened.
    views: u64,
    #[schema(value_type = Option<String>, format = DateTime)]
    viewed_at: Option<Timestamp>,
}

/// The links of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ShareList {
    items: Vec<ShareView>,
}

impl From<Share> for ShareView {
    fn from(share: Share) -> Self {
        let Share { id, made_by, created_at, expires_at, revoked_at, views, viewed_at, .. } = share;
        Self { id, made_by, created_at, expires_at, revoked_at, views, viewed_at }
    }
}

/// Lists the links to a deal's plan, those that are over too, with how often each was opened.
#[utoipa::path(get, path = "/v1/deals/{deal}/shares", tag = "papers", params(("deal" = String, Path)),
    responses((status = 200, body = ShareList), (status = 404, body = ProblemJson)))]
pub(super) async fn list(
    State(app): State<App>,
    SeenDeal { id: deal, .. }: SeenDeal,
) -> Result<Json<ShareList>, ProblemJson> {
    let items = app.pipeline.store().shares(&deal).await?.into_iter().map(ShareView::from).collect();
    Ok(Json(ShareList { items }))
}

/// Makes a link to the plan of a deal, once the leak guard has read it.
#[utoipa::path(post, path = "/v1/deals/{deal}/shares", tag = "papers", params(("deal" = String, Path)),
    request_body = ShareRequest,
    responses(
        (status = 201, body = NewShareView),
        (status = 404, body = ProblemJson),
        (status = 409, description = "The plan would tell too much", body = ProblemJson),
    ))]
pub(super) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    request: Result<Json<ShareRequest>, JsonRejection>,
) -> Result<Response, ProblemJson> {
    let Json(ShareRequest { days }) = request?;
    let (share, path) = share(&app, &caller, deal, days).await?;
    Ok((StatusCode::CREATED, Json(NewShareView { share: share.into(), path })).into_response())
}

/// Makes a link to the plan of a deal for so many days, once the leak guard has read it; returns it with its address
/// below the service's own, which is kept nowhere.
pub(crate) async fn share(
    app: &App,
    caller: &Caller,
    deal: String,
    days: Option<u32>,
) -> Result<(Share, String), ProblemJson> {
    let days = days.unwrap_or(DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ProblemJson::field("/days", format!("is {days}; it can be 1 to {MOST_DAYS}")));
    }
    papers::plan(&papers::desk(app, &deal).await?, app, caller.may(Act::ReadRedFlags))?;

    let secret = secret().map_err(|error| ProblemJson::internal(&error))?;
    let now = Timestamp::now();
    let new = NewShare {
        id: Uuid::now_v7(),
        digest: Digest::of(secret.as_bytes()),
        deal,
        made_by: caller.name.clone(),
        expires_at: now.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(now),
    };
    let share = Share {
        id: new.id,
        deal: new.deal.clone(),
        made_by: new.made_by.clone(),
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
        views: 0,
        viewed_at: None,
    };
    let entry = Entry::new(Uuid::now_v7(), now, &caller.name, Action::Exported, new.id.to_string());
    let entry = entry.of_deal(&new.deal).with(json!({ "share": "made", "expires_at": new.expires_at }));
    let work = app.pipeline.store().write(move |tx| {
        tx.record(entry);
        Box::pin(async move { tx.add_share(&new, now).await })
    });
    work.await?;
    Ok((share, format!("/share/{secret}")))
}

/// Stops a link from opening the plan.
#[utoipa::path(delete, path = "/v1/deals/{deal}/shares/{share}", tag = "papers",
    params(("deal" = String, Path), ("share" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemJson)))]
pub(super) async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<StatusCode, ProblemJson> {
    let Path((deal, share)) = path?;
    unshare(&app, &caller, deal, &share).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops a link of `deal` from opening the plan.
pub(crate) async fn unshare(
    app: &App,
    caller: &Caller,
    deal: String,
    share: &str,
) -> Result<(), ProblemJson> {
    let id: Uuid = share.parse().map_err(|_| ProblemJson::not_found("link in force"))?;
    let now = Timestamp::now();
    let entry = Entry::new(Uuid::now_v7(), now, &caller.name, Action::Exported, id.to_string());
    let entry = entry.of_deal(&deal).with(json!({ "share": "revoked" }));
    let work = app.pipeline.store().write(move |tx| {
        Box::pin(async move {
            let revoked = tx.revoke_share(&deal, id, now).await?;
            if revoked {
                tx.record(entry);
            }
            Ok::<_, store::Error>(revoked)
        })
    });
    let revoked = work.await?;
    if revoked { Ok(()) } else { Err(ProblemJson::not_found("link in force")) }
}

/// Shows a customer the plan. The leak guard reads it again: calls and disputes may have come since the link was made.
#[utoipa::path(get, path = "/share/{secret}", tag = "papers", params(("secret" = String, Path)), security(()),
    responses(
        (status = 200, body = String, content_type = "text/html"),
        (status = 404, description = "No such link, or it is over", body = String, content_type = "text/html"),
        (status = 503, description = "The plan is being revised", body = String, content_type = "text/html"),
    ))]
pub(super) async fn open(State(app): State<App>, Id(secret): Id) -> Response {
    let mut response = match plan(&app, &secret).await {
        Ok(Some(page)) => Html(page).into_response(),
        Ok(None) => {
            (StatusCode::NOT_FOUND, Html(page("This link opens nothing (any more)."))).into_response()
        }
        Err(problem) => {
            // What was refused is for our side; the stranger learns that there is a plan and no more.
            tracing::warn!(kind = problem.kind, "a shared plan could not be shown");
            let text = "This plan is being revised. Please come back later.";
            (StatusCode::SERVICE_UNAVAILABLE, Html(page(text))).into_response()
        }
    };
    response.headers_mut().insert(ROBOTS, HeaderValue::from_static("noindex, nofollow, noarchive"));
    response
}

async fn plan(app: &App, secret: &str) -> Result<Option<String>, ProblemJson> {
    // The secret is never compared: its digest is looked up, so that timing tells nothing about a secret.
    let store = app.pipeline.store();
    let digest = Digest::of(secret.as_bytes());
    let Some(share) = store.share(&digest, Timestamp::now()).await? else { return Ok(None) };
    let page = papers::plan(&papers::desk(app, &share.deal).await?, app, false)?;
    let counted = store
        .write(move |tx| Box::pin(async move { tx.view_share(share.id, Timestamp::now()).await }))
        .await?;
    Ok(counted.then_some(page))
}

fn page(text: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>Plan</title></head><body style=\"font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; \
         max-width: 30rem; padding: 0 1rem\"><p>{text} Ask whoever sent it to you.</p></body></html>\n"
    )
}

/// Draws 256 random bits.
fn secret() -> Result<String, getrandom::Error> {
    let mut bits = [0u8; 32];
    getrandom::fill(&mut bits)?;
    Ok(bits.iter().fold(MARK.to_owned(), |secret, byte| format!("{secret}{byte:02x}")))
}
