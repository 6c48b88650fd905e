use super::fnv::WordMap;

/// The number of every word that no cue and no word list holds.
pub(crate) const STRANGER: u32 = 0;

/// The words of a language's cues and word lists, each with a number and what is known of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexis {
    numbers: WordMap<u32>,
    /// By number less one.
    marks: Vec<Marks>,
}

impl Lexis {
    /// Returns the number of `word`, or [`STRANGER`].
    pub(crate) fn get(&self, word: &str) -> u32 {
        self.numbers.get(word).copied().unwrap_or(STRANGER)
    }

    /// Returns the number of `word`, giving it one where it has none.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        let next = self.numbers.len() as u32 + 1;
        let number = *self.numbers.entry(word.into()).or_insert(next);
        self.marks.resize(self.numbers.len(), Marks::default());
        number
    }

    /// Notes `mark` of `word`.
    pub(crate) fn mark(&mut self, word: &str, mark: Mark) {
        let number = self.number(word);
        self.marks[number as usize - 1].0 |= 1 << mark as u16;
    }

    /// Returns what is known of the word with `number`.
    pub(crate) fn marks(&self, number: u32) -> Marks {
        let at = (number as usize).wrapping_sub(1);
        self.marks.get(at).copied().unwrap_or_default()
    }

    /// Returns every word by its number.
    pub(crate) fn words(&self) -> Vec<&str> {
        let mut words = vec![""; self.numbers.len() + 1];
        for (word, number) in &self.numbers {
            words[*number as usize] = word;
        }
        words
    }

    /// Marks every word that has a number by now as one that a cue knows.
    pub(crate) fn mark_known(&mut self) {
        self.marks.iter_mut().for_each(|marks| marks.0 |= 1 << Mark::Known as u16);
    }
}

/// What a word list says of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// A cue or a list of names or numbers holds it.
    Known,
    /// It opens an utterance without changing it.
    Opener,
    /// A stretch without punctuation may be cut before it.
    Break,
    /// It may begin a clause.
    Subject,
    /// It wants another word behind it.
    Dangling,
    /// It is among the commonest words of the language.
    Common,
    /// Alone, it only shows that somebody listens.
    Backchannel,
    /// It is a name that is listed.
    Name,
    /// It is a number word.
    Number,
}

/// Everything that word lists say of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks(u16);

impl Marks {
    /// Tells whether `mark` is among them.
    pub(crate) fn has(self, mark: Mark) -> bool {
        self.0 & (1 << mark as u16) != 0
    }
}
