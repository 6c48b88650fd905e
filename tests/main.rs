//! Tests of the rooms from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod api;
mod audit;
mod authorisation;
mod calls;
mod cli;
mod clocks;
mod contacts;
mod contrast;
mod durability;
mod erasure;
mod eval;
mod handoff_api;
mod handoffs;
mod ingest_json;
mod ingest_text;
mod llm;
mod openid;
mod packets;
mod people;
mod properties_detect;
mod properties_ledger;
mod properties_review;
mod review;
mod rooms;
mod rules;
mod scripted;
mod search;
mod sign_in;
mod slots;
mod speakers;
mod store;
mod support;
mod train;
mod watch;
