//! What was learned from labelled calls: how much each piece of evidence counts for each label, in log-odds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Kind;
use super::cursor::Cursor;
use super::lanes::Lanes;
use super::table::{Table, Weighed};
use super::trees::Forest;
use crate::transcript::Digest;
use bytes::Bytes;

/// First bytes of a file of weights; the digit is the version of the format and of the evidence.
const MAGIC: &[u8; 8] = b"RBWEIGH3";

/// Learned weights of one language.
#[derive(Clone, Debug)]
pub struct Weights {
    head: Head,
    /// For the kinds: weighed for every utterance. A column is a label at a place.
    pub(crate) kinds: Table,
    /// For the values of attributes: weighed for findings only.
    pub(crate) values: Table,
    /// By label of the kinds' table: what its sum means among its neighbours.
    pub(crate) forests: Vec<Lanes>,
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

    /// Returns the answer of the trees below which nothing is found.
    pub(crate) fn least_answer(&self) -> f32 {
        let odds = (self.threshold / (1.0 - self.threshold)).ln();
        let least = (odds - self.offset) / self.slope;
        if self.slope > 0.0 && least.is_finite() { least } else { f32::NEG_INFINITY }
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

impl Weights {
    /// Writes weights as they were learned.
    pub fn write(head: &Head, kinds: Vec<Weighed>, values: Vec<Weighed>, forests: &[Forest]) -> Vec<u8> {
        let head = serde_json::to_vec(head).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend((head.len() as u32).to_le_bytes());
        bytes.extend(head);
        Table::write(kinds, &mut bytes);
        Table::write(values, &mut bytes);
        forests.iter().for_each(|forest| forest.write(&mut bytes));
        bytes
    }

    /// Returns the weights in `bytes`, whose digest is `digest`.
    ///
    /// # Errors
    /// Where the bytes are no weights, or of another version of Readback.
    pub fn from_bytes(bytes: Bytes, digest: Digest) -> Result<Self, String> {
        let broken = || "these are no weights of this version; `readback train` writes them".to_owned();
        let mut rest = Cursor::new(bytes);
        rest.take(MAGIC.len()).filter(|magic| magic == &MAGIC[..]).ok_or_else(broken)?;
        let length = rest.number().ok_or_else(broken)? as usize;
        let head = rest.take(length).ok_or_else(broken)?;
        let head: Head = serde_json::from_slice(&head).map_err(|error| error.to_string())?;
        let kinds = Table::read(&mut rest).ok_or_else(broken)?;
        let values = Table::read(&mut rest).ok_or_else(broken)?;
        let lanes = |_| Lanes::new(&Forest::read(&mut rest)?);
        let forests: Option<Vec<_>> = head.kinds.iter().map(lanes).collect();
        let forests = forests.ok_or_else(broken)?;
        let kind_labels = head.kind_labels();
        Ok(Self { head, kinds, values, forests, kind_labels, digest })
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

    /// Tells whether values of attributes of `kind` were learned.
    pub(crate) fn chooses(&self, kind: Kind) -> bool {
        let of_kind =
            |name: &String| name.strip_prefix(kind.as_str()).is_some_and(|rest| rest.starts_with('.'));
        self.head.values.iter().any(of_kind)
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

    fn bytes() -> Vec<u8> {
        let label =
            |name: &str| Label { name: name.into(), floor: -4.0, slope: 1.0, offset: 0.0, threshold: 0.4 };
        let head = Head {
            kinds: vec![label("promise"), label("pain")],
            values: vec!["promise.firmness=firm".into(), "promise.firmness=hedged".into()],
            rules: vec!["en/promise/a".into()],
            calls: 1,
            findings: 2,
        };
        let forest = Forest { base: 0.5, nodes: vec![Node::Answer(1.0)], roots: vec![0] };
        let (kinds, values) = (vec![(3, vec![(0, 1.25)])], vec![(3, vec![(1, 2.0)])]);
        Weights::write(&head, kinds, values, &[forest.clone(), forest])
    }

    fn weights(bytes: Vec<u8>) -> Result<Weights, String> {
        Weights::from_bytes(bytes.into(), Digest::of(b""))
    }

    #[test]
    fn weights_come_back_from_their_bytes() {
        let weights = weights(bytes()).unwrap();
        assert_eq!(weights.kind_labels().collect::<Vec<_>>(), [(0, Kind::Promise), (1, Kind::Pain)]);
        assert!(weights.knows("en/promise/a") && !weights.knows("en/promise/b"));
        assert_eq!(weights.kinds.row(3).collect::<Vec<_>>(), [(0, 2560)]);
        assert_eq!(weights.values.row(3).collect::<Vec<_>>(), [(1, 4096)]);
        assert_eq!(weights.forests.len(), 2);
        assert_eq!(weights.choices("promise.firmness").into_values().collect::<Vec<_>>(), ["firm", "hedged"]);
    }

    #[test]
    fn bytes_cut_off_anywhere_are_refused() {
        let bytes = bytes();
        for length in 0..bytes.len() {
            assert!(weights(bytes[..length].to_vec()).is_err(), "{length}");
        }
    }
}
