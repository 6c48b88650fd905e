use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use text2num::Language;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Words of grammar: whoever tells a secret in other words changes them first. All four languages in one list.
static GRAMMAR: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("grammar.txt").lines().flat_map(str::split_whitespace).collect());

/// Forms that no stemmer brings together, and words for the same everyday thing.
static SAME: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("same.txt").lines().filter(|line| !line.starts_with('#'));
    let groups = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    groups
        .filter_map(|group| group.split_first().map(|(first, others)| (*first, others.to_vec())))
        .flat_map(|(first, others)| others.into_iter().map(move |other| (other, first)))
        .collect()
});

/// A word as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) stem: String,
    pub(super) grammar: bool,
}

/// How the words of a language are brought to what is compared.
pub(super) struct Folding {
    stemmer: Stemmer,
    numbers: Language,
}

impl std::fmt::Debug for Folding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Folding").field(&self.stemmer.algorithm()).finish()
    }
}

impl Default for Folding {
    fn default() -> Self {
        Self::of("en")
    }
}

impl Folding {
    /// Returns the folding of a language; of English where we do not know the language.
    pub(super) fn of(language: &str) -> Self {
        let (algorithm, numbers) = match language.get(..2) {
            Some("de") => (Algorithm::German, Language::german()),
            Some("fr") => (Algorithm::French, Language::french()),
            Some("es") => (Algorithm::Spanish, Language::spanish()),
            _ => (Algorithm::English, Language::english()),
        };
        Self { stemmer: Stemmer::new(algorithm), numbers }
    }

    /// Returns all words of `text`.
    pub(super) fn all(&self, text: &str) -> Vec<Word> {
        let plain = plain(text);
        let counted = text2num::replace_numbers_in_text(&plain, &self.numbers, 0.0);
        tokens(&counted).iter().flat_map(|token| spoken(token)).map(|token| self.word(&token)).collect()
    }

    /// Returns the stems of the words of `text` that carry content as they are written: numbers stay words.
    pub(super) fn written(&self, text: &str) -> Vec<String> {
        let words = tokens(&plain(text)).into_iter().filter(|token| !GRAMMAR.contains(token.as_str()));
        words.map(|token| self.stemmer.stem(&token).into_owned()).collect()
    }

    /// Returns the words of `text` that carry content.
    pub(super) fn content(&self, text: &str) -> Vec<Word> {
        self.all(text).into_iter().filter(|word| !word.grammar).collect()
    }

    fn word(&self, token: &str) -> Word {
        let token = unmasked(token);
        let token = SAME.get(token.as_str()).map_or(token.as_str(), |same| same);
        let stem = self.stemmer.stem(token).into_owned();
        let stem = SAME.get(stem.as_str()).map_or(stem.clone(), |same| self.stemmer.stem(same).into_owned());
        Word { grammar: GRAMMAR.contains(token), stem }
    }
}

/// Returns `text` in small letters without accents, hidden characters and disguises: a Cyrillic `а` is an `a`.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !is_hidden(*c)) {
        if c.is_ascii() || !c.is_alphabetic() {
            plain.extend(c.to_lowercase());
            continue;
        }
        let lower: String = c.to_lowercase().collect();
        // Small letters look more like what they imitate than capitals do.
        plain.extend(unicode_security::skeleton(&lower).flat_map(char::to_lowercase));
    }
    plain
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}')
        || matches!(c, '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
        || matches!(c, '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = vec![String::new()];
    let letters: Vec<char> = text.chars().collect();
    for (at, c) in letters.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at)).copied().unwrap_or(' ');
        let behind = letters.get(at + 1).copied().unwrap_or(' ');
        let within_number = before.is_ascii_digit() && behind.is_ascii_digit();
        let last = tokens.len() - 1;
        match c {
            c if c.is_alphanumeric() => tokens[last].push(c),
            '$' | '@' if before.is_alphabetic() || behind.is_alphabetic() => tokens[last].push(c),
            '\'' | '’' if before.is_alphanumeric() && behind.is_alphanumeric() => {}
            ',' if within_number => {}
            '.' if within_number => tokens[last].push('.'),
            '%' => tokens.extend(["percent".to_owned(), String::new()]),
            _ => tokens.push(String::new()),
        }
    }
    tokens.retain(|token| !token.is_empty());
    spelled(tokens)
}

/// Joins letters that stand alone (`d i s c o u n t`).
fn spelled(tokens: Vec<String>) -> Vec<String> {
    let mut joined = Vec::with_capacity(tokens.len());
    let mut run: Vec<String> = Vec::new();
    let close = |run: &mut Vec<String>, joined: &mut Vec<String>| {
        if run.len() >= 4 {
            // "a d i s c o u n t" is an article and a word.
            let article = usize::from(run[0] == "a" && run.len() > 4);
            joined.extend(run.drain(..article));
            joined.push(run.concat());
        } else {
            joined.append(run);
        }
        run.clear();
    };
    for token in tokens {
        if token.chars().count() == 1 && token.chars().all(char::is_alphabetic) {
            run.push(token);
        } else {
            close(&mut run, &mut joined);
            joined.push(token);
        }
    }
    close(&mut run, &mut joined);
    joined
}

/// Returns a number part by part, as it is spoken, for there are many ways to say it: `38000`, `38 thousand` and
/// `thirty-eight thousand` are all 30, 8 and 1000; `7th` is 7. Any other word is itself.
fn spoken(token: &str) -> Vec<String> {
    let digits = token.trim_end_matches(|c: char| c.is_alphabetic());
    let ending = &token[digits.len()..];
    let whole = match ending {
        "" | "st" | "nd" | "rd" | "th" | "er" | "eme" | "e" | "o" | "a" => digits.parse::<u64>().ok(),
        "k" => digits.parse::<u64>().ok().map(|number| number.saturating_mul(1000)),
        _ => None,
    };
    let Some(mut number) = whole else { return vec![token.to_owned()] };
    let mut parts = Vec::new();
    for (size, name) in [(1_000_000, "1000000"), (1000, "1000"), (100, "100")] {
        if number >= size {
            let times = number / size;
            parts.extend(if times > 1 { spoken(&times.to_string()) } else { Vec::new() });
            parts.push(name.to_owned());
            number %= size;
        }
    }
    if number > 20 && number % 10 > 0 {
        parts.push((number / 10 * 10).to_string());
        number %= 10;
    }
    if number > 0 || parts.is_empty() {
        parts.push(number.to_string());
    }
    parts
}

/// Returns a word in which digits and signs stand for letters (`d1scount`) with the letters.
fn unmasked(token: &str) -> String {
    let letters = token.chars().filter(|c| c.is_alphabetic()).count();
    let masks = token.chars().filter(|c| "013457$@".contains(*c)).count();
    if masks == 0 || letters < 3 || letters <= masks {
        return token.to_owned();
    }
    let letter = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    token.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        Folding::default().content(text).into_iter().map(|word| word.stem).collect()
    }

    #[test]
    fn disguises_do_not_change_what_is_compared() {
        let wanted = stems("The steering committee wants a discount of fifteen percent");
        for disguised in [
            "the STEERING committee wants a discount of 15%",
            "The st\u{435}\u{435}ring c\u{43e}mmittee wants a disc\u{43e}unt of 15 percent",
            "The steer\u{200B}ing commit\u{AD}tee wants a dis\u{2060}count of fifteen percent",
            "The steering committee wanted the discounts: fifteen percent",
            "The 𝐬𝐭𝐞𝐞𝐫𝐢𝐧𝐠 committee wants a ｄｉｓｃｏｕｎｔ of 15 %",
            "The steering committee wants a d i s c o u n t of fifteen percent",
            "The steering c0mmittee wants a d1scount of fifteen percent",
            "The steering committee wants a discóunt of fifteen percent",
        ] {
            assert_eq!(stems(disguised), wanted, "{disguised}");
        }
    }
}
