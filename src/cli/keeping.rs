//! Backup, restore, rebuild, export: what an operator does with a data directory.

use std::fs;
use std::path::Path;

use anyhow::Context;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::args::{Backup, Export, Restore};
use super::deployment::{Deployment, database};
use super::import::{catch_up, progress};
use super::{Outcome, Screen};
use crate::access::Viewer;
use crate::handoff::{Action, Entry};
use crate::pipeline;
use crate::settings::Settings;
use crate::store::{Attachment, Options, Store, StoredCall};
use crate::transcript::Deal;

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

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

/// What an export wrote.
#[derive(Default, Serialize)]
struct Exported {
    deals: usize,
    calls: usize,
}

/// Writes every deal with its calls as they were delivered.
pub(super) async fn export(settings: &Settings, args: &Export) -> anyhow::Result<Outcome> {
    let taken = args.to.is_dir() && fs::read_dir(&args.to)?.next().is_some();
    anyhow::ensure!(!taken, "{} is not empty", args.to.display());
    let deployment = Deployment::open_existing(settings).await?;
    let store = deployment.store();
    note(store, "export").await?;
    let mut exported = Exported::default();
    let mut after = None;
    loop {
        let page = store.deals(Viewer::Everything, after.as_ref(), ROWS).await?;
        for stored in &page.items {
            let folder = args.to.join(file_name(&stored.deal.id));
            exported.calls += export_deal(store, &stored.deal, &folder).await?;
            exported.deals += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let row = vec![exported.deals.to_string(), exported.calls.to_string()];
    Screen::new().table(&["deals", "calls"], [row], &exported)?;
    Ok(Outcome::Done)
}

/// Keeps in the audit trail that everything left the data directory, before it does.
async fn note(store: &Store, what: &str) -> anyhow::Result<()> {
    let entry = Entry::new(Uuid::now_v7(), Timestamp::now(), "command line", Action::Exported, what);
    let recorded = store.write(move |tx| {
        tx.record(entry);
        Box::pin(async { Ok::<_, crate::store::Error>(()) })
    });
    Ok(recorded.await?)
}

async fn export_deal(store: &Store, deal: &Deal, folder: &Path) -> anyhow::Result<usize> {
    fs::create_dir_all(folder)?;
    write_json(&folder.join("deal.json"), deal)?;
    let calls = store.calls_of(&deal.id).await?;
    for (place, stored) in calls.iter().enumerate() {
        export_call(store, stored, folder, place + 1).await?;
    }
    for (place, paper) in store.attachments(&deal.id).await?.iter().enumerate() {
        export_paper(store, paper, folder, place).await?;
    }
    Ok(calls.len())
}

async fn export_call(store: &Store, stored: &StoredCall, folder: &Path, place: usize) -> anyhow::Result<()> {
    let stem = format!("{place:02}-{}", file_name(&stored.call.id));
    write_json(&folder.join(format!("{stem}.call.json")), &stored.call)?;
    let bytes = store.source(&stored.call.id, stored.version).await?;
    let path = folder.join(format!("{stem}.transcript"));
    fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))
}

/// Writes a paper under a name by which `import` knows it.
async fn export_paper(store: &Store, paper: &Attachment, folder: &Path, place: usize) -> anyhow::Result<()> {
    let bytes = store.attached_bytes(&paper.deal, paper.id).await?;
    let path = folder.join(pipeline::paper_name(place, &bytes));
    fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))
}

fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(value)?;
    fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))
}

/// Returns an id as a file's name: ids are hostile text and never become a path.
fn file_name(id: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_".contains(c) { c } else { '_' };
    let name: String = id.chars().map(plain).take(80).collect();
    match name == id {
        true => name,
        // Two ids must not fall together because of what was taken out.
        false => format!("{name}-{}", crate::transcript::Digest::of(id.as_bytes()).short()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_never_becomes_a_path() {
        assert_eq!(file_name("acme-2026"), "acme-2026");
        assert!(!file_name("../../etc/passwd").contains(['/', '.']));
        assert_ne!(file_name("a/b"), file_name("a.b"));
    }
}
