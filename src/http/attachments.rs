//! Papers attached to a deal: order forms and contracts that promises are held against.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::caller::Caller;
use super::path::SeenDeal;
use super::{App, ProblemJson};
use crate::ingest::Unreadable;
use crate::pipeline::{self, LONGEST_ID};
use crate::store::Attachment;
use crate::transcript::Digest;

/// A paper as it is listed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AttachmentView {
    /// Its id.
    #[schema(value_type = String)]
    id: Uuid,
    /// The file's name as it was given.
    name: String,
    /// Digest of its bytes.
    source: Digest,
    /// Who attached it.
    author: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    attached_at: jiff::Timestamp,
}

impl From<Attachment> for AttachmentView {
    fn from(paper: Attachment) -> Self {
        let Attachment { id, name, source, author, attached_at, .. } = paper;
        Self { id, name, source, author, attached_at }
    }
}

/// What is known of a paper beside its bytes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct PaperParams {
    /// The file's name, as it is shown beside its clauses.
    name: String,
}

/// Attaches an order form or contract: text, DOCX or PDF, as the body. The packet is drafted anew.
#[utoipa::path(post, path = "/v1/deals/{deal}/attachments", tag = "deals",
    params(("deal" = String, Path), PaperParams),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Attached", body = AttachmentView),
        (status = 200, description = "These bytes are attached already", body = AttachmentView),
        (status = 404, body = ProblemJson),
        (status = 413, description = "More than a limit", body = ProblemJson),
        (status = 422, description = "No paper with text", body = ProblemJson),
    ))]
pub(super) async fn attach(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    SeenDeal { id: deal, .. }: SeenDeal,
    params: Result<Query<PaperParams>, QueryRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ProblemJson> {
    let Query(PaperParams { name }) = params?;
    let (paper, is_new) = put_on(&app, &caller, &deal, &name, body?.to_vec()).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(AttachmentView::from(paper))).into_response())
}

/// Attaches a paper for `caller`, and tells whether it is new.
pub(crate) async fn put_on(
    app: &App,
    caller: &Caller,
    deal: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(Attachment, bool), ProblemJson> {
    if name.trim().is_empty() || name.len() > LONGEST_ID {
        return Err(ProblemJson::field("name", format!("must be 1 to {LONGEST_ID} bytes: the file's name")));
    }
    app.pipeline.attach(deal, name, bytes, &caller.name).await.map_err(refused)
}

/// Lists the papers of a deal.
#[utoipa::path(get, path = "/v1/deals/{deal}/attachments", tag = "deals", params(("deal" = String, Path)),
    responses((status = 200, body = Vec<AttachmentView>), (status = 404, body = ProblemJson)))]
pub(super) async fn list(
    State(app): State<App>,
    SeenDeal { id: deal, .. }: SeenDeal,
) -> Result<Json<Vec<AttachmentView>>, ProblemJson> {
    Ok(Json(app.pipeline.store().attachments(&deal).await?.into_iter().map(AttachmentView::from).collect()))
}

/// Takes a paper off a deal. Its bytes stay in the store; the packet is drafted anew.
#[utoipa::path(delete, path = "/v1/deals/{deal}/attachments/{id}", tag = "deals",
    params(("deal" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemJson)))]
pub(super) async fn detach(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((deal, id)): Path<(String, String)>,
) -> Result<StatusCode, ProblemJson> {
    let id = id.parse().map_err(|_| ProblemJson::not_found("attachment"))?;
    app.pipeline.detach(&deal, id, &caller.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A paper that cannot be read is no transcript that cannot be read.
fn refused(error: pipeline::Error) -> ProblemJson {
    match error {
        pipeline::Error::Unreadable(error @ Unreadable::TooLarge { .. }) => error.into(),
        pipeline::Error::Unreadable(error) => {
            ProblemJson::new(StatusCode::UNPROCESSABLE_ENTITY, "no-paper", error.to_string())
        }
        error => error.into(),
    }
}
