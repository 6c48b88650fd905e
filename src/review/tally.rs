use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reviewed::BY_HAND;
use super::{Act, Decision, Seen, Verdict, in_order};

/// What reviews say of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Tally {
    /// The rule's id, or the model's name, as in the provenance of its findings.
    pub rule: String,
    /// The kind of the lines.
    pub kind: String,
    /// Lines that people let stand as they were.
    pub accepted: usize,
    /// Lines that people let stand and put right.
    pub edited: usize,
    /// Lines that were wrong.
    pub rejected: usize,
    /// The share of lines that stood, 0 to 1; `None` where there were none.
    pub precision: Option<f64>,
}

/// Returns what the review of a deal says of the rules. A line counts once for every rule that found words of it, with its
/// last verdict; what was undone does not count.
pub fn tally(decisions: &[Decision]) -> Vec<Tally> {
    let mut tallies = Vec::new();
    for (verdict, seen) in verdicts(decisions).into_values() {
        let rules: BTreeSet<&str> = seen.said.iter().map(|sight| sight.source.as_str()).collect();
        for rule in rules.into_iter().filter(|rule| *rule != BY_HAND) {
            let (rule, kind) = (rule.to_owned(), seen.kind.as_str().to_owned());
            let one = Tally { rule, kind, ..Tally::default() };
            tallies.push(match verdict {
                Verdict::Accepted => Tally { accepted: 1, ..one },
                Verdict::Edited => Tally { edited: 1, ..one },
                Verdict::Rejected => Tally { rejected: 1, ..one },
                Verdict::Open | Verdict::Added => continue,
            });
        }
    }
    together(tallies)
}

/// Adds up what reviews say of each rule, those with most verdicts first.
pub fn together(tallies: impl IntoIterator<Item = Tally>) -> Vec<Tally> {
    let mut sums: BTreeMap<(String, String), Tally> = BTreeMap::new();
    for tally in tallies {
        let sum = sums.entry((tally.rule.clone(), tally.kind.clone())).or_default();
        *sum = Tally {
            accepted: sum.accepted + tally.accepted,
            edited: sum.edited + tally.edited,
            rejected: sum.rejected + tally.rejected,
            ..tally
        };
    }
    let mut sums: Vec<Tally> = sums.into_values().map(Tally::weighed).collect();
    sums.sort_by_key(|tally| std::cmp::Reverse(tally.verdicts()));
    sums
}

/// Returns the last verdict on each line, with the line as it was seen first: later sights hold what people added.
fn verdicts(decisions: &[Decision]) -> HashMap<&str, (Verdict, &Seen)> {
    let mut verdicts: HashMap<&str, (Verdict, &Seen)> = HashMap::new();
    for (decision, _) in in_order(decisions).into_iter().filter(|(_, stands)| *stands) {
        let verdict = match &decision.decided.act {
            Act::Accept { .. } => Verdict::Accepted,
            Act::Edit { .. } | Act::Set { .. } | Act::Merge { .. } | Act::Split { .. } => Verdict::Edited,
            Act::Reject { .. } => Verdict::Rejected,
            _ => continue,
        };
        for seen in &decision.decided.seen {
            verdicts.entry(&seen.entry).and_modify(|known| known.0 = verdict).or_insert((verdict, seen));
        }
    }
    verdicts
}

impl Tally {
    fn verdicts(&self) -> usize {
        self.accepted + self.edited + self.rejected
    }

    fn weighed(mut self) -> Self {
        let all = self.verdicts();
        let share = || (self.accepted + self.edited) as f64 / all as f64;
        self.precision = (all > 0).then(share);
        self
    }
}
