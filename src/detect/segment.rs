//! Where one utterance ends and the next begins, with and without punctuation.

use std::ops::Range;

use super::view::{Stretch, Utterance, View, ViewWord};
use crate::rules::{Folded, Mark, Pack, Seen, Stop, Word};
use crate::transcript::{Transcript, Turn};

/// A speaker with fewer sentence marks in 100 words is written without punctuation (Zelasko et al. 2021 show what
/// believing the few costs).
const MARKS_IN_100: usize = 1;
/// A pause of so many milliseconds between two rows ends a "spurt" in the ICSI corpus.
const PAUSE: u64 = 500;
/// Longest utterance in words where nothing else cuts: what people still take in at once.
const LONGEST: usize = 40;
/// Shortest clause worth cutting off where there is no punctuation.
const SHORTEST: usize = 4;
/// Longest backchannel in words.
const BACKCHANNEL: usize = 3;

/// Every turn of a call that has rules, folded.
#[derive(Default)]
struct Said<'a> {
    folded: Folded,
    /// The same words as cues see them.
    seen: Vec<Seen>,
    turns: Vec<FoldedTurn<'a>>,
}

/// The folded words of a turn.
struct FoldedTurn<'a> {
    turn: usize,
    speaker: usize,
    words: Range<usize>,
    pack: &'a Pack,
    backchannel: bool,
}

/// Fills `view` with words, utterances and stretches.
pub(super) fn cut<'a>(view: &mut View<'a>, packs: &[Option<&'a Pack>]) {
    let said = Said::new(view.transcript, packs);
    let punctuated = said.punctuated(view.transcript);
    for group in said.groups(&punctuated) {
        push_stretch(view, &said, &group, &punctuated);
    }
}

impl<'a> Said<'a> {
    fn new(transcript: &Transcript, packs: &[Option<&'a Pack>]) -> Self {
        let mut said = Self::default();
        for (turn, (written, pack)) in transcript.turns.iter().zip(packs).enumerate() {
            let Some(pack) = pack else { continue };
            let first = said.folded.words.len();
            pack.speech.fold(&written.text, &mut said.folded);
            let words = first..said.folded.words.len();
            let folded = &said.folded;
            said.seen.extend(folded.words[words.clone()].iter().map(|word| pack.see(folded.word(*word))));
            let backchannel = words.len() <= BACKCHANNEL
                && said.seen[words.clone()].iter().all(|word| word.marks.has(Mark::Backchannel));
            let speaker = written.speaker.index();
            said.turns.push(FoldedTurn { turn, speaker, words, pack, backchannel });
        }
        said
    }

    fn words(&self, turn: &FoldedTurn<'_>) -> &[Word] {
        &self.folded.words[turn.words.clone()]
    }

    /// Tells for each speaker whether sentence marks can be believed.
    fn punctuated(&self, transcript: &Transcript) -> Vec<bool> {
        let mut counts = vec![(0, 0); transcript.speakers.len()];
        for turn in &self.turns {
            let (marks, words) = &mut counts[turn.speaker];
            let ends = |word: &&Word| matches!(word.stop, Stop::Sentence | Stop::Question);
            *marks += self.words(turn).iter().filter(ends).count();
            *words += turn.words.len();
        }
        counts.into_iter().map(|(marks, words)| marks > 0 && marks * 100 >= words * MARKS_IN_100).collect()
    }

    /// Joins the turns of one speaker that others only interrupt in mid-sentence with a backchannel.
    fn groups(&self, punctuated: &[bool]) -> Vec<Vec<&FoldedTurn<'a>>> {
        let mut groups: Vec<Vec<&FoldedTurn<'a>>> = Vec::new();
        for turn in &self.turns {
            let torn =
                groups.iter().rposition(|group| !is_backchannel(group)).filter(|at| groups.len() - at <= 2);
            let joins = torn.and_then(|at| groups[at].last()).is_some_and(|last| {
                last.speaker == turn.speaker && self.breaks_off(last, punctuated[last.speaker])
            });
            match torn {
                Some(at) if joins && !turn.backchannel => groups[at].push(turn),
                _ => groups.push(vec![turn]),
            }
        }
        groups
    }

    /// Tells whether a turn ends in mid-sentence: without a mark where marks are set, on a word that wants another
    /// ("the", "and", "we") where they are not.
    fn breaks_off(&self, turn: &FoldedTurn<'_>, punctuated: bool) -> bool {
        let Some(last) = turn.words.clone().next_back() else { return false };
        if punctuated {
            matches!(self.folded.words[last].stop, Stop::None | Stop::Pause)
        } else {
            self.seen[last].marks.has(Mark::Dangling)
        }
    }
}

fn is_backchannel(group: &[&FoldedTurn<'_>]) -> bool {
    group.iter().map(|turn| turn.words.len()).sum::<usize>() <= BACKCHANNEL
        && group.iter().all(|turn| turn.backchannel)
}

fn push_stretch<'a>(view: &mut View<'a>, said: &Said<'a>, group: &[&FoldedTurn<'a>], punctuated: &[bool]) {
    let Some(first) = group.first() else { return };
    let transcript = view.transcript;
    let speaker = transcript.turns[first.turn].speaker;
    let stretch = view.stretches.len();
    let begin = view.utterances.len();
    let from = view.words.len();
    for turn in group {
        push_words(view, said, turn);
    }
    let to = view.words.len();
    let cuts = cuts(view, from..to, punctuated[speaker.index()]);
    for words in cuts {
        view.utterances.push(Utterance { lead: lead(view, &words), words, stretch, pack: first.pack });
    }
    let side = transcript.speakers[speaker.index()].side;
    let utterances = begin..view.utterances.len();
    view.stretches.push(Stretch { speaker, side, utterances, backchannel: is_backchannel(group) });
}

fn push_words(view: &mut View<'_>, said: &Said<'_>, turn: &FoldedTurn<'_>) {
    let mut starts = true;
    for (word, seen) in said.words(turn).iter().zip(&said.seen[turn.words.clone()]) {
        let at = view.text.len() as u32;
        view.text.push_str(said.folded.word(*word));
        let folded = (at, view.text.len() as u32);
        view.text.push(' ');
        // The first word of a sentence has its capital from there; it is a name only where no cue knows it.
        let known = seen.marks.has(Mark::Known);
        let proper = word.capital && !seen.marks.has(Mark::Common) && (!starts || !known);
        view.seen.push(Seen { name: proper || seen.name, ..*seen });
        view.words.push(ViewWord { turn: turn.turn as u32, raw: word.raw, folded, stop: word.stop });
        starts = matches!(word.stop, Stop::Sentence | Stop::Question);
    }
}

/// Returns the utterances of the words `from..to` of one stretch.
fn cuts(view: &View<'_>, all: Range<usize>, punctuated: bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = all.start;
    for at in all.start..all.end {
        let ends = match view.words[at].stop {
            Stop::Sentence | Stop::Question => punctuated || at + 1 - start >= SHORTEST,
            _ => !punctuated && ends_unmarked(view, start, at, all.end),
        };
        if ends && at + 1 < all.end {
            found.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < all.end {
        found.push(start..all.end);
    }
    found
}

/// Tells whether the utterance that began at `start` ends behind word `at`, where nobody set marks.
fn ends_unmarked(view: &View<'_>, start: usize, at: usize, end: usize) -> bool {
    let length = at + 1 - start;
    if length < SHORTEST || at + 1 + SHORTEST > end {
        return false;
    }
    let marks = |at: usize| view.seen[at].marks;
    if marks(at).has(Mark::Dangling) {
        return false;
    }
    let opens = marks(at + 1).has(Mark::Break) && marks(at + 2).has(Mark::Subject);
    opens || length >= LONGEST || paused(view, at)
}

fn paused(view: &View<'_>, at: usize) -> bool {
    let (word, next) = (view.words[at], view.words[at + 1]);
    let turn: &Turn = &view.transcript.turns[word.turn as usize];
    if word.turn != next.turn {
        return false;
    }
    let row = turn.marks.partition_point(|mark| mark.at <= next.raw.0).saturating_sub(1);
    let (Some(before), Some(here)) =
        (row.checked_sub(1).and_then(|row| turn.marks.get(row)), turn.marks.get(row))
    else {
        return false;
    };
    let gap =
        before.end.zip(here.start).map(|(end, start)| start.as_millis().saturating_sub(end.as_millis()));
    here.at > word.raw.0 && gap.is_some_and(|gap| gap >= PAUSE)
}

/// Returns how many words open the utterance without changing it.
fn lead(view: &View<'_>, words: &Range<usize>) -> usize {
    view.seen[words.clone()].iter().take_while(|word| word.marks.has(Mark::Opener)).count()
}
