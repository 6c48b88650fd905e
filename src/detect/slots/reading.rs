use super::grammar::Bound;
use super::holiday::Holiday;
use super::meaning::Meaning;
use super::named::named;
use super::period::Period;
use super::reckoned::reckoned;
use super::{Anchor, Calendar, Precision};

/// What a phrase was read as.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Reading {
    /// The days; `None` where they cannot be told.
    pub(super) period: Option<Period>,
    /// What it is reckoned from.
    pub(super) anchor: Anchor,
    /// Whether it lies before the call.
    pub(super) past: bool,
    /// Whether it comes again and again.
    pub(super) recurring: bool,
    /// Whether people would differ.
    pub(super) ambiguous: bool,
    /// Whether the words mean something else where nothing else points to a date ("the third", "may").
    pub(super) weak: bool,
    /// Whether the words name a month, to which a later bare day belongs.
    pub(super) names_month: bool,
    /// The holiday that the words name; in another year it falls on another day.
    pub(super) holiday: Option<Holiday>,
    /// The number of a bare day ("the third"), else 0.
    pub(super) rank: i64,
    /// What the words meant.
    pub(super) meaning: Meaning,
}

impl Reading {
    /// Whether the words name one day.
    pub(super) fn is_day(&self) -> bool {
        self.precision() == Precision::Day
    }

    /// Returns how finely the words name it.
    pub(super) fn precision(&self) -> Precision {
        self.period.map_or(Precision::Vague, |period| period.precision)
    }

    pub(super) fn new(period: Period, anchor: Anchor) -> Self {
        Self { period: Some(period), ..Self::unresolved(anchor) }
    }

    pub(super) fn unresolved(anchor: Anchor) -> Self {
        Self {
            period: None,
            anchor,
            past: false,
            recurring: false,
            ambiguous: false,
            weak: false,
            names_month: false,
            holiday: None,
            rank: 0,
            meaning: Meaning::Idiom,
        }
    }

    pub(super) fn from_call(period: Option<Period>) -> Option<Self> {
        Some(Self::new(period?, Anchor::Call))
    }

    pub(super) fn by_name(period: Option<Period>) -> Option<Self> {
        Some(Self::new(period?, Anchor::Calendar))
    }

    pub(super) fn ambiguous(self) -> Self {
        Self { ambiguous: true, ..self }
    }

    pub(super) fn weak(self) -> Self {
        Self { weak: true, ..self }
    }

    pub(super) fn past(self) -> Self {
        Self { past: true, ..self }
    }
}

/// Returns what a phrase says, given what stood in its places.
pub(super) fn read(meaning: Meaning, bound: &Bound, calendar: &Calendar<'_>) -> Option<Reading> {
    let reading = named(meaning, bound, calendar).or_else(|| reckoned(meaning, bound, calendar))?;
    let bare = bound.periods.iter().any(|reading| reading.meaning == Meaning::Bare);
    (!bare || meaning.completes()).then_some(Reading { meaning, ..reading })
}
