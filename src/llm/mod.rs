//! This room turns a transcript and what the rules found in it into questions for a model, and the model's answers into
//! findings that stand on the source's own words.
//!
//! The model is a witness: it points at words and labels them. It supplies no words, no dates, no amounts and no names;
//! whatever it cites that was not said is refused and counted. [`plan`] says what to ask, [`testimony`] what to make of
//! the answers; both are pure. Only `client` touches the network.

mod agree;
mod align;
mod answer;
mod breaker;
mod budget;
mod client;
mod failure;
mod fuse;
mod hear;
mod inquiry;
mod listener;
mod mask;
mod model;
mod prompt;
mod question;
mod recorded;
mod reliability;
mod token;
mod wire;
mod wording;

pub use answer::{Refusal, Refused};
pub use budget::{Limits, Price, Spent};
pub use client::{Client, Connection, Provider};
pub use failure::NotHeard;
pub use fuse::{Testimony, testimony};
pub use hear::{Heard, hear};
pub use inquiry::{Clause, Passage, answering, inquiry, passages, sentence, words_of};
pub use listener::Listener;
pub use model::{Completion, Model, Prompt, Reply, Usage};
pub use question::{Asked, Scope, plan};
pub use recorded::Recorded;
pub use wording::{Wanted, words};
