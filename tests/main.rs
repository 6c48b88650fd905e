//! Tests of the rooms from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod calls;
mod eval;
mod ingest_json;
mod ingest_text;
mod packets;
mod people;
mod properties_detect;
mod properties_ledger;
mod rules;
mod scripted;
mod search;
mod slots;
mod speakers;
mod store;
mod support;
