//! The words by which the ledger reads, as `rules/shared/ledger/words.toml` lists them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use crate::transcript::Digest;

const FILE: &str = include_str!("../../rules/shared/ledger/words.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    empty: String,
    moments: String,
    past: String,
    thanks: String,
    denied: String,
    ahead: String,
    lasting: String,
    agrees: String,
    again: Vec<String>,
    takes_back: Vec<String>,
    owns_up: Vec<String>,
    delivered: Vec<String>,
    moves: Vec<String>,
    lapses: Vec<String>,
    waives: Vec<String>,
    irregular: HashMap<String, String>,
    figures: HashMap<String, String>,
}

/// The lists, ready to look words up in. All words are folded.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// Carry no object.
    pub(super) empty: HashSet<String>,
    /// Name a date.
    pub(super) moments: HashSet<String>,
    /// Tell of what has happened.
    pub(super) past: HashSet<String>,
    /// Thank.
    pub(super) thanks: HashSet<String>,
    /// Deny, or own up to what was not done.
    pub(super) denied: HashSet<String>,
    /// Look ahead, or only suppose.
    pub(super) ahead: HashSet<String>,
    /// Tell that something lasts or recurs.
    pub(super) lasting: HashSet<String>,
    /// Accept.
    pub(super) agrees: HashSet<String>,
    /// Past forms that a suffix does not give away, with their present.
    pub(super) irregular: HashMap<String, String>,
    /// Number words with their digits.
    pub(super) figures: HashMap<String, String>,
    again: Cues,
    takes_back: Cues,
    owns_up: Cues,
    delivered: Cues,
    moves: Cues,
    lapses: Cues,
    waives: Cues,
}

/// Runs of words, each with a space before and behind; none where the file is broken.
#[derive(Debug, Default)]
struct Cues(Option<AhoCorasick>);

impl Cues {
    fn new(cues: &[String]) -> Self {
        Self(AhoCorasick::new(cues.iter().map(|cue| format!(" {cue} "))).ok())
    }

    fn within(&self, spoken: &str) -> bool {
        self.0.as_ref().is_some_and(|cues| cues.is_match(spoken))
    }
}

impl Words {
    /// Tells whether folded words, with a space around each, come back to what was said before.
    pub(super) fn come_back(&self, spoken: &str) -> bool {
        self.again.within(spoken)
    }

    /// Tells whether folded words, with a space around each, take something back.
    pub(super) fn take_back(&self, spoken: &str) -> bool {
        self.takes_back.within(spoken)
    }

    /// Tells whether folded words, with a space around each, tell that something is there.
    pub(super) fn deliver(&self, spoken: &str) -> bool {
        self.delivered.within(spoken)
    }

    /// Tells whether folded words, with a space around each, move what was said, whether or not they name a date.
    pub(super) fn moves(&self, spoken: &str) -> bool {
        self.moves.within(spoken)
    }

    /// Tells whether folded words, with a space around each, tell that something can no longer be.
    pub(super) fn lapse(&self, spoken: &str) -> bool {
        self.lapses.within(spoken)
    }

    /// Tells whether folded words, with a space around each, drop a condition.
    pub(super) fn waive(&self, spoken: &str) -> bool {
        self.waives.within(spoken)
    }

    /// Tells whether folded words, with a space around each, own up to a change.
    pub(super) fn own_up(&self, spoken: &str) -> bool {
        self.owns_up.within(spoken)
    }
}

/// Returns the lists.
pub(super) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        let lists: Lists = toml::from_str(FILE).unwrap_or_default();
        let set = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        Words {
            empty: set(&lists.empty),
            moments: set(&lists.moments),
            past: set(&lists.past),
            thanks: set(&lists.thanks),
            denied: set(&lists.denied),
            ahead: set(&lists.ahead),
            lasting: set(&lists.lasting),
            agrees: set(&lists.agrees),
            irregular: lists.irregular,
            figures: lists.figures,
            again: Cues::new(&lists.again),
            takes_back: Cues::new(&lists.takes_back),
            owns_up: Cues::new(&lists.owns_up),
            delivered: Cues::new(&lists.delivered),
            moves: Cues::new(&lists.moves),
            lapses: Cues::new(&lists.lapses),
            waives: Cues::new(&lists.waives),
        }
    });
    &WORDS
}

/// Returns the digest of the lists: what the ledger's own conclusions rest on.
pub(super) fn digest() -> Digest {
    static DIGEST: LazyLock<Digest> = LazyLock::new(|| Digest::of(FILE.as_bytes()));
    DIGEST.clone()
}

#[cfg(test)]
mod tests {
    use super::super::gist::fold;
    use super::*;

    #[test]
    fn the_lists_are_there_and_folded() {
        let words = words();
        assert!(words.empty.len() > 300 && words.moments.len() > 100 && words.lapses.0.is_some());
        let sets = [
            &words.empty,
            &words.moments,
            &words.past,
            &words.thanks,
            &words.denied,
            &words.ahead,
            &words.lasting,
            &words.agrees,
        ];
        let unfolded: Vec<_> = sets
            .into_iter()
            .flatten()
            .chain(words.figures.keys())
            .filter(|word| fold(word) != **word)
            .collect();
        assert!(unfolded.is_empty(), "{unfolded:?}");
    }

    #[test]
    fn a_change_is_owned_up_to_in_many_ways() {
        let words = words();
        assert!(
            words.own_up(" it slipped so it's the nineteenth ") && words.own_up(" es ist jetzt der zwolfte ")
        );
        assert!(!words.own_up(" you'll have it on the nineteenth "));
        assert!(words.take_back(" honestly we've pulled that one ") && words.take_back(" eso ya no "));
    }
}
