use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::args::Import;
use super::deployment::Deployment;
use super::draft::{all_transcripts, file_name, papers_beside};
use super::export::Account;
use super::{Outcome, Screen, note, permission_changed};
use crate::pipeline::{self, DeliverError, FoundCall, PEOPLE, Pipeline, RECORD, Record, Sidecars};
use crate::search;
use crate::settings::Settings;
use crate::store::{self, Store};

/// What an import did.
#[derive(Debug, Default, Serialize)]
struct Imported {
    /// Calls that are new, or have a new version.
    calls: usize,
    /// Files that had been delivered before.
    duplicates: usize,
    /// Files that are no transcripts.
    unreadable: usize,
    /// Steps that failed and will be tried again.
    failed: usize,
}

/// Takes deal folders and single transcripts into the data directory.
pub(super) async fn run(settings: &Settings, args: &Import) -> anyhow::Result<Outcome> {
    let files = all_transcripts(&args.paths)?;
    let deployment = Deployment::open(settings).await?;
    let pipeline = deployment.pipeline().await?;
    let mut imported = Imported::default();

    let bar = progress(files.len() as u64, "delivering");
    for file in &files {
        let taken = FoundCall::read(file, &Sidecars::default());
        let outcome = match taken {
            Ok(found) => deliver(&pipeline, found).await?,
            Err(error) => Err(error.to_string()),
        };
        match outcome {
            Ok(false) => imported.calls += 1,
            Ok(true) => imported.duplicates += 1,
            Err(reason) => {
                imported.unreadable += 1;
                bar.suspend(|| note(&format!("{}: {reason}", file.display())));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    imported.unreadable += attach_papers(&pipeline, &files).await?;
    // Accounts first: a deal's members have one.
    for path in &args.paths {
        take_people(pipeline.store(), &path.join(PEOPLE)).await?;
    }
    take_records(&pipeline, &files).await?;

    imported.failed = catch_up(&pipeline, imported.calls as u64).await?;
    pipeline.store().close().await;
    let odd = imported.unreadable + imported.failed > 0;
    let row = [imported.calls, imported.duplicates, imported.unreadable, imported.failed];
    let row = row.map(|count| count.to_string()).to_vec();
    Screen::new().table(&["calls", "duplicates", "unreadable", "failed"], [row], &imported)?;
    Ok(if odd { Outcome::Problems } else { Outcome::Done })
}

/// Attaches the papers that lie beside the deals of `files`; returns how many could not be read.
pub(super) async fn attach_papers(pipeline: &Pipeline, files: &[PathBuf]) -> anyhow::Result<usize> {
    let mut unreadable = 0;
    for (path, bytes) in papers_beside(files)? {
        // The deal is the one that its folder's `deal.json` names.
        let Some(beside) = files.iter().find(|file| file.parent() == path.parent()) else { continue };
        let deal = FoundCall::read(beside, &Sidecars::default())?.deal.id;
        let record = read_json::<Record>(&path.with_file_name(RECORD))?.unwrap_or_default();
        let file = file_name(&path);
        let name = record.papers.get(&file).unwrap_or(&file);
        match pipeline.attach(&deal, name, bytes, "import").await {
            Ok(_) => {}
            Err(pipeline::Error::Unreadable(error)) => {
                unreadable += 1;
                note(&format!("{}: {error}", path.display()));
            }
            // None of its calls could be read, so that there is no deal.
            Err(pipeline::Error::Store(store::Error::Missing { .. })) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(unreadable)
}

/// Makes the accounts of an export that there are not yet. They have no password.
async fn take_people(store: &Store, file: &Path) -> anyhow::Result<()> {
    let Some(accounts) = read_json::<Vec<Account>>(file)? else { return Ok(()) };
    for Account { user, teams } in accounts {
        if store.user(&user.login).await?.is_some() {
            continue;
        }
        let entry = permission_changed(
            &user.login,
            json!({ "account": "imported", "role": user.role, "teams": teams }),
        );
        let now = Timestamp::now();
        let made = store.write(move |tx| {
            Box::pin(async move {
                tx.record(entry);
                tx.add_user(&user).await?;
                for team in &teams {
                    tx.set_team(&user.login, team, true).await?;
                }
                if user.disabled_at.is_some() {
                    tx.disable_user(&user.login, now).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        made.await.with_context(|| format!("failed to take the accounts of {}", file.display()))?;
    }
    Ok(())
}

/// Takes what people did with the deals of `files` where they did it elsewhere.
async fn take_records(pipeline: &Pipeline, files: &[PathBuf]) -> anyhow::Result<()> {
    let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
    for folder in folders {
        let file = folder.join(RECORD);
        let Some(record) = read_json::<Record>(&file)? else { continue };
        let Some(beside) = files.iter().find(|file| file.parent() == Some(folder)) else { continue };
        let deal = FoundCall::read(beside, &Sidecars::default())?.deal.id;
        let known = record.decisions.len();
        let taken = pipeline.take_record(&deal, record, "import", Timestamp::now()).await;
        if !taken.with_context(|| format!("failed to take {}", file.display()))? && known > 0 {
            note(&format!(
                "{}: people have decided about `{deal}` here; their decisions stand",
                file.display()
            ));
        }
    }
    Ok(())
}

/// Reads a file of an export; `None` where there is none.
fn read_json<T: DeserializeOwned>(file: &Path) -> anyhow::Result<Option<T>> {
    if !file.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    let read = serde_json::from_slice(&bytes);
    Ok(Some(read.with_context(|| format!("{} is none of an export", file.display()))?))
}

/// Reads, drafts and indexes what is due; returns how many steps failed.
pub(super) async fn catch_up(pipeline: &Pipeline, expected: u64) -> anyhow::Result<usize> {
    let bar = progress(expected, "reading and drafting");
    let failed = pipeline.catch_up(|| bar.inc(1)).await;
    bar.finish_and_clear();
    match failed {
        // What is kept, the service that writes the index will read and index.
        Err(pipeline::Error::Index(search::Error::Locked)) => {
            note("a running service has the index; it will take in what is new");
            Ok(0)
        }
        failed => Ok(failed?),
    }
}

/// Returns whether the call was a duplicate, or why it is no transcript.
async fn deliver(pipeline: &Pipeline, found: FoundCall) -> anyhow::Result<Result<bool, String>> {
    let delivery = found.into_delivery();
    match pipeline.deliver(delivery, None).await {
        Ok(receipt) => Ok(Ok(receipt.duplicate)),
        Err(DeliverError::Unreadable(error)) => Ok(Err(error.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Returns a progress bar; none is drawn where standard error is no terminal.
pub(super) fn progress(steps: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
    let bar = ProgressBar::new(steps).with_message(what);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
