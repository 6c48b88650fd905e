use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A word, a figure or a currency sign of an utterance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// Its letters, folded: `März` is `marz`.
    pub(super) word: String,
    /// What parts it from the token before.
    pub(super) gap: Gap,
    /// Whether it touches the token before, as `k` does in `40k`.
    pub(super) glued: bool,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
}

/// What stands between two tokens, from weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing, blanks, a hyphen or an apostrophe.
    None,
    /// A comma, a dash, an ellipsis or the point of an ordinal: thoughts go on across it.
    Soft,
    /// The end of a clause or a sentence.
    Hard,
}

#[derive(Clone, Copy, PartialEq)]
enum Sort {
    Letter,
    Digit,
    Sign,
}

/// Returns the tokens of `text`. Letters and digits part (`Q3`, `40k`, `14th`), as do hyphens and apostrophes.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    let mut start = 0;
    while let Some((at, first)) = text[start..].char_indices().find(|(_, c)| sort(*c).is_some()) {
        let at = start + at;
        let end = token_end(text, at, first);
        let previous = found.last().map_or(0, |token| token.range.end);
        found.push(Token {
            range: at..end,
            word: fold(&text[at..end]),
            gap: gap(&text[previous..at], found.last()),
            glued: at == previous && at > 0,
            capital: first.is_uppercase(),
        });
        start = end;
    }
    found
}

/// Returns the words of `text`, folded as tokens are.
pub(super) fn words(text: &str) -> Vec<String> {
    tokens(text).into_iter().map(|token| token.word).collect()
}

fn sort(c: char) -> Option<Sort> {
    match c {
        '0'..='9' => Some(Sort::Digit),
        '$' | '€' | '£' | '%' => Some(Sort::Sign),
        c if c.is_alphanumeric() || is_combining_mark(c) => Some(Sort::Letter),
        _ => None,
    }
}

fn token_end(text: &str, at: usize, first: char) -> usize {
    match sort(first) {
        Some(Sort::Digit) => at + digits_end(&text.as_bytes()[at..]),
        Some(Sort::Letter) => {
            let rest = &text[at..];
            at + rest.find(|c| sort(c) != Some(Sort::Letter)).unwrap_or(rest.len())
        }
        _ => at + first.len_utf8(),
    }
}

/// Returns the length of a figure with the separators inside it: `1,200.50`, `3/14`, `9:30`, `2026-03-14`.
fn digits_end(bytes: &[u8]) -> usize {
    let iso = bytes.len() >= 10
        && bytes[..10]
            .iter()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if iso {
        return 10;
    }
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while digit(end) || (matches!(bytes.get(end), Some(b'.' | b',' | b'/' | b':')) && digit(end + 1)) {
        end += 1;
    }
    end
}

fn gap(between: &str, previous: Option<&Token>) -> Gap {
    let ellipsis = between.contains("...") || between.contains('…');
    let ordinal = previous.is_some_and(|token| token.word.len() <= 5 && dotted(&token.word));
    let soft_point = ellipsis || (ordinal && between.trim_end() == ".");
    let rank = |c: char| match c {
        '.' if soft_point => Gap::Soft,
        '.' | '!' | '?' | ';' | ':' | '\n' | '¿' | '¡' => Gap::Hard,
        ',' | '–' | '—' | '…' | '(' | ')' | '"' | '«' | '»' | '“' | '”' => Gap::Soft,
        _ => Gap::None,
    };
    between.chars().map(rank).max().unwrap_or(Gap::None)
}

/// Whether a point after the word belongs to it: the German `17.` and the abbreviated months.
fn dotted(word: &str) -> bool {
    const MONTHS: [&str; 10] = ["jan", "feb", "mar", "apr", "aug", "sep", "sept", "oct", "nov", "dec"];
    word.bytes().next().is_some_and(|b| b.is_ascii_digit()) || MONTHS.contains(&word)
}

fn fold(word: &str) -> String {
    let lower = word.to_lowercase().replace('ß', "ss");
    if lower.is_ascii() { lower } else { lower.nfkd().filter(|c| !is_combining_mark(*c)).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_their_separators_and_lose_their_letters() {
        assert_eq!(
            words("Q3 by 3/14, $40k or 1,200.50."),
            ["q", "3", "by", "3/14", "$", "40", "k", "or", "1,200.50"]
        );
        assert_eq!(words("2026-03-14, März"), ["2026-03-14", "marz"]);
    }

    #[test]
    fn a_point_after_an_ordinal_does_not_end_the_clause() {
        let gaps: Vec<Gap> = tokens("am 17. Mai. Gut").iter().map(|token| token.gap).collect();
        assert_eq!(gaps, [Gap::None, Gap::None, Gap::Soft, Gap::Hard]);
    }
}
