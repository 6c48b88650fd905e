//! The model as a witness: what it may add, what it may not, and what happens when it fails.

mod failure;
mod fusion;
mod injection;
mod inquiry;
pub(crate) mod provider;
mod real;
mod recorded;
mod service;
mod witness;
