//! Readback keeps what was promised on sales calls in the words in which it was said.
//!
//! The crate is a house with its rooms along one corridor; a room uses only rooms before it:
//!
//! `transcript → ingest → rules → detect → ledger → eval → training → review → packet → access → handoff → papers →
//! llm → kickoff → notify → store → search → pipeline → sign_in → http → web → cli`
//!
//! The first twelve are pure: no clock, no disk, no network, no randomness. The same calls, rules and corrections
//! give the same packet, byte for byte. What is absent is as telling: nothing in `transcript` edits words, nothing
//! before `store` knows where things are kept, nothing but `http`, `web` and `cli` knows who asks.

pub mod transcript;

pub mod ingest;

pub mod rules;

pub mod detect;

pub mod eval;

pub mod training;

pub mod ledger;

pub mod review;

pub mod packet;

pub mod access;

pub mod handoff;

pub mod papers;

pub mod llm;

pub mod kickoff;

pub mod notify;

pub mod store;

pub mod search;

pub mod pipeline;

pub mod sign_in;

pub mod http;

pub mod web;

pub mod settings;

pub mod cli;
