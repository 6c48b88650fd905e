use std::slice;

use anyhow::Context;

use super::args::Kickoff;
use super::draft::read_deal;
use super::{Outcome, Screen, note, rule_set};
use crate::kickoff::{Claim, LONGEST_OPENING, Replay, missed};
use crate::pipeline::{FoundCall, Reading, Sidecars, as_read, is_before, replay};

/// Replays a kickoff call against the packet of a deal's folder.
pub(super) fn run(args: &Kickoff) -> anyhow::Result<Outcome> {
    let rules = rule_set(args.rules.as_deref())?;
    let (deal, readings, unread) = read_deal(slice::from_ref(&args.deal), &rules)?;
    let found = FoundCall::read(&args.transcript, &Sidecars::default())?;
    let kickoff = Reading::new(&found.bytes, found.call, &deal, &[], &rules)
        .with_context(|| format!("failed to read {}", args.transcript.display()))?;
    let replay = replay(&deal, &readings, &[], &kickoff, true);
    if replay.moves.is_none() {
        note(
            "nothing says when the kickoff took place: what it changed in the ledger is left out; add its .call.json",
        );
    }
    if let Some(file) = &args.misses {
        let before: Vec<_> = readings.iter().filter(|reading| is_before(reading, &kickoff)).collect();
        let labelled = missed(&replay, &as_read(&before));
        std::fs::write(file, labelled.to_string())
            .with_context(|| format!("failed to write {}", file.display()))?;
        let unheard = replay.misses().filter(|claim| claim.earlier.is_none()).count();
        note(&format!(
            "{unheard} of {} misses were said on no call and teach nothing",
            replay.misses().count()
        ));
    }
    Screen::new().table(&["what", "on the kickoff", "in the packet", "sure"], rows(&replay), &replay)?;
    let odd = unread > 0 || readings.iter().chain([&kickoff]).any(|reading| !reading.problems.is_empty());
    Ok(if odd { Outcome::Problems } else { Outcome::Done })
}

fn rows(replay: &Replay) -> Vec<Vec<String>> {
    let sure = |confidence: f64| format!("{confidence:.2}");
    let mut rows = vec![opening(replay)];
    for it in &replay.repeated {
        let what = if it.discovery { "discovery again" } else { "asked again" };
        let answer = format!("{}: {}", it.answer.kind, said(&it.answer.words));
        rows.push(vec![what.to_owned(), said(&it.question), answer, sure(it.confidence)]);
    }
    for claim in &replay.claims {
        let (what, packet) = claimed(claim);
        rows.push(vec![what.to_owned(), said(&claim.words), packet, sure(claim.confidence)]);
    }
    for it in replay.moves.iter().flatten() {
        let what = format!("promise {}", it.event.as_str());
        rows.push(vec![what, said(&it.words), it.entry.clone(), sure(it.confidence)]);
    }
    rows
}

fn opening(replay: &Replay) -> Vec<String> {
    let cast = &replay.cast;
    let people = format!("AE {} · CSM {}", listed(&cast.account_executives), listed(&cast.success_managers));
    let spoke = format!("{people}: {} s", replay.opening.account_executive_seconds);
    let verdict = match (cast.account_executive_absent, replay.opening.too_long) {
        (true, _) => "the account executive did not speak".to_owned(),
        (_, true) => format!("more than {LONGEST_OPENING} s"),
        _ => String::new(),
    };
    let estimated = if replay.opening.estimated { "by words" } else { "" };
    vec!["opening".to_owned(), spoke, verdict, estimated.to_owned()]
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "?".to_owned() } else { names.join(", ") }
}

fn claimed(claim: &Claim) -> (&'static str, String) {
    match (&claim.entry, &claim.earlier) {
        (Some(entry), _) => ("our word", format!("{}: {}", entry.kind, said(&entry.words))),
        (None, Some(earlier)) => ("missed", format!("not in the ledger; perhaps {}", said(&earlier.words))),
        (None, None) => ("missed", "not in the ledger, on no call before".to_owned()),
    }
}

fn said(words: &crate::ledger::Citation) -> String {
    format!("“{}” ({})", words.quote.text(), words.speaker)
}
