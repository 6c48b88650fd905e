use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;

use super::args::Import;
use super::deployment::Deployment;
use super::draft::{all_transcripts, file_name};
use super::export::Account;
use super::{Outcome, Screen, note};
use crate::access::Role;
use crate::handoff::{Action, Entry};
use crate::pipeline::{
    self, DeliverError, ERASED, FolderError, FoundCall, FoundDeal, PEOPLE, Pipeline, Record, Sidecars,
};
use crate::settings::Settings;
use crate::store::{self, Erasures, Store, as_login};
use crate::{search, sign_in};

/// Who took it, for the audit trail.
const ACTOR: &str = "import";

/// What an import did.
#[derive(Debug, Default, Serialize)]
struct Imported {
    /// Calls that are new, or have a new version.
    calls: usize,
    /// Files that had been delivered before.
    duplicates: usize,
    /// Files that cannot be read, and what was erased here.
    unreadable: usize,
    /// Steps that failed and will be tried again.
    failed: usize,
}

/// Takes deal folders and single transcripts into the data directory. What is odd in a folder is found before anything is
/// taken, and who sees a deal is written before its first call.
pub(super) async fn run(settings: &Settings, args: &Import) -> anyhow::Result<Outcome> {
    let deals = found_deals(&args.paths)?;
    let (mut people, mut erasures) = (Vec::new(), Erasures::default());
    for path in &args.paths {
        people.extend(read_of_export::<Vec<Account>>(&path.join(PEOPLE))?);
        let erased: Erasures = read_of_export(&path.join(ERASED))?;
        erasures.calls.extend(erased.calls);
        erasures.sources.extend(erased.sources);
    }
    let files = if deals.is_empty() { all_transcripts(&args.paths)? } else { transcripts_of(&args.paths)? };
    let deployment = Deployment::open(settings).await?;
    let pipeline = deployment.pipeline().await?;
    let mut imported = Imported::default();
    // What was erased elsewhere first: no folder brings it back.
    keep_erasures(pipeline.store(), erasures).await?;
    // Then accounts: a deal's members have one.
    take_people(pipeline.store(), people, args.admins).await?;
    for FoundDeal { deal, record, .. } in &deals {
        let strangers = pipeline.open_deal(deal, record.access.as_ref(), ACTOR, Timestamp::now()).await?;
        for login in strangers {
            note(&format!("`{login}` has no account here and is left out of the members of `{}`", deal.id));
        }
    }

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
    imported.unreadable += attach_papers(&pipeline, &deals).await?;
    for found in deals {
        take_record(&pipeline, found).await?;
    }

    imported.failed = catch_up(&pipeline, imported.calls as u64).await?;
    pipeline.store().close().await;
    let odd = imported.unreadable + imported.failed > 0;
    let row = [imported.calls, imported.duplicates, imported.unreadable, imported.failed];
    let row = row.map(|count| count.to_string()).to_vec();
    Screen::new().table(&["calls", "duplicates", "unreadable", "failed"], [row], &imported)?;
    Ok(if odd { Outcome::Problems } else { Outcome::Done })
}

/// Returns the deals whose folders `paths` hold, each once.
pub(super) fn found_deals(paths: &[PathBuf]) -> anyhow::Result<Vec<FoundDeal>> {
    let mut deals = BTreeMap::new();
    for path in paths {
        for found in FoundDeal::all(path)? {
            found.record.check(&found.deal.id).with_context(|| format!("in {}", found.folder.display()))?;
            deals.insert(found.folder.clone(), found);
        }
    }
    Ok(deals.into_values().collect())
}

/// Returns the transcripts of folders, some of which may hold deals without a call.
fn transcripts_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, FolderError> {
    let mut files = Vec::new();
    for path in paths {
        match pipeline::transcripts(path) {
            Err(FolderError::Empty { .. }) => {}
            found => files.extend(found?),
        }
    }
    Ok(files)
}

/// Attaches the papers that lie in the folders of `deals`; returns how many could not be taken.
pub(super) async fn attach_papers(pipeline: &Pipeline, deals: &[FoundDeal]) -> anyhow::Result<usize> {
    let mut odd = 0;
    for FoundDeal { folder, deal, record } in deals {
        for (path, bytes) in pipeline::papers(folder)? {
            let file = file_name(&path);
            let name = record.papers.get(&file).unwrap_or(&file);
            match pipeline.attach(&deal.id, name, bytes, ACTOR).await {
                Ok(_) => {}
                Err(
                    error @ (pipeline::Error::Unreadable(_)
                    | pipeline::Error::Store(store::Error::Erased { .. })),
                ) => {
                    odd += 1;
                    note(&format!("{}: {error}", path.display()));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(odd)
}

/// Reads a file of an export; nothing where there is no such file.
fn read_of_export<T: Default + DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    if !file.is_file() {
        return Ok(T::default());
    }
    let bytes = std::fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is none of an export", file.display()))
}

/// Keeps what an export says was erased, so that nobody delivers it here either.
async fn keep_erasures(store: &Store, erasures: Erasures) -> anyhow::Result<()> {
    if erasures == Erasures::default() {
        return Ok(());
    }
    let now = Timestamp::now();
    let entry = Entry::new(Uuid::now_v7(), now, ACTOR, Action::Erased, "elsewhere");
    let work = store.write(move |tx| {
        Box::pin(async move {
            let (new, stay) = tx.keep_erasures(&erasures, now).await?;
            if new != Erasures::default() {
                tx.record(entry.with(json!({ "calls": new.calls, "sources": new.sources })));
            }
            Ok::<_, store::Error>(stay)
        })
    });
    for call in work.await? {
        note(&format!("call `{call}` was erased elsewhere and is here; `readback forget call` erases it"));
    }
    Ok(())
}

/// Makes the accounts of an export that there are not yet. They have no password. An administrator's is made only where
/// whoever imports says so: the file may come from anywhere.
async fn take_people(store: &Store, people: Vec<Account>, admins: bool) -> anyhow::Result<()> {
    for Account { user, teams } in people {
        let login = user.login.clone();
        if user.role == Role::Admin && !admins {
            if store.user(&as_login(&login)).await?.is_none() {
                note(&format!("{login:?} is an administrator and is left out; --admins takes them too"));
            }
            continue;
        }
        let taken = sign_in::take_account(store, user, teams, ACTOR, Timestamp::now());
        taken.await.with_context(|| format!("failed to take the account {login:?}"))?;
    }
    Ok(())
}

/// Takes what people did with a deal elsewhere.
async fn take_record(pipeline: &Pipeline, found: FoundDeal) -> anyhow::Result<()> {
    let FoundDeal { folder, deal, record } = found;
    if record == Record::default() {
        return Ok(());
    }
    let taken = pipeline.take_record(&deal.id, record, ACTOR, Timestamp::now()).await;
    let stands = taken.with_context(|| format!("failed to take the record in {}", folder.display()))?;
    if !stands.is_empty() {
        note(&format!("`{}`: here stand other {}, and they stay", deal.id, stands.join(", ")));
    }
    Ok(())
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
        // An export may be older than an erasure.
        Err(DeliverError::Store(error @ store::Error::Erased { .. })) => Ok(Err(error.to_string())),
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
