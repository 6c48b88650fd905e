use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::response::Redirect;
use serde::Deserialize;
use uuid::Uuid;

use crate::http::{App, Caller, Id, ProblemJson, author, encode};
use crate::review::{Act, Answer};

/// A decision as a form sends it.
#[derive(Deserialize)]
pub(super) struct Decided {
    act: String,
    /// The number of the last decision that the author has seen.
    revision: u64,
    #[serde(default)]
    entry: String,
    /// What the author typed.
    #[serde(default)]
    text: String,
    /// The field that is answered.
    #[serde(default)]
    field: String,
    /// The decision that is taken back.
    #[serde(default)]
    decision: Option<Uuid>,
}

impl Decided {
    fn act(self) -> Result<Act, ProblemJson> {
        let Self { act, entry, text, field, decision, .. } = self;
        Ok(match act.as_str() {
            "accept" => Act::Accept { entry },
            "edit" => Act::Edit { entry, text },
            "reject" => Act::Reject { entry, reason: text },
            "comment" => Act::Comment { entry, text },
            "question" => Act::Question { entry, text },
            "answer" => Act::Answer { field, about: None, answer: Answer::Stated { text } },
            "undo" => {
                let missing = || ProblemJson::field("decision", "is missing: what is to be taken back?");
                Act::Undo { decision: decision.ok_or_else(missing)? }
            }
            other => return Err(ProblemJson::field("act", format!("`{other}` is none that a form sends"))),
        })
    }
}

/// Appends what somebody decided about a line and shows the packet again, at that line.
pub(super) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    decided: Result<Form<Decided>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let Form(decided) = decided?;
    let (revision, entry) = (decided.revision, decided.entry.clone());
    let act = decided.act()?;
    app.pipeline.decide(&deal, vec![act], author(&caller), Some(revision), None).await?;
    let place = if entry.is_empty() { "review".to_owned() } else { format!("item-{}", encode(&entry)) };
    Ok(Redirect::to(&format!("/deals/{}#{place}", encode(&deal))))
}
