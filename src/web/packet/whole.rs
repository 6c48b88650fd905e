use std::collections::{HashMap, HashSet};

use axum::extract::Query;
use axum::http::{HeaderMap, Uri, header};
use serde::Deserialize;

use crate::http::encode;
use crate::packet::{Packet, Section};

/// Lines of a section that are shown at first: more than that nobody reviews at a sitting, and a call of an hour may
/// have hundreds.
const LINES: usize = 50;

/// The word for every section.
pub(super) const ALL: &str = "all";

/// Which long sections of a packet are shown whole, as the address says it: by their ids, by a line that is to be seen,
/// or all of them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Whole {
    whole: String,
}

impl Whole {
    /// Returns what the page of `path` showed from which a request comes; `None` where it comes from elsewhere.
    pub(super) fn before(headers: &HeaderMap, path: &str) -> Option<Self> {
        let from: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
        if from.path() != path {
            return None;
        }
        Query::try_from_uri(&from).ok().map(|Query(whole)| whole)
    }

    /// Returns how many of a section's lines are shown.
    pub(super) fn lines(&self, section: &Section) -> usize {
        let (shown, rest) = section.items.split_at(section.items.len().min(LINES));
        let is_sought = |word: &str| rest.iter().any(|item| item.entry == word);
        self.shown(section.id, section.items.len(), |word| {
            is_sought(word) && shown.iter().all(|item| item.entry != word)
        })
    }

    /// Returns how many of the `number` things of a part of the page are shown; a word that `seeks` shows them all, too.
    pub(super) fn shown(&self, part: &str, number: usize, seeks: impl Fn(&str) -> bool) -> usize {
        let whole = self.words().any(|word| word == ALL || word == part || seeks(word));
        if whole { number } else { number.min(LINES) }
    }

    /// Returns the query of an address that shows the same, and what `word` says.
    pub(super) fn and(&self, word: &str) -> String {
        let known: Vec<_> = self.words().filter(|known| *known != word).chain([word]).map(encode).collect();
        format!("?whole={}", known.join(","))
    }

    /// Returns the query of an address that shows the same.
    pub(super) fn query(&self) -> String {
        self.words().next_back().map(|last| self.and(last)).unwrap_or_default()
    }

    /// Returns the lines that are not shown at all, each with the section that has it.
    pub(super) fn hidden<'p>(&self, packet: &'p Packet) -> HashMap<&'p str, &'static str> {
        let (mut shown, mut hidden) = (HashSet::new(), HashMap::new());
        for section in &packet.sections {
            let (first, rest) = section.items.split_at(self.lines(section));
            shown.extend(first.iter().map(|item| item.entry.as_str()));
            for item in rest {
                hidden.entry(item.entry.as_str()).or_insert(section.id);
            }
        }
        hidden.retain(|entry, _| !shown.contains(entry));
        hidden
    }

    fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.whole.split(',').filter(|word| !word.is_empty())
    }
}
