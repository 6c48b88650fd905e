use unicode_segmentation::UnicodeSegmentation as _;

use super::phrases::{self, Phrases};
use crate::llm;
use crate::transcript::{Side, Span, SpeakerId, Transcript};

/// A sentence of a call.
#[derive(Clone, Debug)]
pub(super) struct Sentence<'t> {
    pub(super) span: Span,
    text: &'t str,
    /// Its words as they are compared.
    pub(super) words: Vec<String>,
    pub(super) speaker: SpeakerId,
    pub(super) side: Option<Side>,
    pub(super) phrases: &'static Phrases,
    /// Whether its turn has marks at the ends of sentences.
    punctuated: bool,
}

impl Sentence<'_> {
    /// Tells whether it asks: by its mark, or by its first word where nobody sets marks.
    pub(super) fn asks(&self) -> bool {
        let opens = || self.words.first().is_some_and(|word| self.phrases.asks.contains(word));
        self.text.ends_with('?') || (!self.punctuated && opens())
    }
}

/// Returns the sentences of a call, in order.
pub(super) fn sentences(transcript: &Transcript) -> Vec<Sentence<'_>> {
    let mut sentences = Vec::new();
    for (at, turn) in transcript.turns.iter().enumerate() {
        let punctuated = turn.text.contains(['.', '?', '!']);
        let side = transcript.speakers.get(turn.speaker.index()).and_then(|speaker| speaker.side);
        for (start, bound) in turn.text.split_sentence_bound_indices() {
            let text = bound.trim();
            let start = start + (bound.len() - bound.trim_start().len());
            let words = llm::words(text);
            if !words.is_empty() {
                let (span, phrases) =
                    (Span::new(at, start..start + text.len()), phrases::of_turn(transcript, at));
                sentences.push(Sentence {
                    span,
                    text,
                    words,
                    speaker: turn.speaker,
                    side,
                    phrases,
                    punctuated,
                });
            }
        }
    }
    sentences
}
