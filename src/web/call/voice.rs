use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::response::Redirect;

use crate::http::{self, App, Caller, Id, ProblemJson, encode};
use crate::ingest::Correction;
use crate::transcript::{Side, Speaker};
use crate::web::form::Filled;
use crate::web::frame::shown;
use crate::web::saying;

/// A speaker as the page shows and corrects them.
pub(super) struct Voice {
    /// The index among the call's speakers.
    pub(super) at: usize,
    pub(super) label: String,
    pub(super) name: String,
    /// The side as the form sends it.
    pub(super) side: &'static str,
    /// The side as people call it.
    pub(super) told: &'static str,
    pub(super) shown: String,
}

impl Voice {
    pub(super) fn new(at: usize, speaker: &Speaker) -> Self {
        Self {
            at,
            label: speaker.label.clone(),
            name: speaker.name.clone().unwrap_or_default(),
            side: speaker.side.map_or("", Side::as_str),
            told: saying::side(speaker.side),
            shown: shown(speaker.display()),
        }
    }
}

/// Corrects who a speaker is; what the call shows next was read with it.
pub(in crate::web) async fn correct(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(call): Id,
    filled: Result<Form<Filled>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let Form(filled) = filled?;
    // Rows that name nobody have an empty label.
    let label = filled.text("label").unwrap_or_default();
    let correction = Correction {
        label,
        name: filled.text("name"),
        side: filled.read("side")?,
        merge_into: filled.text("merge_into"),
        ..Correction::default()
    };
    http::correct(&app, &caller, &call, &correction).await?;
    let place =
        filled.text("turn").map_or_else(|| "speakers".to_owned(), |turn| format!("turn-{}", encode(&turn)));
    Ok(Redirect::to(&format!("/calls/{}#{place}", encode(&call))))
}
