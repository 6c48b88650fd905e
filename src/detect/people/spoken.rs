use std::ops::Range;

use super::flag;
use super::pack::{Lexicon, Pack};
use super::vocabulary::{STRANGER, WordId, elides, fold};
use crate::transcript::{Span, Transcript};

/// A word of a turn, as the lexicons know it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) turn: u32,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) id: WordId,
    pub(super) flags: u32,
    pub(super) gap: Gap,
    /// Whether it begins with a capital.
    pub(super) capital: bool,
    /// Whether it looks like a brand: `SAP`, `FastBin`, `S4`.
    pub(super) branded: bool,
    pub(super) sentence: u32,
}

impl Word {
    /// Tells whether any of `bits` is set.
    pub(super) fn is(&self, bits: u32) -> bool {
        self.flags & bits != 0
    }
}

/// What stands between a word and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// A space or a hyphen.
    None,
    /// A comma, a colon, a dash, a bracket.
    Comma,
    /// The end of a sentence or of a turn.
    Stop,
}

/// The words of one stretch between two stops.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub(super) words: Range<usize>,
    /// Whether it ends in a question mark.
    pub(super) asks: bool,
}

/// A call split into words, once.
pub(super) struct Spoken<'a> {
    pub(super) transcript: &'a Transcript,
    pub(super) words: Vec<Word>,
    pub(super) sentences: Vec<Sentence>,
    /// The words of each turn.
    pub(super) turns: Vec<Range<usize>>,
    /// Whether the recorder writes capitals at all.
    pub(super) cased: bool,
    /// The pack of each turn.
    packs: Vec<&'static Pack>,
}

impl<'a> Spoken<'a> {
    /// Splits `transcript` into words.
    pub(super) fn new(transcript: &'a Transcript) -> Self {
        let lexicon = Lexicon::get();
        let of_call = lexicon.pack(transcript.language.as_ref());
        let packs: Vec<_> = transcript
            .turns
            .iter()
            .map(|turn| turn.language.as_ref().map_or(of_call, |language| lexicon.pack(Some(language))))
            .collect();
        let letters: usize = transcript.turns.iter().map(|turn| turn.text.len()).sum();
        let mut spoken = Self {
            transcript,
            words: Vec::with_capacity(letters / 4),
            sentences: Vec::new(),
            turns: Vec::with_capacity(packs.len()),
            cased: false,
            packs,
        };
        let mut splitter = Splitter { lexicon, folded: String::new() };
        for turn in 0..transcript.turns.len() {
            splitter.split(turn, &mut spoken);
        }
        let capitals = spoken.words.iter().filter(|word| word.capital).count();
        // Even a call of one-word turns has a capital in twenty words where the recorder writes any.
        spoken.cased = capitals * 20 >= spoken.words.len();
        spoken
    }

    /// Returns the pack of the turn that holds word `at`.
    pub(super) fn pack(&self, at: usize) -> &'static Pack {
        self.packs[self.words[at].turn as usize]
    }

    /// Returns the words from `at` to the end of its turn.
    pub(super) fn rest(&self, at: usize) -> &[Word] {
        match self.words.get(at) {
            Some(word) => &self.words[at..self.turns[word.turn as usize].end],
            None => &[],
        }
    }

    /// Returns the ids from word `at` up to the next stop.
    pub(super) fn onwards(&self, at: usize) -> impl Iterator<Item = WordId> {
        let rest = self.rest(at).iter().enumerate();
        rest.take_while(|(n, word)| *n == 0 || word.gap != Gap::Stop).map(|(_, word)| word.id)
    }

    /// Returns the ids before word `at`, the nearest first, back to the start of its sentence.
    pub(super) fn backwards(&self, at: usize) -> impl Iterator<Item = WordId> {
        let start = self.sentences[self.words[at].sentence as usize].words.start;
        self.words[start..at].iter().rev().map(|word| word.id)
    }

    /// Returns the sentence of word `at`.
    pub(super) fn sentence(&self, at: usize) -> &Sentence {
        &self.sentences[self.words[at].sentence as usize]
    }

    /// Returns word `at` where it belongs to the same turn as the word before it.
    pub(super) fn next_in_turn(&self, at: usize) -> Option<&Word> {
        let before = self.words.get(at.checked_sub(1)?)?;
        self.words.get(at).filter(|word| word.turn == before.turn)
    }

    /// Returns the span of `words`, which lie in one turn.
    pub(super) fn span(&self, words: Range<usize>) -> Option<Span> {
        let (first, last) = (self.words.get(words.start)?, self.words.get(words.end.checked_sub(1)?)?);
        Some(Span { turn: first.turn, start: first.start, end: last.end })
    }

    /// Returns the text of `words`, which lie in one turn.
    pub(super) fn text(&self, words: Range<usize>) -> &'a str {
        self.span(words).and_then(|span| self.transcript.slice(span)).unwrap_or_default()
    }
}

/// Splits turns and looks their words up.
struct Splitter {
    lexicon: &'static Lexicon,
    folded: String,
}

impl Splitter {
    fn split(&mut self, turn: usize, spoken: &mut Spoken) {
        let text = spoken.transcript.turns[turn].text.as_str();
        let (first, mut at) = (spoken.words.len(), 0);
        while let Some(start) = next_start(text, at) {
            let between = &text[at..start];
            let previous = spoken.words[first..].last();
            let gap = previous.map_or(Gap::Stop, |previous| gap(between, previous));
            if gap == Gap::Stop {
                close(spoken, first, between);
                let words = spoken.words.len()..spoken.words.len();
                spoken.sentences.push(Sentence { words, asks: false });
            }
            at = word_end(text, start);
            let word = self.word(turn, start, &text[start..at], gap, spoken);
            spoken.words.push(word);
        }
        close(spoken, first, &text[at..]);
        spoken.turns.push(first..spoken.words.len());
    }

    fn word(&mut self, turn: usize, start: usize, text: &str, gap: Gap, spoken: &Spoken) -> Word {
        fold(text, &mut self.folded);
        let pack = spoken.packs[turn];
        let id = self.lexicon.vocabulary.id(&self.folded).unwrap_or(STRANGER);
        let mut flags = pack.flags.get(id as usize).copied().unwrap_or(0);
        // "'Kay" is no name but "okay" cut short.
        let cut = spoken.transcript.turns[turn].text[..start].ends_with(is_apostrophe);
        let capital = text.starts_with(char::is_uppercase) && !cut;
        if capital && pack.head_suffixes.iter().any(|suffix| self.folded.ends_with(suffix.as_str())) {
            flags |= flag::HEAD | flag::SINGLE | flag::COMMON;
        }
        Word {
            turn: turn as u32,
            start: start as u32,
            end: (start + text.len()) as u32,
            id,
            flags,
            gap,
            capital,
            branded: text.contains(char::is_numeric) || capital && is_branded(text),
            sentence: (spoken.sentences.len() as u32).saturating_sub(1),
        }
    }
}

/// Tells whether a capital within a piece of the word, or capitals alone, make it a brand (`FastBin`, `SAP`).
fn is_branded(word: &str) -> bool {
    let mut pieces = word.split('-');
    pieces.any(|piece| {
        let rest = piece.trim_start_matches("Mc").trim_start_matches("Mac").trim_start_matches("O\'");
        rest.chars().skip(1).any(char::is_uppercase)
    })
}

/// Ends the sentence before word `spoken.words.len()`, where there is one in this turn.
fn close(spoken: &mut Spoken, first: usize, after: &str) {
    let end = spoken.words.len();
    if end == first {
        return;
    }
    if let Some(sentence) = spoken.sentences.last_mut() {
        sentence.words.end = end;
        sentence.asks = after.trim_start().starts_with('?');
    }
}

/// Returns where the next word begins; a clitic (`'s`) begins at its apostrophe.
fn next_start(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    // One space and a plain letter: nearly always.
    if let [b' ', next, ..] = rest.as_bytes()
        && next.is_ascii_alphanumeric()
    {
        return Some(at + 1);
    }
    let mut chars = rest.chars();
    if at > 0 && chars.next().is_some_and(is_apostrophe) && chars.next().is_some_and(char::is_alphanumeric) {
        return Some(at);
    }
    rest.find(char::is_alphanumeric).map(|skip| at + skip)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// Returns where the word that begins at `start` ends: hyphens join parts of one case (`Jean-Luc`, `re-run`),
/// apostrophes split (`Lena's`, `l'équipe`) but in `O'Brien`.
fn word_end(text: &str, start: usize) -> usize {
    let upper = text[start..].starts_with(char::is_uppercase);
    let plain = text.as_bytes()[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    // An apostrophe, a hyphen or a letter beyond ASCII needs the careful way.
    if plain > 0
        && matches!(text.as_bytes().get(start + plain), None | Some(b' ' | b',' | b'.' | b'?' | b'!'))
    {
        return start + plain;
    }
    let mut chars = text[start..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next).filter(|next| next.is_alphanumeric());
        let Some(end) = (match (c, next) {
            _ if c.is_alphanumeric() || at == 0 => continue,
            ('-', Some(next)) if next.is_uppercase() == upper => continue,
            ('\'' | '’', Some(_)) => {
                let head = &text[start..start + at];
                if head == "O" {
                    continue;
                }
                Some(if elides(&head.to_ascii_lowercase()) { at + c.len_utf8() } else { at })
            }
            _ => Some(at),
        }) else {
            continue;
        };
        return start + end;
    }
    text.len()
}

/// Returns what `between` is between `previous` and the next word.
fn gap(between: &str, previous: &Word) -> Gap {
    if between == " " || between.is_empty() {
        return Gap::None;
    }
    let opens = between.ends_with(['"', '“', '„', '«']) && between.len() > 1;
    if opens || between.contains(['?', '!', '…', '¿', '¡']) {
        return Gap::Stop;
    }
    if between.contains('.') && between.len() > 1 {
        let abbreviates =
            previous.is(flag::HONORIFIC) || previous.capital && previous.end - previous.start == 1;
        return if abbreviates { Gap::None } else { Gap::Stop };
    }
    let breaks = between.contains([',', ';', ':', '–', '—', '(', ')', '"', '“', '”', '«', '»', '„', '/']);
    if breaks || between.contains(" -") { Gap::Comma } else { Gap::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clitics_elisions_and_hyphens_split_where_names_begin() {
        let split = |text: &str| {
            let (mut words, mut at) = (Vec::new(), 0);
            while let Some(start) = next_start(text, at) {
                at = word_end(text, start);
                words.push(text[start..at].to_owned());
            }
            words.join(" ")
        };
        for (text, wanted) in [
            ("Lena's in, O'Brien isn't", "Lena 's in O'Brien isn 't"),
            ("l'équipe d’Hector", "l' équipe d’ Hector"),
            ("Ask Jean-Luc about the Ask-nicely re-run", "Ask Jean-Luc about the Ask nicely re-run"),
            ("'quoted' ...", "quoted"),
        ] {
            assert_eq!(split(text), wanted);
        }
    }
}
