//! What was typed, as both indexes understand it.

mod highlight;
mod lex;
mod parse;

pub use parse::QueryError;

use super::{Filters, Search};

/// A query that was understood.
///
/// Words must all occur; `OR` gives a choice, `-word` and `NOT word` rule out, `"exact words"` stand together as they
/// were said, `lau*` begins a word, parentheses group. A word is found in its other forms too ("promises" for
/// "promise") unless it stands in quotes. `speaker:dana`, `side:customer`, `kind:promise`, `account:"Acme Corp"`,
/// `deal:`, `call:`, `language:`, and `from:`, `to:`, `before:`, `after:` with a date narrow the whole query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What the words ask for; `None` where there are only filters.
    pub(super) node: Option<Node>,
    /// The filters that stood among the words.
    pub(super) filters: Filters,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Words(Words),
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
}

/// Words that stand together; most often it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Folded; at least one.
    pub(super) folded: Vec<String>,
    /// Whether other forms of the word do not count. Several words are always exact.
    pub(super) exact: bool,
    /// Whether the last may go on.
    pub(super) prefix: bool,
}

impl Query {
    /// Understands what was typed.
    ///
    /// # Errors
    /// Where it cannot be understood, with the place.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        parse::parse(text, false)
    }

    /// Like [`parse`](Self::parse), while the query is being typed.
    ///
    /// # Errors
    /// Where it cannot become a query by more typing.
    pub fn parse_typing(text: &str) -> Result<Self, QueryError> {
        parse::parse(text, true)
    }

    pub(super) fn of(search: &Search) -> Result<Self, QueryError> {
        parse::parse(&search.query, search.typing)
    }

    /// Returns all words of the query in their order, where it is nothing but two or more of them: a passage where they
    /// stand together ranks first.
    pub(super) fn as_phrase(&self) -> Option<Words> {
        let Some(Node::And(parts)) = &self.node else { return None };
        let mut phrase = Words { folded: Vec::new(), exact: true, prefix: false };
        for part in parts {
            let Node::Words(words) = part else { return None };
            if phrase.prefix {
                return None;
            }
            phrase.folded.extend(words.folded.iter().cloned());
            phrase.prefix = words.prefix;
        }
        Some(phrase)
    }
}
