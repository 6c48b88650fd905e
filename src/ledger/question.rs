//! The questions that the ledger asks of some words and an entry. How they are answered was learned.

use std::ops::RangeInclusive;

use super::kinship::MEASURES;
use super::remark::NEWS_MEASURES;
use crate::rules::Kind;

/// How many calls later people still tell what became of something.
const REMEMBERED: usize = 3;

/// A question that words and an entry are measured for; see `readback train`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether a saying belongs to a promise.
    Promise,
    /// Whether it belongs to an objection.
    Objection,
    /// Whether it speaks of a success metric.
    SuccessMetric,
    /// Whether what is ruled out is a promise.
    Withdrawal,
    /// Whether a remark tells that a promise was kept.
    NewsOfPromise,
    /// Whether it tells what became of a promise's condition.
    NewsOfCondition,
    /// Whether it tells that an objection is settled.
    NewsOfObjection,
    /// Whether it tells what came of a next step.
    NewsOfNextStep,
}

impl Question {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Promise,
        Self::Objection,
        Self::SuccessMetric,
        Self::Withdrawal,
        Self::NewsOfPromise,
        Self::NewsOfCondition,
        Self::NewsOfObjection,
        Self::NewsOfNextStep,
    ];

    /// Returns its name in the file of what was learned.
    pub fn name(self) -> &'static str {
        match self {
            Self::Promise => "promise",
            Self::Objection => "objection",
            Self::SuccessMetric => "success_metric",
            Self::Withdrawal => "withdrawal",
            Self::NewsOfPromise => "news_of_promise",
            Self::NewsOfCondition => "news_of_condition",
            Self::NewsOfObjection => "news_of_objection",
            Self::NewsOfNextStep => "news_of_next_step",
        }
    }

    /// Returns the kind of the entries that it is asked of.
    pub fn kind(self) -> Kind {
        match self {
            Self::Promise | Self::Withdrawal | Self::NewsOfPromise | Self::NewsOfCondition => Kind::Promise,
            Self::Objection | Self::NewsOfObjection => Kind::Objection,
            Self::NewsOfNextStep => Kind::NextStep,
            Self::SuccessMetric => Kind::SuccessMetric,
        }
    }

    /// Returns what labels mark where the answer is yes; none where sayings that name one entry answer it.
    pub fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Promise | Self::Objection | Self::SuccessMetric => &[],
            Self::Withdrawal => &["withdrawn"],
            Self::NewsOfPromise => &["fulfilled"],
            Self::NewsOfCondition => &["met", "lapsed", "waived"],
            Self::NewsOfObjection => &["resolved"],
            Self::NewsOfNextStep => &["done", "missed"],
        }
    }

    /// Tells whether it is asked of remarks, not of findings.
    pub fn is_of_remarks(self) -> bool {
        matches!(
            self,
            Self::NewsOfPromise | Self::NewsOfCondition | Self::NewsOfObjection | Self::NewsOfNextStep
        )
    }

    /// Returns what is measured for it, in the order of the numbers.
    pub fn measures(self) -> &'static [&'static str] {
        if self.is_of_remarks() { &NEWS_MEASURES } else { &MEASURES }
    }

    /// Returns how many calls before the remark the entry may have been said last. A worry may be put to rest at once.
    pub(super) fn within(self) -> RangeInclusive<usize> {
        let at_once = self == Self::NewsOfObjection;
        usize::from(!at_once)..=REMEMBERED
    }

    /// Tells whether "your catalogue is done" answers it plainly.
    pub(super) fn is_of_deeds(self) -> bool {
        matches!(self, Self::NewsOfPromise | Self::NewsOfNextStep)
    }
}
