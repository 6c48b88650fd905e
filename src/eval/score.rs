use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

use super::agreement::{same_person, same_title, same_value};
use super::pairing::pair;
use super::{Group, Label, LabelledPerson, Labels};
use crate::detect::{CallRecord, FindingRecord, StakeholderRecord};
use crate::rules::Attitude;

/// How many labels there are, how many findings, and how many of them match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Pairs.
    pub matched: usize,
    /// Labels.
    pub labels: usize,
    /// Findings.
    pub found: usize,
}

impl Tally {
    /// Returns the share of findings that are right; where nothing is found, 1 if nothing is there, else 0.
    pub fn precision(self) -> f64 {
        match self.found {
            0 if self.labels == 0 => 1.0,
            0 => 0.0,
            found => self.matched as f64 / found as f64,
        }
    }

    /// Returns the share of labels that are found; 1 where there are none.
    pub fn recall(self) -> f64 {
        match self.labels {
            0 => 1.0,
            labels => self.matched as f64 / labels as f64,
        }
    }

    /// Returns the harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        let (precision, recall) = (self.precision(), self.recall());
        if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            matched: self.matched + other.matched,
            labels: self.labels + other.labels,
            found: self.found + other.found,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

/// What one call adds to a report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallScore {
    /// The call's id.
    pub call: String,
    /// Counts of each group.
    pub tallies: BTreeMap<Group, Tally>,
    /// How often each attribute of a matched pair was right, and how often it was compared.
    pub attributes: BTreeMap<(Group, &'static str), (usize, usize)>,
    /// Labels that nothing was found for.
    pub missed: Vec<(Group, String)>,
    /// Findings that answer to no label.
    pub extra: Vec<(Group, String)>,
    /// Findings whose words do not stand in the call; more than none is a fault of ours.
    pub not_verbatim: usize,
    /// Confidence of each finding, and whether a label of its kind answers to it.
    pub confidences: Vec<(f64, bool)>,
}

/// Scores what was found in a call, as far as its confidence is at least `min_confidence`.
pub fn score(labels: &Labels, found: &CallRecord, min_confidence: f64) -> CallScore {
    let sure: Vec<_> = found.findings.iter().filter(|finding| finding.confidence >= min_confidence).collect();
    let mut score = CallScore { call: labels.call.clone(), ..CallScore::default() };
    for group in Group::all() {
        match group {
            Group::Stakeholder => score.people(&labels.stakeholders, &found.stakeholders),
            _ => score.findings(group, &labels.findings, &sure),
        }
    }
    score
}

impl CallScore {
    fn findings(&mut self, group: Group, labels: &[Label], found: &[&FindingRecord]) {
        let labels: Vec<_> = labels.iter().filter(|label| group.holds(label.kind)).collect();
        let found: Vec<_> = found.iter().filter(|finding| group.holds(finding.kind)).collect();
        let quotes: Vec<_> = found.iter().map(|finding| finding.quote.as_str()).collect();
        let pairs = pair(&labels, &quotes);
        self.tallies.insert(group, Tally { matched: pairs.len(), labels: labels.len(), found: found.len() });
        if group == Group::Commitment {
            for (label, finding) in &pairs {
                self.compared(group, "kind", labels[*label].kind == found[*finding].kind);
            }
            return;
        }
        for (label, finding) in &pairs {
            for name in group.attributes() {
                let (labelled, said) = (labels[*label].attrs.get(*name), found[*finding].attrs.get(*name));
                self.compared(group, name, same_value(name, labelled, said));
            }
        }
        for (at, label) in labels.iter().enumerate() {
            if !pairs.iter().any(|pair| pair.0 == at) {
                self.missed.push((group, label.quote.clone()));
            }
        }
        for (at, finding) in found.iter().enumerate() {
            let right = pairs.iter().any(|pair| pair.1 == at);
            self.confidences.push((finding.confidence, right));
            if !right {
                self.extra.push((group, finding.quote.clone()));
            }
        }
    }

    /// Each labelled person takes the first found one who is the same.
    fn people(&mut self, labels: &[LabelledPerson], found: &[StakeholderRecord]) {
        let mut free: Vec<_> = found.iter().collect();
        for person in labels {
            match free.iter().position(|other| same_person(person, other)) {
                Some(at) => self.person(person, free.remove(at)),
                None => self.missed.push((Group::Stakeholder, called(&person.name, &person.title))),
            }
        }
        let matched = found.len() - free.len();
        self.extra
            .extend(free.iter().map(|person| (Group::Stakeholder, called(&person.name, &person.title))));
        let tally = Tally { matched, labels: labels.len(), found: found.len() };
        self.tallies.insert(Group::Stakeholder, tally);
    }

    /// Compares what is labelled of a person; what is not labelled is not asked for.
    fn person(&mut self, labelled: &LabelledPerson, found: &StakeholderRecord) {
        if labelled.title.as_ref().is_some_and(|title| !title.is_empty()) {
            self.compared(Group::Stakeholder, "title", same_title(labelled, found));
        }
        if !labelled.roles.is_empty() {
            let right = labelled.roles.iter().any(|role| found.roles.contains(role));
            self.compared(Group::Stakeholder, "role", right);
        }
        if let Some(attitude) = labelled.attitude.filter(|attitude| *attitude != Attitude::Unknown) {
            self.compared(Group::Stakeholder, "attitude", attitude == found.attitude);
        }
    }

    fn compared(&mut self, group: Group, name: &'static str, right: bool) {
        let counts = self.attributes.entry((group, name)).or_default();
        *counts = (counts.0 + usize::from(right), counts.1 + 1);
    }
}

fn called(name: &Option<String>, title: &Option<String>) -> String {
    name.clone().or_else(|| title.clone()).unwrap_or_default()
}
