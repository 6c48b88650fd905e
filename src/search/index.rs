use std::pin::Pin;

use super::filters::key;
use super::{Change, Error, Filters, Found, Query};
use crate::rules::Kind;

/// What an index answers, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// An index of what was said. Every one passes the same suite.
pub trait QuoteIndex: Send + Sync {
    /// Takes in changes, all in one commit, and notes that it has read the store's changes up to number `through`.
    /// Changes that it has read already change nothing.
    fn apply(&self, changes: Vec<Change>, through: u64) -> Answer<'_, ()>;

    /// Returns the number of the last change it has read.
    fn indexed_through(&self) -> Answer<'_, u64>;

    /// Finds passages.
    fn search(&self, search: Search) -> Answer<'_, Found>;

    /// Forgets everything, so that the store's changes are read from the first on.
    fn clear(&self) -> Answer<'_, ()>;

    /// Checks the index against its own checksums, and returns what is wrong.
    fn check(&self) -> Answer<'_, Vec<String>>;
}

/// A search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The query as it was typed; may hold filters too (`kind:promise`).
    pub query: String,
    /// Filters beside those in the query; both must hold.
    pub filters: Filters,
    /// Deals whose words must neither be found nor counted, by id.
    pub hidden: Vec<String>,
    /// Whether the query is still being typed: the last word may be the start of one, the last quote may be open.
    pub typing: bool,
    /// Hits at most, from 1 to 100.
    pub limit: u32,
    /// Where to go on: [`Found::next`] of the page before.
    pub after: Option<String>,
    /// Whether to count the facets, which costs a look at every hit.
    pub facets: bool,
}

impl Search {
    /// Returns a search for `query` with a page of 20 hits.
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            filters: Filters::default(),
            hidden: Vec::new(),
            typing: false,
            limit: 20,
            after: None,
            facets: false,
        }
    }

    /// Returns the kinds of findings to which it narrows, those that stand in the query too.
    ///
    /// # Errors
    /// Where the query cannot be understood.
    pub fn kinds(&self) -> Result<Vec<Kind>, Error> {
        let typed = Query::of(self)?.filters.kinds;
        Ok(self.filters.kinds.iter().copied().chain(typed).collect())
    }

    /// Returns the terms of [`hidden`](Self::hidden): no passage with one of them is found.
    pub(super) fn hidden_keys(&self) -> impl Iterator<Item = String> {
        self.hidden.iter().map(|deal| key("deal", deal))
    }

    pub(super) fn shown(&self) -> usize {
        self.limit.clamp(1, 100) as usize
    }

    /// Returns how many hits were handed out before. Nobody reads past [`DEEPEST`]; better words are wanted then.
    pub(super) fn skipped(&self) -> usize {
        let number = self.after.as_deref().and_then(|after| after.parse().ok());
        number.unwrap_or(0).min(DEEPEST)
    }
}

/// Hits are handed out up to this one.
pub(super) const DEEPEST: usize = 10_000;
