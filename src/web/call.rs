//! A call as a person reads it: the transcript with what was found marked in it, and who speaks.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Extension, Form, Query, State};
use axum::response::{Html, Redirect};
use serde::Deserialize;

use super::frame::{Frame, draw, shown, words};
use super::saying::{listen, side, time};
use crate::access::Act;
use crate::detect::{CallRecord, FindingRecord};
use crate::http::{self, App, Caller, Id, ProblemJson, encode};
use crate::ingest::Correction;
use crate::rules::Kind;
use crate::store::StoredCall;
use crate::transcript::{Side, Speaker, Transcript};

/// Turns that are shown on each side of the one that is looked for.
const AROUND: usize = 3;

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
    /// Whether only some of the turns are shown.
    partial: bool,
    turns: Vec<Turn>,
    speakers: Vec<Voice>,
    corrects: bool,
    problems: Vec<String>,
}

struct Facet {
    kind: &'static str,
    name: String,
    count: usize,
    chosen: bool,
}

struct Turn {
    number: usize,
    speaker: String,
    side: &'static str,
    time: String,
    listen: String,
    pieces: Vec<Piece>,
}

/// A stretch of a turn with the same findings on it.
struct Piece {
    text: String,
    /// Kinds of the findings, with a space between; empty where nothing was found.
    kinds: String,
    /// What was found, for people.
    title: String,
}

struct Voice {
    label: String,
    name: String,
    side: &'static str,
    shown: String,
}

/// What of a call is shown.
#[derive(Deserialize)]
pub(super) struct View {
    /// Only turns with a finding of this kind.
    kind: Option<Kind>,
    /// Only this turn and those next to it.
    around: Option<usize>,
}

/// Who a speaker is, as a form sends it.
#[derive(Deserialize)]
pub(super) struct Named {
    label: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    side: String,
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
    let record = http::record_for(&caller, &reading);
    draw(&Page::new(&stored, &reading.transcript, &record, &view, &caller))
}

/// Corrects who a speaker is.
pub(super) async fn correct(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(call): Id,
    named: Result<Form<Named>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let Form(Named { label, name, side }) = named?;
    let given = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let side = given(side).map(|side| side.parse::<Side>()).transpose();
    let side = side.map_err(|error| ProblemJson::field("side", error))?;
    let correction = Correction { label, name: given(name), side, ..Correction::default() };
    http::correct(&app, &caller, &call, &correction).await?;
    Ok(Redirect::to(&format!("/calls/{}#speakers", encode(&call))))
}

impl Page {
    fn new(
        stored: &StoredCall,
        transcript: &Transcript,
        record: &CallRecord,
        view: &View,
        caller: &Caller,
    ) -> Self {
        let about = &transcript.call;
        let title =
            shown(about.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&about.id));
        let date = about.started_at.map(|start| start.date().strftime("%A %d %B %Y").to_string());
        let language = transcript.language.as_ref().map(|language| shown(language.as_str()));
        let recording = about.recording_url.as_deref();
        Self {
            frame: Frame::new(&title, "/", caller),
            call: encode(&about.id),
            about: [date, language].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            deal: stored.deal.as_deref().map(|deal| format!("/deals/{}", encode(deal))).unwrap_or_default(),
            deal_name: stored.deal.as_deref().map(shown).unwrap_or_default(),
            recording: listen(recording, None),
            kinds: facets(record, view.kind),
            partial: view.around.is_some(),
            turns: turns(transcript, record, view),
            speakers: transcript.speakers.iter().map(Voice::from).collect(),
            corrects: caller.may(Act::Correct),
            problems: record.problems.iter().map(|problem| shown(&problem.message)).collect(),
            title,
        }
    }
}

impl From<&Speaker> for Voice {
    fn from(speaker: &Speaker) -> Self {
        Self {
            label: speaker.label.clone(),
            name: speaker.name.clone().unwrap_or_default(),
            side: speaker.side.map_or("", Side::as_str),
            shown: shown(speaker.display()),
        }
    }
}

fn facets(record: &CallRecord, chosen: Option<Kind>) -> Vec<Facet> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in &record.findings {
        *counts.entry(finding.kind.as_str()).or_default() += 1;
    }
    let facet = |(kind, count)| Facet {
        kind,
        name: words(kind),
        count,
        chosen: chosen.is_some_and(|chosen| chosen.as_str() == kind),
    };
    counts.into_iter().map(facet).collect()
}

fn turns(transcript: &Transcript, record: &CallRecord, view: &View) -> Vec<Turn> {
    let mut found: BTreeMap<usize, Vec<&FindingRecord>> = BTreeMap::new();
    for finding in record.findings.iter().filter(|it| view.kind.is_none_or(|kind| it.kind == kind)) {
        found.entry(finding.turn as usize).or_default().push(finding);
    }
    let is_shown = |at: usize| {
        view.kind.is_none_or(|_| found.contains_key(&at))
            && view.around.is_none_or(|middle| at.abs_diff(middle) <= AROUND)
    };
    let turns = transcript.turns.iter().enumerate().filter(|(at, _)| is_shown(*at));
    let turn = |(at, turn): (usize, &crate::transcript::Turn)| {
        let speaker = &transcript.speakers[turn.speaker.index()];
        let start = turn.start().map(|start| start.as_millis());
        Turn {
            number: at,
            speaker: shown(speaker.display()),
            side: side(speaker.side),
            time: time(start),
            listen: listen(transcript.call.recording_url.as_deref(), start),
            pieces: pieces(&turn.text, found.get(&at).map_or(&[], Vec::as_slice)),
        }
    };
    turns.map(turn).collect()
}

/// Cuts a turn where findings begin and end. Findings may overlap, marks must not.
fn pieces(text: &str, found: &[&FindingRecord]) -> Vec<Piece> {
    let mut cuts: BTreeSet<usize> = [0, text.len()].into();
    for finding in found {
        cuts.extend([finding.span.start as usize, finding.span.end as usize]);
    }
    let cuts: Vec<_> = cuts.into_iter().collect();
    let piece = |ends: &[usize]| {
        let range = ends[0]..ends[1];
        let covers = |finding: &&&FindingRecord| {
            let span = finding.span.range();
            span.start <= range.start && range.end <= span.end
        };
        let on: BTreeSet<_> = found.iter().filter(covers).map(|finding| finding.kind.as_str()).collect();
        let on: Vec<_> = on.into_iter().collect();
        let text = shown(text.get(range.clone()).unwrap_or_default());
        Piece { text, kinds: on.join(" "), title: words(&on.join(", ")) }
    };
    cuts.windows(2).map(piece).collect()
}
