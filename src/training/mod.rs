//! This room turns labelled calls into the weights by which calls are read.
//!
//! Each question (is this utterance a promise?) is a logistic regression over the evidence of `detect`, learned by
//! FTRL-proximal (McMahan et al. 2013), which leaves most weights at zero. Boosted trees then read the sums of an
//! utterance beside those of its neighbours. Trees, probabilities and thresholds come from calls held out: each call
//! is weighed by weights that were learned without it. The same calls in the same order give the same file, byte for
//! byte.

mod boost;
mod ftrl;
mod held_out;
mod lesson;
mod merging;
mod platt;
mod tables;

pub use held_out::HeldOut;
pub use lesson::Lesson;
pub use merging::{DealLesson, Merged, learn_merging};

use std::collections::BTreeMap;

use crate::rules::{Head, RuleSet, Weights};
use tables::Learned;

/// Weights of one language, and what they find in calls that they were not learned from.
#[derive(Clone, Debug)]
pub struct Trained {
    /// The file of weights.
    pub weights: Vec<u8>,
    /// How many calls they were learned from.
    pub calls: usize,
    /// By label: what the held-out weights found.
    pub held_out: Vec<HeldOut>,
}

/// Fewer calls than this teach nothing that carries over.
const FEWEST: usize = 8;

/// Learns the weights of every language in which there are enough `lessons`; `done` is called with each stage's name.
pub fn train(lessons: &[Lesson], rules: &RuleSet, done: &mut dyn FnMut(&str)) -> BTreeMap<String, Trained> {
    let mut languages: BTreeMap<&str, Vec<&Lesson>> = BTreeMap::new();
    for lesson in lessons {
        languages.entry(&lesson.language).or_default().push(lesson);
    }
    let mut trained = BTreeMap::new();
    for (language, lessons) in languages.into_iter().filter(|(_, lessons)| lessons.len() >= FEWEST) {
        let learned = Learned::new(&lessons, &mut |stage| done(&format!("{language}: {stage}")));
        let of_language = |rule: &&crate::rules::Rule| rule.id.split('/').next() == Some(language);
        let mut known: Vec<_> = rules.rules().filter(of_language).map(|rule| rule.id.clone()).collect();
        known.sort();
        let head = Head {
            kinds: learned.labels,
            values: learned.values,
            rules: known,
            calls: lessons.iter().filter(|lesson| !lesson.copy).count(),
            findings: lessons.iter().filter(|lesson| !lesson.copy).map(|lesson| lesson.findings()).sum(),
        };
        let calls = head.calls;
        let weights = Weights::write(&head, learned.kinds_table, learned.values_table, &learned.forests);
        trained.insert(language.to_owned(), Trained { weights, calls, held_out: learned.held_out });
    }
    trained
}
