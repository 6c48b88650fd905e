use std::borrow::Cow;

use super::lexicon::Lexicon;
use super::token::{Gap, Token};

/// A number of an utterance, spelt or in figures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Numeral {
    /// How many tokens it takes.
    pub(super) length: usize,
    /// Its value; the rank of an ordinal.
    pub(super) value: f64,
    /// Whether it is a rank ("third", "3rd").
    pub(super) ordinal: bool,
    /// Whether it is written in figures.
    pub(super) figures: bool,
}

impl Numeral {
    /// Returns the value as a whole number, where it is one.
    pub(super) fn whole(&self) -> Option<i64> {
        let whole = self.value.fract() == 0.0 && self.value.abs() < 1e15;
        // Below 1e15 every whole f64 is exact.
        whole.then_some(self.value as i64)
    }
}

struct Spoken<'a> {
    lower: String,
    token: &'a Token,
    parts: bool,
}

impl text2num::Token for &Spoken<'_> {
    fn text(&self) -> Cow<'_, str> {
        self.lower.as_str().into()
    }

    fn text_lowercase(&self) -> Cow<'_, str> {
        self.lower.as_str().into()
    }

    fn nt_separated(&self, previous: &Self) -> bool {
        self.token.gap != Gap::None || previous.parts
    }

    fn not_a_number_part(&self) -> bool {
        self.parts
    }
}

/// Returns the numbers of the tokens, each at the token where it begins.
pub(super) fn numerals(text: &str, tokens: &[Token], lexicon: &Lexicon) -> Vec<Option<Numeral>> {
    let mut found = spelt(text, tokens, lexicon);
    let mut at = 0;
    while at < tokens.len() {
        let numeral = figures(text, tokens, at, lexicon);
        found[at] = numeral.or(found[at]);
        at += numeral.map_or(1, |numeral| numeral.length);
    }
    for at in 0..tokens.len() {
        while let Some(joined) = joined(text, tokens, &found, at, lexicon) {
            let end = at + joined.length;
            found[at] = Some(joined);
            found[at + 1..end].fill(None);
        }
    }
    found
}

fn spelt(text: &str, tokens: &[Token], lexicon: &Lexicon) -> Vec<Option<Numeral>> {
    let spoken: Vec<Spoken> = tokens.iter().map(|token| speak(text, token, lexicon)).collect();
    let mut found = vec![None; tokens.len()];
    for number in text2num::find_numbers(spoken.iter(), &lexicon.numbers, 0.0) {
        let length = number.end.saturating_sub(number.start);
        if let Some(slot) = found.get_mut(number.start).filter(|_| length > 0) {
            *slot = Some(Numeral { length, value: number.value, ordinal: number.is_ordinal, figures: false });
        }
    }
    found
}

/// A lone `o` is a letter or an interjection, whatever the crate makes of telephone numbers.
fn speak<'a>(text: &str, token: &'a Token, lexicon: &Lexicon) -> Spoken<'a> {
    let lower = text[token.range.clone()].to_lowercase();
    let digits = lower.starts_with(|c: char| !c.is_alphabetic());
    let letter = lower.len() == 1 && !(lexicon.code == "es" && lower == "y");
    Spoken { lower, token, parts: digits || letter }
}

fn figures(text: &str, tokens: &[Token], at: usize, lexicon: &Lexicon) -> Option<Numeral> {
    let token = &tokens[at];
    let mut value = figure(&token.word, lexicon.code == "en")?;
    let mut length = 1;
    while lexicon.code != "en" && grouped(text, tokens, at + length) {
        value = value * 1000.0 + figure(&tokens[at + length].word, true)?;
        length += 1;
    }
    let suffix = tokens.get(at + 1).filter(|next| next.glued && SUFFIXES.contains(&next.word.as_str()));
    let point = lexicon.code == "de" && value <= 31.0 && text[token.range.end..].starts_with('.');
    let length = if suffix.is_some() { 2 } else { length };
    Some(Numeral { length, value, ordinal: suffix.is_some() || point, figures: true })
}

const SUFFIXES: [&str; 9] = ["st", "nd", "rd", "th", "er", "e", "eme", "o", "a"];

/// Whether the token is the next group of three figures: `52 000`.
fn grouped(text: &str, tokens: &[Token], at: usize) -> bool {
    let (Some(token), Some(previous)) = (tokens.get(at), tokens.get(at.wrapping_sub(1))) else {
        return false;
    };
    let between = &text[previous.range.end..token.range.start];
    let three = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
    let head = previous.word.len() <= 3 && !previous.word.starts_with('0') || three(&previous.word);
    three(&token.word) && head && matches!(between, " " | "\u{a0}" | "\u{202f}")
}

/// Reads figures; `point` says that a point begins the decimals, as in English.
fn figure(word: &str, point: bool) -> Option<f64> {
    if !word.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',') || word.len() > 18 {
        return None;
    }
    let decimal = decimal_separator(word, point);
    let digits = word.chars().filter(|c| c.is_ascii_digit() || Some(*c) == decimal);
    let plain: String = digits.map(|c| if Some(c) == decimal { '.' } else { c }).collect();
    plain.parse().ok()
}

/// With both separators the last begins the decimals; one alone before three figures groups thousands where
/// the language says so.
fn decimal_separator(word: &str, point: bool) -> Option<char> {
    let last = word.rfind(['.', ','])?;
    let separator = word[last..].chars().next()?;
    let both = word.contains('.') && word.contains(',');
    let repeated = word.matches(separator).count() > 1;
    let thousands = word.len() - last == 4 && (separator == ',') == point;
    (both || !(repeated || thousands)).then_some(separator)
}

/// Returns the number that begins at `at` together with the one that follows it, where they are one.
fn joined(
    text: &str,
    tokens: &[Token],
    found: &[Option<Numeral>],
    at: usize,
    lexicon: &Lexicon,
) -> Option<Numeral> {
    let first = found[at].filter(|numeral| !numeral.ordinal)?;
    let after = at + first.length;
    let next = tokens.get(after).filter(|token| token.gap == Gap::None)?;
    if let Some((length, factor)) = lexicon.longest(tokens, after, "multiplier") {
        // A letter multiplies only what it touches or what is spelt: "40k", "fifty k".
        let bound = next.word.len() > 1 || next.glued || !first.figures;
        return bound.then_some(Numeral {
            length: first.length + length,
            value: first.value * factor,
            ..first
        });
    }
    let second = found.get(after).copied().flatten()?;
    let length = first.length + second.length;
    let hyphen = text[..next.range.start].ends_with('-');
    let value = said_in_pairs(first, second, hyphen)?;
    Some(Numeral { length, value, ordinal: false, figures: false })
}

/// "twenty twenty-six", "nineteen ninety", "thirteen fifty", "four-twenty": two figures at a time.
fn said_in_pairs(first: Numeral, second: Numeral, hyphen: bool) -> Option<f64> {
    let (a, b) = (first.whole()?, second.whole()?);
    let spelt = !first.figures && !second.figures && !second.ordinal;
    let century = matches!(a, 19 | 20) && (10..=99).contains(&b);
    let odd = (11..=99).contains(&a) && a % 10 != 0 && (10..=99).contains(&b);
    let hundreds = hyphen && (1..=9).contains(&a) && (10..=99).contains(&b);
    (spelt && (century || odd || hundreds)).then_some(first.value * 100.0 + second.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::slots::token::tokens;

    fn values(text: &str, language: &str) -> Vec<f64> {
        let tokens = tokens(text);
        numerals(text, &tokens, Lexicon::of(language).unwrap())
            .into_iter()
            .flatten()
            .map(|n| n.value)
            .collect()
    }

    #[test]
    fn multipliers_and_years_join() {
        assert_eq!(values("one point five million", "en"), [1_500_000.0]);
        assert_eq!(values("fifty k and $40k and 1.2 million", "en"), [50_000.0, 40_000.0, 1_200_000.0]);
        assert_eq!(values("twenty twenty-six, nineteen ninety nine", "en"), [2026.0, 1999.0]);
        assert_eq!(values("thirty-two hundred or thirteen fifty", "en"), [3200.0, 1350.0]);
        assert_eq!(values("two hundred and fifty thousand", "en"), [250_000.0]);
    }

    #[test]
    fn separators_are_read_as_the_language_writes_them() {
        assert_eq!(values("3,500.00 or 1,200 or 4.5", "en"), [3500.0, 1200.0, 4.5]);
        assert_eq!(values("3.500,00 oder 1.200 oder 4,5", "de"), [3500.0, 1200.0, 4.5]);
        assert_eq!(values("52 000 euros", "fr"), [52_000.0]);
    }

    #[test]
    fn the_other_languages_spell_their_numbers() {
        assert_eq!(values("einundzwanzig, dreißigsten, dreizehnten", "de"), [21.0, 30.0, 13.0]);
        assert_eq!(values("quatre-vingt-dix, quinze", "fr"), [90.0, 15.0]);
        assert_eq!(values("treinta y cinco, veintidós", "es"), [35.0, 22.0]);
    }
}
