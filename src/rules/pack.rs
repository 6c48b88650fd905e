use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::automaton::{Automaton, Scratch};
use super::cue::{Cue, Found, Lexicons, Seen};
use super::lexis::{Lexis, Mark};
use super::syntax::ListEvidence;
use super::topic::{Topic, TopicRow};
use super::{Feature, Features, Goal, Reach, Rule, Speech, Weights};

/// Everything that is known of one language: how it is spoken, its cues in one index, its rules.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    /// The language's code.
    pub language: String,
    /// How it is folded.
    pub speech: Speech,
    /// Its rules, in the order of their ids.
    pub rules: Vec<Rule>,
    pub(crate) words: Lexis,
    pub(crate) cues: Vec<(Cue, Use)>,
    pub(crate) modifiers: Vec<Modifier>,
    pub(crate) topics: Vec<TopicRow>,
    pub(crate) fallbacks: BTreeMap<Topic, String>,
    pub(crate) kinds: BTreeMap<Goal, KindDefaults>,
    automaton: Automaton,
    weights: Option<Arc<Weights>>,
    /// Names of the word lists that are evidence.
    lists: Vec<String>,
    /// What they make of a word, by its number in the lexis.
    listed: Vec<Listed>,
}

/// What word lists make of a word when evidence is gathered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Listed {
    /// The list that stands for the word.
    pub(crate) instead: Option<u8>,
    /// The lists that hold it, a bit each.
    pub(crate) lists: u64,
}

/// More lists than this are no evidence.
const LISTS: usize = 64;

/// What a cue is for; the number counts within its own list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// A rule's finding.
    Find(u32),
    /// What the other side says before a rule's finding.
    Ask(u32),
    /// A veto of a rule before the match.
    Before(u32),
    /// A veto behind it.
    After(u32),
    /// A veto anywhere.
    Anywhere(u32),
    /// A context modifier.
    Modifier(u32),
    /// What looks like a modifier and is none.
    LookAlike(u32),
    /// A row of a topic table.
    Topic(u32),
}

/// See [`super::syntax::ModifierSyntax`].
#[derive(Clone, Debug)]
pub(crate) struct Modifier {
    pub(crate) feature: Feature,
    pub(crate) reach: Reach,
    pub(crate) words: usize,
    pub(crate) stop: HashSet<u32>,
}

/// See [`super::syntax::KindSyntax`].
#[derive(Clone, Debug, Default)]
pub(crate) struct KindDefaults {
    pub(crate) weight: f64,
    pub(crate) forbidden: Features,
    pub(crate) features: Vec<(Feature, f64)>,
}

/// How likely one of the commonest words is to be the next, and how likely another word: their shares of meeting
/// speech, within a factor of three.
const COMMON: f64 = 0.02;
const OTHER: f64 = 0.0005;

impl Pack {
    pub(super) fn new(language: &str) -> Self {
        Self { language: language.to_owned(), ..Self::default() }
    }

    /// Numbers and marks the words of all lists, and builds the automaton, once all cues are known.
    ///
    /// # Errors
    /// Where there are more literals than an automaton can hold.
    pub(super) fn index(&mut self, lexicons: &Lexicons) -> Result<(), String> {
        for (list, mark) in [("names", Mark::Name), ("numbers", Mark::Number)] {
            for phrase in lexicons.written(list) {
                self.speech.folded(phrase).words().for_each(|word| self.words.mark(word, mark));
            }
        }
        self.words.mark_known();
        for (mark, word) in self.speech.listed() {
            self.words.mark(word, mark);
        }
        // "May" is more often a modal than a month: the commonest words stay themselves.
        for (number, listed) in self.listed.iter_mut().enumerate() {
            if self.words.marks(number as u32).has(Mark::Common) {
                listed.instead = None;
            }
        }
        let words = &self.words;
        let chance = |word| if words.marks(word).has(Mark::Common) { COMMON } else { OTHER };
        self.automaton = Automaton::new(self.cues.iter().map(|(cue, _)| cue), chance)?;
        Ok(())
    }

    /// Notes that a word list is evidence.
    pub(super) fn list_evidence(&mut self, name: &str, evidence: ListEvidence, words: &[String]) {
        let list = self.lists.len();
        if list == LISTS {
            return;
        }
        self.lists.push(name.to_owned());
        for word in words.iter().filter(|word| !word.contains(' ')) {
            let number = self.words.number(&word.to_lowercase()) as usize;
            self.listed.resize(self.listed.len().max(number + 1), Listed::default());
            match evidence {
                ListEvidence::Instead => self.listed[number].instead = Some(list as u8),
                ListEvidence::Beside => self.listed[number].lists |= 1 << list,
            }
        }
    }

    /// Returns what word lists make of the word with `number`.
    pub(crate) fn listed(&self, number: u32) -> Listed {
        self.listed.get(number as usize).copied().unwrap_or_default()
    }

    /// Returns the name of a word list that is evidence.
    pub(crate) fn list(&self, list: u32) -> Option<&str> {
        self.lists.get(list as usize).map(String::as_str)
    }

    /// Returns the number of a word list that is evidence.
    pub(crate) fn list_number(&self, name: &str) -> Option<u32> {
        self.lists.iter().position(|list| list == name).map(|at| at as u32)
    }

    /// Returns what was learned from labelled calls of the language.
    pub fn weights(&self) -> Option<&Weights> {
        self.weights.as_deref()
    }

    pub(super) fn set_weights(&mut self, weights: Weights) {
        self.weights = Some(Arc::new(weights));
    }

    /// Calls `found` with every match of a cue in an utterance, in the order of the cues; the first `lead` words open
    /// the utterance.
    pub(crate) fn find(
        &self,
        words: &[Seen],
        lead: usize,
        scratch: &mut Scratch,
        mut found: impl FnMut(Use, Found),
    ) {
        let cue = |number: u32| &self.cues[number as usize];
        self.automaton.find(
            words,
            lead,
            scratch,
            |number| &cue(number).0,
            |number, at| found(cue(number).1, at),
        );
    }

    /// Returns every run of words that the automaton looks for.
    pub fn literals(&self) -> Vec<String> {
        let words = self.words.words();
        let written =
            |literal: &[u32]| literal.iter().map(|id| words[*id as usize]).collect::<Vec<_>>().join(" ");
        self.automaton.literals().map(written).collect()
    }

    /// Returns the bytes that the automaton takes.
    pub fn automaton_memory(&self) -> usize {
        self.automaton.memory()
    }

    /// Returns `word` as cues see it.
    pub(crate) fn see(&self, word: &str) -> Seen {
        let id = self.words.get(word);
        let marks = self.words.marks(id);
        let figure = word.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '$' | '€' | '£'));
        Seen { id, marks, name: marks.has(Mark::Name), number: figure || marks.has(Mark::Number) }
    }
}
