//! The packet of a deal: what the last call changed, the lines to review, the questions still open.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::{Extension, State};
use axum::response::Html;
use uuid::Uuid;

use super::frame::{Frame, draw, shown, words};
use super::saying::Saying;
use crate::access::Act;
use crate::detect::Why;
use crate::http::{App, Caller, Id, ProblemJson, encode, packet_for};
use crate::ledger::{self, Ledger};
use crate::packet::{self, Audience, Gap, Item, Line, Note, Packet, Section};
use crate::review::{self, Decision, Verdict};

#[derive(Template)]
#[template(path = "pages/packet.html")]
struct Page {
    frame: Frame,
    deal: String,
    account: String,
    about: String,
    percent: usize,
    completeness: String,
    last_call: String,
    changes: Vec<Change>,
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
    reviews: bool,
    discusses: bool,
    /// The caller's last decision that stands, to be taken back.
    undo: Option<Undo>,
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
    answers: Vec<Note>,
    questions: Vec<Question>,
}

struct Question {
    field: &'static str,
    ask: &'static str,
    section: &'static str,
    owner: String,
    about: usize,
}

struct Entry {
    /// The element's id: `item-` and the ledger entry, where the entry is shown first.
    id: String,
    entry: String,
    name: String,
    verdict: &'static str,
    facts: Vec<Fact>,
    lines: Vec<Quoted>,
    notes: Vec<Note>,
    /// What the author of an edit starts from.
    text: String,
    /// Whether people review it; what is known of the deal itself is edited elsewhere.
    reviewed: bool,
}

struct Fact {
    name: &'static str,
    value: String,
    tone: &'static str,
}

struct Quoted {
    part: &'static str,
    label: &'static str,
    saying: Saying,
    reasons: Vec<(&'static str, String)>,
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

/// Shows the packet.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
) -> Result<Html<String>, ProblemJson> {
    // Before the packet: a decision in between makes the next one stale, and never overlooks anything.
    let revision = app.pipeline.store().last_decision(&deal).await?;
    let packet = packet_for(&app, &caller, &deal).await?;
    let sitting = app.pipeline.sitting(&deal).await?.ok_or_else(|| ProblemJson::not_found("deal"))?;
    let undo = last_of(&sitting.decisions, &caller.name);
    draw(&Page::new(&packet, &caller, revision, undo))
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
    fn new(packet: &Packet, caller: &Caller, revision: u64, undo: Option<Undo>) -> Self {
        let account = match packet.deal.account.as_str() {
            "" => shown(&packet.deal.id),
            account => shown(account),
        };
        let reasons = reasons(&packet.ledger);
        let mut seen = HashSet::new();
        let parts = packet.sections.iter().filter(|section| !section.is_empty());
        let sections: Vec<_> = parts.map(|section| Part::new(section, packet, &reasons, &mut seen)).collect();
        let undecided = |entry: &&Entry| entry.reviewed && entry.verdict == Verdict::Open.as_str();
        let done = packet.completeness;
        Self {
            frame: Frame::new(&account, "/", caller),
            deal: encode(&packet.deal.id),
            about: about(packet),
            percent: done.percent,
            completeness: format!("{} of {} required fields have evidence", done.evidenced, done.required),
            last_call: packet.calls.last().map(last_call).unwrap_or_default(),
            changes: packet.changed.iter().map(|change| Change::new(change, packet)).collect(),
            asked_on: packet.asked_on(),
            questions: packet.gaps.iter().map(Question::from).collect(),
            rejected: packet.rejected.iter().map(Rejected::from).collect(),
            lost: packet.lost.iter().map(packet::lost).map(visible).collect(),
            calls: packet.calls.iter().map(Call::from).collect(),
            problems: packet
                .problems
                .iter()
                .map(|it| shown(&format!("{}: {}", it.call, it.problem.message)))
                .collect(),
            open: sections.iter().flat_map(|part| &part.items).filter(undecided).count(),
            reviews: caller.may(Act::Review),
            discusses: caller.may(Act::Discuss),
            account,
            sections,
            revision,
            undo,
        }
    }
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

/// Returns why each finding of the ledger was made.
fn reasons(ledger: &Ledger) -> HashMap<&str, &Why> {
    let mentions = ledger.mentions().into_iter().flat_map(|(_, mentions)| mentions);
    let said = (ledger.promises.iter().flat_map(|it| &it.said))
        .chain(ledger.objections.iter().flat_map(|it| &it.said))
        .chain(ledger.next_steps.iter().flat_map(|it| &it.said))
        .chain(ledger.success_metrics.iter().flat_map(|it| &it.said))
        .chain(mentions.flat_map(|it| &it.said));
    said.filter_map(|saying: &ledger::Saying| Some((saying.finding.as_deref()?, &saying.why))).collect()
}

fn visible(note: Note) -> Note {
    Note { tone: note.tone, label: shown(&note.label), text: shown(&note.text) }
}

impl Change {
    fn new(change: &packet::Change, packet: &Packet) -> Self {
        Self {
            what: change.what.to_owned(),
            name: change.name.as_deref().map(shown).unwrap_or_default(),
            to: change.entry.as_ref().map(|entry| format!("#item-{entry}")).unwrap_or_default(),
            saying: change.words.as_ref().map(|words| said(words, packet)),
        }
    }
}

fn said(words: &ledger::Citation, packet: &Packet) -> Saying {
    Saying::new(words, packet.call(&words.call).and_then(|call| call.recording_url.as_deref()))
}

impl Part {
    fn new(
        section: &Section,
        packet: &Packet,
        reasons: &HashMap<&str, &Why>,
        seen: &mut HashSet<String>,
    ) -> Self {
        let assigned = section
            .assigned
            .as_ref()
            .map(|it| format!("{} answers for it until {}", shown(&it.owner), it.due));
        let mut entry = |item: &Item| {
            let id = match seen.insert(item.entry.clone()) {
                true => format!("item-{}", item.entry),
                false => format!("item-{}-{}", section.id, item.entry),
            };
            Entry::new(id, item, packet, reasons)
        };
        Self {
            id: section.id,
            title: section.title,
            red: section.audience == Audience::RedFlags,
            assigned: assigned.unwrap_or_default(),
            items: section.items.iter().map(&mut entry).collect(),
            answers: section.answers.iter().flat_map(packet::answered).map(visible).collect(),
            questions: section.gaps.iter().map(Question::from).collect(),
        }
    }
}

impl From<&Gap> for Question {
    fn from(gap: &Gap) -> Self {
        Self {
            field: gap.field,
            ask: gap.ask,
            section: gap.section,
            owner: shown(&gap.owner),
            about: gap.about.len(),
        }
    }
}

impl Entry {
    fn new(id: String, item: &Item, packet: &Packet, reasons: &HashMap<&str, &Why>) -> Self {
        let fact =
            |fact: &packet::Fact| Fact { name: fact.name, value: shown(&fact.value), tone: fact.tone() };
        let text = item.review.as_ref().and_then(|line| line.stated.as_ref()).map(|it| it.text.clone());
        Self {
            id,
            entry: item.entry.clone(),
            name: item.name.as_deref().map(shown).unwrap_or_default(),
            verdict: item.review.as_ref().map_or(Verdict::Open, |line| line.verdict).as_str(),
            facts: item.facts.iter().map(fact).collect(),
            lines: item.lines.iter().map(|line| Quoted::new(line, packet, reasons)).collect(),
            notes: item.review.iter().flat_map(packet::notes).map(visible).collect(),
            text: text.unwrap_or_default(),
            reviewed: item.kind != "deal",
        }
    }
}

impl Quoted {
    fn new(line: &Line, packet: &Packet, reasons: &HashMap<&str, &Why>) -> Self {
        let why = line.finding.as_deref().and_then(|finding| reasons.get(finding));
        let mut told = Vec::new();
        if let Some(why) = why {
            told.extend(why.features.iter().map(|feature| ("noticed", shown(feature))));
            told.push(("held on to", shown(&why.cue)));
        }
        told.extend(line.confidence.map(|sure| ("confidence", format!("{:.0} %", sure * 100.0))));
        if let Some(origin) = &line.provenance {
            let rules = origin.rules.as_ref();
            told.extend(rules.map(|by| ("rule", format!("{} ({})", by.rule, by.rule_digest.short()))));
            let model = origin.model.as_ref();
            told.extend(model.map(|by| ("model", format!("{} ({})", shown(&by.model), by.prompt.short()))));
            told.push(("transcript", origin.transcript.short().to_owned()));
        }
        told.retain(|(_, value)| !value.is_empty());
        Self {
            part: line.part.as_str(),
            label: line.label().unwrap_or_default(),
            saying: said(&line.words, packet),
            reasons: told,
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
