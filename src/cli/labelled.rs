use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::import::progress;
use super::{Outcome, note};
use crate::eval::{LabelledCall, Labels};
use crate::pipeline::{FoundCall, Sidecars, may_be_transcript};

const GOLD: &str = ".gold.json";
/// The labels of a whole deal; they are not of one call.
const LEDGER: &str = "ledger.gold.json";

/// Calls `take` with the path of every labelled call below `folder`, or of `folder` itself where it is a file, and the
/// call, in the order of their names. A file that cannot be read is named and passed over.
pub(super) fn each(folder: &Path, mut take: impl FnMut(&Path, LabelledCall)) -> anyhow::Result<Outcome> {
    let mut files = Vec::new();
    list(folder, &mut files)?;
    files.sort();
    let mut outcome = Outcome::Done;
    let bar = progress(files.len() as u64, "reading");
    for file in &files {
        match read(file, &files) {
            Ok(Some(call)) => take(file, call),
            Ok(None) => {}
            Err(error) => {
                outcome = Outcome::Problems;
                bar.suspend(|| note(&format!("{error:#}")));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(outcome)
}

/// Returns the labelled call that `file` is, or `None` where it holds no labels.
fn read(file: &Path, all: &[PathBuf]) -> anyhow::Result<Option<LabelledCall>> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if name == LEDGER {
        return Ok(None);
    }
    if let Some(slug) = name.strip_suffix(GOLD) {
        return beside(file, slug, all).map(Some);
    }
    if !name.ends_with(".txt") {
        return Ok(None);
    }
    let bytes = fs::read(file).with_context(|| format!("failed to read {}", file.display()))?;
    // A transcript as text does not begin with a heading; it is labelled beside it.
    let Some(text) = std::str::from_utf8(&bytes).ok().filter(|text| text.starts_with("# call:")) else {
        return Ok(None);
    };
    match LabelledCall::from_notation(text) {
        Ok(call) => Ok(Some(call)),
        Err(problems) => {
            let lines: Vec<_> =
                problems.iter().map(|problem| format!("{}: {problem}", file.display())).collect();
            anyhow::bail!("{}", lines.join("\n"))
        }
    }
}

/// Returns the call whose labels are `gold`, with the transcript of the same name.
fn beside(gold: &Path, slug: &str, all: &[PathBuf]) -> anyhow::Result<LabelledCall> {
    let bytes = fs::read(gold).with_context(|| format!("failed to read {}", gold.display()))?;
    let labels =
        Labels::from_json(&bytes).map_err(|problem| anyhow::anyhow!("{}: {problem}", gold.display()))?;
    let its = |file: &&PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let same = name.strip_prefix(slug).is_some_and(|rest| rest.starts_with('.'));
        same && file.parent() == gold.parent() && may_be_transcript(file)
    };
    let transcript =
        all.iter().find(its).with_context(|| format!("{} has no transcript beside it", gold.display()))?;
    let found = FoundCall::read(transcript, &Sidecars::default())?;
    LabelledCall::from_recording(&found.bytes, found.call, found.deal, labels)
        .with_context(|| format!("failed to read {}", transcript.display()))
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if folder.is_file() {
        files.push(folder.to_owned());
        return Ok(());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        // Links are not followed: a circle of them has no end.
        match entry.file_type()? {
            kind if kind.is_dir() => list(&entry.path(), files)?,
            kind if kind.is_file() => files.push(entry.path()),
            _ => {}
        }
    }
    Ok(())
}
