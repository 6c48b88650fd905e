//! Backup, restore, rebuild: what an operator does with a data directory.

use std::fs;

use anyhow::Context;
use jiff::Timestamp;
use uuid::Uuid;

use super::args::{Backup, Restore};
use super::deployment::{Deployment, database};
use super::import::{catch_up, progress};
use super::{Outcome, Screen};
use crate::handoff::{Action, Entry};
use crate::settings::Settings;
use crate::store::{Options, Store};

/// Copies the database, whole and consistent.
pub(super) async fn backup(settings: &Settings, args: &Backup) -> anyhow::Result<Outcome> {
    anyhow::ensure!(!args.to.exists(), "{} is there already", args.to.display());
    let deployment = Deployment::open_existing(settings).await?;
    note(deployment.store(), "backup").await?;
    deployment.store().backup(&args.to).await.context("failed to back up")?;
    deployment.store().close().await;
    Screen::new().line(&format!("backed up {} to {}", deployment.place(), args.to.display()))?;
    Ok(Outcome::Done)
}

/// Puts a backup in place of an empty data directory's database.
pub(super) async fn restore(settings: &Settings, args: &Restore) -> anyhow::Result<Outcome> {
    anyhow::ensure!(settings.store.url.is_empty(), "restore into PostgreSQL with pg_restore");
    let target = database(&settings.store.data);
    let data = &settings.store.data;
    // An old index would claim to have read what is restored, an old log would be played onto it.
    let left = [target.clone(), data.join("readback.sqlite-wal"), data.join("index")];
    if let Some(there) = left.iter().find(|path| path.exists()) {
        anyhow::bail!("{} is there already; restore into an empty directory with --data", there.display());
    }
    fs::create_dir_all(data)?;
    // Under its own name only once it is whole: a restore that was cut off never looks complete.
    let unfinished = target.with_extension("restoring");
    fs::copy(&args.from, &unfinished).with_context(|| format!("failed to copy {}", args.from.display()))?;
    let store = Store::open(&unfinished.display().to_string(), Options::default()).await;
    let store = store.with_context(|| format!("{} is no backup of Readback", args.from.display()))?;
    let faults = store.check().await?;
    store.close().await;
    anyhow::ensure!(faults.is_empty(), "the backup is damaged: {}", faults.join("; "));
    fs::File::open(&unfinished)?.sync_all()?;
    fs::rename(&unfinished, &target)?;
    let deployment = Deployment::open(settings).await?;
    let pipeline = deployment.pipeline().await?;
    catch_up(&pipeline, 0).await?;
    Screen::new().line(&format!("restored {}; the index is rebuilt", target.display()))?;
    Ok(Outcome::Done)
}

/// Rebuilds the index from the store.
pub(super) async fn reindex(settings: &Settings) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open_existing(settings).await?;
    let pipeline = deployment.pipeline().await?;
    pipeline.index().clear().await?;
    let bar = progress(deployment.store().head().await?, "reindexing");
    let mut calls = 0;
    loop {
        let batch = pipeline.index_batch().await?;
        if batch == 0 {
            break;
        }
        calls += batch;
        bar.set_position(pipeline.index().indexed_through().await?);
    }
    bar.finish_and_clear();
    Screen::new().line(&format!("indexed {calls} calls"))?;
    Ok(Outcome::Done)
}

/// Keeps in the audit trail that everything left the data directory, before it does.
pub(super) async fn note(store: &Store, what: &str) -> anyhow::Result<()> {
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), "command line", Action::Exported, what);
    let recorded = store.write(move |tx| {
        tx.record(entry);
        Box::pin(async { Ok::<_, crate::store::Error>(()) })
    });
    Ok(recorded.await?)
}
