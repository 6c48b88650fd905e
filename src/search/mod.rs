//! This room turns words somebody remembers into the quotes where they were said.
//!
//! Both indexes, the one on disk beside SQLite and the one in PostgreSQL, hold the same passages, cut into the same
//! words, and answer the same parsed query: neither of them parses speech or queries on its own. An index is a cache.
//! It is told which change of the store it has read, is rebuilt from the store at any time, and knows no other truth.

mod document;
mod error;
mod filters;
mod found;
mod index;
mod local;
mod open;
mod postgres;
mod query;
mod words;

pub use document::{CallDocument, Change, TurnDocument};
pub use error::Error;
pub use filters::Filters;
pub use found::{FacetCount, Facets, Found, Hit};
pub use index::{Answer, QuoteIndex, Search};
pub use local::LocalIndex;
pub use open::open;
pub use postgres::PostgresIndex;
pub use query::{Query, QueryError};
