//! The papers of a deal, to be read or downloaded.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::access::Act;
use crate::http::{self, App, Caller, POLICY, PaperForm, ProblemJson, encode};
use crate::papers::{Form, Paper, Readers};

/// A paper and the forms in which it can be had.
pub(super) struct Listed {
    pub(super) name: String,
    /// Whether the customer may read it.
    pub(super) customer: bool,
    pub(super) red: bool,
    pub(super) forms: Vec<(&'static str, String)>,
}

/// Returns the papers of `deal` that `caller` may read.
pub(super) fn listed(deal: &str, caller: &Caller) -> Vec<Listed> {
    let may = |paper: &Paper| paper.readers() != Readers::RedFlags || caller.may(Act::ReadRedFlags);
    let papers = Paper::ALL.into_iter().filter(may).map(|paper| {
        let to = |form: &Form| {
            let to = format!("/deals/{}/papers/{paper}?format={}", encode(deal), form.as_str());
            (form.as_str(), to)
        };
        Listed {
            name: paper.as_str().replace('-', " "),
            customer: paper.readers() == Readers::Customer,
            red: paper.readers() == Readers::RedFlags,
            forms: paper.forms().iter().map(to).collect(),
        }
    });
    papers.collect()
}

/// Returns a paper. Its style stands inside it, so that the policy of papers holds for it and not that of pages.
pub(super) async fn get(
    state: State<App>,
    caller: Extension<Caller>,
    path: Result<Path<(String, String)>, PathRejection>,
    form: Result<Query<PaperForm>, QueryRejection>,
) -> Result<Response, ProblemJson> {
    let mut response = http::paper(state, caller, path, form).await?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Ok(response)
}
