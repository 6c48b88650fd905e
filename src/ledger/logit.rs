//! What was learned of the ledger's questions: logistic regressions, as `rules/shared/ledger/learned.toml` lists them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::question::Question;

/// A logistic regression over named measures (see `readback train`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Logit {
    /// Log-odds before anything is measured.
    pub offset: f64,
    /// Least probability that is a yes.
    pub threshold: f64,
    /// Log-odds for one of each measure.
    pub weights: BTreeMap<String, f64>,
}

/// The regressions by the name of their question.
pub type Learned = BTreeMap<String, Logit>;

static LEARNED: LazyLock<Learned> = LazyLock::new(|| {
    toml::from_str(include_str!("../../rules/shared/ledger/learned.toml")).unwrap_or_default()
});

/// Returns what was learned of `question`.
pub(super) fn learned(question: Question) -> Scale {
    LEARNED.get(question.name()).map(|logit| logit.scale(question.measures())).unwrap_or_default()
}

impl Logit {
    /// Returns the weights in the order of `measures`.
    pub fn scale(&self, measures: &[&str]) -> Scale {
        let weight = |name: &&str| self.weights.get(*name).copied().unwrap_or_default();
        Scale {
            offset: self.offset,
            threshold: self.threshold,
            weights: measures.iter().map(weight).collect(),
        }
    }
}

/// Weights in the order of the measures.
#[derive(Clone, Debug, Default)]
pub struct Scale {
    offset: f64,
    threshold: f64,
    weights: Vec<f64>,
}

impl Scale {
    /// Returns the probability of a yes where this was measured.
    pub fn probability(&self, measured: &[f64]) -> f64 {
        let sum: f64 = self.weights.iter().zip(measured).map(|(weight, measure)| weight * measure).sum();
        1.0 / (1.0 + (-(self.offset + sum)).exp())
    }

    /// Tells whether `probability` is a yes; without anything learned, none is.
    pub(super) fn is_yes(&self, probability: f64) -> bool {
        self.threshold > 0.0 && probability >= self.threshold
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_question_was_learned() {
        let asked: BTreeSet<&str> = Question::ALL.iter().map(|question| question.name()).collect();
        assert_eq!(LEARNED.keys().map(String::as_str).collect::<BTreeSet<_>>(), asked);
        for question in Question::ALL {
            let logit = &LEARNED[question.name()];
            let known: BTreeSet<&str> = question.measures().iter().copied().collect();
            assert_eq!(logit.weights.keys().map(String::as_str).collect::<BTreeSet<_>>(), known);
        }
    }

    #[test]
    fn nothing_learned_says_no() {
        let scale = Scale::default();
        assert!(!scale.is_yes(scale.probability(&[1.0])));
    }
}
