//! This room names the nouns of a call: who spoke, when, which words, and [`Span`], which points into them.
//!
//! Nothing here reads a file or a clock. A [`Transcript`] is sealed once `ingest` has made it: its words are
//! never edited, and a [`Quote`] can only be cut out of it.

mod call;
mod contract;
mod deal;
mod digest;
mod language;
mod name;
mod problem;
mod side;
mod span;
mod speaker;
mod timecode;
mod turn;
mod written;

pub use call::{Call, CallTime, Participant};
pub(crate) use contract::cells;
pub use contract::{Clause, Contract};
pub use deal::{Deal, Person};
pub use digest::Digest;
pub use language::Language;
pub use name::{Likeness, Name};
pub use problem::{Place, Problem};
pub use side::Side;
pub use span::{Quote, Span};
pub use speaker::{KnownBy, Speaker, SpeakerId};
pub use timecode::Timecode;
pub use turn::{Mark, Turn};
pub use written::Transcript;
