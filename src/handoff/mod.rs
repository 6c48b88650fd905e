//! This room turns decisions and time into where a handoff stands, and keeps the record that proves it.

mod audit;
mod proof;

pub use audit::{Action, Body, Entry, Head, Link};
pub use proof::{Fault, Flaw, Proof, Verifier};
