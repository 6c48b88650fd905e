//! Papers of a deal, and what they need beside its calls.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::Caller;
use super::if_match::{ExpectedOrNew, Tagged};
use super::path::SeenDeal;
use super::{Act, App, FieldError, ProblemJson};
use crate::handoff::{Action, Entry};
use crate::papers::{self, Blank, Document, DrawError, Form, Leak, Occasion, Paper, Readers};
use crate::pipeline::Desk;
use crate::store;

/// A paper as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaperView {
    /// Its name in the address.
    name: Paper,
    /// Who may read it.
    readers: Readers,
    /// The forms in which it can be had.
    forms: Vec<&'static str>,
    /// What it lacks, with the questions to ask.
    blanks: Vec<Blank>,
    /// Why it cannot be drawn now.
    refused: Option<String>,
}

/// The papers of a deal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaperList {
    items: Vec<PaperView>,
}

/// In which form a paper is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperForm {
    /// `html` by default; `md`, `docx`, `pdf`, `txt`; mails also `eml`, meetings also `ics`.
    format: Option<String>,
}

/// Lists the papers of a deal that the caller may read, with what each still lacks.
#[utoipa::path(get, path = "/v1/deals/{deal}/papers", tag = "papers", params(("deal" = String, Path)),
    responses((status = 200, body = PaperList), (status = 404, body = ProblemJson)))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
) -> Result<Json<PaperList>, ProblemJson> {
    let desk = desk(&app, &deal).await?;
    let may = |paper: &Paper| paper.readers() != Readers::RedFlags || caller.may(Act::ReadRedFlags);
    let views = Paper::ALL.into_iter().filter(may).map(|paper| {
        let drawn = compose(&desk, &app, &caller, paper);
        PaperView {
            name: paper,
            readers: paper.readers(),
            forms: paper.forms().iter().map(|form| form.as_str()).collect(),
            blanks: drawn.as_ref().map(Document::blanks).unwrap_or_default(),
            refused: drawn.err().map(|problem| problem.to_string()),
        }
    });
    Ok(Json(PaperList { items: views.collect() }))
}

/// Returns a paper. One that the customer may read is refused where it would tell what is not for the customer; the
/// problem names the lines.
#[utoipa::path(get, path = "/v1/deals/{deal}/papers/{name}", tag = "papers",
    params(("deal" = String, Path), ("name" = Paper, Path), PaperForm),
    responses(
        (status = 200, content((String = "text/html"), (String = "text/markdown"), (String = "text/plain"),
            (Vec<u8> = "application/pdf"), (String = "message/rfc822"), (String = "text/calendar"))),
        (status = 404, body = ProblemJson),
        (status = 409, description = "It would tell too much, or lacks what the form needs", body = ProblemJson),
    ))]
pub(crate) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
    form: Result<Query<PaperForm>, QueryRejection>,
) -> Result<Response, ProblemJson> {
    let (Path((deal, name)), Query(form)) = (path?, form?);
    let paper: Paper = name.parse().map_err(|_| ProblemJson::not_found("paper"))?;
    let form = form.format.as_deref().unwrap_or(Form::Html.as_str()).parse::<Form>();
    let form = form.map_err(|wrong| ProblemJson::field("format", wrong))?;
    let desk = desk(&app, &deal).await?;
    let document = compose(&desk, &app, &caller, paper)?;
    let bytes = papers::draw(paper, &desk.packet, &desk.occasion, &document, form)
        .map_err(|error| refusal(&error, true))?;
    let detail = json!({ "paper": paper.as_str(), "format": form.as_str() });
    super::audit::note(&app, &caller, Action::Exported, &deal, detail).await?;
    let file = format!("attachment; filename=\"{paper}.{}\"", form.as_str());
    let mut response = ([(header::CONTENT_TYPE, form.media_type())], bytes).into_response();
    if !matches!(form, Form::Html | Form::Md | Form::Text)
        && let Ok(file) = file.parse()
    {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, file);
    }
    Ok(response)
}

/// Returns what papers need beside the calls, as far as it was said.
#[utoipa::path(get, path = "/v1/deals/{deal}/occasion", tag = "papers", params(("deal" = String, Path)),
    responses((status = 200, body = Occasion), (status = 404, body = ProblemJson)))]
pub(super) async fn occasion(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
) -> Result<Tagged<Occasion>, ProblemJson> {
    let mut stored = app.pipeline.store().occasion(&deal).await?;
    if !caller.may(Act::ReadRedFlags) {
        stored.occasion.comments.clear();
    }
    Ok(Tagged(stored.revision, stored.occasion))
}

/// Writes what papers need beside the calls.
#[utoipa::path(put, path = "/v1/deals/{deal}/occasion", tag = "papers",
    params(
        ("deal" = String, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen"),
        ("If-None-Match" = Option<String>, Header, description = "`*` where nothing was said yet"),
    ),
    request_body = Occasion,
    responses(
        (status = 200, body = Occasion),
        (status = 412, description = "Somebody else has changed it", body = ProblemJson),
        (status = 428, description = "Neither If-Match nor If-None-Match", body = ProblemJson),
    ))]
pub(super) async fn put_occasion(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
    expected: Result<ExpectedOrNew, ProblemJson>,
    occasion: Result<Json<Occasion>, JsonRejection>,
) -> Result<Tagged<Occasion>, ProblemJson> {
    let Json(occasion) = occasion?;
    let ExpectedOrNew(expected) = expected?;
    let (written, now) = (occasion.clone(), Timestamp::now());
    let entry = Entry::new(Uuid::now_v7(), now, &caller.name, Action::DealEdited, &deal).of_deal(&deal);
    let work = app.pipeline.store().write(move |tx| {
        Box::pin(async move {
            let revision = tx.put_occasion(&deal, &written, expected, now).await?;
            tx.record(entry.with(json!({ "occasion": revision })));
            Ok::<_, store::Error>(revision)
        })
    });
    Ok(Tagged(work.await?, occasion))
}

/// Returns what the papers of a deal are drawn from now.
pub(super) async fn desk(app: &App, deal: &str) -> Result<Desk, ProblemJson> {
    let desk = app.pipeline.desk(deal, None, Timestamp::now()).await?;
    desk.ok_or_else(|| ProblemJson::not_found("deal"))
}

/// Returns a paper for `caller`. Who may not see red flags gets internal papers without them; papers for the customer are
/// always held against all of them.
fn compose(desk: &Desk, app: &App, caller: &Caller, paper: Paper) -> Result<Document, ProblemJson> {
    let all = caller.may(Act::ReadRedFlags);
    if paper.readers() == Readers::RedFlags && !all {
        let detail = "the red-flag page is for AE, CSM and the manager of customer success";
        return Err(ProblemJson::new(StatusCode::FORBIDDEN, "forbidden", detail));
    }
    let composed = if paper.readers() == Readers::Internal && !all {
        let packet = desk.packet.clone().without_red_flags();
        papers::compose(paper, &packet, &desk.occasion, &app.templates)
    } else {
        papers::compose(paper, &desk.packet, &desk.occasion, &app.templates)
    };
    composed.map_err(|error| refusal(&error, all))
}

/// Returns the plan as the customer reads it. Where it is refused, `all` says whether the lines that tell too much are named.
pub(super) fn plan(desk: &Desk, app: &App, all: bool) -> Result<String, ProblemJson> {
    let paper = Paper::SuccessPlan;
    let page = papers::compose(paper, &desk.packet, &desk.occasion, &app.templates)
        .map(Document::for_customer)
        .and_then(|plan| papers::draw(paper, &desk.packet, &desk.occasion, &plan, Form::Html));
    let page = page.map_err(|error| refusal(&error, all))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Returns why a paper was not drawn. Whoever may not see red flags is told how many lines tell too much, not which.
fn refusal(error: &DrawError, all: bool) -> ProblemJson {
    match error {
        DrawError::Leak { paper, leaks } => {
            let lines = if leaks.len() == 1 {
                "a line tells".to_owned()
            } else {
                format!("{} lines tell", leaks.len())
            };
            let detail = format!(
                "{paper} is refused: {lines} what is not for the customer; take it out of the occasion, the template or \
                 the calls' words"
            );
            let line = |leak: &Leak| FieldError {
                pointer: format!("line {}", leak.number),
                detail: leak.to_string(),
            };
            let errors = if all { leaks.iter().map(line).collect() } else { Vec::new() };
            ProblemJson { errors, ..ProblemJson::new(StatusCode::CONFLICT, "leak", detail) }
        }
        DrawError::Missing { field, .. } | DrawError::Wrong { field, .. } => {
            let mut problem = ProblemJson::field(field, error.to_string());
            problem.status = StatusCode::CONFLICT.as_u16();
            problem
        }
        DrawError::NoSuchForm { .. } => ProblemJson::field("format", error.to_string()),
        DrawError::Template(_) | DrawError::Form(_) => ProblemJson::internal(error),
    }
}
