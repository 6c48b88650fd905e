use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ledger::Promise;
use crate::packet::{Item, Packet};
use crate::transcript::Digest;

/// What the packet shows to those who sign it: digests and ids, and no words, because it is kept with the acts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evidence {
    /// Digest of everything in it.
    pub packet: Digest,
    /// Digest of each line, by its ledger entry.
    pub lines: BTreeMap<String, Digest>,
    /// The promises that have to be kept.
    pub promises: Vec<PromiseLine>,
    /// The promises that are over, by their ledger entries: kept already, taken back, or their condition lapsed.
    #[serde(default)]
    pub over: Vec<String>,
    /// The success metrics, by their ledger entries.
    #[serde(default)]
    pub metrics: Vec<String>,
    /// The required fields that nobody answered.
    pub gaps: Vec<OpenField>,
}

/// A promise as its signers see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseLine {
    /// The ledger entry.
    pub id: String,
    /// Digest of its words and facts.
    pub digest: Digest,
    /// Whether two sayings differ and no words settle which holds, or the same thing was ruled out elsewhere.
    pub contradicted: bool,
    /// Whether nobody knows on whose side its speaker is.
    pub unsure: bool,
}

/// A required field that nobody answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenField {
    /// The field.
    pub field: String,
    /// Whether somebody answers for it by a day; that it falls to the AE by default does not count.
    pub owned: bool,
}

impl Evidence {
    /// Returns the promise of an id.
    pub fn promise(&self, id: &str) -> Option<&PromiseLine> {
        self.promises.iter().find(|promise| promise.id == id)
    }

    /// Tells whether the customer can say of an entry whether it was met: of each promise and each success metric.
    pub fn is_measured(&self, id: &str) -> bool {
        self.promise(id).is_some() || self.over.iter().chain(&self.metrics).any(|entry| entry == id)
    }

    /// Returns what has changed since `frozen`, line by line.
    pub fn changes_since(&self, frozen: &Self) -> Vec<LineChange> {
        let ids: BTreeSet<&String> = self.lines.keys().chain(frozen.lines.keys()).collect();
        let change = |entry: &String| {
            let kind = match (frozen.lines.get(entry), self.lines.get(entry)) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                (before, now) if before != now => ChangeKind::Changed,
                _ => return None,
            };
            Some(LineChange { entry: entry.clone(), change: kind })
        };
        ids.into_iter().filter_map(change).collect()
    }
}

/// A line that is not as it was when the packet was frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineChange {
    /// The ledger entry.
    pub entry: String,
    /// What happened to it.
    pub change: ChangeKind,
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It reads otherwise.
    Changed,
    /// It is gone.
    Removed,
}

impl From<&Packet> for Evidence {
    fn from(packet: &Packet) -> Self {
        let items = || packet.sections.iter().flat_map(|section| &section.items);
        let mut lines = BTreeMap::new();
        for item in items() {
            // An entry may stand in two sections; both count.
            let digest = match lines.get(&item.entry) {
                Some(before) => joined([before, &digest_of(item)]),
                None => digest_of(item),
            };
            lines.insert(item.entry.clone(), digest);
        }
        let promise = |promise: &Promise| PromiseLine {
            id: promise.id.clone(),
            digest: lines.get(&promise.id).cloned().unwrap_or_else(|| Digest::of(b"")),
            contradicted: promise.unsettled || !promise.contradicted_by.is_empty(),
            unsure: promise.said.last().is_some_and(|saying| saying.words.side.is_none()),
        };
        let (open, over): (Vec<_>, Vec<_>) = packet.ledger.promises.iter().partition(|it| it.is_open());
        let gap =
            |gap: &crate::packet::Gap| OpenField { field: gap.field.to_owned(), owned: gap.due.is_some() };
        Self {
            packet: joined(lines.values()),
            promises: open.into_iter().map(promise).collect(),
            over: over.into_iter().map(|promise| promise.id.clone()).collect(),
            metrics: packet.ledger.success_metrics.iter().map(|metric| metric.id.clone()).collect(),
            gaps: packet.gaps.iter().map(gap).collect(),
            lines,
        }
    }
}

fn joined<'a>(digests: impl IntoIterator<Item = &'a Digest>) -> Digest {
    let parts: Vec<&[u8]> = digests.into_iter().map(|digest| digest.as_str().as_bytes()).collect();
    Digest::of_parts([&b"lines"[..]].into_iter().chain(parts))
}

/// Returns a digest of what a line says: its facts and its words, and not who remarked what on it.
fn digest_of(item: &Item) -> Digest {
    let mut parts = vec![item.kind.to_owned(), item.name.clone().unwrap_or_default()];
    for fact in &item.facts {
        parts.extend([fact.name.to_owned(), fact.value.clone()]);
    }
    for line in &item.lines {
        let words = &line.words;
        parts.extend([words.call.clone(), words.speaker.clone(), words.quote.text().to_owned()]);
    }
    Digest::of_parts(parts.iter().map(String::as_bytes))
}
