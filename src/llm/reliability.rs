//! How far a model's word counts on a call, from its answers to questions whose answers are known.

/// What is believed of a model before it has answered anything: right three times in four, as if seen four times.
const BEFORE: (f64, f64) = (3.0, 4.0);
/// One witness never counts for more than this, in log-odds: right about nineteen times in twenty.
const MOST: f64 = 3.0;
/// What it finds by itself counts for so much more than a yes: there is much to choose from, and it chose this. Half of
/// what is there is named unasked, and one in twenty of what is not.
const UNASKED: f64 = 1.6;

/// How often a model's yes and no are right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Reliability {
    yes: (f64, f64),
    no: (f64, f64),
}

impl Reliability {
    /// Notes an answer to a question whose answer is known.
    pub(super) fn note(&mut self, truth: bool, answer: bool) {
        let counts = if truth { &mut self.yes } else { &mut self.no };
        *counts = (counts.0 + f64::from(u8::from(truth == answer)), counts.1 + 1.0);
    }

    /// Returns how often it says yes where that is right.
    fn sensitivity(&self) -> f64 {
        (BEFORE.0 + self.yes.0) / (BEFORE.1 + self.yes.1)
    }

    /// Returns how often it says no where that is right.
    fn specificity(&self) -> f64 {
        (BEFORE.0 + self.no.0) / (BEFORE.1 + self.no.1)
    }

    /// Returns how much an answer counts, in log-odds; a model that guesses counts for nothing.
    pub(super) fn weight(&self, answer: bool) -> f64 {
        let (hit, clear) = (self.sensitivity(), self.specificity());
        match answer {
            true => (hit / (1.0 - clear)).ln().clamp(0.0, MOST),
            false => ((1.0 - hit) / clear).ln().clamp(-MOST, 0.0),
        }
    }

    /// Returns how much it counts that the model names something unasked.
    pub(super) fn weight_unasked(&self) -> f64 {
        match self.weight(true) {
            0.0 => 0.0,
            weight => weight + UNASKED,
        }
    }

    /// Tells whether its labels are likelier right than the rules' own, which are in three cases of four.
    pub(super) fn labels_well(&self) -> bool {
        self.sensitivity().min(self.specificity()) >= 0.8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(yes: (usize, usize), no: (usize, usize)) -> Reliability {
        let mut it = Reliability::default();
        (0..yes.1).for_each(|at| it.note(true, at < yes.0));
        (0..no.1).for_each(|at| it.note(false, at < no.0));
        it
    }

    #[test]
    fn a_model_counts_as_far_as_it_has_earned() {
        let honest = after((8, 8), (0, 8));
        let liar = after((5, 8), (3, 8));
        let always_no = after((0, 8), (0, 8));
        assert!(honest.weight(true) > 2.0 && honest.weight(false) < -2.0, "{honest:?}");
        assert!((0.3..1.2).contains(&liar.weight(true)), "{liar:?}");
        let guessing = after((4, 8), (4, 8));
        assert!(guessing.weight(true) < 0.6, "{guessing:?}");
        assert!(always_no.weight(false) > -0.3, "{always_no:?}");
        assert!(honest.labels_well() && !liar.labels_well());
    }
}
