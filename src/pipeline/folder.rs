//! Calls as they lie in a folder: a transcript, beside it what the recorder's API says of the call
//! (`NN-slug.call.json`) and what is known of the deal (`deal.json`).

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::Delivery;
use super::paper::is_paper;
use crate::transcript::{Call, Deal, Digest, Participant};

/// Bytes of a file beyond which it is no transcript: a ten-hour call as word-level JSON is about 20 MB.
pub const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// What is known of the deal of a folder.
pub(super) const DEAL: &str = "deal.json";

/// What people did with the deal of a folder, in an export.
pub const RECORD: &str = "record.json";

/// The accounts of an export.
pub const PEOPLE: &str = "people.json";

/// What was erased, in an export.
pub const ERASED: &str = "erased.json";

/// Endings of files that are being written, by browsers and sync clients.
const UNFINISHED: &[&str] = &[".part", ".partial", ".tmp", ".crdownload", ".download", ".filepart"];

/// A transcript with what lies beside it.
#[derive(Clone, Debug)]
pub struct FoundCall {
    /// The transcript's file.
    pub path: PathBuf,
    /// Its bytes, as they are.
    pub bytes: Vec<u8>,
    /// The sidecar; without one, only an id made of the file's name.
    pub call: Call,
    /// The deal; without a `deal.json`, an empty one.
    pub deal: Deal,
    /// Whether the call's id is made of the file's name.
    pub id_is_the_files: bool,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The operating system says no.
    #[error("read {path}: {source}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A sidecar is not what it should be.
    #[error("read {path}: {source}", path = path.display())]
    Sidecar {
        /// The sidecar.
        path: PathBuf,
        /// Line, column and what was wrong.
        source: serde_json::Error,
    },
    /// The file is larger than any transcript.
    #[error("read {path}: larger than {} MiB", LARGEST_FILE / 1024 / 1024, path = path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A folder in which there is nothing to read.
    #[error("find a transcript in {path}: there is none", path = path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

/// Where to look for sidecars other than beside the transcript.
#[derive(Clone, Debug, Default)]
pub struct Sidecars {
    /// The call's metadata.
    pub call: Option<PathBuf>,
    /// The deal's metadata.
    pub deal: Option<PathBuf>,
}

impl FoundCall {
    /// Reads the transcript at `path` with what lies beside it.
    ///
    /// # Errors
    /// Where a file cannot be read or a sidecar is not valid.
    pub fn read(path: &Path, sidecars: &Sidecars) -> Result<Self, FolderError> {
        let bytes = read_bytes(path)?;
        let [beside_call, beside_deal] = Self::sidecars(path);
        let call_file = sidecars.call.clone().or_else(|| exists(beside_call));
        let deal_file = sidecars.deal.clone().or_else(|| exists(beside_deal));
        let mut call: Call = call_file.as_deref().map(read_json).transpose()?.unwrap_or_default();
        let mut deal: Deal = deal_file.as_deref().map(read_json).transpose()?.unwrap_or_default();
        let id_is_the_files = call.id.is_empty();
        if id_is_the_files {
            call.id = stem(path);
        }
        // Only a folder with a `deal.json` holds calls of one deal.
        if deal_file.is_some() {
            deal.known_people = known_people(path);
        }
        Ok(Self { path: path.to_owned(), bytes, call, deal, id_is_the_files })
    }

    /// Returns the delivery of what was found. An id that is made of the file's name alone is one only within the folder:
    /// recorders call every file the same.
    pub fn into_delivery(self) -> Delivery {
        let Self { path, bytes, mut call, deal, id_is_the_files } = self;
        if id_is_the_files {
            let folder =
                path.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
            let within = match deal.id.is_empty() {
                true => Digest::of(folder.as_bytes()).short().to_owned(),
                false => deal.id.clone(),
            };
            call.id = format!("{within}-{}", call.id);
        }
        Delivery { bytes, call, deal }
    }

    /// Returns where the sidecars of call and deal lie, whether they exist or not.
    pub fn sidecars(path: &Path) -> [PathBuf; 2] {
        [path.with_file_name(format!("{}.call.json", stem(path))), path.with_file_name(DEAL)]
    }
}

/// Returns the transcripts that `path` holds: itself where it is a file, else the files of the folder and of the
/// folders in it, sorted by path. Sidecars, labels, hidden and unfinished files are none.
///
/// # Errors
/// Where a folder cannot be listed, or nothing is there.
pub fn transcripts(path: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let io = |source| FolderError::Io { path: path.to_owned(), source };
    if fs::metadata(path).map_err(io)?.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    list(path, &mut found)?;
    found.sort();
    match found.is_empty() {
        true => Err(FolderError::Empty { path: path.to_owned() }),
        false => Ok(found),
    }
}

/// Tells whether a file of this name may be a transcript: not a sidecar, a paper, a label, hidden or unfinished.
pub fn may_be_transcript(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let lower = name.to_ascii_lowercase();
    let beside = lower.ends_with(".call.json")
        || lower.ends_with(".gold.json")
        || lower.ends_with(".gold.tsv")
        || [DEAL, RECORD, PEOPLE, ERASED].contains(&lower.as_str());
    let unfinished = UNFINISHED.iter().any(|ending| lower.ends_with(ending));
    !(beside || unfinished || is_paper(path) || lower.starts_with(['.', '~']) || lower.starts_with("readme"))
}

fn list(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), FolderError> {
    let io = |source| FolderError::Io { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(io)? {
        let entry = entry.map_err(io)?;
        // Links are not followed: a folder may be watched that others write into.
        let kind = entry.file_type().map_err(io)?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden {
            list(&entry.path(), found)?;
        } else if kind.is_file() && may_be_transcript(&entry.path()) {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// Returns the people whom the sidecars of the folder name, of this call and the others. A sidecar that cannot be read
/// is told of when its own call is.
fn known_people(path: &Path) -> Vec<Participant> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_sidecar = |path: &PathBuf| path.to_string_lossy().ends_with(".call.json");
    let mut sidecars: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(is_sidecar).collect();
    sidecars.sort();
    let calls = sidecars.iter().filter_map(|sidecar| read_json::<Call>(sidecar).ok());
    calls.flat_map(|call| call.participants).collect()
}

pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, FolderError> {
    let io = |source| FolderError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(io)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(io)?;
    match bytes.len() as u64 > LARGEST_FILE {
        true => Err(FolderError::TooLarge { path: path.to_owned() }),
        false => Ok(bytes),
    }
}

pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, FolderError> {
    let bytes = read_bytes(path)?;
    serde_json::from_slice(&bytes).map_err(|source| FolderError::Sidecar { path: path.to_owned(), source })
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn exists(path: PathBuf) -> Option<PathBuf> {
    path.is_file().then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sidecars_and_unfinished_files_are_no_transcripts() {
        for name in [
            "01-intro.vtt",
            "03-order-form.txt",
            "contract-talk.txt",
            "call.json",
            "notes.txt",
            "deal.json.txt",
        ] {
            assert!(may_be_transcript(Path::new(name)), "{name}");
        }
        for name in [
            "contract.pdf",
            "Order-Form.docx",
            "contract-2.txt",
            "01-intro.call.json",
            "deal.json",
            "people.json",
            "record.json",
            "x.gold.json",
            ".hidden.vtt",
            "a.vtt.part",
            "README.md",
        ] {
            assert!(!may_be_transcript(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn what_lies_beside_a_transcript_is_read_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        file("deal.json", r#"{"deal": "acme", "account": "Acme"}"#);
        file("01-intro.txt", "Dana: hello");
        file("01-intro.call.json", r#"{"id": "c1"}"#);
        file("02-demo.txt", "Dana: hello again");
        let found = transcripts(folder.path()).unwrap();
        let first = FoundCall::read(&found[0], &Sidecars::default()).unwrap();
        let second = FoundCall::read(&found[1], &Sidecars::default()).unwrap();
        assert_eq!((first.call.id.as_str(), first.deal.account.as_str()), ("c1", "Acme"));
        assert_eq!(second.call.id, "02-demo");
    }

    #[test]
    fn a_broken_sidecar_is_named_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "x").unwrap();
        fs::write(folder.path().join("a.call.json"), "{\n\"id\": 7}").unwrap();
        let error = FoundCall::read(&folder.path().join("a.txt"), &Sidecars::default()).unwrap_err();
        assert!(error.to_string().contains("a.call.json") && error.to_string().contains("line 2"), "{error}");
    }
}
