use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::filters::key;
use super::words::{Word, folded, join, stems, words};
use crate::detect::CallRecord;
use crate::rules::Kind;
use crate::transcript::{Deal, Language, Side, Transcript};

/// A turn of more words is indexed as several passages. A page of speech is about that, and PostgreSQL keeps at most
/// 256 positions of one word, which a passage of this size does not reach in earnest.
const PASSAGE_WORDS: usize = 500;

/// The last words of a passage are the first of the next, so that a phrase across the cut is found.
const OVERLAP: usize = 32;

/// No passage is longer, whatever stands between its words.
const PASSAGE_BYTES: usize = 32 * 1024;

/// Of a name that is really a paragraph, the first words are enough.
const NAME_WORDS: usize = 8;

/// Times within a passage are kept this far apart: enough to play the place, whatever the recorder's grain.
const TIME_GRAIN_MS: u64 = 5_000;

/// A call as an index is told of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallDocument {
    /// The call's id.
    pub call: String,
    /// What the meeting was called.
    pub title: Option<String>,
    /// The deal it belongs to.
    pub deal: Option<String>,
    /// The customer.
    pub account: Option<String>,
    /// Local date of the call.
    pub date: Option<Date>,
    /// The turns, in order.
    pub turns: Vec<TurnDocument>,
}

/// A turn as an index is told of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TurnDocument {
    /// Index of the turn in the transcript.
    pub turn: u32,
    /// Who speaks.
    pub speaker: String,
    /// On whose side.
    pub side: Option<Side>,
    /// Kinds of the findings in the turn.
    pub kinds: BTreeSet<Kind>,
    /// The language.
    pub language: Option<Language>,
    /// Byte offsets in the text with the milliseconds at which they were said, in order.
    pub times: Vec<(u32, u64)>,
    /// The words, to the letter.
    pub text: String,
}

/// What an index must do about a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Hold this, in place of what it holds of the call.
    Put(CallDocument),
    /// Forget the call with this id.
    Remove(String),
}

impl Change {
    /// Returns the call's id.
    pub fn call(&self) -> &str {
        match self {
            Self::Put(document) => &document.call,
            Self::Remove(call) => call,
        }
    }
}

impl CallDocument {
    /// Returns what an index is told of a transcript and what was found in it.
    pub fn new(transcript: &Transcript, deal: Option<&Deal>, record: &CallRecord) -> Self {
        let mut kinds = vec![BTreeSet::new(); transcript.turns.len()];
        for finding in &record.findings {
            if let Some(kinds) = kinds.get_mut(finding.turn as usize) {
                kinds.insert(finding.kind);
            }
        }
        let turn = |(at, (turn, kinds)): (usize, (&crate::transcript::Turn, BTreeSet<Kind>))| {
            let speaker = transcript.speakers.get(turn.speaker.index());
            TurnDocument {
                turn: at as u32,
                speaker: speaker.map(|speaker| speaker.display().to_owned()).unwrap_or_default(),
                side: speaker.and_then(|speaker| speaker.side),
                kinds,
                language: turn.language.clone().or_else(|| transcript.language.clone()),
                times: turn
                    .marks
                    .iter()
                    .filter_map(|mark| Some((mark.at, mark.start?.as_millis())))
                    .collect(),
                text: turn.text.clone(),
            }
        };
        Self {
            call: transcript.call.id.clone(),
            title: transcript.call.title.clone(),
            deal: deal.map(|deal| deal.id.clone()),
            account: deal.map(|deal| deal.account.clone()).filter(|account| !account.is_empty()),
            date: transcript.call.started_at.map(|time| time.date()),
            turns: transcript.turns.iter().zip(kinds).enumerate().map(turn).collect(),
        }
    }

    /// Returns the passages to be indexed.
    pub(super) fn passages(&self) -> impl Iterator<Item = Passage> {
        self.turns.iter().flat_map(|turn| {
            turn.cut().into_iter().map(|(start, end, words)| self.passage(turn, start, end, words))
        })
    }

    fn passage(&self, turn: &TurnDocument, start: usize, end: usize, words: Vec<Word>) -> Passage {
        let shown = Shown {
            call: self.call.clone(),
            title: self.title.clone(),
            deal: self.deal.clone(),
            account: self.account.clone(),
            date: self.date,
            turn: turn.turn,
            speaker: turn.speaker.clone(),
            side: turn.side,
            kinds: turn.kinds.iter().copied().collect(),
            language: turn.language.clone(),
            at: start as u32,
            times: turn.times_within(start, end),
            text: turn.text[start..end].to_owned(),
        };
        let exact = join(words.iter().map(|word| word.folded.as_str()));
        let stems =
            turn.language.as_ref().map(|language| stems(language.as_str(), &exact)).unwrap_or_default();
        Passage { keys: shown.keys(), exact, stems, shown }
    }
}

impl TurnDocument {
    /// Cuts the turn into passages: first byte, one past the last, and the words.
    fn cut(&self) -> Vec<(usize, usize, Vec<Word>)> {
        let all = words(&self.text);
        if all.len() <= PASSAGE_WORDS && self.text.len() <= PASSAGE_BYTES {
            return vec![(0, self.text.len(), all)];
        }
        let (mut cuts, mut first) = (Vec::new(), 0);
        while first < all.len() {
            let start = all[first].range.start;
            let fits = |word: &Word| word.range.end - start <= PASSAGE_BYTES;
            let last =
                all[first..].iter().take(PASSAGE_WORDS).take_while(|word| fits(word)).count().max(1) + first;
            cuts.push((start, all[last - 1].range.end, all[first..last].to_vec()));
            if last == all.len() {
                break;
            }
            first = last.saturating_sub(OVERLAP).max(first + 1);
        }
        cuts
    }

    fn times_within(&self, start: usize, end: usize) -> Vec<(u32, u64)> {
        let first = self.times.partition_point(|(at, _)| *at as usize <= start).saturating_sub(1);
        let mut kept: Vec<(u32, u64)> = Vec::new();
        for &(at, ms) in self.times[first..].iter().take_while(|(at, _)| (*at as usize) < end) {
            if kept.last().is_none_or(|(_, last)| ms.abs_diff(*last) >= TIME_GRAIN_MS) {
                kept.push((at, ms));
            }
        }
        kept
    }
}

/// A turn, or a part of a very long one, ready to be indexed.
pub(super) struct Passage {
    /// What is handed out when the passage is found.
    pub(super) shown: Shown,
    /// Terms of the filters.
    pub(super) keys: Vec<String>,
    /// The words, folded, with a space between.
    pub(super) exact: String,
    /// Their stems, one a word, or none.
    pub(super) stems: Vec<String>,
}

/// A passage as it is handed out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Shown {
    pub(super) call: String,
    pub(super) title: Option<String>,
    pub(super) deal: Option<String>,
    pub(super) account: Option<String>,
    pub(super) date: Option<Date>,
    pub(super) turn: u32,
    pub(super) speaker: String,
    pub(super) side: Option<Side>,
    pub(super) kinds: Vec<Kind>,
    pub(super) language: Option<Language>,
    /// Byte offset of the text in the turn.
    pub(super) at: u32,
    pub(super) times: Vec<(u32, u64)>,
    pub(super) text: String,
}

impl Shown {
    /// Returns the values that are counted under a facet; what is no name but a paragraph is cut.
    pub(super) fn facet(&self, name: &str) -> Vec<String> {
        let month = self.date.map(|date| date.strftime("%Y-%m").to_string());
        let values: Vec<&str> = match name {
            "account" => self.account.as_deref().into_iter().collect(),
            "deal" => self.deal.as_deref().into_iter().collect(),
            "call" => vec![&self.call],
            "speaker" => vec![&self.speaker],
            "month" => month.as_deref().into_iter().collect(),
            "side" => self.side.map(Side::as_str).into_iter().collect(),
            "kind" => self.kinds.iter().map(|kind| kind.as_str()).collect(),
            _ => self.language.as_ref().map(Language::as_str).into_iter().collect(),
        };
        values.into_iter().map(|value| value.chars().filter(|c| *c != '\0').take(200).collect()).collect()
    }

    fn keys(&self) -> Vec<String> {
        let mut keys = vec![key("call", &self.call), key("speaker", &folded(&self.speaker))];
        keys.extend(parts_of_name(&self.speaker).iter().map(|part| key("speaker", part)));
        keys.extend(self.deal.as_ref().map(|deal| key("deal", deal)));
        keys.extend(self.account.as_ref().map(|account| key("account", &folded(account))));
        keys.extend(self.side.map(|side| key("side", side.as_str())));
        keys.extend(self.kinds.iter().map(|kind| key("kind", kind.as_str())));
        keys.extend(self.language.as_ref().map(|language| key("language", language.as_str())));
        keys.sort();
        keys.dedup();
        keys
    }
}

/// Returns every run of words of a name, so that "Sam", "Ortiz" and "Sam Ortiz" all find "Sam Ortiz (Acme)".
fn parts_of_name(name: &str) -> Vec<String> {
    let words: Vec<String> = words(name).into_iter().take(NAME_WORDS).map(|word| word.folded).collect();
    let runs = |from: usize| (from + 1..=words.len()).map(move |to| (from, to));
    (0..words.len()).flat_map(runs).map(|(from, to)| words[from..to].join(" ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(text: String) -> CallDocument {
        let turn = TurnDocument {
            text,
            times: vec![(0, 0), (3, 1_000), (2_500, 60_000)],
            ..TurnDocument::default()
        };
        CallDocument { turns: vec![turn], ..CallDocument::default() }
    }

    #[test]
    fn a_short_turn_is_one_passage_to_the_letter() {
        let passages: Vec<_> = turn("  Sure — sure. ".to_owned()).passages().collect();
        assert_eq!(passages.len(), 1);
        assert_eq!(passages[0].shown.text, "  Sure — sure. ");
        assert_eq!(passages[0].shown.times, [(0, 0)]);
    }

    #[test]
    fn a_long_turn_loses_no_word_and_no_phrase() {
        let text: String = (0..2_000).map(|n| format!("word{n}, ")).collect();
        let document = turn(text.clone());
        let passages: Vec<_> = document.passages().collect();
        assert!(passages.len() > 3);
        for pair in (0..1_999).map(|n| format!("word{n} word{}", n + 1)) {
            assert!(passages.iter().any(|passage| passage.exact.contains(&pair)), "{pair}");
        }
        for Passage { shown, .. } in &passages {
            assert_eq!(&text[shown.at as usize..][..shown.text.len()], shown.text);
        }
        assert_eq!(passages[1].shown.times, [(2_500, 60_000)]);
    }

    #[test]
    fn a_turn_of_one_endless_word_is_cut_into_passages() {
        let document = turn("a".repeat(200_000));
        assert!(document.passages().all(|passage| passage.shown.text.len() <= PASSAGE_BYTES));
        let empty = turn("-".repeat(200_000));
        assert_eq!(empty.passages().count(), 0);
    }
}
