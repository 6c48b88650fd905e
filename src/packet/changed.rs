use serde::Serialize;

use crate::ledger::{Citation, Contact, Event, Ledger, Outcome, ReadCall, Saying};
use crate::rules::{Kind, ObjectionStatus};

use super::{Audience, Gap, item};

/// Something that the last call changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// What happened, in our words: "promise changed", "new objection".
    pub what: String,
    /// Who may read it.
    pub audience: Audience,
    /// The ledger entry's id; `None` for a question that was answered.
    pub entry: Option<String>,
    /// Who or what it is about, where it has a name.
    pub name: Option<String>,
    /// The words that changed it.
    pub words: Option<Citation>,
}

/// Returns what the last of `calls` changed: entries in the order of the ledger, then the questions that it
/// answered. `before` are the gaps without that call.
pub(super) fn changes(calls: &[ReadCall], ledger: &Ledger, before: &[Gap], now: &[Gap]) -> Vec<Change> {
    let Some(last) = calls.last() else { return Vec::new() };
    let call = last.transcript.call.id.as_str();
    let mut changes = Vec::new();
    for promise in &ledger.promises {
        changes.extend(entry_changes(call, "promise", &promise.id, &promise.said));
    }
    for objection in &ledger.objections {
        let resolved = objection.status == ObjectionStatus::Resolved;
        let what = if resolved { "objection (resolved on this call)" } else { "objection" };
        changes.extend(entry_changes(call, what, &objection.id, &objection.said));
        let again = objection.said.iter().filter(|it| it.words.call == call && it.event == Event::Restated);
        changes.extend(
            again.map(|it| Change::of("objection raised again".to_owned(), &objection.id, &it.words)),
        );
    }
    for metric in &ledger.success_metrics {
        changes.extend(entry_changes(call, "success metric", &metric.id, &metric.said));
    }
    for step in &ledger.next_steps {
        changes.extend(entry_changes(call, "next step", &step.id, &step.said));
        let shown = step.outcome_evidence.as_ref().filter(|words| words.call == call);
        if let Some(words) = shown.filter(|_| step.outcome != Outcome::Unknown) {
            changes.push(Change::of(format!("next step {}", step.outcome.as_str()), &step.id, words));
        }
    }
    changes.extend(ledger.stakeholders.iter().filter_map(|contact| new_person(call, contact)));
    for (kind, mentions) in ledger.mentions() {
        let audience = if kind == Kind::Risk { Audience::RedFlags } else { Audience::Internal };
        for mention in mentions {
            let of_mention = entry_changes(call, &item::words(kind_name(kind)), &mention.id, &mention.said);
            changes.extend(of_mention.into_iter().map(|change| Change { audience, ..change }));
        }
    }
    changes.extend(before.iter().filter(|gap| !now.iter().any(|open| open.field == gap.field)).map(answered));
    changes
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::TechEnvironment => "technical note",
        Kind::WhyChosen => "reason for us",
        Kind::Expansion => "expansion thought",
        Kind::Pricing => "price or term",
        other => other.as_str(),
    }
}

fn entry_changes(call: &str, what: &str, id: &str, said: &[Saying]) -> Vec<Change> {
    let here = said.iter().filter(|saying| saying.words.call == call && saying.event != Event::Restated);
    here.map(|saying| {
        let what = match saying.event {
            Event::Made => format!("new {what}"),
            Event::Detailed => format!("{what} given a date or value"),
            event => format!("{what} {}", event.as_str()),
        };
        Change::of(what, id, &saying.words)
    })
    .collect()
}

fn new_person(call: &str, contact: &Contact) -> Option<Change> {
    let new = contact.named_on.first().is_some_and(|first| first == call);
    new.then(|| Change {
        what: "new person".to_owned(),
        audience: Audience::Internal,
        entry: Some(contact.id.clone()),
        name: Some(contact.display().to_owned()),
        words: contact.evidence.first().cloned(),
    })
}

fn answered(gap: &Gap) -> Change {
    let name = Some(gap.field.to_owned());
    let what = "question answered".to_owned();
    Change { what, audience: Audience::Internal, entry: None, name, words: None }
}

impl Change {
    fn of(what: String, entry: &str, words: &Citation) -> Self {
        let (entry, words) = (Some(entry.to_owned()), Some(words.clone()));
        Self { what, audience: Audience::Internal, entry, name: None, words }
    }
}
