//! How text is cut into words: the same for both indexes, for queries and for highlights.

use std::ops::Range;

use tantivy::tokenizer::{Language as Stem, Stemmer, TextAnalyzer, TokenStream as _, WhitespaceTokenizer};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A longer run of letters (a key read aloud, a line of base64) becomes several words in a row, so that it is found
/// and no index drops it.
const LONGEST_WORD: usize = 64;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// The word in lower case without diacritics; letters and digits only.
    pub(super) folded: String,
    /// The bytes it stands on.
    pub(super) range: Range<usize>,
}

/// Cuts a text into words. Writing without spaces gives one word a character.
pub(super) fn words(text: &str) -> Vec<Word> {
    // Speech has a word every five or six bytes.
    let mut words: Vec<Word> = Vec::with_capacity(text.len() / 5 + 1);
    // How many letters the last word has while it may go on, otherwise 0.
    let mut open = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if !c.is_ascii() && is_combining_mark(c) {
            if let Some(word) = words.last_mut().filter(|word| word.range.end == at) {
                word.range.end = end;
            }
            continue;
        }
        if !c.is_alphanumeric() {
            open = 0;
            continue;
        }
        let alone = is_written_without_spaces(c);
        match words.last_mut() {
            Some(word) if open > 0 && open < LONGEST_WORD && !alone => {
                fold_into(&mut word.folded, c);
                word.range.end = end;
                open += 1;
            }
            _ => {
                let mut folded = String::with_capacity(8);
                fold_into(&mut folded, c);
                if !folded.is_empty() {
                    words.push(Word { folded, range: at..end });
                }
                open = usize::from(!alone && words.last().is_some_and(|word| word.range.end == end));
            }
        }
    }
    words
}

/// Returns the folded words of a text, with a space between.
pub(super) fn folded(text: &str) -> String {
    join(words(text).iter().map(|word| word.folded.as_str()))
}

pub(super) fn join<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn fold_into(word: &mut String, c: char) {
    if c.is_ascii() {
        return word.push(c.to_ascii_lowercase());
    }
    let plain = std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c));
    word.extend(plain.flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()));
}

/// Thai, Lao, Burmese, Khmer, kana and Chinese characters.
fn is_written_without_spaces(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The languages whose words are found in their other forms too.
const STEMMED: &[(&str, Stem)] = &[
    ("ar", Stem::Arabic),
    ("da", Stem::Danish),
    ("de", Stem::German),
    ("el", Stem::Greek),
    ("en", Stem::English),
    ("es", Stem::Spanish),
    ("fi", Stem::Finnish),
    ("fr", Stem::French),
    ("hu", Stem::Hungarian),
    ("it", Stem::Italian),
    ("nb", Stem::Norwegian),
    ("nl", Stem::Dutch),
    ("pt", Stem::Portuguese),
    ("ro", Stem::Romanian),
    ("ru", Stem::Russian),
    ("sv", Stem::Swedish),
    ("tr", Stem::Turkish),
];

/// Returns the stems of `words` (folded, with a space between) in a language, one a word and in their order, each
/// marked with the language (`en~promis`); none where the language has no stemmer.
pub(super) fn stems(language: &str, words: &str) -> Vec<String> {
    let Some((code, stem)) = STEMMED.iter().find(|(code, _)| *code == language) else { return Vec::new() };
    let mut analyzer =
        TextAnalyzer::builder(WhitespaceTokenizer::default()).filter(Stemmer::new(*stem)).build();
    let mut stream = analyzer.token_stream(words);
    let mut stems = Vec::new();
    while stream.advance() {
        stems.push(format!("{code}~{}", stream.token().text));
    }
    stems
}

/// Returns the stems of one folded word in every language: whoever searches has not said in which.
pub(super) fn stems_in_all(word: &str) -> Vec<String> {
    STEMMED.iter().flat_map(|(code, _)| stems(code, word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_folded_and_cut_as_people_search_them() {
        let cases = [
            ("We’ll have SSO by March 14th.", "we ll have sso by march 14th"),
            ("Café, Cafe\u{301} & ÜBER", "cafe cafe uber"),
            ("99.9% up-time", "99 9 up time"),
            ("İstanbul ﬁne", "istanbul fine"),
            ("来週 Zoom で", "来 週 zoom て"),
            (" — … ", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(folded(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_very_long_word_becomes_several() {
        let cut: Vec<_> = words(&"x".repeat(70_000)).iter().map(|word| word.folded.len()).collect();
        assert_eq!(cut.iter().sum::<usize>(), 70_000);
        assert!(cut.iter().all(|length| *length <= LONGEST_WORD));
    }

    #[test]
    fn forms_of_a_word_share_a_stem_within_their_language() {
        assert_eq!(stems("en", "promises promised"), stems("en", "promise promise"));
        assert_eq!(stems("de", "vertrage"), stems("de", "vertrag"));
        assert!(stems("xx", "promise").is_empty());
    }

    proptest! {
        #[test]
        fn words_stand_on_character_boundaries_in_order(text: String) {
            let words = words(&text);
            for pair in words.windows(2) {
                prop_assert!(pair[0].range.end <= pair[1].range.start);
            }
            for word in &words {
                prop_assert!(text.get(word.range.clone()).is_some());
                prop_assert!(word.folded.chars().all(char::is_alphanumeric));
            }
            let joined = join(words.iter().map(|word| word.folded.as_str()));
            for language in ["en", "de", "tr", "ar"] {
                prop_assert_eq!(stems(language, &joined).len(), words.len());
            }
        }
    }
}
