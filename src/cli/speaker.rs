use anyhow::Context;

use super::args::Speaker;
use super::deployment::Deployment;
use super::import::catch_up;
use super::{Outcome, Screen};
use crate::ingest::Correction;
use crate::settings::Settings;

/// Corrects who a speaker of a call is, and has the call read again.
pub(super) async fn run(settings: &Settings, args: &Speaker) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open_existing(settings).await?;
    let pipeline = deployment.pipeline().await?;
    let stored = pipeline.store().call(&args.call).await?;
    let stored = stored.with_context(|| format!("there is no call `{}`", args.call))?;
    let reading = pipeline.reading(&stored).await?;
    let labels: Vec<_> = reading.transcript.speakers.iter().map(|speaker| speaker.label.clone()).collect();
    for label in std::iter::once(&args.label).chain(&args.merge_into) {
        anyhow::ensure!(
            labels.contains(label),
            "no speaker of `{}` has the label `{label}`; there are `{}`",
            args.call,
            labels.join("`, `")
        );
    }
    let correction = Correction {
        label: args.label.clone(),
        name: args.name.clone(),
        title: args.title.clone(),
        side: args.side,
        merge_into: args.merge_into.clone(),
    };
    pipeline.correct(&args.call, &correction, "command line").await?;
    catch_up(&pipeline, 1).await?;
    pipeline.store().close().await;
    Screen::new().line(&format!("corrected `{}`; `{}` was read again", args.label, args.call))?;
    Ok(Outcome::Done)
}
