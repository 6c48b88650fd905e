use std::io::{Read, Write};

use anyhow::Context;

use super::args::Attach;
use super::deployment::Deployment;
use super::import::catch_up;
use super::{Outcome, Screen};
use crate::ingest::{self, Limits};
use crate::settings::Settings;

/// Attaches a paper to a deal, and has its packet drafted anew.
pub(super) async fn run(settings: &Settings, args: &Attach) -> anyhow::Result<Outcome> {
    let file = args.file.display();
    let most = Limits::PAPER_BYTES as u64;
    let mut bytes = Vec::new();
    std::fs::File::open(&args.file)
        .and_then(|opened| opened.take(most + 1).read_to_end(&mut bytes))
        .with_context(|| format!("failed to read {file}"))?;
    let deployment = Deployment::open_existing(settings).await?;
    let pipeline = deployment.pipeline().await?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let attached = pipeline.attach(&args.deal, &name, bytes, "command line").await;
    let (paper, is_new) = attached.with_context(|| format!("failed to attach {file} to `{}`", args.deal))?;
    catch_up(&pipeline, 1).await?;
    pipeline.store().close().await;
    let clauses = ingest::contract(&paper.name, paper.source, paper.content).clauses.len();
    let done = if is_new { "attached" } else { "was attached before:" };
    Screen::new().line(&format!("{done} {name} to `{}`, {clauses} clauses ({})", args.deal, paper.id))?;
    Ok(Outcome::Done)
}

/// Prints the text of the paper on standard input, or what stands beside it: what a service has a child do with bytes it
/// does not trust.
pub(super) fn read_paper(beside: bool) -> anyhow::Result<Outcome> {
    let mut bytes = Vec::new();
    std::io::stdin().take(Limits::PAPER_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let text = if beside { ingest::beside_text(&bytes)? } else { ingest::paper_text(&bytes)? };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(Outcome::Done)
}
