//! Ratios to peers.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use readback::detect::detect;
use readback::rules::RuleSet;

use super::call::Hour;
use super::rules::with_more;

/// Rounds of each pair: the median of so many is steady within a few percent.
const ROUNDS: usize = 201;

/// Prints how long detection takes beside the automaton crate alone, and with 500 rules more.
pub(crate) fn print(hours: &[Hour]) {
    let (rules, more, deal) = (RuleSet::builtin(), with_more(500), &hours[0].deal);
    let transcript = hours[0].reading(&RuleSet::default()).transcript;
    let text = transcript.turns.iter().map(|turn| turn.text.to_lowercase()).collect::<Vec<_>>().join("\n");
    let literals: Vec<String> = rules.packs().flat_map(|pack| pack.literals()).collect();
    let words = text.split_whitespace().count();
    println!("\n{words} words, {} bytes, {} literals", text.len(), literals.len());
    println!("{:<34}{:>12}{:>12}{:>8}", "", "ours", "peer", "ratio");

    let ours = || drop(black_box(detect(&transcript, deal, &rules)));
    for (name, kind) in [
        ("detect : aho-corasick, DFA", AhoCorasickKind::DFA),
        ("detect : aho-corasick, NFA", AhoCorasickKind::ContiguousNFA),
    ] {
        let peer = AhoCorasick::builder().kind(Some(kind)).build(&literals).unwrap();
        row(name, ours, || {
            black_box(peer.find_overlapping_iter(&text).count());
        });
    }
    row("500 more rules : built-in rules", || drop(black_box(detect(&transcript, deal, &more))), ours);
}

fn row(name: &str, ours: impl Fn(), peer: impl Fn()) {
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        one.push(time(&ours));
        other.push(time(&peer));
    }
    let (one, other) = (median(one), median(other));
    let ratio = one.as_secs_f64() / other.as_secs_f64();
    println!("{name:<34}{:>9} µs{:>9} µs{ratio:>8.2}", one.as_micros(), other.as_micros());
}

fn time(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
