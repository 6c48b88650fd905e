use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Search;
use super::document::Shown;
use super::index::DEEPEST;
use super::query::Query;
use crate::rules::Kind;
use crate::transcript::{Language, Side};

/// Of a longer passage a window of about this many bytes is shown.
const WINDOW: usize = 600;

/// The window begins about this many bytes before the first word that was found.
const LEAD: usize = 160;

/// Values a facet names at most, the most frequent first.
pub(super) const FACET_VALUES: usize = 20;

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Found {
    /// A page of hits: the exact phrase first, then the best.
    pub hits: Vec<Hit>,
    /// How many passages match.
    pub total: u64,
    /// Whether there may be more than `total`.
    pub total_is_least: bool,
    /// How often each value occurs among the matches, where it was asked for.
    pub facets: Facets,
    /// Where the next page begins; `null` on the last.
    pub next: Option<String>,
    /// Number of the last change of the store that the index has read.
    pub indexed_through: u64,
}

/// Counts by field.
pub type Facets = BTreeMap<String, Vec<FacetCount>>;

/// How many matching passages have a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetCount {
    /// The value.
    pub value: String,
    /// The count.
    pub count: u64,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Hit {
    /// The call's id.
    pub call: String,
    /// What the meeting was called.
    pub title: Option<String>,
    /// The deal it belongs to.
    pub deal: Option<String>,
    /// The customer.
    pub account: Option<String>,
    /// Local date of the call.
    #[schema(value_type = Option<String>, format = Date)]
    pub date: Option<Date>,
    /// Index of the turn in the transcript.
    pub turn: u32,
    /// Who speaks.
    pub speaker: String,
    /// On whose side.
    pub side: Option<Side>,
    /// Kinds of the findings in the turn.
    pub kinds: Vec<Kind>,
    /// The language.
    pub language: Option<Language>,
    /// When the shown words are said, in milliseconds; exact to a few seconds.
    pub start_ms: Option<u64>,
    /// The words of the turn to the letter, or a window of them.
    pub text: String,
    /// Where `text` begins in the turn, in bytes.
    pub at: u32,
    /// What was found, as byte ranges of `text`.
    #[schema(value_type = Vec<Object>)]
    pub highlights: Vec<Range<usize>>,
    /// How well it matches; only good for comparing hits of one answer.
    pub score: f64,
}

impl Found {
    /// Tells whether the store has changed since the index last read it; `head` is the store's last change.
    pub fn is_behind(&self, head: u64) -> bool {
        self.indexed_through < head
    }

    /// Returns where the page after this one begins.
    pub(super) fn next_page(search: &Search, hits: usize, total: u64) -> Option<String> {
        let next = search.skipped() + hits;
        (hits > 0 && (next as u64) < total && next < DEEPEST).then(|| next.to_string())
    }
}

impl Hit {
    pub(super) fn new(shown: Shown, query: &Query, score: f64) -> Self {
        let marks = query.highlights(&shown.text, shown.language.as_ref());
        let first = marks.first().map_or(0, |mark| mark.start);
        let window = window(&shown.text, first);
        let said = shown.at + window.start.max(first) as u32;
        let row = shown.times.partition_point(|(at, _)| *at <= said).saturating_sub(1);
        let clipped = |mark: &Range<usize>| mark.start.max(window.start)..mark.end.min(window.end);
        let highlights = marks.iter().map(clipped).filter(|mark| !mark.is_empty());
        Self {
            call: shown.call,
            title: shown.title,
            deal: shown.deal,
            account: shown.account,
            date: shown.date,
            turn: shown.turn,
            speaker: shown.speaker,
            side: shown.side,
            kinds: shown.kinds,
            language: shown.language,
            start_ms: shown.times.get(row).map(|(_, ms)| *ms),
            at: shown.at + window.start as u32,
            highlights: highlights.map(|mark| mark.start - window.start..mark.end - window.start).collect(),
            text: shown.text[window].to_owned(),
            score,
        }
    }
}

/// Returns the part of `text` around byte `first` that is shown, from a space to a space where there is one near.
fn window(text: &str, first: usize) -> Range<usize> {
    if text.len() <= WINDOW {
        return 0..text.len();
    }
    let start = text.floor_char_boundary(first.saturating_sub(LEAD).min(text.len() - WINDOW));
    // A character that straddled the start must not cost the end its last one.
    let end = text.ceil_char_boundary((start + WINDOW + char::MAX.len_utf8()).min(text.len()));
    let after_space =
        |from: usize| text[from..first.max(from)].find(' ').map_or(from, |space| from + space + 1);
    let start = if start == 0 { 0 } else { after_space(start) };
    let end = match text[start..end].rfind(' ') {
        Some(space) if end < text.len() && start + space > first + LEAD => start + space,
        _ => end,
    };
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_window_is_a_slice_that_holds_the_first_mark(text in "(\\PC| ){0,900}", at: prop::sample::Index) {
            let first = text.floor_char_boundary(at.index(text.len() + 1));
            let window = window(&text, first);
            prop_assert!(text.get(window.clone()).is_some());
            prop_assert!(window.start <= first && first <= window.end);
            prop_assert!(window.len() <= WINDOW + 8);
        }
    }
}
