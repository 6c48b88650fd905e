use std::collections::HashMap;

use super::vocabulary::{Hashed, Vocabulary, WordId};

/// Phrases with a value each, as a trie of words: one step a word, however many phrases there are.
pub(super) struct Phrases<T> {
    edges: HashMap<(u32, WordId), u32, Hashed>,
    values: Vec<Vec<T>>,
    backward: bool,
}

impl<T: Clone> Phrases<T> {
    /// Returns an empty set whose phrases are read onwards from a word.
    pub(super) fn forward() -> Self {
        Self { edges: HashMap::default(), values: vec![Vec::new()], backward: false }
    }

    /// Returns an empty set whose phrases are read back from the word that follows them.
    pub(super) fn backward() -> Self {
        Self { backward: true, ..Self::forward() }
    }

    /// Adds every phrase that `written` stands for and returns the first words of them.
    pub(super) fn add(&mut self, written: &str, value: &T, vocabulary: &mut Vocabulary) -> Vec<WordId> {
        let mut firsts = Vec::new();
        for phrase in spelt_out(written) {
            let mut ids: Vec<_> =
                vocabulary.split(&phrase).iter().map(|word| vocabulary.learn(word)).collect();
            firsts.extend(ids.first());
            if self.backward {
                ids.reverse();
            }
            let node = ids.into_iter().fold(0, |node, id| self.step(node, id));
            self.values[node as usize].push(value.clone());
        }
        firsts
    }

    fn step(&mut self, node: u32, id: WordId) -> u32 {
        let fresh = self.values.len() as u32;
        let next = *self.edges.entry((node, id)).or_insert(fresh);
        if next == fresh {
            self.values.push(Vec::new());
        }
        next
    }

    /// Returns the length in words and the values of the longest phrase that begins `ids`.
    pub(super) fn longest(&self, ids: impl Iterator<Item = WordId>) -> Option<(usize, &[T])> {
        let (mut node, mut best) = (0, None);
        for (read, id) in ids.enumerate() {
            let Some(&next) = self.edges.get(&(node, id)) else { break };
            node = next;
            let values = &self.values[node as usize];
            if !values.is_empty() {
                best = Some((read + 1, values.as_slice()));
            }
        }
        best
    }
}

/// Returns the plain phrases behind `a|b` choices, `+` within a choice and `_` for nothing.
fn spelt_out(written: &str) -> Vec<String> {
    let mut phrases = vec![String::new()];
    for choices in written.split_whitespace() {
        phrases = phrases
            .iter()
            .flat_map(|phrase| {
                choices.split('|').map(move |choice| match choice {
                    "_" => phrase.clone(),
                    words => format!("{phrase} {}", words.replace('+', " ")),
                })
            })
            .collect();
    }
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_spelt_out_and_the_longest_phrase_wins() {
        let mut vocabulary = Vocabulary::default();
        let mut phrases = Phrases::forward();
        phrases.add("talk|speak to|at+all|_ him", &1, &mut vocabulary);
        phrases.add("speak", &2, &mut vocabulary);
        let read = |phrases: &Phrases<i32>, text: &str| {
            let ids: Vec<_> = text.split(' ').filter_map(|word| vocabulary.id(word)).collect();
            phrases.longest(ids.into_iter()).map(|(length, values)| (length, values[0]))
        };
        assert_eq!(read(&phrases, "speak to him"), Some((3, 1)));
        assert_eq!(read(&phrases, "talk him"), Some((2, 1)));
        assert_eq!(read(&phrases, "speak to"), Some((1, 2)));
    }
}
