use axum::extract::State;
use axum::response::Redirect;
use jiff::Timestamp;

use super::frame::{shown, words};
use super::saying::turn;
use crate::http::{App, Id, ProblemJson, encode};
use crate::llm::Refused;
use crate::store::{Hearing, JobState};

/// Rows of each kind of trouble that are shown.
const ROWS: u32 = 50;

/// What needs care of whoever runs the service.
pub(super) struct Care {
    /// Steps that were given up: what, about what, and why.
    pub(super) dead: Vec<Trouble>,
    /// Steps that failed and are tried again.
    pub(super) failing: Vec<Trouble>,
    /// Calls about which the model was not heard.
    pub(super) not_heard: Vec<Trouble>,
    /// Answers of the model that cite what was not said.
    pub(super) refused: Vec<Trouble>,
}

/// One thing that went wrong.
pub(super) struct Trouble {
    pub(super) what: String,
    pub(super) why: String,
    /// Where it can be looked at.
    pub(super) to: String,
    /// The job's id, where it can be tried again.
    pub(super) job: String,
}

/// Has a step that was given up tried again.
pub(super) async fn revive(State(app): State<App>, Id(job): Id) -> Result<Redirect, ProblemJson> {
    let job = job.parse().map_err(|_| ProblemJson::not_found("step"))?;
    // Where somebody else was faster it is under way already.
    app.pipeline.store().revive(job, Timestamp::now()).await?;
    Ok(Redirect::to("/#care"))
}

impl Care {
    /// Looks for what went wrong.
    pub(super) async fn of(app: &App) -> Result<Self, ProblemJson> {
        let store = app.pipeline.store();
        let (dead, failing) =
            (store.failed_jobs("dead", ROWS).await?, store.failed_jobs("ready", ROWS).await?);
        let hearings = store.odd_hearings(ROWS).await?;
        Ok(Self {
            dead: dead.iter().map(Trouble::of_job).collect(),
            failing: failing.iter().map(Trouble::of_job).collect(),
            not_heard: hearings.iter().filter_map(Trouble::not_heard).collect(),
            refused: hearings.iter().flat_map(Trouble::refused).collect(),
        })
    }

    /// Tells whether nothing went wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.dead.is_empty()
            && self.failing.is_empty()
            && self.not_heard.is_empty()
            && self.refused.is_empty()
    }
}

impl Trouble {
    fn new(what: &str, why: &str, to: String) -> Self {
        Self { what: shown(what), why: shown(why), to, job: String::new() }
    }

    fn of_job(job: &JobState) -> Self {
        let about = job.payload["about"].as_str().unwrap_or_default();
        let why = job.last_error.as_deref().unwrap_or_default();
        let to = match job.kind.as_str() {
            "read" | "listen" => format!("/calls/{}", encode(about)),
            "draft" | "tell" => format!("/deals/{}/overview", encode(about)),
            _ => "/".to_owned(),
        };
        Self { job: job.id.to_string(), ..Self::new(&format!("{} {about}", job.kind), why, to) }
    }

    fn not_heard(hearing: &Hearing) -> Option<Self> {
        let failure = hearing.failure.as_ref()?;
        Some(Self::new(&hearing.call, failure, format!("/calls/{}", encode(&hearing.call))))
    }

    fn refused(hearing: &Hearing) -> Vec<Self> {
        let call = &hearing.call;
        let trouble = |it: &Refused| {
            let kind = it.kind.map(|kind| format!(", {}", words(kind.as_str()))).unwrap_or_default();
            let to = it.turn.map_or_else(|| format!("/calls/{}", encode(call)), |at| turn(call, at));
            Self::new(&format!("{call}{kind}"), &it.refusal.to_string(), to)
        };
        hearing.refused.iter().map(trouble).collect()
    }
}
