use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::HashMap;

use super::cue::{Cue, Found, Seen};

/// One Aho-Corasick automaton for all cues of a language. Of each cue it looks for the run of words that is rarest in
/// speech; only where that stands is the cue held against the words around it. So the text is read once, and a rule
/// whose words are not said costs nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Automaton {
    machine: Option<AhoCorasick>,
    literals: Vec<Literal>,
}

/// A run of words, and whose it is.
#[derive(Clone, Debug)]
struct Literal {
    words: Vec<u32>,
    holders: Vec<Holder>,
}

/// A cue that holds a literal.
#[derive(Clone, Copy, Debug)]
struct Holder {
    cue: u32,
    /// Fewest and most words of the cue before the literal.
    before: (u32, u32),
}

/// What a scan needs again and again.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    letters: Vec<u8>,
    sights: Vec<Sight>,
}

/// A literal of a cue was seen: where the cue may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Sight {
    cue: u32,
    from: u32,
    to: u32,
}

/// A cue matches an utterance at most so often; speech repeats itself, rules need not.
const MATCHES: usize = 8;

impl Automaton {
    /// Builds the automaton of `cues`; `chance` is how likely a word is to be the next in speech.
    pub(crate) fn new<'c>(
        cues: impl Iterator<Item = &'c Cue>,
        chance: impl Fn(u32) -> f64,
    ) -> Result<Self, String> {
        let mut by_words: HashMap<Vec<u32>, Vec<Holder>> = HashMap::new();
        for (cue, written) in cues.enumerate() {
            let anchor = written.anchor(&chance);
            for words in anchor.literals {
                let holders = by_words.entry(words).or_default();
                if holders.last().is_none_or(|last| last.cue != cue as u32) {
                    holders.push(Holder { cue: cue as u32, before: anchor.before });
                }
            }
        }
        let mut literals: Vec<Literal> =
            by_words.into_iter().map(|(words, holders)| Literal { words, holders }).collect();
        literals.sort_by(|one, other| one.words.cmp(&other.words));
        let machine = AhoCorasick::builder()
            // A DFA would hold a row of 256 for each of its states; most bytes leave the root at once either way.
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(literals.iter().map(|literal| letters(literal.words.iter().copied())))
            .map_err(|error| error.to_string())?;
        Ok(Self { machine: Some(machine), literals })
    }

    /// Returns the literals, as numbers of words.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &[u32]> {
        self.literals.iter().map(|literal| literal.words.as_slice())
    }

    /// Returns the bytes that the automaton takes.
    pub(crate) fn memory(&self) -> usize {
        let literal = |literal: &Literal| {
            size_of::<Literal>()
                + size_of_val(literal.words.as_slice())
                + size_of_val(literal.holders.as_slice())
        };
        self.machine.as_ref().map_or(0, AhoCorasick::memory_usage)
            + self.literals.iter().map(literal).sum::<usize>()
    }

    /// Calls `found` with every match in an utterance of the cues that the automaton was built of; the first `lead`
    /// words open the utterance.
    pub(crate) fn find<'c>(
        &self,
        words: &[Seen],
        lead: usize,
        scratch: &mut Scratch,
        cue: impl Fn(u32) -> &'c Cue,
        mut found: impl FnMut(u32, Found),
    ) {
        self.look(words, scratch);
        // How far the cue at hand was tried, and how often it matched.
        let (mut at, mut tried, mut matches) = (u32::MAX, 0, 0);
        for sight in &scratch.sights {
            if sight.cue != at {
                (at, tried, matches) = (sight.cue, 0, 0);
            }
            for start in sight.from.max(tried)..=sight.to {
                if matches < MATCHES
                    && let Some(place) = cue(at).at(words, lead, start as usize)
                {
                    matches += 1;
                    found(at, place);
                }
            }
            tried = tried.max(sight.to + 1);
        }
    }

    /// Notes where cues may begin, by cue and place.
    fn look(&self, words: &[Seen], scratch: &mut Scratch) {
        let Scratch { letters, sights } = scratch;
        letters.clear();
        letters.extend(words.iter().flat_map(|word| letter(word.id)));
        sights.clear();
        let Some(machine) = &self.machine else { return };
        for seen in machine.find_overlapping_iter(letters.as_slice()) {
            if seen.start() % LETTER != 0 {
                continue;
            }
            let at = (seen.start() / LETTER) as u32;
            let holders = self.literals[seen.pattern().as_usize()].holders.iter();
            sights.extend(holders.filter_map(|holder| {
                let (least, most) = holder.before;
                Some(Sight { cue: holder.cue, from: at.saturating_sub(most), to: at.checked_sub(least)? })
            }));
        }
        sights.sort_unstable();
    }
}

/// Bytes of one word in what the automaton reads.
const LETTER: usize = 2;

/// Returns how the automaton reads a word. More than 65,536 words would share letters; as every cue is held against
/// the words themselves, that costs time and finds nothing wrong.
fn letter(word: u32) -> [u8; LETTER] {
    (word as u16).to_be_bytes()
}

fn letters(words: impl Iterator<Item = u32>) -> Vec<u8> {
    words.flat_map(letter).collect()
}
