use std::fs;
use std::path::{Path, PathBuf};

use super::folder::{DEAL, RECORD, read_json};
use super::{FolderError, Record};
use crate::transcript::Deal;

/// The folder of a deal, as an import finds it: there may be no call in it.
#[derive(Clone, Debug)]
pub struct FoundDeal {
    /// The folder.
    pub folder: PathBuf,
    /// What is known of the deal.
    pub deal: Deal,
    /// What people did with it elsewhere; nothing where the folder is no export.
    pub record: Record,
}

impl FoundDeal {
    /// Returns the deals whose folders `path` holds, itself among them, by folder; the one beside it where `path` is a
    /// file. A folder whose `deal.json` has no id holds calls of several deals.
    ///
    /// # Errors
    /// Where a folder cannot be listed, or what lies in it is not what it should be.
    pub fn all(path: &Path) -> Result<Vec<Self>, FolderError> {
        let mut found = Vec::new();
        match path.is_file() {
            true => found.extend(Self::read(path.parent().unwrap_or(Path::new(".")))?),
            false => Self::list(path, &mut found)?,
        }
        found.sort_by(|one, other| one.folder.cmp(&other.folder));
        Ok(found)
    }

    fn list(folder: &Path, found: &mut Vec<Self>) -> Result<(), FolderError> {
        let io = |source| FolderError::Io { path: folder.to_owned(), source };
        found.extend(Self::read(folder)?);
        for entry in fs::read_dir(folder).map_err(io)? {
            let entry = entry.map_err(io)?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            // As with calls, links are not followed.
            if entry.file_type().map_err(io)?.is_dir() && !hidden {
                Self::list(&entry.path(), found)?;
            }
        }
        Ok(())
    }

    fn read(folder: &Path) -> Result<Option<Self>, FolderError> {
        let (deal, record) = (folder.join(DEAL), folder.join(RECORD));
        if !deal.is_file() && !record.is_file() {
            return Ok(None);
        }
        let deal: Deal = read_json(&deal)?;
        let record = if record.is_file() { read_json(&record)? } else { Record::default() };
        let is_one = !deal.id.is_empty() || record != Record::default();
        Ok(is_one.then(|| Self { folder: folder.to_owned(), deal, record }))
    }
}
