use std::io::Read;
use std::path::Path;

use anyhow::Context;

use super::args::Extract;
use super::{Outcome, Screen, llm, rule_set};
use crate::llm::Listener;
use crate::pipeline::{FoundCall, LARGEST_FILE, Reading, Sidecars};
use crate::transcript::Deal;

/// Prints the findings of one call as JSON.
pub(super) fn run(args: &Extract, listener: Option<&Listener>) -> anyhow::Result<Outcome> {
    let rules = rule_set(args.rules.as_deref())?;
    let sidecars = Sidecars { call: args.call.clone(), deal: args.deal.clone() };
    let found = match args.transcript.as_path() == Path::new("-") {
        true => from_standard_input(&sidecars)?,
        false => FoundCall::read(&args.transcript, &sidecars)?,
    };
    let path = found.path.display();
    let reading = Reading::new(&found.bytes, found.call, &found.deal, &[], &rules)
        .with_context(|| format!("failed to read {path}"))?;
    let reading = match listener {
        Some(listener) => llm::heard(listener, reading, &found.deal, &rules)?,
        None => reading,
    };
    Screen::new().json(&reading.record())?;
    Ok(Outcome::of(&reading.problems))
}

fn from_standard_input(sidecars: &Sidecars) -> anyhow::Result<FoundCall> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(LARGEST_FILE).read_to_end(&mut bytes)?;
    let read =
        |path: &Path| std::fs::read(path).with_context(|| format!("failed to read {}", path.display()));
    let call = match &sidecars.call {
        Some(path) => serde_json::from_slice(&read(path)?).with_context(|| path.display().to_string())?,
        None => crate::transcript::Call { id: "stdin".to_owned(), ..Default::default() },
    };
    let deal: Deal = match &sidecars.deal {
        Some(path) => serde_json::from_slice(&read(path)?).with_context(|| path.display().to_string())?,
        None => Deal::default(),
    };
    Ok(FoundCall { path: "standard input".into(), bytes, call, deal, id_is_the_files: false })
}
