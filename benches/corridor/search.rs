//! A year of a small team's calls in the local index.

use std::time::Instant;

use criterion::Criterion;
use readback::rules::RuleSet;
use readback::search::{CallDocument, Change, LocalIndex, QuoteIndex, Search};

use super::call::Hour;

const TURNS: usize = 100_000;

/// Times indexing once, and searches as people type them.
pub(crate) fn index(criterion: &mut Criterion, hour: &Hour) {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let index = LocalIndex::open(folder.path()).unwrap();
    let changes = changes(hour);
    let turns: usize = changes.len() * hour.reading(&RuleSet::default()).transcript.turns.len();
    let start = Instant::now();
    runtime.block_on(index.apply(changes, 1)).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    println!("search/index: {turns} turns in {seconds:.1} s, {:.0} turns a second", turns as f64 / seconds);

    let mut group = criterion.benchmark_group("search");
    for (name, query, typing) in [
        ("word", "data", false),
        ("phrase", "\"single sign-on\"", false),
        ("and", "data security friday", false),
        ("prefix", "data sec", true),
    ] {
        let search = Search { typing, ..Search::new(query) };
        group.bench_function(name, |b| b.iter(|| runtime.block_on(index.search(search.clone())).unwrap()));
    }
    group.finish();
}

/// Returns so many calls of an hour that there are 100,000 turns.
fn changes(hour: &Hour) -> Vec<Change> {
    let reading = hour.reading(&RuleSet::builtin());
    let document = CallDocument::new(&reading.transcript, None, &reading.record());
    let put =
        |number: usize| Change::Put(CallDocument { call: format!("call-{number}"), ..document.clone() });
    (0..TURNS.div_ceil(document.turns.len())).map(put).collect()
}
