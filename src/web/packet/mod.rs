//! The packet of a deal: what the last call changed, the lines to review, the questions still open.

mod act;
mod decide;
mod entry;
mod field;
mod gap;
mod handoff;
mod history;
mod line;
mod offer;
mod promise;
mod reader;
mod thread;
mod whole;

use std::collections::HashSet;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::Html;
use jiff::Timestamp;
use uuid::Uuid;

use crate::access::Act;
use crate::http::{App, Caller, Id, ProblemJson, dossier_for, encode, note_view};
use crate::packet::{self, Audience, Note, Packet, Section};
use crate::review::{self, Decision};
use crate::rules::Kind;
use crate::web::frame::{Frame, draw, shown, words};
use crate::web::saying::Saying;

use entry::{Entry, visible};
use gap::Question;
use handoff::Panel;
use reader::Reader;
use whole::{ALL, Whole};

pub(super) use act::post as act;
pub(super) use decide::{added, post as decide};
pub(super) use line::{get as line, post as set};

/// The id of the part that tells what the last call changed.
const CHANGED: &str = "changed";

#[derive(Template)]
#[template(path = "pages/packet.html")]
struct Page {
    frame: Frame,
    /// The deal's address.
    deal: String,
    account: String,
    about: String,
    percent: usize,
    completeness: String,
    handoff: Panel,
    last_call: String,
    changes: Vec<Change>,
    /// The address that shows all changes; empty where all are shown.
    more_changes: String,
    changes_number: usize,
    asked_on: &'static str,
    sections: Vec<Part>,
    questions: Vec<Question>,
    rejected: Vec<Rejected>,
    lost: Vec<Note>,
    calls: Vec<Call>,
    problems: Vec<String>,
    /// The number of the deal's last decision, which the next one rests on.
    revision: u64,
    open: usize,
    /// The address that shows every line; empty where every line is shown.
    print: String,
    reviews: bool,
    discusses: bool,
    /// The caller's last decision that stands, to be taken back.
    undo: Option<Undo>,
    /// What a line that is added by hand can be.
    kinds: Vec<(&'static str, String)>,
    /// Who fills in the forms, and on which day.
    who: String,
    today: String,
}

struct Change {
    what: String,
    name: String,
    to: String,
    saying: Option<Saying>,
}

struct Part {
    id: &'static str,
    title: &'static str,
    red: bool,
    assigned: String,
    items: Vec<Entry>,
    /// How many lines it has, and the address that shows them all; empty where all are shown.
    number: usize,
    more: String,
    answers: Vec<Note>,
    questions: Vec<Question>,
}

struct Rejected {
    entry: String,
    kind: String,
    words: String,
    notes: Vec<Note>,
}

struct Call {
    title: String,
    date: String,
    to: String,
}

struct Undo {
    decision: Uuid,
    act: &'static str,
}

/// Shows the packet, and notes that it was read.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    whole: Result<Query<Whole>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(whole) = whole?;
    let dossier = dossier_for(&app, &caller, &deal).await?;
    note_view(&app, &caller, &dossier.packet, dossier.revision).await?;
    let profile = &app.pipeline.timeline().profile;
    draw(&Page::new(&Reader::new(&dossier, &caller, profile, Timestamp::now(), whole)))
}

/// Returns the last decision of `name` that stands and is no undo.
fn last_of(decisions: &[Decision], name: &str) -> Option<Undo> {
    let standing = review::in_order(decisions).into_iter().rev();
    let mut own = standing.filter(|(decision, stands)| {
        *stands && decision.by == name && !matches!(decision.decided.act, review::Act::Undo { .. })
    });
    own.next().map(|(decision, _)| Undo { decision: decision.id, act: decision.decided.act.name() })
}

impl Page {
    fn new(reader: &Reader) -> Self {
        let (dossier, packet, caller) = (reader.dossier, &reader.dossier.packet, reader.caller);
        let account = reader.account();
        let mut seen = HashSet::new();
        let parts = packet.sections.iter().filter(|section| !section.is_empty());
        let sections: Vec<_> = parts.map(|section| Part::new(section, reader, &mut seen)).collect();
        let changes = reader.whole.shown(CHANGED, packet.changed.len(), |_| false);
        let done = packet.completeness;
        let odd = |it: &packet::CallProblem| shown(&format!("{}: {}", it.call, it.problem.message));
        Self {
            frame: Frame::new(&account, "/", caller),
            deal: reader.deal(),
            about: about(packet),
            percent: done.percent,
            completeness: format!("{} of {} required fields have evidence", done.evidenced, done.required),
            handoff: Panel::new(reader),
            last_call: packet.calls.last().map(last_call).unwrap_or_default(),
            changes: packet.changed.iter().take(changes).map(|change| Change::new(change, reader)).collect(),
            more_changes: more(CHANGED, changes, packet.changed.len(), reader),
            changes_number: packet.changed.len(),
            asked_on: packet.asked_on(),
            questions: packet.gaps.iter().map(|gap| Question::new(gap, reader)).collect(),
            rejected: packet.rejected.iter().map(Rejected::from).collect(),
            lost: packet.lost.iter().map(packet::lost).map(visible).collect(),
            calls: packet.calls.iter().map(Call::from).collect(),
            problems: packet.problems.iter().map(odd).collect(),
            open: packet.open(Audience::Internal) + packet.open(Audience::RedFlags),
            print: if sections.iter().all(|part| part.more.is_empty()) {
                String::new()
            } else {
                reader.whole.and(ALL)
            },
            reviews: caller.may(Act::Review),
            discusses: caller.may(Act::Discuss),
            account,
            sections,
            revision: dossier.revision,
            undo: last_of(dossier.reviewed.decisions(), &caller.name),
            kinds: kinds(),
            who: shown(&caller.name),
            today: dossier.today.to_string(),
        }
    }
}

/// Returns what a line that is added by hand can be, with its name for people.
pub(super) fn kinds() -> Vec<(&'static str, String)> {
    Kind::ALL.iter().map(|kind| (kind.as_str(), words(kind.as_str()))).collect()
}

fn about(packet: &Packet) -> String {
    let calls = match packet.calls.len() {
        1 => "1 call".to_owned(),
        number => format!("{number} calls"),
    };
    let closed = packet.deal.closed_at.map(|time| format!("closed {}", time.date()));
    format!("{calls} · {}", closed.unwrap_or_else(|| "close date UNKNOWN".to_owned()))
}

fn last_call(call: &packet::CallLine) -> String {
    let date = call.date.map(|date| date.strftime(", %A %d %B %Y").to_string()).unwrap_or_default();
    format!("{}{date}", shown(call.display()))
}

/// Returns the address that shows all `number` things of a part of which `shown` are; empty where that is all.
fn more(part: &str, shown: usize, number: usize, reader: &Reader) -> String {
    if shown < number { format!("{}#{part}", reader.whole.and(part)) } else { String::new() }
}

impl Change {
    fn new(change: &packet::Change, reader: &Reader) -> Self {
        Self {
            what: change.what.to_owned(),
            name: change.name.as_deref().map(shown).unwrap_or_default(),
            to: change.entry.as_ref().map(|entry| reader.to(entry)).unwrap_or_default(),
            saying: change.words.as_ref().map(|words| reader.said(words)),
        }
    }
}

impl Part {
    fn new(section: &Section, reader: &Reader, seen: &mut HashSet<String>) -> Self {
        let assigned = section
            .assigned
            .as_ref()
            .map(|it| format!("{} answers for it until {}", shown(&it.owner), it.due));
        let (lines, number) = (reader.whole.lines(section), section.items.len());
        let mut entry = |(at, item)| Entry::new(section, at + 1, item, seen, reader);
        Self {
            id: section.id,
            title: section.title,
            red: section.audience == Audience::RedFlags,
            assigned: assigned.unwrap_or_default(),
            items: section.items.iter().take(lines).enumerate().map(&mut entry).collect(),
            more: more(section.id, lines, number, reader),
            number,
            answers: section.answers.iter().flat_map(packet::answered).map(visible).collect(),
            questions: section.gaps.iter().map(|gap| Question::new(gap, reader)).collect(),
        }
    }
}

impl From<&packet::RejectedLine> for Rejected {
    fn from(line: &packet::RejectedLine) -> Self {
        let quote = line.was.words.first().map(|words| format!("“{}”", shown(words.quote.text())));
        Self {
            entry: line.was.entry.clone(),
            kind: words(line.was.kind.as_str()),
            words: quote.or_else(|| line.was.name.as_deref().map(shown)).unwrap_or_default(),
            notes: packet::notes(&line.review).into_iter().map(visible).collect(),
        }
    }
}

impl From<&packet::CallLine> for Call {
    fn from(call: &packet::CallLine) -> Self {
        Self {
            title: shown(call.display()),
            date: call.date.map(|date| date.to_string()).unwrap_or_default(),
            to: format!("/calls/{}", encode(&call.id)),
        }
    }
}
