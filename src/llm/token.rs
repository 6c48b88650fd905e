//! Words as quotes are compared by: lower case, no diacritics, no apostrophes.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) folded: String,
    /// Its bytes.
    pub(super) range: Range<usize>,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether it is the first word of the text or stands behind the end of a sentence.
    pub(super) opens: bool,
}

/// Returns the words of `text`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut start, mut opens) = (None, true);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let inside = c.is_alphanumeric() || is_combining_mark(c) || (is_apostrophe(c) && start.is_some());
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                tokens.push(token(text, from..at, opens));
                (start, opens) = (None, false);
            }
            _ => {}
        }
        opens |= start.is_none() && matches!(c, '.' | '!' | '?' | '…' | ':' | '¿' | '¡');
    }
    tokens
}

fn token(text: &str, range: Range<usize>, opens: bool) -> Token {
    let word = &text[range.clone()];
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c) && !is_apostrophe(*c));
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    Token { folded: plain.flat_map(char::to_lowercase).collect(), range, capital, opens }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ')
}

/// Returns about how many tokens of a model `text` is: four bytes each, as English is; other scripts take more bytes
/// and more tokens alike.
pub(super) fn estimate(text: &str) -> u64 {
    text.len().div_ceil(4) as u64
}
