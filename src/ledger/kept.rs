use serde::Serialize;

use super::{NextStep, Outcome};
use crate::rules::StepSide;

/// How a side kept to the next steps that it took on, as far as later calls show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
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
