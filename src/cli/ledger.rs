use std::path::PathBuf;

use serde_json::json;

use super::args::Ledger;
use super::draft::read_deal;
use super::{Outcome, Screen, labelled, note, rule_set};
use crate::detect::Detected;
use crate::ledger::{self, ReadCall};
use crate::transcript::{Deal, Transcript};

/// Prints what stands after the calls of a deal.
pub(super) fn run(args: &Ledger) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Done;
    let (deal, calls) = if args.from_labels {
        labelled_calls(&args.paths, &mut outcome)?
    } else {
        let rules = rule_set(args.rules.as_deref())?;
        let (deal, readings, unread) = read_deal(&args.paths, &rules)?;
        if unread > 0 {
            outcome = Outcome::Problems;
        }
        (deal, readings.into_iter().map(|reading| (reading.transcript, reading.detected)).collect())
    };
    let read: Vec<_> =
        calls.iter().map(|(transcript, detected)| ReadCall { transcript, detected, problems: &[] }).collect();
    Screen::new().json(&json!({"deal": deal.id, "ledger": ledger::fold(&deal, &read)}))?;
    Ok(outcome)
}

type Calls = Vec<(Transcript, Detected)>;

/// Returns the calls below `paths` with what their labels say of them.
fn labelled_calls(paths: &[PathBuf], outcome: &mut Outcome) -> anyhow::Result<(Deal, Calls)> {
    let (mut deal, mut calls) = (None, Vec::new());
    for path in paths {
        let read = labelled::each(path, |_, call| {
            deal.get_or_insert_with(|| call.deal.clone());
            let (transcript, labels) = call.rendered(crate::eval::Rendering::AsIs);
            let (detected, problems) = labels.detected(&transcript);
            for problem in &problems {
                note(&format!("{}: {problem}", labels.call));
            }
            calls.push((transcript, detected));
        })?;
        if matches!(read, Outcome::Problems) {
            *outcome = Outcome::Problems;
        }
    }
    anyhow::ensure!(!calls.is_empty(), "there is no labelled call in what was named");
    Ok((deal.unwrap_or_default(), calls))
}
