//! A call as a person reads it: the transcript with what was found marked in it, and who speaks.

mod add;
mod mark;
mod turn;
mod voice;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::Html;
use serde::Deserialize;

use crate::access::Act;
use crate::http::{self, App, Caller, Id, ProblemJson, encode};
use crate::pipeline::Reading;
use crate::rules::Kind;
use crate::store::StoredCall;
use crate::transcript::Side;
use crate::web::frame::{Frame, draw, shown, words};
use crate::web::saying::{listen, side};

use mark::{Mark, marks};
use turn::{Turn, turns};
use voice::Voice;

pub(super) use add::post as add;
pub(super) use voice::correct;

#[derive(Template)]
#[template(path = "pages/call.html")]
struct Page {
    frame: Frame,
    call: String,
    title: String,
    about: String,
    /// The deal's page, empty where the call belongs to none.
    deal: String,
    deal_name: String,
    recording: String,
    kinds: Vec<Facet>,
    sides: Vec<Facet>,
    /// The address of the whole call, empty where it is shown.
    whole: String,
    turns: Vec<Turn>,
    speakers: Vec<Voice>,
    corrects: bool,
    /// What words can be added as; empty where the reader adds none.
    adds: Vec<(&'static str, String)>,
    /// Digest of the transcript that is read: what a selection of words rests on.
    transcript: String,
    problems: Vec<String>,
    /// Whether only the turns around one are shown.
    partial: bool,
}

/// Something by which turns are chosen.
struct Facet {
    word: &'static str,
    name: String,
    count: usize,
    chosen: bool,
    to: String,
}

/// What of a call is shown.
#[derive(Deserialize)]
pub(super) struct View {
    /// Only turns with a finding of this kind.
    kind: Option<Kind>,
    /// Only turns of this side.
    side: Option<Side>,
    /// Only this turn and those next to it.
    around: Option<usize>,
}

/// Shows a call.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(call): Id,
    view: Result<Query<View>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(view) = view?;
    let stored = http::stored(&app, &call).await?;
    let reading = app.pipeline.reading(&stored).await?;
    let (decisions, deal) = match &stored.deal {
        Some(deal) => (app.pipeline.decisions(deal).await?, app.pipeline.store().deal(deal).await?),
        None => (Vec::new(), None),
    };
    let account = deal.map(|stored| stored.deal.account).unwrap_or_default();
    let (record, red_flags) = (http::record_for(&caller, &reading), caller.may(Act::ReadRedFlags));
    let marks = marks(&record, reading.as_read(), &decisions, red_flags);
    draw(&Page { deal_name: shown(&account), ..Page::new(&stored, &reading, &marks, &view, &caller) })
}

impl Page {
    fn new(stored: &StoredCall, reading: &Reading, marks: &[Mark], view: &View, caller: &Caller) -> Self {
        let transcript = &reading.transcript;
        let about = &transcript.call;
        let title =
            shown(about.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&about.id));
        let date = about.started_at.map(|start| start.date().strftime("%A %d %B %Y").to_string());
        let language = transcript.language.as_ref().map(|language| shown(language.as_str()));
        let call = encode(&about.id);
        let adds = stored.deal.is_some() && caller.may(Act::Review);
        Self {
            frame: Frame::new(&title, "/", caller),
            about: [date, language].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            deal: stored.deal.as_deref().map(|deal| format!("/deals/{}", encode(deal))).unwrap_or_default(),
            deal_name: String::new(),
            recording: listen(about.recording_url.as_deref(), None),
            kinds: view.kinds(marks, &call),
            sides: view.sides(reading, &call),
            whole: view.is_whole().then(String::new).unwrap_or_else(|| format!("/calls/{call}")),
            turns: turns(transcript, marks, view),
            speakers: transcript.speakers.iter().enumerate().map(|(at, it)| Voice::new(at, it)).collect(),
            corrects: caller.may(Act::Correct),
            adds: if adds { super::packet::kinds() } else { Vec::new() },
            transcript: transcript.digest().to_string(),
            problems: reading.problems.iter().map(|problem| shown(&problem.message)).collect(),
            partial: view.around.is_some(),
            title,
            call,
        }
    }
}

impl View {
    fn is_whole(&self) -> bool {
        self.kind.is_none() && self.side.is_none() && self.around.is_none()
    }

    /// Returns the address of the call as it is shown with another choice; what is chosen already is let go.
    fn address(&self, call: &str, kind: Option<Kind>, side: Option<Side>) -> String {
        let kind = kind.map(|kind| format!("kind={kind}"));
        let side = side.map(|side| format!("side={}", side.as_str()));
        let query: Vec<_> = [kind, side].into_iter().flatten().collect();
        match query.is_empty() {
            true => format!("/calls/{call}"),
            false => format!("/calls/{call}?{}", query.join("&")),
        }
    }

    fn kinds(&self, marks: &[Mark], call: &str) -> Vec<Facet> {
        let facet = |kind: &Kind| {
            let (count, chosen) =
                (marks.iter().filter(|mark| mark.kind == *kind).count(), self.kind == Some(*kind));
            let to = self.address(call, Some(*kind).filter(|_| !chosen), self.side);
            Facet { word: kind.as_str(), name: words(kind.as_str()), count, chosen, to }
        };
        Kind::ALL.iter().map(facet).filter(|facet| facet.count > 0).collect()
    }

    fn sides(&self, reading: &Reading, call: &str) -> Vec<Facet> {
        let speakers = &reading.transcript.speakers;
        let facet = |chosen_side: Side| {
            let turns = reading.transcript.turns.iter();
            let count = turns.filter(|turn| speakers[turn.speaker.index()].side == Some(chosen_side)).count();
            let chosen = self.side == Some(chosen_side);
            let to = self.address(call, self.kind, Some(chosen_side).filter(|_| !chosen));
            Facet { word: chosen_side.as_str(), name: side(Some(chosen_side)).to_owned(), count, chosen, to }
        };
        [Side::Rep, Side::Customer, Side::Partner]
            .map(facet)
            .into_iter()
            .filter(|facet| facet.count > 0)
            .collect()
    }
}
