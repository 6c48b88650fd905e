//! What is shown of a turn: addresses, numbers of telephones and cards, and names may be hidden, and each place in what
//! is shown leads back to its place in the source.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::token::tokens;
use crate::transcript::Span;

/// A turn, or a piece of one, as a model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) turn: u32,
    pub(super) text: String,
    /// Bytes shown, and the bytes of the source that they stand for. Only pieces of one length are verbatim.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl Shown {
    /// Returns the span of the source that `range` stands for; what was hidden counts as a whole.
    pub(super) fn source(&self, range: Range<usize>) -> Span {
        let start = self.pieces.iter().find(|(shown, _)| range.start < shown.end);
        let end = self.pieces.iter().rev().find(|(shown, _)| range.end > shown.start);
        let verbatim = |(shown, source): &(Range<usize>, Range<usize>)| shown.len() == source.len();
        let start = start.map_or(0, |piece| match verbatim(piece) {
            true => piece.1.start + range.start.saturating_sub(piece.0.start),
            false => piece.1.start,
        });
        let end = end.map_or(start, |piece| match verbatim(piece) {
            true => piece.1.start + range.end.min(piece.0.end) - piece.0.start,
            false => piece.1.end,
        });
        Span::new(self.turn as usize, start..end.max(start))
    }
}

/// Hides, and gives the same thing the same name throughout a prompt.
pub(super) struct Masks {
    /// Words of names, lower case; none where nothing is hidden.
    names: HashSet<String>,
    hides: bool,
    given: HashMap<String, String>,
    counts: HashMap<&'static str, usize>,
}

/// A shorter word is as likely no name ("Al", "Jo" and "Will" are words).
const SHORTEST_NAME: usize = 3;

impl Masks {
    /// Hides numbers, addresses and `names`, where there are any names to hide.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let words = names.into_iter().flat_map(tokens).map(|token| token.folded);
        let names: HashSet<_> = words.filter(|word| word.chars().count() >= SHORTEST_NAME).collect();
        Self { hides: !names.is_empty(), names, given: HashMap::new(), counts: HashMap::new() }
    }

    /// Hides numbers and addresses even where no name is known.
    pub(super) fn hiding(mut self) -> Self {
        self.hides = true;
        self
    }

    /// Shows the bytes `piece` of turn `turn`, whose text is `text`.
    pub(super) fn show(&mut self, turn: u32, text: &str, piece: Range<usize>) -> Shown {
        let mut shown = Shown { turn, text: String::new(), pieces: Vec::new() };
        let mut at = piece.start;
        for (range, what) in self.hidden(&text[piece.clone()]) {
            let range = range.start + piece.start..range.end + piece.start;
            shown.push(text, at..range.start, None);
            let label = match what {
                "" => String::new(),
                what => self.label(what, &text[range.clone()]),
            };
            shown.push(text, range.clone(), Some(&label));
            at = range.end;
        }
        shown.push(text, at..piece.end, None);
        shown
    }

    /// Returns what must not be shown, in order, and what it is; nothing is said of characters that nobody sees.
    fn hidden(&self, text: &str) -> Vec<(Range<usize>, &'static str)> {
        let unseen = text.char_indices().filter(|(_, c)| is_unseen(*c));
        let mut hidden: Vec<_> = unseen.map(|(at, c)| (at..at + c.len_utf8(), "")).collect();
        if self.hides {
            hidden.extend(ADDRESS.find_iter(text).map(|found| (found.range(), "e-mail")));
            hidden.extend(
                NUMBER.find_iter(text).filter_map(|found| Some((found.range(), number(found.as_str())?))),
            );
            let names = tokens(text).into_iter().filter(|token| self.names.contains(&token.folded));
            hidden.extend(names.map(|token| (token.range, "name")));
        }
        hidden.sort_by_key(|(range, _)| (range.start, usize::MAX - range.end));
        let mut end = 0;
        hidden.retain(|(range, _)| {
            let free = range.start >= end;
            end = end.max(range.end);
            free
        });
        hidden
    }

    fn label(&mut self, what: &'static str, words: &str) -> String {
        if let Some(given) = self.given.get(&words.to_lowercase()) {
            return given.clone();
        }
        let count = self.counts.entry(what).or_default();
        *count += 1;
        let label = format!("[{what} {count}]");
        self.given.insert(words.to_lowercase(), label.clone());
        label
    }
}

impl Shown {
    fn push(&mut self, text: &str, source: Range<usize>, label: Option<&str>) {
        let words = label.unwrap_or(&text[source.clone()]);
        let start = self.text.len();
        self.text.push_str(words);
        if !words.is_empty() {
            self.pieces.push((start..self.text.len(), source));
        }
    }
}

#[expect(clippy::expect_used, reason = "the pattern is constant")]
static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+").expect("a valid pattern"));
#[expect(clippy::expect_used, reason = "the pattern is constant")]
static NUMBER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\+?\(?\d[\d ().\-/]{6,}\d").expect("a valid pattern"));

/// Returns what a long number is; `None` for a date or an amount.
fn number(text: &str) -> Option<&'static str> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let date = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    match digits.len() {
        13..=19 if luhn(&digits) => Some("card"),
        9..=15 if !date => Some("phone"),
        _ => None,
    }
}

/// Tells whether the last digit checks the others, as it does in numbers of cards.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |(at, digit): (usize, &u32)| match at % 2 {
        0 => *digit,
        _ if *digit > 4 => digit * 2 - 9,
        _ => digit * 2,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// Characters that nobody sees and a model reads: tags, joiners, marks of direction.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}')
        || (c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_comes_back_by_its_place() {
        let text = "Ask dana.w@acme.example or +44 20 7946 0958, Dana\u{200B}'s card 4111 1111 1111 1111, by 2026-03-31.";
        let mut masks = Masks::new(["Dana Whitfield"]);
        let shown = masks.show(3, text, 0..text.len());
        assert_eq!(shown.text, "Ask [e-mail 1] or [phone 1], [name 1]'s card [card 1], by 2026-03-31.");
        let of = |words: &str| {
            let at = shown.text.find(words).unwrap();
            &text[shown.source(at..at + words.len()).range()]
        };
        assert_eq!(of("or [phone 1]"), "or +44 20 7946 0958");
        assert_eq!(of("mail 1] or"), "dana.w@acme.example or");
        assert_eq!(of("by 2026-03-31"), "by 2026-03-31");
        assert_eq!(of("'s card [card 1]"), "'s card 4111 1111 1111 1111");
    }

    #[test]
    fn nothing_is_hidden_unless_asked_for() {
        let text = "Call Dana on +44 20 7946 0958";
        assert_eq!(Masks::new([]).show(0, text, 0..text.len()).text, text);
    }
}
