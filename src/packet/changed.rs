use serde::Serialize;
use serde_json::Value;

use crate::detect::Turnover;
use crate::ledger::{
    Citation, Contact, Event, Ledger, Mention, NextStep, Objection, Outcome, ReadCall, Saying,
};
use crate::rules::{Kind, ObjectionStatus};

use super::{Audience, Counted, Gap};

/// Something that the last call changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What happened, in our words: "promise moved", "new objection".
    pub what: &'static str,
    /// Who may read it.
    pub audience: Audience,
    /// The ledger entry's id; `None` for a question.
    pub entry: Option<String>,
    /// Who or what it is about, or from what to what it moved.
    pub name: Option<String>,
    /// The words that changed it.
    pub words: Option<Citation>,
    /// How many more of the same happened that are not listed; on the last one that is.
    pub more: usize,
}

/// Lines of the whole list, so that it is read in twenty seconds however much was said; the sections hold the rest.
const LINES: usize = 10;

/// What can happen, from what must be read first to what can wait, and how many of each are listed at most.
const WEIGHTS: &[(&str, usize)] = &[
    ("promise withdrawn", 2),
    ("promise contradicted", 2),
    ("promise moved", 2),
    ("person left", 1),
    ("objection reopened", 1),
    ("objection raised again", 1),
    ("new objection", 2),
    ("new promise", 3),
    ("promise given a date", 1),
    ("condition met", 2),
    ("condition lapsed", 1),
    ("condition waived", 1),
    ("next step missed", 1),
    ("next step done", 1),
    ("objection settled", 1),
    ("metric moved", 1),
    ("new metric", 1),
    ("promise fulfilled", 1),
    ("stance changed", 1),
    ("new risk", 1),
    ("person joined", 1),
    ("new person", 1),
    ("question closed", 1),
    ("question still open", 1),
    ("new next step", 1),
    ("next step superseded", 0),
    ("new exclusion", 1),
    ("new price or term", 1),
    ("new competitor", 1),
    ("new reason for us", 0),
    ("new pain", 0),
    ("new technical note", 0),
    ("new expansion thought", 0),
    ("new preference", 0),
];

/// Returns what the last of `calls` changed, the weightiest first. `before` are the gaps without that call.
pub(super) fn changes(calls: &[ReadCall], ledger: &Ledger, before: &[Gap], now: &[Gap]) -> Vec<Change> {
    let Some(last) = calls.last() else { return Vec::new() };
    let call = last.transcript.call.id.as_str();
    let mut changes = Vec::new();
    for promise in &ledger.promises {
        changes.extend(entry_changes(call, &promise.id, &promise.said, &["due"], promise_news));
    }
    ledger.objections.iter().for_each(|objection| changes.extend(objection_changes(call, objection)));
    for metric in &ledger.success_metrics {
        let values = &["target", "deadline", "baseline"];
        changes.extend(entry_changes(call, &metric.id, &metric.said, values, metric_news));
    }
    ledger.next_steps.iter().for_each(|step| changes.extend(step_changes(call, step)));
    ledger.stakeholders.iter().for_each(|contact| changes.extend(person_changes(call, contact)));
    for (kind, mentions) in ledger.mentions() {
        changes.extend(mentions.iter().filter_map(|mention| new_mention(call, kind, mention)));
    }
    // Without calls before there was no question to close.
    let closed =
        before.iter().filter(|gap| calls.len() > 1 && !now.iter().any(|open| open.field == gap.field));
    changes.extend(closed.map(|gap| Change::question("question closed", gap.field)));
    changes.extend(now.iter().map(|gap| Change::question("question still open", gap.field)));
    weightiest(changes)
}

/// Sorts by weight and keeps of each kind as many as are listed. Of a kind that is only counted, or for which no line is
/// left, one stands for all.
fn weightiest(mut changes: Vec<Change>) -> Vec<Change> {
    let weight = |change: &Change| WEIGHTS.iter().position(|(what, _)| *what == change.what);
    changes.sort_by_key(weight);
    let (mut kept, mut left): (Vec<Change>, usize) = (Vec::new(), LINES);
    for same in changes.chunk_by(|one, other| one.what == other.what) {
        let cap = weight(&same[0]).map_or(0, |at| WEIGHTS[at].1).min(same.len()).min(left);
        kept.extend(same[..cap].iter().cloned());
        left -= cap;
        if cap == 0 {
            let Change { what, audience, .. } = same[0];
            kept.push(Change { what, audience, entry: None, name: None, words: None, more: same.len() });
        } else if let Some(last) = kept.last_mut() {
            last.more = same.len() - cap;
        }
    }
    kept
}

/// Returns the changes of an entry: those of its sayings on `call` of which `news` has a name. What moved is told with
/// the value that stood before.
fn entry_changes(
    call: &str,
    id: &str,
    said: &[Saying],
    values: &[&str],
    news: fn(Event) -> Option<&'static str>,
) -> Vec<Change> {
    let here = said.iter().enumerate().filter(|(_, saying)| saying.words.call == call);
    here.filter_map(|(at, saying)| {
        let change = Change::of(news(saying.event)?, id, saying.telling());
        let moved = values.iter().find_map(|value| moved(&said[..at], saying, value));
        Some(Change { name: moved, ..change })
    })
    .collect()
}

/// Returns `from → to` where `saying` gives another value than the last one before it.
fn moved(before: &[Saying], saying: &Saying, value: &str) -> Option<String> {
    let of = |saying: &Saying| saying.attrs.get(value).and_then(Value::as_str).map(str::to_owned);
    let to = of(saying)?;
    let from = before.iter().rev().find_map(of)?;
    (from != to).then(|| format!("{from} → {to}"))
}

fn promise_news(event: Event) -> Option<&'static str> {
    match event {
        Event::Made => Some("new promise"),
        Event::Detailed => Some("promise given a date"),
        Event::Changed => Some("promise moved"),
        Event::Contradicted => Some("promise contradicted"),
        Event::Withdrawn => Some("promise withdrawn"),
        Event::Fulfilled => Some("promise fulfilled"),
        Event::Met => Some("condition met"),
        Event::Lapsed => Some("condition lapsed"),
        Event::Waived => Some("condition waived"),
        Event::Restated | Event::Reopened | Event::Settled => None,
    }
}

fn metric_news(event: Event) -> Option<&'static str> {
    match event {
        Event::Made => Some("new metric"),
        Event::Detailed | Event::Changed | Event::Contradicted => Some("metric moved"),
        _ => None,
    }
}

/// Returns what became of an objection that came up on `call`: settled there, or how it was raised.
fn objection_changes(call: &str, objection: &Objection) -> Option<Change> {
    let mut here = objection.said.iter().filter(|saying| saying.words.call == call);
    let first = here.next()?;
    let last = here.next_back().unwrap_or(first);
    let what = match first.event {
        _ if objection.status == ObjectionStatus::Resolved => "objection settled",
        Event::Made => "new objection",
        Event::Reopened => "objection reopened",
        _ => "objection raised again",
    };
    Some(Change::of(what, &objection.id, last.telling()))
}

fn step_changes(call: &str, step: &NextStep) -> Option<Change> {
    let shown = step.outcome_evidence.as_ref().filter(|words| words.call == call);
    let what = match step.outcome {
        Outcome::Done => "next step done",
        Outcome::Missed => "next step missed",
        Outcome::Superseded => "next step superseded",
        Outcome::Unknown => "",
    };
    if let Some(words) = shown.filter(|_| !what.is_empty()) {
        return Some(Change::of(what, &step.id, words));
    }
    let agreed = step.said.first().filter(|saying| saying.words.call == call)?;
    let when = step.due.map(|due| due.to_string());
    let name: Vec<String> = step.owner.clone().into_iter().chain(when).collect();
    let name = Some(name.join(", ")).filter(|name| !name.is_empty());
    Some(Change { name, ..Change::of("new next step", &step.id, agreed.telling()) })
}

fn person_changes(call: &str, contact: &Contact) -> Vec<Change> {
    let name = contact.display();
    let about = |what: &'static str, name: String, words: Option<&Citation>| Change {
        what,
        audience: Audience::Internal,
        entry: Some(contact.id.clone()),
        name: Some(name),
        words: words.cloned(),
        more: 0,
    };
    let mut changes = Vec::new();
    if let Some(news) = contact.turnover.as_ref().filter(|news| news.words.call == call) {
        let what = if news.turnover == Turnover::Left { "person left" } else { "person joined" };
        changes.push(about(what, name.to_owned(), Some(&news.words)));
    } else if contact.named_on.first().is_some_and(|first| first == call) {
        changes.push(about("new person", name.to_owned(), contact.evidence.first()));
    }
    if let [.., was, is] = &contact.attitudes[..]
        && is.call == call
        && was.attitude != is.attitude
    {
        let moved = format!("{name}, {} → {}", was.attitude, is.attitude);
        let change = about("stance changed", moved, is.words.as_ref());
        changes.push(Change { audience: Audience::RedFlags, ..change });
    }
    changes
}

fn new_mention(call: &str, kind: Kind, mention: &Mention) -> Option<Change> {
    let first = mention.said.first().filter(|saying| saying.words.call == call)?;
    let what = match kind {
        Kind::Exclusion => "new exclusion",
        Kind::Pain => "new pain",
        Kind::Competitor => "new competitor",
        Kind::WhyChosen => "new reason for us",
        Kind::Pricing => "new price or term",
        Kind::Risk => "new risk",
        Kind::TechEnvironment => "new technical note",
        Kind::Expansion => "new expansion thought",
        Kind::Preference => "new preference",
        Kind::Promise | Kind::NextStep | Kind::Objection | Kind::SuccessMetric => return None,
    };
    let audience = if kind == Kind::Risk { Audience::RedFlags } else { Audience::Internal };
    Some(Change { audience, name: mention.name.clone(), ..Change::of(what, &mention.id, first.telling()) })
}

impl Change {
    fn of(what: &'static str, entry: &str, words: &Citation) -> Self {
        let (entry, words) = (Some(entry.to_owned()), Some(words.clone()));
        Self { what, audience: Audience::Internal, entry, name: None, words, more: 0 }
    }

    fn question(what: &'static str, field: &str) -> Self {
        let name = Some(field.to_owned());
        Self { what, audience: Audience::Internal, entry: None, name, words: None, more: 0 }
    }
}

/// Returns how often what happened, in the order of `changes`.
pub(super) fn counted(changes: &[Change]) -> Vec<Counted> {
    let count = |same: &[Change]| {
        let listed = same.iter().filter(|change| change.entry.is_some() || change.name.is_some()).count();
        Counted {
            what: same[0].what.to_owned(),
            number: listed + same.iter().map(|change| change.more).sum::<usize>(),
            red_flags: same[0].audience == Audience::RedFlags,
        }
    };
    changes.chunk_by(|one, other| one.what == other.what).map(count).collect()
}

/// Returns the same in a line: "2 new promises" is a glance.
pub(super) fn in_short(changes: &[Change]) -> String {
    let count = |it: Counted| format!("{} × {}", it.number, it.what);
    counted(changes).into_iter().map(count).collect::<Vec<_>>().join(" · ")
}
