use std::ops::Range;

use super::segment;
use crate::rules::{Pack, RuleSet, Seen, Stop};
use crate::transcript::{Language, Side, Span, SpeakerId, Transcript};

/// A call as rules read it: folded once, cut into utterances, torn turns joined.
pub(super) struct View<'a> {
    pub(super) transcript: &'a Transcript,
    /// Every folded word, stretch by stretch.
    pub(super) words: Vec<ViewWord>,
    /// The same words as cues see them.
    pub(super) seen: Vec<Seen>,
    /// The folded words, one blank between.
    pub(super) text: String,
    pub(super) utterances: Vec<Utterance<'a>>,
    pub(super) stretches: Vec<Stretch>,
}

/// A folded word and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct ViewWord {
    pub(super) turn: u32,
    /// Its bytes in the turn.
    pub(super) raw: (u32, u32),
    /// Its bytes in [`View::text`].
    pub(super) folded: (u32, u32),
    pub(super) stop: Stop,
}

/// A sentence, or what stands for one where nobody set full stops.
#[derive(Clone, Debug)]
pub(super) struct Utterance<'a> {
    /// Its words in the view.
    pub(super) words: Range<usize>,
    /// How many words open it without changing it.
    pub(super) lead: usize,
    /// Index of its stretch.
    pub(super) stretch: usize,
    pub(super) pack: &'a Pack,
}

/// All that one speaker says without being interrupted by more than a "mm-hm": a virtual turn.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) speaker: SpeakerId,
    pub(super) side: Option<Side>,
    pub(super) utterances: Range<usize>,
    /// Whether it only shows that somebody listens.
    pub(super) backchannel: bool,
}

impl<'a> View<'a> {
    /// Folds and cuts `transcript`; turns in a language without rules have no utterances.
    pub(super) fn new(transcript: &'a Transcript, rules: &'a RuleSet) -> Self {
        let size: usize = transcript.turns.iter().map(|turn| turn.text.len()).sum();
        let mut view = Self {
            transcript,
            words: Vec::with_capacity(size / 5),
            seen: Vec::with_capacity(size / 5),
            text: String::with_capacity(size + size / 8),
            utterances: Vec::new(),
            stretches: Vec::new(),
        };
        let english = Language::from_tag("en");
        let packs: Vec<_> = transcript
            .turns
            .iter()
            // Where nothing tells the language, English is the likeliest by far and costs nothing if it is wrong.
            .map(|turn| {
                rules.pack(turn.language.as_ref().or(transcript.language.as_ref()).unwrap_or(&english))
            })
            .collect();
        segment::cut(&mut view, &packs);
        view
    }

    /// Returns the folded text of words.
    pub(super) fn folded(&self, words: Range<usize>) -> &str {
        match (self.words.get(words.start), words.end.checked_sub(1).and_then(|last| self.words.get(last))) {
            (Some(first), Some(last)) if words.start < words.end => {
                &self.text[first.folded.0 as usize..last.folded.1 as usize]
            }
            _ => "",
        }
    }

    /// Returns the span of words, cut to the turn in which word `hold` stands; `None` where there is nothing.
    pub(super) fn span(&self, words: Range<usize>, hold: usize) -> Option<Span> {
        let turn = self.words.get(hold)?.turn;
        let mut inside = self.words[words].iter().filter(|word| word.turn == turn);
        let first = inside.next()?;
        let last = inside.next_back().unwrap_or(first);
        Some(Span::new(turn as usize, first.raw.0 as usize..last.raw.1 as usize))
    }

    /// Returns the side of whoever says utterance `index`.
    pub(super) fn side(&self, index: usize) -> Option<Side> {
        self.stretches[self.utterances[index].stretch].side
    }

    /// Tells whether utterance `index` ends on a question mark.
    pub(super) fn asks(&self, index: usize) -> bool {
        let last = self.utterances[index].words.end.checked_sub(1);
        last.is_some_and(|last| self.words[last].stop == Stop::Question)
    }

    /// Returns the words of utterance `index` as cues see them.
    pub(super) fn seen(&self, index: usize) -> &[Seen] {
        &self.seen[self.utterances[index].words.clone()]
    }
}
