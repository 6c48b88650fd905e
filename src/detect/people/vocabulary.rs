use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// A word that some lexicon holds.
pub(super) type WordId = u32;

/// The id of every word that no lexicon holds.
pub(super) const STRANGER: WordId = WordId::MAX;

/// All words of the lexicons, each with a number.
#[derive(Default)]
pub(super) struct Vocabulary {
    ids: HashMap<Box<str>, WordId, Hashed>,
}

impl Vocabulary {
    /// Returns the number of the folded `word`, giving it one where it is new.
    pub(super) fn learn(&mut self, word: &str) -> WordId {
        let fresh = self.ids.len() as WordId;
        *self.ids.entry(word.into()).or_insert(fresh)
    }

    /// Returns the number of the folded `word` where it has one.
    pub(super) fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    /// Returns how many words there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Splits a lexicon's phrase as transcripts are split: `i'm` is `i` and `'m`, `l'été` is `l'` and `ete`.
    pub(super) fn split(&self, phrase: &str) -> Vec<String> {
        let mut words = Vec::new();
        for written in phrase.split_whitespace() {
            let mut folded = String::new();
            fold(written, &mut folded);
            match folded.find('\'').filter(|at| *at > 0) {
                Some(at) if elides(&folded[..at]) => {
                    let (head, tail) = folded.split_at(at + 1);
                    words.extend(
                        [head, tail].iter().filter(|part| !part.is_empty()).map(|part| (*part).to_owned()),
                    );
                }
                Some(at) if at + 1 < folded.len() => {
                    words.extend([&folded[..at], &folded[at..]].map(str::to_owned));
                }
                _ => words.push(folded),
            }
        }
        words
    }
}

/// Tells whether `head` is a French word that loses its vowel before the next one (`l'`, `qu'`).
pub(super) fn elides(head: &str) -> bool {
    matches!(
        head,
        "l" | "d" | "j" | "m" | "n" | "s" | "t" | "c" | "qu" | "jusqu" | "lorsqu" | "puisqu" | "quelqu"
    )
}

/// Writes `word` into `folded`: lower case, no diacritics, one kind of apostrophe.
pub(super) fn fold(word: &str, folded: &mut String) {
    folded.clear();
    if word.is_ascii() {
        folded.push_str(word);
        folded.make_ascii_lowercase();
        return;
    }
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    folded.extend(plain.map(|c| if c == '’' { '\'' } else { c }));
}

/// The hash of the lexicons' tables.
pub(super) type Hashed = BuildHasherDefault<Fnv>;

/// The FNV-1a hash: words are short, come from our own lists, and are looked up once each in a call. A flood of
/// chosen collisions cannot arise, as nothing of a transcript is ever put into the table.
#[derive(Clone, Copy)]
pub(super) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    /// Spreads the bits: the tables take a slot from the lowest and a tag from the highest, which in short words differ
    /// little.
    fn finish(&self) -> u64 {
        let mixed = (self.0 ^ self.0 >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ mixed >> 32
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// Takes a number in one step.
    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x0100_0000_01b3);
    }
}
