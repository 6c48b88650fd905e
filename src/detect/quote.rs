//! Which words of an utterance are quoted: the shortest that are understood alone.

use std::ops::Range;

use super::candidate::Candidate;
use super::view::{Utterance, View};
use crate::rules::Stop;
use crate::transcript::Quote;

/// A longer utterance is cut at its clauses (the guide: "rarely over 40 words").
const LONGEST: usize = 40;
/// How far a clause border is looked for around the words that the rule held on to.
const AROUND: usize = 22;

/// Returns the words that a candidate quotes; openers stay where it holds on to them.
pub(super) fn quote(view: &View<'_>, candidate: &Candidate<'_>) -> Option<Quote> {
    let utterances = &candidate.utterances;
    let own = view.utterances[candidate.utterance].words.start;
    let held = own + candidate.hit.start..own + candidate.hit.end;
    let first = &view.utterances[utterances.start];
    let last = &view.utterances[utterances.end.checked_sub(1)?];
    cut(view, first, first.words.start..last.words.end, held)
}

/// Returns the words of `utterance`, which something answers.
pub(super) fn context(view: &View<'_>, utterance: usize) -> Option<Quote> {
    let said = &view.utterances[utterance];
    cut(view, said, said.words.clone(), said.words.clone())
}

fn cut(view: &View<'_>, first: &Utterance<'_>, all: Range<usize>, held: Range<usize>) -> Option<Quote> {
    let lead = (all.start + first.lead).min(held.start).min(all.end.saturating_sub(1));
    let mut words = lead..all.end;
    if words.len() > LONGEST {
        words = clause(view, &words, &held);
    }
    view.transcript.quote(view.span(words, held.start)?)
}

/// Cuts `words` at the furthest clause borders within reach of `held`.
fn clause(view: &View<'_>, words: &Range<usize>, held: &Range<usize>) -> Range<usize> {
    let pause = |at: usize| view.words[at].stop != Stop::None;
    let from = held.start.saturating_sub(AROUND).max(words.start);
    let to = (held.end + AROUND).min(words.end);
    let start = match from {
        from if from == words.start => from,
        from => (from..held.start).find(|at| pause(*at)).map_or(held.start, |at| at + 1),
    };
    let end = match to {
        to if to == words.end => to,
        to => (held.end.saturating_sub(1)..to).rev().find(|at| pause(*at)).map_or(to, |at| at + 1),
    };
    start..end.max(held.end)
}
