use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A set of words, compared by their hashes: entries are held against each other many times over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms(Vec<Term>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Term {
    hash: u64,
    word: Arc<str>,
}

impl Terms {
    /// Adds `word`.
    pub(super) fn insert(&mut self, word: &str) {
        let hash = hash(word);
        if let Err(at) = self.place(hash) {
            self.0.insert(at, Term { hash, word: word.into() });
        }
    }

    /// Tells whether `word` is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.place(hash(word)).is_ok()
    }

    fn place(&self, hash: u64) -> Result<usize, usize> {
        self.0.binary_search_by_key(&hash, |term| term.hash)
    }

    /// Returns the set of both.
    pub(super) fn with(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.extend(other);
        both
    }

    /// Takes in `other`.
    pub(super) fn extend(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns how many both have.
    pub(super) fn shared(&self, other: &Self) -> usize {
        let (mut at, mut shared) = (0, 0);
        for term in &self.0 {
            while other.0.get(at).is_some_and(|theirs| theirs.hash < term.hash) {
                at += 1;
            }
            shared += usize::from(other.0.get(at).is_some_and(|theirs| theirs.hash == term.hash));
        }
        shared
    }

    /// Returns the words, in no order that means anything.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|term| &*term.word)
    }

    /// Tells whether both name something and nothing is the same.
    pub(super) fn apart(&self, other: &Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.shared(other) == 0
    }

    /// Tells whether `other` has them all.
    pub(super) fn within(&self, other: &Self) -> bool {
        self.shared(other) == self.len()
    }

    /// Returns the hashes.
    pub(super) fn hashes(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|term| term.hash)
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(words: &str) -> Terms {
        let mut terms = Terms::default();
        words.split(' ').filter(|word| !word.is_empty()).for_each(|word| terms.insert(word));
        terms
    }

    #[test]
    fn sets_are_compared_by_what_they_share() {
        let (staff, contractors) = (terms("sso staff march"), terms("march sso contractors"));
        assert_eq!(staff.shared(&contractors), 2);
        assert_eq!(staff.with(&contractors).len(), 4);
        assert!(!staff.apart(&contractors) && staff.apart(&terms("rates")) && !staff.apart(&terms("")));
        assert!(terms("sso").within(&staff) && !staff.within(&contractors));
        assert!(staff.has("sso") && !staff.has("rates"));
    }
}
