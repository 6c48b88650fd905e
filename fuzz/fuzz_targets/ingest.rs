//! Feeds arbitrary bytes to `ingest`: `cargo +nightly fuzz run ingest fuzz/corpus/ingest fixtures/ingest/*`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readback::ingest::{Limits, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(recording) = read(bytes, None) else { return };
    assert!(recording.rows.len() <= Limits::ROWS);
    assert!(recording.rows.iter().all(|row| !row.text.trim().is_empty()));
});
