//! Whether the service is well, and what it counted.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{App, ProblemJson};

/// The state of the service.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
}

/// How far the parts of the service are.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    /// `ready`.
    status: &'static str,
    /// The number of the last change in the store.
    changes: u64,
    /// The number of the last change that the index has read.
    indexed_through: u64,
}

/// Says that the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "health", security(()), responses((status = 200, body = Health)))]
pub(super) async fn alive() -> Json<Health> {
    Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// Says whether store and index can be reached.
#[utoipa::path(get, path = "/readyz", tag = "health", security(()),
    responses((status = 200, body = Readiness), (status = 503, body = ProblemJson)))]
pub(super) async fn ready(State(app): State<App>) -> Result<Json<Readiness>, ProblemJson> {
    let not_ready = |what: &str, error: &dyn std::fmt::Display| {
        tracing::warn!(%error, what, "not ready");
        let detail = format!("the {what} cannot be reached; the log says why");
        ProblemJson::new(StatusCode::SERVICE_UNAVAILABLE, "not-ready", detail)
    };
    let changes = app.pipeline.store().head().await.map_err(|error| not_ready("store", &error))?;
    let indexed_through =
        app.pipeline.index().indexed_through().await.map_err(|error| not_ready("index", &error))?;
    Ok(Json(Readiness { status: "ready", changes, indexed_through }))
}

/// Returns what the process counted, in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "health", responses((status = 200, body = String)))]
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (kind, app.metrics.render()).into_response()
}
