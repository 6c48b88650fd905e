use jiff::civil::Date;

use super::words;
use crate::rules::Kind;
use crate::transcript::{Digest, Language, Side};

/// What a passage must be besides matching the words. Within a list one value suffices; an empty list asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Customers' names; case and accents do not matter.
    pub accounts: Vec<String>,
    /// Ids of deals.
    pub deals: Vec<String>,
    /// Ids of calls.
    pub calls: Vec<String>,
    /// Speakers, by the whole name or some words of it in a row.
    pub speakers: Vec<String>,
    /// Sides.
    pub sides: Vec<Side>,
    /// Kinds of findings in the passage.
    pub kinds: Vec<Kind>,
    /// Languages.
    pub languages: Vec<Language>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// Longer values are indexed by their digest: both indexes have limits for a term, and people send anything.
const LONGEST_KEY: usize = 200;

/// Returns the term under which a passage with this value of a field is found.
pub(super) fn key(field: &str, value: &str) -> String {
    if value.len() > LONGEST_KEY || value.contains('\0') {
        return format!("{field}:#{}", Digest::of(value.as_bytes()));
    }
    format!("{field}:{value}")
}

impl Filters {
    /// Returns groups of terms; of each group a passage must have one.
    pub(super) fn groups(&self) -> Vec<Vec<String>> {
        let folded = |field, values: &[String]| {
            values.iter().map(|value| key(field, &words::folded(value))).collect::<Vec<_>>()
        };
        let plain = |field, values: &[String]| values.iter().map(|value| key(field, value)).collect();
        let groups = [
            folded("account", &self.accounts),
            plain("deal", &self.deals),
            plain("call", &self.calls),
            folded("speaker", &self.speakers),
            self.sides.iter().map(|side| key("side", side.as_str())).collect(),
            self.kinds.iter().map(|kind| key("kind", kind.as_str())).collect(),
            self.languages.iter().map(|language| key("language", language.as_str())).collect(),
        ];
        groups.into_iter().filter(|group| !group.is_empty()).collect()
    }
}
