use anyhow::Context;
use serde_json::Value;

use super::args::Verify;
use super::deployment::Deployment;
use super::draft::all_transcripts;
use super::{Outcome, Screen};
use crate::ingest::transcribe;
use crate::packet;
use crate::pipeline::{FoundCall, Sidecars};
use crate::settings::Settings;
use crate::transcript::Transcript;

/// Proves that every quote of a packet stands in its calls.
pub(super) fn run(settings: &Settings, args: &Verify) -> anyhow::Result<Outcome> {
    let text =
        std::fs::read(&args.packet).with_context(|| format!("failed to read {}", args.packet.display()))?;
    let packet: Value = serde_json::from_slice(&text)
        .with_context(|| format!("{} is no packet as JSON", args.packet.display()))?;
    let transcripts = match args.calls.is_empty() {
        true => super::block_on(from_store(settings, &packet))?,
        false => from_files(args)?,
    };
    let report = packet::verify(&packet, &transcripts);
    let mut screen = Screen::new();
    for failure in &report.failures {
        let call = failure.call.as_deref().unwrap_or("no call");
        let quote = failure.quote.as_deref().map(|quote| format!(" “{quote}”")).unwrap_or_default();
        screen.line(&format!("{} ({call}): {}{quote}", failure.pointer, failure.reason))?;
    }
    screen.line(&format!("{} quotes stand, {} do not", report.standing, report.failures.len()))?;
    Ok(if report.holds() { Outcome::Done } else { Outcome::Problems })
}

fn from_files(args: &Verify) -> anyhow::Result<Vec<Transcript>> {
    let mut transcripts = Vec::new();
    for path in all_transcripts(&args.calls)? {
        let found = FoundCall::read(&path, &Sidecars::default())?;
        let transcribed = transcribe(&found.bytes, found.call, &found.deal, &[])
            .with_context(|| format!("failed to read {}", path.display()))?;
        transcripts.push(transcribed.transcript);
    }
    Ok(transcripts)
}

async fn from_store(settings: &Settings, packet: &Value) -> anyhow::Result<Vec<Transcript>> {
    let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
    let deal = packet.pointer("/deal/deal").and_then(Value::as_str).context("the packet names no deal")?;
    let mut transcripts = Vec::new();
    for stored in pipeline.store().calls_of(deal).await? {
        transcripts.push(pipeline.reading(&stored).await?.transcript.clone());
    }
    anyhow::ensure!(
        !transcripts.is_empty(),
        "the store has no calls of deal `{deal}`; name them with --calls"
    );
    Ok(transcripts)
}
