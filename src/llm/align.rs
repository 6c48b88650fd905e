//! Where the words stand that a model cites. What is kept is always the source's own slice; the model's wording only
//! finds it.

use std::collections::HashSet;
use std::ops::Range;

use super::agree::agree;
use super::answer::Refusal;
use super::mask::Shown;
use super::token::{Token, tokens};
use crate::rules::Kind;
use crate::transcript::Span;

/// A wording of fewer words must stand there as it is: too little is left of it where some differ.
const FUZZY_FROM: usize = 6;
/// Likeness (see [`likeness`]) from which a wording of less than [`LONG`] words counts, and a longer one. Measured on
/// 400 quotes of meetings: fillers dropped, 0.98 of quotes are found; words of another meeting, none.
const LIKE: f64 = 0.80;
const LIKE_LONG: f64 = 0.75;
const LONG: usize = 10;
/// The model may be off by so many turns.
const NEAR: u32 = 2;
/// A word of so many letters may differ by a letter or two.
const SPELT: usize = 5;
const SPELT_LIKE: f64 = 0.8;
/// Longer wordings are no quotes.
const LONGEST: usize = 120;

/// Places words in what was shown.
pub(super) struct Aligner<'s> {
    turns: Vec<(&'s Shown, Vec<Token>)>,
    /// Places that were handed out, so that a phrase said twice is cited twice in its order.
    taken: HashSet<(Kind, u32, usize)>,
}

impl<'s> Aligner<'s> {
    pub(super) fn new(shown: &'s [Shown]) -> Self {
        let turns = shown.iter().map(|shown| (shown, tokens(&shown.text))).collect();
        Self { turns, taken: HashSet::new() }
    }

    /// Returns the span of the source in which `quote` stands, in or near `turn`.
    pub(super) fn align(&mut self, turn: u32, quote: &str, kind: Kind) -> Result<Span, Refusal> {
        let words = tokens(quote);
        if words.is_empty() || words.len() > LONGEST {
            return Err(Refusal::NotSaid);
        }
        let mut found: Vec<(u32, &Shown, Range<usize>)> = Vec::new();
        let near = |shown: &Shown| shown.turn.abs_diff(turn) <= NEAR;
        let mut disagrees = false;
        for (shown, said) in self.turns.iter().filter(|(shown, _)| near(shown)) {
            let places = places(&words, said);
            found.extend(
                places.into_iter().map(|range| (shown.turn.abs_diff(turn), *shown, bytes(said, range))),
            );
        }
        if found.is_empty() && words.len() >= FUZZY_FROM {
            for (shown, said) in self.turns.iter().filter(|(shown, _)| near(shown)) {
                let Some(range) = likeliest(&words, said) else { continue };
                if agree(&words, &said[range.clone()]) {
                    found.push((shown.turn.abs_diff(turn), shown, bytes(said, range)));
                } else {
                    disagrees = true;
                }
            }
        }
        found.sort_by_key(|(off, shown, range)| (*off, shown.turn, range.start));
        let free =
            found.iter().find(|(_, shown, range)| !self.taken.contains(&(kind, shown.turn, range.start)));
        match free {
            Some((_, shown, range)) => {
                self.taken.insert((kind, shown.turn, range.start));
                Ok(shown.source(range.clone()))
            }
            None if !found.is_empty() => Err(Refusal::SaidLessOften),
            None if disagrees => Err(Refusal::Disagrees),
            None => Err(Refusal::NotSaid),
        }
    }
}

/// Returns where all of `words` stand one behind the other.
fn places(words: &[Token], said: &[Token]) -> Vec<Range<usize>> {
    let same = |window: &[Token]| window.iter().zip(words).all(|(one, other)| one.folded == other.folded);
    let windows = said.windows(words.len()).enumerate();
    windows.filter(|(_, window)| same(window)).map(|(at, _)| at..at + words.len()).collect()
}

fn bytes(said: &[Token], range: Range<usize>) -> Range<usize> {
    said[range.start].range.start..said[range.end - 1].range.end
}

/// A run of both texts that goes together.
#[derive(Clone, Copy, Default)]
struct Run {
    score: i32,
    start: usize,
    matched: usize,
}

/// Returns the words of `said` that are most like `words`, where they are like enough: a local alignment (Smith and
/// Waterman 1981) over words.
fn likeliest(words: &[Token], said: &[Token]) -> Option<Range<usize>> {
    let mut before = vec![Run::default(); said.len() + 1];
    let (mut best, mut end) = (Run::default(), 0);
    for word in words {
        let mut now = vec![Run::default(); said.len() + 1];
        for (at, other) in said.iter().enumerate() {
            let matches = alike(&word.folded, &other.folded);
            let mut run = before[at];
            if run.score == 0 {
                run = Run { score: 0, start: at, matched: 0 };
            }
            run.score += if matches { 2 } else { -1 };
            run.matched += usize::from(matches);
            for gap in [before[at + 1], now[at]] {
                if gap.score - 1 > run.score {
                    run = Run { score: gap.score - 1, ..gap };
                }
            }
            now[at + 1] = if run.score > 0 { run } else { Run::default() };
            if now[at + 1].score > best.score {
                (best, end) = (now[at + 1], at + 1);
            }
        }
        before = now;
    }
    let floor = if words.len() < LONG { LIKE } else { LIKE_LONG };
    (best.score > 0 && likeness(best.matched, words.len(), end - best.start) >= floor)
        .then_some(best.start..end)
}

/// Returns the harmonic mean of how much of the wording stands there and how densely.
fn likeness(matched: usize, wording: usize, said: usize) -> f64 {
    2.0 * matched as f64 / (wording + said).max(1) as f64
}

fn alike(one: &str, other: &str) -> bool {
    one == other
        || (one.len() >= SPELT
            && one.len().abs_diff(other.len()) <= 2
            && !one.bytes().any(|byte| byte.is_ascii_digit())
            && strsim::normalized_levenshtein(one, other) >= SPELT_LIKE)
}

#[cfg(test)]
mod tests {
    use super::super::mask::Masks;
    use super::*;

    fn shown(turns: &[&str]) -> Vec<Shown> {
        let mut masks = Masks::new([]);
        let show = |(at, text): (usize, &&str)| masks.show(at as u32, text, 0..text.len());
        turns.iter().enumerate().map(show).collect()
    }

    #[test]
    fn words_are_found_however_they_are_written_and_the_source_is_kept() {
        let turns = [
            "So, uh, we’ll have SSO live by the end of March, I promise you that.",
            "Fine. Fine.",
            "Café at 9",
        ];
        let shown = shown(&turns);
        let cases = [
            (0, "we’ll have SSO live", Ok("we’ll have SSO live")),
            (0, "We'll  have sso LIVE", Ok("we’ll have SSO live")),
            (1, "we'll have sso live", Ok("we’ll have SSO live")),
            (
                0,
                "so we'll have SSO live by end of March, I promise",
                Ok("So, uh, we’ll have SSO live by the end of March, I promise"),
            ),
            (0, "we'll have SSO live by the end of May, I promise", Err(Refusal::Disagrees)),
            (0, "we won't have SSO live by the end of March, I promise", Err(Refusal::Disagrees)),
            (0, "you will get a free unicorn with every seat", Err(Refusal::NotSaid)),
            (0, "we live", Err(Refusal::NotSaid)),
            (9, "we'll have SSO live", Err(Refusal::NotSaid)),
            (2, "cafe", Ok("Café")),
            (0, "", Err(Refusal::NotSaid)),
        ];
        for (turn, quote, wanted) in cases {
            let span = Aligner::new(&shown).align(turn, quote, Kind::Promise);
            let words = span.as_ref().map(|span| &turns[span.turn as usize][span.range()]);
            assert_eq!(words, wanted.as_ref().copied(), "{quote}");
        }
    }

    #[test]
    fn a_phrase_said_twice_is_cited_twice_in_its_order_and_not_a_third_time() {
        let shown = shown(&["Fine. Fine."]);
        let mut aligner = Aligner::new(&shown);
        let mut start = || aligner.align(0, "fine", Kind::Promise).map(|span| span.start);
        assert_eq!([start(), start(), start()], [Ok(0), Ok(6), Err(Refusal::SaidLessOften)]);
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_cited_only_whole_characters_of_the_source_come_back(
            text in "([A-Za-z0-9é '’.,@\u{200b}\u{e0041}ß-]|Dana|not|15 ){0,40}",
            quote in "([A-Za-z0-9é '’.]|Dana|not|15 |\\[name 1\\]){0,40}",
            cut in 0..200_usize,
            hides: bool,
        ) {
            let mut masks = if hides { Masks::new(["Dana"]).hiding() } else { Masks::new([]) };
            let shown = [masks.show(0, &text, 0..text.len())];
            let said: String = text.chars().skip(cut % 20).take(cut / 5).collect();
            for quote in [&quote, &said] {
                if let Ok(span) = Aligner::new(&shown).align(0, quote, Kind::Promise) {
                    let words = text.get(span.range());
                    proptest::prop_assert!(words.is_some_and(|words| !words.is_empty()), "{quote:?} in {text:?}: {span:?}");
                }
            }
        }
    }
}
