use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::bootstrap::{Generator, interval};
use super::calibration::{Bin, bins};
use super::{CallScore, Group, Tally};

/// Any number will do; a fixed one lets two runs be compared.
const SEED: u64 = 7;

/// The scores of many calls.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// A row for each group.
    #[serde(flatten)]
    pub rows: BTreeMap<Group, Row>,
    /// All kinds and people as one heap.
    pub micro: Shares,
    /// The mean of the F1 of all kinds and people that have labels.
    #[serde(rename = "macro", serialize_with = "as_f1")]
    pub macro_f1: f64,
    /// Calls.
    pub calls: usize,
    /// Findings.
    pub findings: usize,
    /// Findings whose words do not stand in their call.
    pub not_verbatim: usize,
    /// How confident findings were, and how often right.
    pub calibration: Vec<Bin>,
    /// Labels that nothing was found for: call and words.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub missed: BTreeMap<Group, Vec<(String, String)>>,
    /// Findings that answer to no label.
    #[serde(rename = "false", skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<Group, Vec<(String, String)>>,
}

/// The scores of one group.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Labels.
    pub labels: usize,
    /// Findings.
    pub found: usize,
    /// Precision, recall and F1.
    #[serde(flatten)]
    pub shares: Shares,
    /// Lower end of the 90 % interval of F1.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often each attribute was right where a pair matched.
    pub attrs: BTreeMap<&'static str, f64>,
}

/// Precision, recall and F1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Shares {
    /// Precision.
    pub p: f64,
    /// Recall.
    pub r: f64,
    /// F1.
    pub f1: f64,
}

impl From<Tally> for Shares {
    fn from(tally: Tally) -> Self {
        Self { p: tally.precision(), r: tally.recall(), f1: tally.f1() }
    }
}

fn as_f1<S: serde::Serializer>(f1: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    BTreeMap::from([("f1", f1)]).serialize(serializer)
}

impl Report {
    /// Returns the report of `calls`, with at most `misses` missed labels and false findings of each group.
    pub fn new(calls: &[CallScore], misses: usize) -> Self {
        let mut generator = Generator::new(SEED);
        let rows: BTreeMap<_, _> =
            Group::all().map(|group| (group, row(group, calls, &mut generator))).collect();
        let apart = || Group::all().filter(|group| *group != Group::Commitment);
        let labelled: Vec<_> = apart()
            .map(|group| &rows[&group])
            .filter(|row| row.labels > 0)
            .map(|row| row.shares.f1)
            .collect();
        let confidences = calls.iter().flat_map(|call| call.confidences.iter().copied());
        Self {
            micro: apart().map(|group| total(group, calls)).sum::<Tally>().into(),
            macro_f1: labelled.iter().sum::<f64>() / labelled.len().max(1) as f64,
            calls: calls.len(),
            findings: calls.iter().map(|call| call.confidences.len()).sum(),
            not_verbatim: calls.iter().map(|call| call.not_verbatim).sum(),
            calibration: bins(confidences),
            missed: first(misses, calls, |call| &call.missed),
            extra: first(misses, calls, |call| &call.extra),
            rows,
        }
    }

    /// Keeps only what is of `group`; the totals stay those of everything.
    pub fn retain(&mut self, group: Group) {
        self.rows.retain(|other, _| *other == group);
        self.missed.retain(|other, _| *other == group);
        self.extra.retain(|other, _| *other == group);
    }
}

fn total(group: Group, calls: &[CallScore]) -> Tally {
    calls.iter().filter_map(|call| call.tallies.get(&group).copied()).sum()
}

fn row(group: Group, calls: &[CallScore], generator: &mut Generator) -> Row {
    let tallies: Vec<_> = calls.iter().filter_map(|call| call.tallies.get(&group).copied()).collect();
    let tally: Tally = tallies.iter().copied().sum();
    let (low, high) = interval(&tallies, generator);
    let mut counts: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    for ((of, name), (right, compared)) in calls.iter().flat_map(|call| &call.attributes) {
        if *of == group {
            let count = counts.entry(name).or_default();
            *count = (count.0 + right, count.1 + compared);
        }
    }
    let attrs = counts.into_iter().map(|(name, (right, all))| (name, right as f64 / all as f64)).collect();
    Row { labels: tally.labels, found: tally.found, shares: tally.into(), low, high, attrs }
}

type Words = BTreeMap<Group, Vec<(String, String)>>;

fn first(most: usize, calls: &[CallScore], of: impl Fn(&CallScore) -> &Vec<(Group, String)>) -> Words {
    let mut words = Words::new();
    for call in calls {
        for (group, text) in of(call) {
            let kept = words.entry(*group).or_default();
            if kept.len() < most {
                kept.push((call.call.clone(), text.clone()));
            }
        }
    }
    words.retain(|_, kept| !kept.is_empty());
    words
}

/// A row for each group, the totals, how honest the confidence is, then what was missed and what is false.
impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { calls, findings, not_verbatim, .. } = self;
        writeln!(f, "{calls} calls, {findings} findings, {not_verbatim} not verbatim")?;
        let header = ["kind", "labels", "found", "P", "R", "F1"];
        let [kind, labels, found, p, r, f1] = header;
        writeln!(f, "{kind:17}{labels:>7}{found:>7}{p:>7}{r:>7}{f1:>7}  90% of F1     attributes right")?;
        for (group, row) in &self.rows {
            let Shares { p, r, f1 } = row.shares;
            let mut attrs = String::new();
            for (name, share) in &row.attrs {
                write!(attrs, "  {name} {share:.2}")?;
            }
            let counts = format!("{group:17}{:7}{:7}{p:7.2}{r:7.2}{f1:7.2}", row.labels, row.found);
            writeln!(f, "{}", format!("{counts}  {:.2}-{:.2}   {attrs}", row.low, row.high).trim_end())?;
        }
        let Shares { p, r, f1 } = self.micro;
        writeln!(f, "{:17}{:14}{p:7.2}{r:7.2}{f1:7.2}", "all, micro", "")?;
        writeln!(f, "{:17}{:28}{:7.2}", "all, macro", "", self.macro_f1)?;
        writeln!(f, "\nconfidence  found   mean  right")?;
        for bin in &self.calibration {
            let Bin { from, found, confidence, precision } = bin;
            writeln!(f, "{from:.1} and up  {found:5}{confidence:7.2}{precision:7.2}")?;
        }
        for (what, groups) in [("missed", &self.missed), ("false", &self.extra)] {
            for (group, words) in groups {
                for (call, text) in words {
                    writeln!(f, "{what} {group} [{call}] {text}")?;
                }
            }
        }
        Ok(())
    }
}
