//! Links under which the customer reads the plan of a deal: made, listed, revoked.

use axum::extract::rejection::{FormRejection, PathRejection};
use axum::extract::{Extension, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::deal::page;
use super::form::Filled;
use super::frame::shown;
use super::moment::Moment;
use crate::http::{self, App, Caller, Id, ProblemJson, dossier_for, encode};
use crate::store::Share;

/// A link as it is listed.
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) by: String,
    pub(super) made: Moment,
    pub(super) ends: Moment,
    pub(super) views: u64,
    pub(super) viewed: Option<Moment>,
    /// Why it opens nothing any more; empty where it does.
    pub(super) over: &'static str,
}

/// What came of making a link.
pub(super) enum Outcome {
    /// Its address, which is shown this once.
    Made(String),
    /// Why there is none, and the lines of the plan that tell too much.
    Refused(String, Vec<String>),
}

/// Makes a link; where the leak guard refuses the plan, says which lines of it tell too much.
pub(super) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    headers: HeaderMap,
    filled: Result<Form<Filled>, FormRejection>,
) -> Result<Response, ProblemJson> {
    let Form(filled) = filled?;
    let (status, outcome) = match http::share(&app, &caller, deal.clone(), filled.read("days")?).await {
        Ok((_, path)) => (StatusCode::CREATED, Outcome::Made(format!("{}{path}", origin(&app, &headers)))),
        Err(problem) if problem.status == StatusCode::CONFLICT.as_u16() => {
            let lines = problem.errors.iter().map(|line| shown(&line.detail)).collect();
            (StatusCode::CONFLICT, Outcome::Refused(shown(&problem.detail), lines))
        }
        Err(problem) => return Err(problem),
    };
    let packet = dossier_for(&app, &caller, &deal).await?.packet;
    let page: Html<String> = page(&app, &caller, &packet, (String::new(), None), Some(outcome)).await?;
    Ok((status, page).into_response())
}

/// Returns where the service is found: as it is set, else as the browser says whose page sent the form.
fn origin<'o>(app: &'o App, headers: &'o HeaderMap) -> &'o str {
    let ours = app.door.public_url.as_str();
    let sent = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    if ours.is_empty() { sent } else { ours }
}

/// Stops a link from opening the plan.
pub(super) async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Redirect, ProblemJson> {
    let Path((deal, share)) = path?;
    let to = format!("/deals/{}/overview#shares", encode(&deal));
    http::unshare(&app, &caller, deal, &share).await?;
    Ok(Redirect::to(&to))
}

impl Listed {
    /// Returns a link as it stands at `now`.
    pub(super) fn new(share: &Share, zone: &TimeZone, now: Timestamp) -> Self {
        Self {
            id: share.id.to_string(),
            by: shown(&share.made_by),
            made: Moment::in_zone(share.created_at, zone),
            ends: Moment::in_zone(share.expires_at, zone),
            views: share.views,
            viewed: share.viewed_at.map(|at| Moment::in_zone(at, zone)),
            over: match share.revoked_at {
                Some(_) => "revoked",
                None if share.expires_at <= now => "over",
                None => "",
            },
        }
    }
}
