mod sayings;
mod values;

use serde_json::Map;

use super::LineKind;
use crate::ledger::{Contact, Ledger, Mention, NextStep, Objection, Promise, Saying, SuccessMetric};
use crate::rules::Kind;

/// An entry of a ledger, whatever it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Promise(Promise),
    Objection(Objection),
    NextStep(NextStep),
    Metric(SuccessMetric),
    Mention(Mention),
    Person(Box<Contact>),
}

/// Takes a ledger apart, in the order of its fields.
pub(super) fn entries(ledger: &Ledger) -> Vec<Entry> {
    let mut entries: Vec<Entry> = ledger.promises.iter().cloned().map(Entry::Promise).collect();
    entries.extend(ledger.objections.iter().cloned().map(Entry::Objection));
    entries.extend(ledger.next_steps.iter().cloned().map(Entry::NextStep));
    entries.extend(ledger.success_metrics.iter().cloned().map(Entry::Metric));
    entries.extend(ledger.stakeholders.iter().cloned().map(|it| Entry::Person(Box::new(it))));
    entries.extend(ledger.mentions().into_iter().flat_map(|(_, all)| all).cloned().map(Entry::Mention));
    entries
}

/// Returns what a model talked us out of as the entry that it would have been.
pub(super) fn raised(doubted: &Mention) -> Entry {
    let mut entry = Entry::blank(LineKind::Found(doubted.kind), doubted.id.clone());
    doubted.said.iter().for_each(|saying| entry.learn(saying));
    entry.hear(doubted.said.clone());
    if let Entry::Mention(mention) = &mut entry {
        mention.name.clone_from(&doubted.name);
    }
    entry
}

/// Puts a ledger together; entries of a kind stay in their order.
pub(super) fn ledger(entries: impl IntoIterator<Item = Entry>) -> Ledger {
    let mut ledger = Ledger::default();
    for entry in entries {
        match entry {
            Entry::Promise(it) => ledger.promises.push(it),
            Entry::Objection(it) => ledger.objections.push(it),
            Entry::NextStep(it) => ledger.next_steps.push(it),
            Entry::Metric(it) => ledger.success_metrics.push(it),
            Entry::Person(it) => ledger.stakeholders.push(*it),
            Entry::Mention(it) => mentions(&mut ledger, it.kind).push(it),
        }
    }
    ledger
}

fn mentions(ledger: &mut Ledger, kind: Kind) -> &mut Vec<Mention> {
    match kind {
        Kind::Pain => &mut ledger.pains,
        Kind::Competitor => &mut ledger.competitors,
        Kind::WhyChosen => &mut ledger.why_chosen,
        Kind::Pricing => &mut ledger.pricing,
        Kind::Risk => &mut ledger.risks,
        Kind::TechEnvironment => &mut ledger.tech_environment,
        Kind::Expansion => &mut ledger.expansion,
        Kind::Preference => &mut ledger.preferences,
        Kind::Exclusion | Kind::Promise | Kind::NextStep | Kind::Objection | Kind::SuccessMetric => {
            &mut ledger.exclusions
        }
    }
}

impl Entry {
    /// Returns an entry of which nothing is known but what it is.
    pub(super) fn blank(kind: LineKind, id: String) -> Self {
        match kind {
            LineKind::Stakeholder => Self::Person(Box::new(Contact::unknown(id))),
            LineKind::Found(Kind::Promise) => Self::Promise(Promise::blank(id)),
            LineKind::Found(Kind::Objection) => Self::Objection(Objection::blank(id)),
            LineKind::Found(Kind::NextStep) => Self::NextStep(NextStep::blank(id)),
            LineKind::Found(Kind::SuccessMetric) => {
                Self::Metric(SuccessMetric { id, ..SuccessMetric::default() })
            }
            LineKind::Found(kind) => {
                let (summary, said) = (String::new(), Vec::new());
                Self::Mention(Mention { id, kind, name: None, summary, attrs: Map::new(), said })
            }
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Promise(it) => &it.id,
            Self::Objection(it) => &it.id,
            Self::NextStep(it) => &it.id,
            Self::Metric(it) => &it.id,
            Self::Mention(it) => &it.id,
            Self::Person(it) => &it.id,
        }
    }

    pub(super) fn kind(&self) -> LineKind {
        match self {
            Self::Promise(_) => LineKind::Found(Kind::Promise),
            Self::Objection(_) => LineKind::Found(Kind::Objection),
            Self::NextStep(_) => LineKind::Found(Kind::NextStep),
            Self::Metric(_) => LineKind::Found(Kind::SuccessMetric),
            Self::Mention(it) => LineKind::Found(it.kind),
            Self::Person(_) => LineKind::Stakeholder,
        }
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Mention(it) => it.name.as_deref(),
            Self::Person(it) => it.name.as_deref(),
            _ => None,
        }
    }

    /// Returns what was said of it; nothing for a person, whose words are evidence of many things.
    pub(super) fn said(&self) -> &[Saying] {
        match self {
            Self::Promise(it) => &it.said,
            Self::Objection(it) => &it.said,
            Self::NextStep(it) => &it.said,
            Self::Metric(it) => &it.said,
            Self::Mention(it) => &it.said,
            Self::Person(_) => &[],
        }
    }

    /// Returns the list of sayings and the summary; `None` for a person.
    fn words_mut(&mut self) -> Option<(&mut Vec<Saying>, &mut String)> {
        match self {
            Self::Promise(it) => Some((&mut it.said, &mut it.summary)),
            Self::Objection(it) => Some((&mut it.said, &mut it.summary)),
            Self::NextStep(it) => Some((&mut it.said, &mut it.summary)),
            Self::Metric(it) => Some((&mut it.said, &mut it.summary)),
            Self::Mention(it) => Some((&mut it.said, &mut it.summary)),
            Self::Person(_) => None,
        }
    }
}
