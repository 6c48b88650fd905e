use std::collections::HashMap;

use super::gist::Gist;

/// How many of the sayings that share most words are compared in full.
const COMPARED: usize = 24;

/// How many sayings of one word are looked at, the latest first: a word in more of them tells nothing apart.
const POSTINGS: usize = 48;

/// Sayings by what they are about, filed under their words, so that a new one meets only its likes.
#[derive(Default)]
pub(super) struct Threads {
    sayings: Vec<(usize, Gist)>,
    by_word: HashMap<String, Vec<usize>>,
}

impl Threads {
    /// Files a saying about `gist` under `entry`.
    pub(super) fn file(&mut self, entry: usize, gist: Gist) {
        let at = self.sayings.len();
        for word in &gist.words {
            self.by_word.entry(word.clone()).or_default().push(at);
        }
        self.sayings.push((entry, gist));
    }

    /// Returns the entry that is most like `gist` among those that `fit`, the latest of equals. `fit` gets the
    /// entry and how alike it is.
    pub(super) fn best(&self, gist: &Gist, fit: impl Fn(usize, f64) -> bool) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for at in self.near(gist) {
            let (entry, other) = &self.sayings[at];
            let likeness = gist.likeness(other);
            let better = best.is_none_or(|(likest, _)| likeness > likest);
            if likeness > 0.0 && better && fit(*entry, likeness) {
                best = Some((likeness, *entry));
            }
        }
        best.map(|(_, entry)| entry)
    }

    /// Returns the entry whose name, or two of whose words, were just talked of in `lead_in`.
    pub(super) fn talked_of(&self, lead_in: &Gist, fit: impl Fn(usize) -> bool) -> Option<usize> {
        self.near(lead_in).into_iter().find_map(|at| {
            let (entry, gist) = &self.sayings[at];
            let shared = gist.words.intersection(&lead_in.words).count();
            let named = gist.names.intersection(&lead_in.names).count();
            ((named > 0 || shared > 1) && fit(*entry)).then_some(*entry)
        })
    }

    /// Returns the sayings that share most words with `gist`, the latest of equals first.
    fn near(&self, gist: &Gist) -> Vec<usize> {
        let mut postings: Vec<usize> = Vec::new();
        for word in &gist.words {
            postings.extend(self.by_word.get(word).into_iter().flat_map(|of| of.iter().rev().take(POSTINGS)));
        }
        postings.sort_unstable();
        let mut near: Vec<(usize, usize)> =
            postings.chunk_by(|one, other| one == other).map(|same| (same.len(), same[0])).collect();
        let most_first = |one: &(usize, usize), other: &(usize, usize)| other.cmp(one);
        if near.len() > COMPARED {
            near.select_nth_unstable_by(COMPARED, most_first);
            near.truncate(COMPARED);
        }
        near.sort_unstable_by(most_first);
        near.into_iter().map(|(_, at)| at).collect()
    }
}
