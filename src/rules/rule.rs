use std::collections::BTreeMap;

use regex::Regex;

use super::{Example, Features, Goal, Who};
use crate::transcript::Digest;

/// A rule that is known to be right in form.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its path below `rules/`, without `.toml`.
    pub id: String,
    /// What it finds.
    pub goal: Goal,
    /// One sentence: what it finds.
    pub title: String,
    /// Why that matters.
    pub doc: String,
    /// Digest of its file.
    pub digest: Digest,
    /// Its proofs.
    pub examples: Examples,
    pub(crate) who: Who,
    pub(crate) weight: f64,
    pub(crate) ask: Option<Find>,
    pub(crate) find: Find,
    pub(crate) attrs: BTreeMap<String, String>,
}

/// What must hold of an utterance beside a cue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Find {
    pub(crate) patterns: Vec<Regex>,
    pub(crate) required: Features,
    pub(crate) forbidden: Features,
}

/// The proofs of a rule.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// Here it finds exactly what is marked.
    pub matches: Vec<Example>,
    /// Here it finds nothing.
    pub ignores: Vec<Example>,
    /// Here it ought to find what is marked, and does not yet.
    pub known_misses: Vec<Example>,
}
