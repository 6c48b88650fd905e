//! Export: every deal as a folder that `import` takes.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::args::Export;
use super::deployment::Deployment;
use super::keeping::note;
use super::{Outcome, Screen};
use crate::access::Viewer;
use crate::pipeline::{self, Pipeline};
use crate::settings::Settings;
use crate::store::{Attachment, Store, StoredCall, User};
use crate::transcript::Deal;

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

/// An account as it is exported: without a password, so that whoever has it proves their address or gets a new one.
#[derive(Serialize, Deserialize)]
pub(super) struct Account {
    /// The person.
    #[serde(flatten)]
    pub(super) user: User,
    /// Their teams.
    #[serde(default)]
    pub(super) teams: Vec<String>,
}

/// What an export wrote.
#[derive(Default, Serialize)]
struct Exported {
    deals: usize,
    calls: usize,
}

/// Writes every deal with its calls as they were delivered and what people did with it, and the accounts.
pub(super) async fn export(settings: &Settings, args: &Export) -> anyhow::Result<Outcome> {
    let taken = args.to.is_dir() && fs::read_dir(&args.to)?.next().is_some();
    anyhow::ensure!(!taken, "{} is not empty", args.to.display());
    let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
    let store = pipeline.store();
    note(store, "export").await?;
    let mut exported = Exported::default();
    let mut after = None;
    loop {
        let page = store.deals(Viewer::Everything, after.as_ref(), ROWS).await?;
        for stored in &page.items {
            let folder = args.to.join(file_name(&stored.deal.id));
            exported.calls += export_deal(&pipeline, &stored.deal, &folder).await?;
            exported.deals += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    write_json(&args.to.join(pipeline::PEOPLE), &people(store).await?)?;
    write_json(&args.to.join(pipeline::ERASED), &store.erasures().await?)?;
    let row = vec![exported.deals.to_string(), exported.calls.to_string()];
    Screen::new().table(&["deals", "calls"], [row], &exported)?;
    Ok(Outcome::Done)
}

async fn people(store: &Store) -> anyhow::Result<Vec<Account>> {
    let teams = store.teams().await?;
    let of = |login: &str| {
        let theirs = teams.iter().filter(|(_, member)| member == login);
        theirs.map(|(team, _)| team.clone()).collect()
    };
    let account = |user: User| Account { teams: of(&user.login), user };
    Ok(store.users().await?.into_iter().map(account).collect())
}

async fn export_deal(pipeline: &Pipeline, deal: &Deal, folder: &Path) -> anyhow::Result<usize> {
    let store = pipeline.store();
    fs::create_dir_all(folder)?;
    write_json(&folder.join("deal.json"), deal)?;
    let calls = store.calls_of(&deal.id).await?;
    for (place, stored) in calls.iter().enumerate() {
        export_call(store, stored, folder, place + 1).await?;
    }
    let mut record = pipeline.deal_record(&deal.id).await?;
    for (place, paper) in store.attachments(&deal.id).await?.into_iter().enumerate() {
        record.papers.insert(export_paper(store, &paper, folder, place).await?, paper.name);
    }
    write_json(&folder.join(pipeline::RECORD), &record)?;
    Ok(calls.len())
}

async fn export_call(store: &Store, stored: &StoredCall, folder: &Path, place: usize) -> anyhow::Result<()> {
    let stem = format!("{place:02}-{}", file_name(&stored.call.id));
    write_json(&folder.join(format!("{stem}.call.json")), &stored.call)?;
    let bytes = store.source(&stored.call.id, stored.version).await?;
    let path = folder.join(format!("{stem}.transcript"));
    fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))
}

/// Writes a paper under a name by which `import` knows it, and returns that name.
async fn export_paper(
    store: &Store,
    paper: &Attachment,
    folder: &Path,
    place: usize,
) -> anyhow::Result<String> {
    let bytes = store.attached_bytes(&paper.deal, paper.id).await?;
    let name = pipeline::paper_name(place, &bytes);
    let path = folder.join(&name);
    fs::write(&path, bytes).with_context(|| format!("failed to write {}", path.display()))?;
    Ok(name)
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
