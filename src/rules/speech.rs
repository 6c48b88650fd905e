use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use serde::Deserialize;

use super::fnv::WordMap;
use super::lexis::Mark;

/// `rules/<language>/speech.toml`: how the language is spoken, written and recognised.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpeechSyntax {
    /// Sounds that carry nothing; skipped wherever they stand.
    fillers: Vec<String>,
    /// Whole utterances that only show that somebody listens.
    backchannels: Vec<String>,
    /// Words that open an utterance without changing it ("so", "well"); they are not quoted.
    openers: Vec<String>,
    /// Words before which a stretch without punctuation may be cut ("so", "because").
    breaks: Vec<String>,
    /// Words that may begin a clause after such a break ("i", "we").
    subjects: Vec<String>,
    /// Words that want another behind them ("the", "and"): nobody ends a sentence on them.
    dangling: Vec<String>,
    /// Words too common to look rules up by.
    common: Vec<String>,
    /// Words whose full stop ends no sentence ("mr").
    abbreviations: Vec<String>,
    /// Spellings and what they stand for (`gonna = "going to"`).
    rewrites: BTreeMap<String, String>,
    /// What stands before an apostrophe as a word of its own (`"l'"`).
    #[serde(default)]
    elisions: Vec<String>,
    /// Endings from the apostrophe on and what they stand for (`"'ll" = "will"`).
    endings: BTreeMap<String, String>,
}

/// How one language is folded: lower case, one apostrophe, contractions opened, fillers and repeats skipped.
#[derive(Clone, Debug, Default)]
pub struct Speech {
    /// Spellings and what they stand for; fillers stand for nothing.
    spellings: WordMap<Vec<String>>,
    /// Endings and what they stand for.
    endings: Vec<(String, Vec<String>)>,
    elisions: Vec<String>,
    abbreviations: HashSet<String>,
    /// Lists of words, and what each says of them.
    lists: Vec<(Mark, Vec<String>)>,
}

/// A text, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded words, a blank behind each.
    pub text: String,
    /// Where they stand.
    pub words: Vec<Word>,
}

/// A folded word and the bytes it stands for; the words of one contraction share their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// First byte of the word in [`Folded::text`], and one past the last.
    pub folded: (u32, u32),
    /// Its bytes in the text that was folded.
    pub raw: (u32, u32),
    /// Whether it is written with a capital.
    pub capital: bool,
    /// The punctuation right behind it.
    pub stop: Stop,
}

/// Punctuation behind a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stop {
    /// None.
    #[default]
    None,
    /// A comma, a dash, a colon: a pause inside a sentence.
    Pause,
    /// The end of a sentence.
    Sentence,
    /// The end of a question.
    Question,
}

impl Speech {
    pub(crate) fn new(syntax: SpeechSyntax) -> Self {
        let split = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let rewrites = syntax.rewrites.iter().map(|(from, to)| (from.as_str().into(), split(to)));
        // A sound that carries nothing stays one, whatever a rewrite makes of it.
        let fillers = syntax.fillers.iter().map(|filler| (filler.as_str().into(), Vec::new()));
        Self {
            spellings: rewrites.chain(fillers).collect(),
            endings: syntax.endings.iter().map(|(from, to)| (from.clone(), split(to))).collect(),
            elisions: syntax.elisions,
            abbreviations: syntax.abbreviations.into_iter().collect(),
            lists: vec![
                (Mark::Backchannel, syntax.backchannels),
                (Mark::Opener, syntax.openers),
                (Mark::Break, syntax.breaks),
                (Mark::Subject, syntax.subjects),
                (Mark::Dangling, syntax.dangling),
                (Mark::Common, syntax.common),
            ],
        }
    }

    /// Returns the words of the language's lists, and what each list says of them.
    pub(crate) fn listed(&self) -> impl Iterator<Item = (Mark, &str)> {
        self.lists.iter().flat_map(|(mark, words)| words.iter().map(|word| (*mark, word.as_str())))
    }

    /// Returns `text`, folded.
    pub fn folded(&self, text: &str) -> Folded {
        let mut folded = Folded::default();
        self.fold(text, &mut folded);
        folded
    }

    /// Folds `text` and adds its words to `into`.
    pub fn fold(&self, text: &str, into: &mut Folded) {
        let first = into.words.len();
        let mut token = String::new();
        let mut at = 0;
        while let Some(range) = next_token(text, at) {
            at = range.end;
            let written = &text[range.clone()];
            lower(written, &mut token);
            let stop = self.stop_behind(&text[at..], written, &token);
            let capital = written.chars().next().is_some_and(char::is_uppercase);
            let word = Word { folded: (0, 0), raw: (range.start as u32, range.end as u32), capital, stop };
            self.push(into, first, &token, word);
        }
    }

    /// Adds the words that `token` stands for; the words of the text begin at `first`.
    fn push(&self, into: &mut Folded, first: usize, token: &str, word: Word) {
        if let Some(words) = self.spellings.get(token) {
            return into.push_all(first, words.iter().map(String::as_str), word);
        }
        if !token.contains('\'') {
            return into.push_all(first, std::iter::once(token), word);
        }
        if let Some((elided, rest)) = self.elided(token) {
            into.push_all(first, std::iter::once(elided), Word { stop: Stop::None, ..word });
            return self.push(into, first, rest, word);
        }
        match self.ending(token) {
            Some((stem, words)) => {
                let words = words.iter().map(String::as_str);
                into.push_all(first, std::iter::once(stem).chain(words), word);
            }
            None => into.push_all(first, std::iter::once(token), word),
        }
    }

    /// Splits `token` behind an elision.
    fn elided<'t>(&self, token: &'t str) -> Option<(&'t str, &'t str)> {
        let elision = self.elisions.iter().find(|elision| token.starts_with(elision.as_str()))?;
        Some(token.split_at(elision.len())).filter(|(_, rest)| !rest.is_empty())
    }

    /// Splits `token` before an ending that stands for words.
    fn ending<'t>(&self, token: &'t str) -> Option<(&'t str, &[String])> {
        self.endings.iter().find_map(|(ending, words)| {
            let stem = token.strip_suffix(ending.as_str()).filter(|stem| !stem.is_empty())?;
            Some((stem, words.as_slice()))
        })
    }

    /// Reads the punctuation at the beginning of `behind`, which follows the word `written`.
    fn stop_behind(&self, behind: &str, written: &str, token: &str) -> Stop {
        let mut stop = Stop::None;
        for mark in behind.chars().take_while(|c| !c.is_alphanumeric()) {
            match mark {
                '?' | '？' => return Stop::Question,
                '!' | '…' | '。' | '\n' => stop = Stop::Sentence,
                '.' if !self.is_abbreviation(written, token) => stop = Stop::Sentence,
                ',' | ';' | ':' | '—' | '–' | '-' if stop == Stop::None => stop = Stop::Pause,
                _ => {}
            }
        }
        stop
    }

    fn is_abbreviation(&self, written: &str, token: &str) -> bool {
        let inner_dot = written.contains('.') && !written.chars().any(|c| c.is_ascii_digit());
        inner_dot || self.abbreviations.contains(token)
    }
}

impl Folded {
    /// Returns the folded words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| self.word(*word))
    }

    /// Returns the letters of one of its words.
    pub fn word(&self, word: Word) -> &str {
        &self.text[word.folded.0 as usize..word.folded.1 as usize]
    }

    /// Adds `parts`, all of which stand for the bytes of `word`; what is punctuated behind it is so behind the last.
    fn push_all<'p>(&mut self, first: usize, parts: impl Iterator<Item = &'p str>, word: Word) {
        for part in parts {
            if !self.is_repeat(first, part) {
                let start = self.text.len() as u32;
                self.text.push_str(part);
                let folded = (start, self.text.len() as u32);
                self.text.push(' ');
                self.words.push(Word { folded, stop: Stop::None, ..word });
            }
        }
        if let Some(last) = self.words[first..].last_mut()
            && word.stop != Stop::None
        {
            last.stop = word.stop;
        }
    }

    /// A word said twice in a row is said once, unless it counts something ("two two six").
    fn is_repeat(&self, first: usize, part: &str) -> bool {
        let Some(last) = self.words[first..].last() else { return false };
        last.stop != Stop::Sentence
            && self.word(*last) == part
            && !part.bytes().any(|byte| byte.is_ascii_digit())
    }
}

/// Writes `written` into `token`: lower case, one kind of apostrophe.
fn lower(written: &str, token: &mut String) {
    token.clear();
    if written.is_ascii() {
        token.push_str(written);
        token.make_ascii_lowercase();
    } else {
        token.push_str(&written.to_lowercase().replace(['’', 'ʼ', '‘'], "'"));
    }
}

/// Returns the bytes of the next token at or after `at`: letters and digits with what binds them inside
/// (`don't`, `3.5`, `10:40`, `node.js`, `R&D`), with a currency sign before and a percent sign behind.
fn next_token(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text[at..];
    let first = rest.find(|c: char| c.is_alphanumeric())?;
    let start = match rest[..first].chars().next_back() {
        Some(sign @ ('$' | '€' | '£')) => at + first - sign.len_utf8(),
        _ => at + first,
    };
    Some(start..token_end(text, at + first))
}

fn token_end(text: &str, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        // Most letters are plain, and a look at a byte is much cheaper than one at a character.
        end += bytes[end..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let digit = end.checked_sub(1).is_some_and(|last| bytes[last].is_ascii_digit());
        let mut chars = text[end..].chars();
        let Some(c) = chars.next() else { return end };
        let next = chars.next();
        let binds = match c {
            '\'' | '’' | 'ʼ' | '‘' | '&' | '.' => next.is_some_and(char::is_alphanumeric),
            ',' | ':' | '/' => digit && next.is_some_and(|c| c.is_ascii_digit()),
            '%' => digit,
            c => c.is_alphanumeric(),
        };
        if !binds {
            return end;
        }
        end += c.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech() -> Speech {
        let text = "fillers=['um','uh']\nbackchannels=['right']\nopeners=['so']\nbreaks=['so']\nsubjects=['i']\ndangling=[]\n\
                    common=[]\nabbreviations=['mr']\n[rewrites]\ngonna='going to'\n\"can't\"='can not'\n\
                    [endings]\n\"'ll\"='will'\n";
        Speech::new(toml::from_str(text).unwrap())
    }

    fn folded(text: &str) -> String {
        speech().folded(text).text.trim_end().to_owned()
    }

    #[test]
    fn speech_is_folded_as_rules_read_it() {
        let cases = [
            ("We’ll, um, we'll send it", "we will we will send it"),
            ("I uh I I'm gonna send $12,500 at 10:40", "i i'm going to send $12,500 at 10:40"),
            ("the the U.S. plan is 3.5% off", "the u.s plan is 3.5% off"),
            ("single-sign-on—can't do", "single sign on can not do"),
            ("", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(folded(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_full_stop_ends_a_sentence_unless_it_belongs_to_the_word() {
        let said = speech().folded("Mr. Lee is in the U.S. today. Is he?");
        let stops: Vec<_> =
            said.words.iter().filter(|w| w.stop != Stop::None).map(|w| (said.word(*w), w.stop)).collect();
        assert_eq!(stops, [("today", Stop::Sentence), ("he", Stop::Question)]);
    }

    proptest::proptest! {
        #[test]
        fn every_folded_word_slices(text in ".{0,80}") {
            let said = speech().folded(&text);
            for word in &said.words {
                proptest::prop_assert!(text.get(word.raw.0 as usize..word.raw.1 as usize).is_some());
            }
            proptest::prop_assert_eq!(said.words().map(|word| format!("{word} ")).collect::<String>(), said.text.clone());
        }
    }
}
