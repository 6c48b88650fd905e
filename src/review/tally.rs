use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::reviewed::BY_HAND;
use super::{Act, Decision, Seen, Verdict, in_order};

/// What reviews say of one rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
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

/// Returns what the reviews of each deal say of the rules, those with most verdicts first. A line counts once for every
/// rule that found words of it, with its last verdict; what was undone does not count.
pub fn tally<'d>(deals: impl IntoIterator<Item = &'d [Decision]>) -> Vec<Tally> {
    let mut tallies: BTreeMap<(String, &'static str), Tally> = BTreeMap::new();
    for decisions in deals {
        for (verdict, seen) in verdicts(decisions).into_values() {
            let rules: BTreeSet<&str> = seen.said.iter().map(|sight| sight.source.as_str()).collect();
            for rule in rules.into_iter().filter(|rule| *rule != BY_HAND) {
                let kind = seen.kind.as_str();
                let tally = tallies.entry((rule.to_owned(), kind)).or_insert_with(|| Tally {
                    rule: rule.to_owned(),
                    kind: kind.to_owned(),
                    ..Tally::default()
                });
                match verdict {
                    Verdict::Accepted => tally.accepted += 1,
                    Verdict::Edited => tally.edited += 1,
                    Verdict::Rejected => tally.rejected += 1,
                    Verdict::Open | Verdict::Added => {}
                }
            }
        }
    }
    let mut tallies: Vec<Tally> = tallies.into_values().map(Tally::weighed).collect();
    tallies.sort_by_key(|tally| std::cmp::Reverse(tally.verdicts()));
    tallies
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
