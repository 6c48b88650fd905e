use serde_json::Value;

use super::Entry;
use crate::ledger::{Contact, Event, Saying};
use crate::review::Field;
use crate::rules::Attitude;

impl Entry {
    /// Adds sayings and brings them into the order of the calls; what they say of the entry is not read again.
    pub(in crate::review) fn hear(&mut self, more: Vec<Saying>) {
        if let Some((said, summary)) = self.words_mut() {
            said.extend(more);
            said.sort_by(|one, other| {
                let key = |it: &Saying| (it.words.date, it.words.call.clone(), it.words.quote.span());
                key(one).cmp(&key(other))
            });
            *summary = latest(said);
        }
    }

    /// Takes in `other`, which is the same thing; its own values win where both have one.
    pub(in crate::review) fn join(&mut self, other: Self) {
        for field in Field::of(self.kind()) {
            let (own, theirs) = (self.get(*field), other.get(*field));
            if own.is_null() && !theirs.is_null() {
                // A value of the same field and kind is one that it takes.
                let _ = self.set(*field, &theirs);
            }
        }
        match (&mut *self, &other) {
            (Self::Promise(it), Self::Promise(other)) => {
                it.contradicted_by.extend(other.contradicted_by.iter().cloned());
                it.due_text = it.due_text.take().or_else(|| other.due_text.clone());
            }
            (Self::Objection(it), Self::Objection(other)) => {
                it.responses.extend(other.responses.iter().cloned());
            }
            (Self::NextStep(it), Self::NextStep(other)) => {
                it.outcome_evidence = it.outcome_evidence.take().or_else(|| other.outcome_evidence.clone());
            }
            (Self::Person(it), Self::Person(other)) => join_people(it, other),
            _ => {}
        }
        self.hear(other.said().to_vec());
    }

    /// Parts the sayings that `goes` names into an entry of their own, whose id is the first one's finding. `None`, and
    /// nothing has changed, where they are none or all.
    pub(in crate::review) fn part(
        &mut self,
        id: Option<&str>,
        goes: impl Fn(&Saying) -> bool,
    ) -> Option<Self> {
        let (gone, left): (Vec<_>, Vec<_>) = self.said().iter().cloned().partition(goes);
        let first = gone.first()?.finding.as_deref();
        if left.is_empty() {
            return None;
        }
        let mut other = Self::blank(self.kind(), id.or(first)?.to_owned());
        gone.iter().for_each(|saying| other.learn(saying));
        other.hear(gone);
        let mut own = Self::blank(self.kind(), self.id().to_owned());
        left.iter().for_each(|saying| own.learn(saying));
        own.hear(left);
        own.keep(self);
        *self = own;
        Some(other)
    }

    /// Keeps what no saying tells: answers, outcomes, contradictions.
    fn keep(&mut self, before: &Self) {
        match (self, before) {
            (Self::Promise(it), Self::Promise(before)) => {
                it.contradicted_by.clone_from(&before.contradicted_by);
            }
            (Self::Objection(it), Self::Objection(before)) => it.responses.clone_from(&before.responses),
            (Self::NextStep(it), Self::NextStep(before)) => {
                it.outcome = before.outcome;
                it.outcome_evidence.clone_from(&before.outcome_evidence);
            }
            _ => {}
        }
    }

    /// Reads what a saying tells of the entry.
    pub(super) fn learn(&mut self, saying: &Saying) {
        let attr = |name: &str| saying.attrs.get(name).filter(|value| !value.is_null());
        let text_of = |name: &str| attr(name).and_then(Value::as_str).map(str::to_owned);
        for (name, value) in saying.attrs.iter().filter(|(_, value)| !value.is_null()) {
            let field = if name == "deadline" { Ok(Field::Due) } else { name.parse() };
            if let Ok(field) = field {
                // An attribute of the guide that is no field of the entry tells nothing of it.
                let _ = self.set(field, value);
            }
        }
        match self {
            Self::Promise(it) => {
                it.due_text = text_of("due_text").or(it.due_text.take());
                it.take_in(saying.event);
            }
            Self::NextStep(it) => it.due_text = text_of("due_text").or(it.due_text.take()),
            Self::Metric(it) => it.deadline_text = text_of("deadline_text").or(it.deadline_text.take()),
            Self::Objection(_) | Self::Mention(_) | Self::Person(_) => {}
        }
    }
}

/// Returns the latest words that tell what an entry is.
fn latest(said: &[Saying]) -> String {
    let news = |saying: &&Saying| saying.finding.is_some() && saying.event != Event::Withdrawn;
    let saying = said.iter().rev().find(news).or(said.last());
    saying.map(|saying| saying.telling().quote.text().to_owned()).unwrap_or_default()
}

fn join_people(one: &mut Contact, other: &Contact) {
    let forms = other.name.iter().chain(&other.aliases);
    for form in forms {
        if one.name.as_ref() != Some(form) && !one.aliases.contains(form) {
            one.aliases.push(form.clone());
        }
    }
    one.roles.extend(&other.roles);
    one.roles.sort_unstable();
    one.roles.dedup();
    if one.attitude == Attitude::Unknown {
        one.attitude = other.attitude;
    }
    one.attitudes.extend(other.attitudes.iter().cloned());
    one.first_contact = [one.first_contact, other.first_contact].into_iter().flatten().min();
    one.last_contact = one.last_contact.max(other.last_contact);
    for (own, theirs) in [(&mut one.speaks_on, &other.speaks_on), (&mut one.named_on, &other.named_on)] {
        own.extend(theirs.iter().cloned());
        own.sort_unstable();
        own.dedup();
    }
    one.talk.join(other.talk);
    one.turnover = one.turnover.take().or_else(|| other.turnover.clone());
    one.evidence.extend(other.evidence.iter().cloned());
    one.testified.extend(other.testified.iter().cloned());
}
