use serde::Serialize;

use crate::transcript::Transcript;

/// How long somebody speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TalkTime {
    /// Milliseconds, of the turns whose beginning and end the recordings tell; `None` where they tell none.
    pub ms: Option<u64>,
    /// Words.
    pub words: usize,
    /// Words of everybody on the calls on which the person speaks.
    pub of_words: usize,
}

impl TalkTime {
    /// Returns how long each speaker of a call speaks, in the order of the transcript's speakers.
    pub(super) fn of_speakers(transcript: &Transcript) -> Vec<Self> {
        let mut talks = vec![Self::default(); transcript.speakers.len()];
        let mut all = 0;
        for (at, turn) in transcript.turns.iter().enumerate() {
            // Words of a turn stand one space apart.
            let words = turn.text.bytes().filter(|byte| *byte == b' ').count() + 1;
            all += words;
            // Some recorders tell only when each turn begins: it lasts until the next does.
            let next = transcript.turns.get(at + 1).and_then(|next| next.start());
            let lasts = turn.start().zip(turn.end().or(next));
            let ms = lasts.map(|(start, end)| end.as_millis().saturating_sub(start.as_millis()));
            if let Some(talk) = talks.get_mut(turn.speaker.index()) {
                talk.add(Self { ms, words, of_words: 0 });
            }
        }
        talks.iter_mut().for_each(|talk| talk.of_words = all);
        talks
    }

    /// Adds what the same person says elsewhere.
    pub(super) fn add(&mut self, other: Self) {
        self.ms = self.ms.into_iter().chain(other.ms).reduce(u64::saturating_add);
        self.words += other.words;
        self.of_words += other.of_words;
    }

    /// Adds what somebody says who is the same person; they may have spoken on the same calls under two labels.
    pub fn join(&mut self, other: Self) {
        let of_words = self.of_words.max(other.of_words);
        self.add(other);
        self.of_words = of_words;
    }

    /// Returns the person's share of the words on their calls, in whole percent.
    pub fn percent(&self) -> usize {
        (self.words * 100).checked_div(self.of_words).unwrap_or(0)
    }
}
