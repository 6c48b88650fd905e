//! How words are compared: lower case, no diacritics, words only.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Returns the words of `text`, folded.
pub(super) fn fold(text: &str) -> Vec<String> {
    let plain: String =
        text.nfkd().flat_map(lower).filter(|c| canonical_combining_class(*c) == 0).collect::<String>();
    let words = plain.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Unicode's full case folding differs from lower case in few letters that are spoken of; these are they.
fn lower(c: char) -> Vec<char> {
    match c {
        'ß' | 'ẞ' => vec!['s', 's'],
        'ς' => vec!['σ'],
        _ => c.to_lowercase().collect(),
    }
}

/// Returns the figures of `text`, small spoken ones included: "four hours" gives `4`.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let lower: String = text.chars().flat_map(lower).collect();
    let words: Vec<_> = WORD.find_iter(&lower).map(|word| spoken(word.as_str())).collect();
    FIGURE.find_iter(&words.join(" ")).map(|figure| figure.as_str().to_owned()).collect()
}

/// A word with the figures behind a point or comma.
#[expect(clippy::expect_used, reason = "the pattern is constant")]
static WORD: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\w&&[^_]]+(?:[.,]\d+)*").expect("a valid pattern"));
#[expect(clippy::expect_used, reason = "the pattern is constant")]
static FIGURE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(?:[.,]\d+)*").expect("a valid pattern"));

const SMALL: [&str; 21] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

/// Tens, the half and the hundred as the guide's scorer reads them; compounds are not added up.
fn spoken(word: &str) -> String {
    if let Some(figure) = SMALL.iter().position(|small| *small == word) {
        return figure.to_string();
    }
    let figure = match word {
        "thirty" => "30",
        "forty" => "40",
        "fifty" => "50",
        "sixty" => "60",
        "seventy" => "70",
        "eighty" => "80",
        "ninety" => "90",
        "half" => "0.5",
        "hundred" => "100",
        other => other,
    };
    figure.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_marks_and_diacritics() {
        assert_eq!(fold("Zoë’s STRASSE, straße_2!"), ["zoe", "s", "strasse", "strasse", "2"]);
        assert_eq!(fold("— …"), Vec::<String>::new());
    }

    #[test]
    fn figures_are_read_spoken_or_written() {
        let cases = [
            ("four hours", vec!["4"]),
            ("£9.20 per gigabyte", vec!["9.20"]),
            ("1,200 of 10k", vec!["1,200", "10"]),
            ("half a day", vec!["0.5"]),
            ("none at all", vec![]),
        ];
        for (text, wanted) in cases {
            assert_eq!(numbers(text), wanted, "{text}");
        }
    }
}
