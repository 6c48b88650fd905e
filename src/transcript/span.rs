use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A span covers the bytes `start..end` (half-open) of one turn's text, on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// Index of the turn in the transcript.
    pub turn: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span of `range` in turn `turn`.
    pub fn new(turn: usize, range: std::ops::Range<usize>) -> Self {
        Self { turn: turn as u32, start: range.start as u32, end: range.end as u32 }
    }

    /// Returns the byte range within the turn.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Tells whether both spans share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.turn == other.turn && self.start < other.end && other.start < self.end
    }

    /// Tells whether `other` lies within this span.
    pub fn contains(self, other: Self) -> bool {
        self.turn == other.turn && self.start <= other.start && other.end <= self.end
    }
}

/// Verbatim words of a span. Made by [`Transcript::quote`](super::Transcript::quote) alone; one that was read
/// back from a file or a database must be held against its source with
/// [`Transcript::holds`](super::Transcript::holds) before it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
pub struct Quote {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Quote {
    /// Returns the words.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns where they stand.
    pub fn span(&self) -> Span {
        self.span
    }
}
