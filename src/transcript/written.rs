use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Call, Digest, Language, Quote, Side, Span, Speaker, Timecode, Turn};

/// The written record of a call, sealed: no function changes its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    /// The call that was recorded.
    pub call: Call,
    /// Everybody whom the recorder told apart.
    pub speakers: Vec<Speaker>,
    /// What was said, in order.
    pub turns: Vec<Turn>,
    /// The language of most of the call; `None` where it cannot be told.
    pub language: Option<Language>,
    /// The digest of the bytes that the recorder delivered.
    pub source: Digest,
}

impl Transcript {
    /// Returns the words that `span` covers, or `None` where it does not fit the transcript.
    pub fn slice(&self, span: Span) -> Option<&str> {
        self.turns.get(span.turn as usize)?.text.get(span.range())
    }

    /// Cuts a quote out of the transcript, or returns `None` where `span` is empty or does not fit.
    pub fn quote(&self, span: Span) -> Option<Quote> {
        let text = self.slice(span).filter(|text| !text.is_empty())?;
        Some(Quote { text: text.to_owned(), span })
    }

    /// Tells whether `quote` still stands in this transcript to the letter.
    pub fn holds(&self, quote: &Quote) -> bool {
        self.slice(quote.span) == Some(quote.text.as_str())
    }

    /// Returns who says the words of `span`.
    ///
    /// # Panics
    /// Where `span` is not of this transcript.
    pub fn speaker(&self, span: Span) -> &Speaker {
        &self.speakers[self.turns[span.turn as usize].speaker.index()]
    }

    /// Returns the side of whoever says the words of `span`.
    pub fn side(&self, span: Span) -> Option<Side> {
        self.speaker(span).side
    }

    /// Returns when the words of `span` begin.
    pub fn time(&self, span: Span) -> Option<Timecode> {
        self.turns.get(span.turn as usize)?.time_at(span.start)
    }

    /// Returns the languages in which turns were spoken.
    pub fn languages(&self) -> BTreeSet<&Language> {
        self.turns.iter().filter_map(|turn| turn.language.as_ref()).collect()
    }

    /// Returns the digest of what was said and by whom (the recorder's labels), whatever format it came in.
    pub fn digest(&self) -> Digest {
        let parts = self
            .turns
            .iter()
            .flat_map(|turn| [self.speakers[turn.speaker.index()].label.as_bytes(), turn.text.as_bytes()]);
        Digest::of_parts(parts)
    }
}
