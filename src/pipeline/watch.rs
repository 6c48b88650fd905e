//! A watched folder: a recorder's export dropped there is a delivered call.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::settling::{Look, Settling};
use super::{DeliverError, FolderError, FoundCall, Pipeline, Sidecars, may_be_transcript, transcripts};

/// Pause between two looks at the folder.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Where files go that cannot be read, each with its reason beside it.
const SET_ASIDE: &str = "set-aside";

/// Delivers what is dropped into `folder` until `stop` is cancelled. Delivered files stay where they are; the store
/// knows them by their content, so that a restart delivers nothing twice.
pub async fn watch(pipeline: Arc<Pipeline>, folder: PathBuf, stop: CancellationToken) {
    let mut settling = Settling::default();
    while !stop.is_cancelled() {
        match list(&folder) {
            Ok(files) => {
                for path in settling.look(&files, Timestamp::now()) {
                    if !take(&pipeline, &folder, &path).await {
                        settling.again(&path);
                    }
                }
            }
            Err(error) => {
                tracing::warn!(folder = %folder.display(), %error, "failed to look at the watched folder");
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Returns the transcripts of the folder with their state; a sidecar that changes makes its transcript change.
fn list(folder: &Path) -> Result<Vec<(PathBuf, Look)>, FolderError> {
    let paths = match transcripts(folder) {
        Err(FolderError::Empty { .. }) => return Ok(Vec::new()),
        paths => paths?,
    };
    let aside = folder.join(SET_ASIDE);
    let here = paths.into_iter().filter(|path| !path.starts_with(&aside) && may_be_transcript(path));
    Ok(here.filter_map(|path| look(&path).map(|look| (path, look))).collect())
}

fn look(path: &Path) -> Option<Look> {
    let state = |path: &Path| -> Option<Look> {
        let metadata = fs::metadata(path).ok()?;
        let modified = Timestamp::try_from(metadata.modified().ok()?).ok()?;
        Some(Look { size: metadata.len(), modified })
    };
    let own = state(path)?;
    let beside = FoundCall::sidecars(path).into_iter().filter_map(|sidecar| state(&sidecar));
    Some(beside.fold(own, |sum, sidecar| Look {
        size: sum.size + sidecar.size,
        modified: sum.modified.max(sidecar.modified),
    }))
}

/// Delivers one file; returns `false` where it should be tried again.
async fn take(pipeline: &Pipeline, folder: &Path, path: &Path) -> bool {
    let name = path.display();
    let found = match FoundCall::read(path, &Sidecars::default()) {
        Ok(found) => found,
        Err(FolderError::Io { source, .. }) => {
            tracing::warn!(file = %name, error = %source, "failed to read a dropped file; will try again");
            return false;
        }
        Err(error) => return set_aside(folder, path, &error.to_string()),
    };
    let delivery = found.into_delivery();
    match pipeline.deliver(delivery, None).await {
        Ok(receipt) => {
            tracing::info!(file = %name, call = receipt.call, duplicate = receipt.duplicate, "took a dropped file");
            true
        }
        Err(DeliverError::Unreadable(error)) => set_aside(folder, path, &error.to_string()),
        Err(error) => {
            tracing::warn!(file = %name, %error, "failed to keep a dropped file; will try again");
            false
        }
    }
}

/// Moves a file that cannot be read out of the way, its reason beside it.
fn set_aside(folder: &Path, path: &Path, reason: &str) -> bool {
    tracing::warn!(file = %path.display(), reason, "set a dropped file aside");
    match move_aside(folder, path, reason) {
        Ok(()) => {}
        // A folder that may only be read: the file stays, and is not looked at again until it changes.
        Err(error) => tracing::warn!(file = %path.display(), %error, "failed to move a file aside"),
    }
    true
}

fn move_aside(folder: &Path, path: &Path, reason: &str) -> io::Result<()> {
    let aside = folder.join(SET_ASIDE);
    fs::create_dir_all(&aside)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let free = |number: usize| match number {
        0 => aside.join(&name),
        number => aside.join(format!("{number}-{name}")),
    };
    let target = (0..).map(free).find(|target| !target.exists()).unwrap_or_else(|| aside.join(&name));
    fs::rename(path, &target)?;
    let mut note = target.into_os_string();
    note.push(".reason.txt");
    fs::write(note, format!("{reason}\n"))
}
