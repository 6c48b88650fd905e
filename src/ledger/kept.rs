use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{NextStep, Outcome};
use crate::rules::StepSide;

/// How a side kept to the next steps that it took on, as far as later calls show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The side.
    pub side: StepSide,
    /// Steps that it took on before the last call.
    pub agreed: usize,
    /// Those that were done.
    pub done: usize,
    /// Those that were not done when they should have been.
    pub missed: usize,
    /// Those in whose place came a later one.
    pub superseded: usize,
}

/// Returns the rates of several deals as one rate a side.
pub fn together(rates: impl IntoIterator<Item = Kept>) -> Vec<Kept> {
    let mut sides: BTreeMap<StepSide, Kept> = BTreeMap::new();
    for rate in rates {
        let sum = sides.entry(rate.side).or_insert(Kept {
            side: rate.side,
            agreed: 0,
            done: 0,
            missed: 0,
            superseded: 0,
        });
        sum.agreed += rate.agreed;
        sum.done += rate.done;
        sum.missed += rate.missed;
        sum.superseded += rate.superseded;
    }
    sides.into_values().collect()
}

/// Returns the rate of each side that took on a step before the call `last`.
pub(super) fn rates(steps: &[NextStep], last: &str) -> Vec<Kept> {
    let due = |step: &&NextStep| step.said.iter().all(|saying| saying.words.call != last);
    let rate = |side: StepSide| {
        let of_side = || steps.iter().filter(due).filter(|step| step.side == Some(side));
        let came = |outcome: Outcome| of_side().filter(|step| step.outcome == outcome).count();
        Kept {
            side,
            agreed: of_side().count(),
            done: came(Outcome::Done),
            missed: came(Outcome::Missed),
            superseded: came(Outcome::Superseded),
        }
    };
    StepSide::ALL.iter().map(|side| rate(*side)).filter(|rate| rate.agreed > 0).collect()
}
