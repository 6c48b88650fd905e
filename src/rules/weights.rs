//! What was learned from labelled calls: how much each piece of evidence counts for each label, in log-odds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::trees::Forest;
use crate::transcript::Digest;

/// First bytes of a file of weights; the digit is the version of the format and of the evidence.
const MAGIC: &[u8; 8] = b"RBWEIGH2";
/// A stored weight is a whole number of these: weights lie between -16 and 16.
const UNIT: f32 = 1.0 / 2048.0;

/// Learned weights of one language.
#[derive(Clone, Debug)]
pub struct Weights {
    head: Head,
    /// For the kinds: weighed for every utterance.
    pub(crate) kinds: Table,
    /// For the values of attributes: weighed for findings only.
    pub(crate) values: Table,
    /// By label of the kinds' table: what its sum means among its neighbours.
    pub(crate) forests: Vec<Forest>,
    /// The labels that are kinds, with their numbers.
    kind_labels: Vec<(usize, Kind)>,
    digest: Digest,
}

/// What stands before the numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// The labels of the kinds' table, in the order of their numbers.
    pub kinds: Vec<Label>,
    /// The labels of the values' table: `kind.attribute=value`.
    pub values: Vec<String>,
    /// Rules whose matches were weighed as evidence; any other rule speaks for itself.
    pub rules: Vec<String>,
    /// How many calls the weights were learned from.
    pub calls: usize,
    /// How many labels these had.
    pub findings: usize,
}

impl Head {
    fn kind_labels(&self) -> Vec<(usize, Kind)> {
        let labels = self.kinds.iter().enumerate();
        labels.filter_map(|(number, label)| Some((number, label.name.parse().ok()?))).collect()
    }
}

/// A label of the kinds' table, with what turns its sum into a probability and a decision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// A kind of the guide, or another question that is asked of every utterance.
    pub name: String,
    /// An utterance with a smaller sum is none, whatever stands around it.
    pub floor: f32,
    /// The calibrated log-odds are `slope * answer + offset` of the trees' answer, fitted on calls held out
    /// (Platt 1999).
    pub slope: f32,
    /// See `slope`.
    pub offset: f32,
    /// Least probability of a finding: where F1 on calls held out was highest.
    pub threshold: f32,
}

impl Label {
    /// Returns the log-odds that belong to an answer of the trees.
    pub fn log_odds(&self, answer: f32) -> f32 {
        self.slope * answer + self.offset
    }

    /// Returns the probability that belongs to an answer of the trees.
    pub fn probability(&self, answer: f32) -> f32 {
        logistic(self.log_odds(answer))
    }
}

/// Returns the probability of `log_odds`.
pub(crate) fn logistic(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Sparse rows of weights by key. The keys are hashes of evidence; a row holds the labels that it bears on.
#[derive(Clone, Debug, Default)]
pub struct Table {
    keys: Vec<u32>,
    /// Where each row begins in `entries`; one more than there are rows.
    starts: Vec<u32>,
    entries: Vec<(u8, i16)>,
    /// Open addressing over `keys`: row number plus one, or zero. Its length is a power of two.
    slots: Vec<u32>,
}

impl Table {
    /// Returns the table of `rows`: a key and its non-zero weights by label.
    pub fn new(mut rows: Vec<(u32, Vec<(u8, f32)>)>) -> Self {
        rows.sort_by_key(|(key, _)| *key);
        let mut table = Self { starts: vec![0], ..Self::default() };
        for (key, weights) in rows {
            let before = table.entries.len();
            let stored = weights.into_iter().map(|(label, weight)| (label, (weight / UNIT).round() as i16));
            table.entries.extend(stored.filter(|(_, weight)| *weight != 0));
            if table.entries.len() > before {
                table.keys.push(key);
                table.starts.push(table.entries.len() as u32);
            }
        }
        table.index();
        table
    }

    fn index(&mut self) {
        self.slots = vec![0; (self.keys.len() * 2).next_power_of_two()];
        let mask = self.slots.len() - 1;
        for (row, key) in self.keys.iter().enumerate() {
            let mut at = *key as usize & mask;
            while self.slots[at] != 0 {
                at = (at + 1) & mask;
            }
            self.slots[at] = row as u32 + 1;
        }
    }

    /// Returns the weights of `key`, none where nothing was learned of it.
    pub(crate) fn row(&self, key: u32) -> impl Iterator<Item = (usize, f32)> {
        let entries = self
            .find(key)
            .map_or(&[][..], |row| &self.entries[self.starts[row] as usize..self.starts[row + 1] as usize]);
        entries.iter().map(|(label, weight)| (usize::from(*label), f32::from(*weight) * UNIT))
    }

    fn find(&self, key: u32) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = key as usize & mask;
        loop {
            let row = (self.slots[at] as usize).checked_sub(1)?;
            if self.keys[row] == key {
                return Some(row);
            }
            at = (at + 1) & mask;
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.keys.len() as u32).to_le_bytes());
        for (row, key) in self.keys.iter().enumerate() {
            bytes.extend(key.to_le_bytes());
            bytes.push((self.starts[row + 1] - self.starts[row]) as u8);
        }
        for (label, weight) in &self.entries {
            bytes.push(*label);
            bytes.extend(weight.to_le_bytes());
        }
    }

    fn read(bytes: &mut Bytes<'_>, labels: usize) -> Option<Self> {
        let rows = bytes.number()? as usize;
        let mut table = Self { starts: vec![0], ..Self::default() };
        let mut entries = 0;
        for _ in 0..rows {
            let key = bytes.number()?;
            if table.keys.last().is_some_and(|last| *last >= key) {
                return None;
            }
            table.keys.push(key);
            entries += u32::from(bytes.take(1)?[0]);
            table.starts.push(entries);
        }
        let stored = bytes.take((entries as usize).checked_mul(3)?)?;
        table.entries = stored.chunks_exact(3).map(|e| (e[0], i16::from_le_bytes([e[1], e[2]]))).collect();
        table.index();
        table.entries.iter().all(|(label, _)| usize::from(*label) < labels).then_some(table)
    }

    /// Returns how many pieces of evidence it knows.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Tells whether nothing was learned.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

/// Bytes that are read from the front.
pub(super) struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn number(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}

impl Weights {
    /// Returns weights as they were learned.
    pub fn new(head: Head, kinds: Table, values: Table, forests: Vec<Forest>) -> Self {
        let kind_labels = head.kind_labels();
        let mut weights = Self { head, kinds, values, forests, kind_labels, digest: Digest::of(b"") };
        weights.digest = Digest::of(&weights.to_bytes());
        weights
    }

    /// Returns the weights in `bytes`.
    ///
    /// # Errors
    /// Where the bytes are no weights, or of another version of Readback.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let broken = || "these are no weights of this version; `readback train` writes them".to_owned();
        let mut rest = Bytes(bytes.strip_prefix(MAGIC).ok_or_else(broken)?);
        let length = rest.number().ok_or_else(broken)? as usize;
        let head = rest.take(length).ok_or_else(broken)?;
        let head: Head = serde_json::from_slice(head).map_err(|error| error.to_string())?;
        let kinds = Table::read(&mut rest, head.kinds.len()).ok_or_else(broken)?;
        let values = Table::read(&mut rest, head.values.len()).ok_or_else(broken)?;
        let forests: Option<Vec<_>> = head.kinds.iter().map(|_| Forest::read(&mut rest)).collect();
        let forests = forests.ok_or_else(broken)?;
        let kind_labels = head.kind_labels();
        Ok(Self { head, kinds, values, forests, kind_labels, digest: Digest::of(bytes) })
    }

    /// Returns the file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = serde_json::to_vec(&self.head).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend((head.len() as u32).to_le_bytes());
        bytes.extend(head);
        self.kinds.write(&mut bytes);
        self.values.write(&mut bytes);
        self.forests.iter().for_each(|forest| forest.write(&mut bytes));
        bytes
    }

    /// Returns what the weights say of themselves.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Returns the digest of the file.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Tells whether matches of the rule with `id` are evidence here.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.head.rules.binary_search_by(|rule| rule.as_str().cmp(id)).is_ok()
    }

    /// Returns the labels that are kinds, with their numbers.
    pub(crate) fn kind_labels(&self) -> impl Iterator<Item = (usize, Kind)> {
        self.kind_labels.iter().copied()
    }

    /// Returns the number of the label `name` of the kinds' table.
    pub(crate) fn label(&self, name: &str) -> Option<usize> {
        self.head.kinds.iter().position(|label| label.name == name)
    }

    /// Returns the values of `attribute` (`kind.attribute`) with their numbers in the values' table.
    pub(crate) fn choices(&self, attribute: &str) -> BTreeMap<usize, &str> {
        let value = |name: &'_ str| -> Option<usize> {
            let rest = name.strip_prefix(attribute)?;
            rest.starts_with('=').then_some(attribute.len() + 1)
        };
        let names = self.head.values.iter().enumerate();
        names.filter_map(|(number, name)| Some((number, &name[value(name)?..]))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::Node;

    fn weights() -> Weights {
        let label =
            |name: &str| Label { name: name.into(), floor: -4.0, slope: 1.0, offset: 0.0, threshold: 0.4 };
        let head = Head {
            kinds: vec![label("promise"), label("pain")],
            values: vec!["promise.firmness=firm".into(), "promise.firmness=hedged".into()],
            rules: vec!["en/promise/a".into()],
            calls: 1,
            findings: 2,
        };
        let kinds =
            Table::new(vec![(7, vec![(1, -0.5)]), (3, vec![(0, 1.25), (1, 0.0)]), (9, vec![(0, 0.0)])]);
        let forest = Forest { base: 0.5, nodes: vec![Node::Answer(1.0)], roots: vec![0] };
        Weights::new(head, kinds, Table::new(vec![(3, vec![(1, 2.0)])]), vec![forest; 2])
    }

    #[test]
    fn weights_come_back_from_their_bytes() {
        let (one, other) = (weights(), Weights::from_bytes(&weights().to_bytes()).unwrap());
        assert_eq!(one.head(), other.head());
        assert_eq!(one.digest(), other.digest());
        assert_eq!(one.forests, other.forests);
        assert_eq!(other.kinds.row(3).collect::<Vec<_>>(), [(0, 1.25)]);
        assert_eq!(other.kinds.row(7).collect::<Vec<_>>(), [(1, -0.5)]);
        assert_eq!(other.kinds.row(9).count() + other.kinds.row(0).count(), 0);
        assert_eq!(other.choices("promise.firmness").into_values().collect::<Vec<_>>(), ["firm", "hedged"]);
    }

    #[test]
    fn bytes_cut_off_anywhere_are_refused() {
        let bytes = weights().to_bytes();
        for length in 0..bytes.len() {
            assert!(Weights::from_bytes(&bytes[..length]).is_err(), "{length}");
        }
    }
}
