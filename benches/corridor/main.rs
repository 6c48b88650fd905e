//! Times the corridor on a one-hour call, beside the `aho-corasick` crate alone: `cargo bench`.
//!
//! The hour is made of the fixture deals' own words, their turns said again until there are 9,000 of them. At the end
//! stands a table of ratios, each measured in alternation with its peer, so that a busy machine slows both.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run says so by a panic")]
#![expect(clippy::print_stdout, reason = "the table is what a bench is run for")]

mod call;
mod rules;
mod search;
mod table;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};
use readback::detect::detect;
use readback::ingest::{read, seal};
use readback::pipeline::{Reading, draft};
use readback::rules::RuleSet;
use readback::transcript::Digest;

use call::Hour;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(30)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    let hours = call::hours();
    corridor(&mut criterion, &hours);
    rules::compile(&mut criterion);
    search::index(&mut criterion, &hours[0]);
    criterion.final_summary();
    table::print(&hours);
}

fn corridor(criterion: &mut Criterion, hours: &[Hour]) {
    let (rules, hour) = (RuleSet::builtin(), &hours[0]);
    let bytes = hour.vtt.as_bytes();
    let recording = read(bytes, None).unwrap();
    let readings: Vec<Reading> = hours.iter().map(|hour| hour.reading(&rules)).collect();
    let transcript = &readings[0].transcript;
    let deal = &hour.deal;

    let mut group = criterion.benchmark_group("corridor");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("parse", |b| b.iter(|| read(black_box(bytes), None).unwrap()));
    group.bench_function("seal", |b| {
        let source = Digest::of(bytes);
        b.iter_batched(
            || recording.clone(),
            |recording| seal(recording, source.clone(), hour.call.clone(), deal, &[]),
            BatchSize::LargeInput,
        );
    });
    group.bench_function("detect", |b| b.iter(|| detect(black_box(transcript), deal, &rules)));
    group.bench_function("draft one call", |b| b.iter(|| draft(deal, &readings[..1], &[])));
    group.bench_function("draft three calls", |b| b.iter(|| draft(deal, &readings, &[])));
    let (long_deal, sixty) = call::sixty(&rules);
    group.bench_function("draft sixty calls", |b| b.iter(|| draft(&long_deal, &sixty, &[])));
    group.bench_function("bytes to packet", |b| b.iter(|| draft(deal, [&hour.reading(&rules)], &[])));
    group.finish();
}
