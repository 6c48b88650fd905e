use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;

use super::{App, ProblemJson};
use crate::store::StoredDeal;

/// The id in a route's path.
pub(crate) struct Id(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ProblemJson;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await?;
        Ok(Self(id))
    }
}

/// The deal in a route's path, which the store knows and which the guard of the route has let the caller see.
pub(crate) struct SeenDeal {
    /// Its id.
    pub(crate) id: String,
    /// What is known of it.
    pub(crate) stored: StoredDeal,
}

#[derive(Deserialize)]
struct DealPath {
    deal: String,
}

impl FromRequestParts<App> for SeenDeal {
    type Rejection = ProblemJson;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Path(DealPath { deal: id }) = Path::from_request_parts(parts, app).await?;
        let stored = app.pipeline.store().deal(&id).await?;
        let stored = stored.ok_or_else(|| ProblemJson::not_found("deal"))?;
        Ok(Self { id, stored })
    }
}
