use std::collections::BTreeMap;
use std::ops::Range;

use super::Speech;
use super::lexis::{Lexis, Marks};

/// A sequence of words to look for: `[i|we] will {soft}? send .. over`.
///
/// `[a|b c]` is either, `{name}` a word list of the language, `?` behind a piece makes it optional, `..` skips up to
/// three words and `...` up to six, `<name>` is one to three words written like a name, `<number>` a figure, `^` the
/// beginning and `$` the end of the utterance. Cues are folded as calls are, so `we'll` and `we will` are one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cue {
    elements: Vec<Element>,
    from_start: bool,
    to_end: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Element {
    piece: Piece,
    optional: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// Any of these word sequences, by first word and then the longest first; none is empty.
    Any(Vec<Vec<u32>>),
    /// Any of these word sequences, or a name, or a figure: `[the vendor|<name>]`.
    Either { any: Vec<Vec<u32>>, name: bool, number: bool },
    /// Up to so many words.
    Gap(usize),
    /// A name of one to three words.
    Name,
    /// A figure or a number word.
    Number,
}

/// A word of a call as cues see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The word's number in the pack's lexis; [`STRANGER`](super::lexis::STRANGER) for a word that it does not hold.
    pub(crate) id: u32,
    /// What word lists say of it.
    pub(crate) marks: Marks,
    /// Whether it is written or listed like a name.
    pub(crate) name: bool,
    /// Whether it is a figure or a number word.
    pub(crate) number: bool,
}

/// A name is at most so many words; "Microsoft Dynamics Business Central" is four and rare.
const NAME: usize = 3;
/// A cue with more pieces is a sentence that nobody says twice.
const PIECES: usize = 24;
/// Gaps multiply the ways to match.
const GAPS: usize = 3;
/// Alternatives in one piece.
const ALTERNATIVES: usize = 400;
/// Ways to say one anchor of several pieces; with more, the automaton grows faster than its hits get rarer.
const LITERALS: usize = 32;

/// Word lists of a language, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicons {
    written: BTreeMap<String, Vec<String>>,
    /// Those that a cue has asked for, folded once for all cues.
    numbered: BTreeMap<String, Vec<Vec<u32>>>,
}

impl Lexicons {
    pub(crate) fn insert(&mut self, name: &str, words: Vec<String>) {
        self.written.insert(name.to_owned(), words);
    }

    /// Returns a list as it was written; one that is missing is empty.
    pub(crate) fn written(&self, name: &str) -> &[String] {
        self.written.get(name).map_or(&[], Vec::as_slice)
    }

    fn numbered(&mut self, name: &str, speech: &Speech, words: &mut Lexis) -> Result<&[Vec<u32>], String> {
        let list = self.written.get(name).ok_or_else(|| format!("there is no word list `{name}`"))?;
        let numbered = self.numbered.entry(name.to_owned());
        Ok(numbered.or_insert_with(|| list.iter().map(|phrase| numbers(phrase, speech, words)).collect()))
    }
}

/// Returns the numbers of the words of `phrase`.
fn numbers(phrase: &str, speech: &Speech, words: &mut Lexis) -> Vec<u32> {
    speech.folded(phrase).words().map(|word| words.number(word)).collect()
}

impl Cue {
    /// Reads `text`, numbering its words.
    pub(crate) fn parse(
        text: &str,
        speech: &Speech,
        lists: &mut Lexicons,
        words: &mut Lexis,
    ) -> Result<Self, String> {
        let mut cue = Self { elements: Vec::new(), from_start: false, to_end: false };
        for token in tokens(text)? {
            let (body, optional) = token.strip_suffix('?').map_or((token, false), |body| (body, true));
            let piece = match body {
                "^" if cue.elements.is_empty() => {
                    cue.from_start = true;
                    continue;
                }
                "$" => {
                    cue.to_end = true;
                    continue;
                }
                ".." => Piece::Gap(3),
                "..." => Piece::Gap(6),
                "<name>" => Piece::Name,
                "<number>" => Piece::Number,
                _ => {
                    let (body, name, number) = wild(body);
                    let any = alternatives(&body, speech, lists, words)?;
                    if name || number {
                        cue.elements.push(Element { piece: Piece::Either { any, name, number }, optional });
                        continue;
                    }
                    if let ([only], false) = (any.as_slice(), optional) {
                        cue.elements.extend(only.iter().map(|id| Element::one(*id)));
                        continue;
                    }
                    Piece::Any(any)
                }
            };
            cue.elements.push(Element { piece, optional });
        }
        cue.checked(text)
    }

    fn checked(self, text: &str) -> Result<Self, String> {
        let gaps = self.elements.iter().filter(|e| !matches!(e.piece, Piece::Any(_))).count();
        if self.elements.len() > PIECES || gaps > GAPS {
            return Err(format!("`{text}` has more than {PIECES} pieces or {GAPS} gaps"));
        }
        if !self.elements.iter().any(|e| matches!(e.piece, Piece::Any(_)) && !e.optional) {
            return Err(format!("`{text}` has no word to hold on to"));
        }
        Ok(self)
    }

    /// Returns the run of words that is rarest in speech and stands in every match; `chance` is how likely a word is
    /// to be the next.
    pub(crate) fn anchor(&self, chance: impl Fn(u32) -> f64) -> Anchor {
        let mut best = (f64::INFINITY, 0..0);
        for start in 0..self.elements.len() {
            let (mut odds, mut ways) = (1.0, 1);
            for (at, element) in self.elements.iter().enumerate().skip(start) {
                let Piece::Any(any) = &element.piece else { break };
                ways *= any.len() + usize::from(element.optional);
                if at == start && element.optional || at > start && ways > LITERALS {
                    break;
                }
                let one = |words: &Vec<u32>| words.iter().map(|word| chance(*word)).product::<f64>();
                odds *= any.iter().map(one).sum::<f64>() + if element.optional { 1.0 } else { 0.0 };
                if !element.optional && odds < best.0 {
                    best = (odds, start..at + 1);
                }
            }
        }
        self.anchored(best.1)
    }

    /// Writes out every way to say the elements `run`.
    fn anchored(&self, run: Range<usize>) -> Anchor {
        let mut literals = vec![Vec::new()];
        for element in &self.elements[run.clone()] {
            let Piece::Any(any) = &element.piece else { continue };
            let none = element.optional.then(Vec::new);
            let ways = || any.iter().chain(&none);
            literals = literals
                .iter()
                .flat_map(|literal: &Vec<u32>| ways().map(move |way| [literal.as_slice(), way].concat()))
                .collect();
        }
        let before = self.elements[..run.start].iter().map(Element::length);
        let before = before.fold((0, 0), |sum, length| (sum.0 + length.0, sum.1 + length.1));
        Anchor { literals, before }
    }

    /// Returns the match that begins at word `start`; `lead` is the first word behind the openers.
    pub(crate) fn at(&self, words: &[Seen], lead: usize, start: usize) -> Option<Found> {
        if start >= words.len() || self.from_start && start > lead {
            return None;
        }
        let (end, name) = self.end(words, &self.elements, start)?;
        Some(Found { start, end, name })
    }

    /// Returns where a match of `elements` that begins at word `at` ends, and the words of its name.
    fn end(
        &self,
        words: &[Seen],
        elements: &[Element],
        at: usize,
    ) -> Option<(usize, Option<(usize, usize)>)> {
        let Some((element, rest)) = elements.split_first() else {
            return (!self.to_end || at == words.len()).then_some((at, None));
        };
        let here = self.one(words, &element.piece, rest, at);
        here.or_else(|| if element.optional { self.end(words, rest, at) } else { None })
    }

    /// Matches `piece` at word `at` and `rest` behind it.
    fn one(
        &self,
        words: &[Seen],
        piece: &Piece,
        rest: &[Element],
        at: usize,
    ) -> Option<(usize, Option<(usize, usize)>)> {
        match piece {
            Piece::Any(any) => self.any(words, any, rest, at),
            Piece::Either { any, name, number } => self
                .any(words, any, rest, at)
                .or_else(|| name.then(|| self.one(words, &Piece::Name, rest, at)).flatten())
                .or_else(|| number.then(|| self.one(words, &Piece::Number, rest, at)).flatten()),
            Piece::Gap(most) => {
                (0..=*most).take_while(|n| at + n <= words.len()).find_map(|n| self.end(words, rest, at + n))
            }
            Piece::Name => {
                let length = words.iter().skip(at).take(NAME).take_while(|word| word.name).count();
                let named = |n| self.end(words, rest, at + n).map(|(end, _)| (end, Some((at, at + n))));
                (1..=length).rev().find_map(named)
            }
            Piece::Number => {
                words.get(at).filter(|word| word.number).and_then(|_| self.end(words, rest, at + 1))
            }
        }
    }

    fn any(
        &self,
        words: &[Seen],
        any: &[Vec<u32>],
        rest: &[Element],
        at: usize,
    ) -> Option<(usize, Option<(usize, usize)>)> {
        let here = words.get(at..).unwrap_or_default();
        let first = here.first()?.id;
        any[any.partition_point(|one| one[0] < first)..]
            .iter()
            .take_while(|one| one[0] == first)
            .filter(|one| starts_with(here, one))
            .find_map(|one| self.end(words, rest, at + one.len()))
    }
}

/// The words by which an automaton finds a cue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// One of these runs of words stands in every match.
    pub(crate) literals: Vec<Vec<u32>>,
    /// Fewest and most words of a match before it.
    pub(crate) before: (u32, u32),
}

/// Where a cue matched, in words of the utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// First word.
    pub(crate) start: usize,
    /// One past the last word.
    pub(crate) end: usize,
    /// The words that stand for `<name>`.
    pub(crate) name: Option<(usize, usize)>,
}

impl Element {
    fn one(id: u32) -> Self {
        Self { piece: Piece::Any(vec![vec![id]]), optional: false }
    }

    /// Returns the fewest and the most words that it stands for.
    fn length(&self) -> (u32, u32) {
        let (least, most) = match &self.piece {
            Piece::Any(any) => (shortest(any), longest(any)),
            Piece::Either { any, name, .. } => (1, longest(any).max(if *name { NAME } else { 1 })),
            Piece::Gap(most) => (0, *most),
            Piece::Name => (1, NAME),
            Piece::Number => (1, 1),
        };
        (if self.optional { 0 } else { least as u32 }, most as u32)
    }
}

fn longest(any: &[Vec<u32>]) -> usize {
    any.iter().map(Vec::len).max().unwrap_or_default()
}

fn shortest(any: &[Vec<u32>]) -> usize {
    any.iter().map(Vec::len).min().unwrap_or_default()
}

fn starts_with(words: &[Seen], wanted: &[u32]) -> bool {
    words.len() >= wanted.len() && words.iter().zip(wanted).all(|(word, id)| word.id == *id)
}

/// Splits at blanks outside of brackets.
fn tokens(text: &str) -> Result<Vec<&str>, String> {
    let (mut found, mut start, mut open) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        match c {
            '[' if open => return Err(format!("`{text}` opens a bracket inside a bracket")),
            '[' => open = true,
            ']' => open = false,
            c if c.is_whitespace() && !open => {
                found.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    if open {
        return Err(format!("`{text}` leaves a bracket open"));
    }
    found.push(&text[start..]);
    found.retain(|token| !token.is_empty());
    Ok(found)
}

/// Takes `<name>` and `<number>` out of a bracket and tells which stood there.
fn wild(body: &str) -> (String, bool, bool) {
    let inner = body.strip_prefix('[').and_then(|body| body.strip_suffix(']')).unwrap_or(body);
    let has = |wild: &str| inner.split('|').any(|part| part.trim() == wild);
    let rest: Vec<_> =
        inner.split('|').filter(|part| !matches!(part.trim(), "<name>" | "<number>")).collect();
    (rest.join("|"), has("<name>"), has("<number>"))
}

fn alternatives(
    body: &str,
    speech: &Speech,
    lists: &mut Lexicons,
    words: &mut Lexis,
) -> Result<Vec<Vec<u32>>, String> {
    let inner = body.strip_prefix('[').and_then(|body| body.strip_suffix(']')).unwrap_or(body);
    let mut any: Vec<Vec<u32>> = Vec::new();
    for part in inner.split('|') {
        if part.contains('<') {
            return Err(format!("`{body}` joins `<name>` or `<number>` with words; let it stand alone"));
        }
        match part.trim().strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => any.extend_from_slice(lists.numbered(name, speech, words)?),
            None => any.push(numbers(part, speech, words)),
        }
    }
    if any.len() > ALTERNATIVES {
        return Err(format!("`{body}` has more than {ALTERNATIVES} alternatives"));
    }
    if any.iter().any(Vec::is_empty) {
        return Err(format!("`{body}` has an alternative without words"));
    }
    any.sort_by_key(|words| (words[0], std::cmp::Reverse(words.len())));
    Ok(any)
}

#[cfg(test)]
mod tests {
    use super::super::automaton::{Automaton, Scratch};
    use super::*;

    fn found(cue: &str, text: &str) -> Option<(usize, usize)> {
        let (speech, mut words) = (Speech::default(), Lexis::default());
        let cue = Cue::parse(cue, &speech, &mut Lexicons::default(), &mut words).unwrap();
        let folded = speech.folded(text);
        let see = |(word, text)| {
            let word: &super::super::Word = word;
            Seen { id: words.get(text), name: word.capital, ..Seen::default() }
        };
        let seen: Vec<_> = folded.words.iter().zip(folded.words()).map(see).collect();
        let automaton = Automaton::new(std::iter::once(&cue), |_| 0.01).unwrap();
        let mut matches = Vec::new();
        automaton.find(&seen, 0, &mut Scratch::default(), |_| &cue, |_, found| matches.push(found));
        let every: Vec<_> = (0..seen.len()).filter_map(|start| cue.at(&seen, 0, start)).collect();
        assert_eq!(matches, every, "the automaton finds what stands there: {text}");
        matches.first().map(|found| (found.start, found.end))
    }

    #[test]
    fn a_cue_matches_words_in_order_with_its_gaps() {
        let cases = [
            ("[i|we] will send", "then we will send it", Some((1, 4))),
            ("will .. send", "will then certainly send", Some((0, 4))),
            ("will .. send", "will a b c d send", None),
            ("will [also|just]? send", "will send", Some((0, 2))),
            ("we use <name>", "we use Blue Yonder today", Some((0, 4))),
            ("^ yes", "oh yes", None),
            ("yes $", "oh yes", Some((1, 2))),
            ("[the boss|<name>] agrees", "so Ines Varga agrees", Some((1, 4))),
            ("[the boss|<name>] agrees", "so the boss agrees", Some((1, 4))),
        ];
        for (cue, text, wanted) in cases {
            assert_eq!(found(cue, text), wanted, "{cue} / {text}");
        }
    }

    #[test]
    fn a_cue_without_words_is_refused() {
        let parse =
            |cue: &str| Cue::parse(cue, &Speech::default(), &mut Lexicons::default(), &mut Lexis::default());
        for cue in [
            "..",
            "<name>",
            "",
            "[a|b",
            "[a|]",
            "[a|b <name>]",
            "[<name>|<number>]",
            "{nothing}",
            ".. a .. b .. c .. d",
        ] {
            assert!(parse(cue).is_err(), "{cue}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_automaton_finds_every_match_of_any_cue(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "a", "b", "[a|b]", "[a b|c]", "[a|b c]?", "c?", "..", "<name>", "[a|<name>]", "^", "$",
                ]),
                1..6,
            ),
            words in proptest::collection::vec(proptest::sample::select(vec!["a", "b", "c", "D", "e"]), 0..12),
        ) {
            let cue = pieces.join(" ");
            if Cue::parse(&cue, &Speech::default(), &mut Lexicons::default(), &mut Lexis::default()).is_ok() {
                found(&cue, &words.join(" "));
            }
        }
    }
}
