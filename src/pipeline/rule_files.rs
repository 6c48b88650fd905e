use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use crate::rules::{RuleFile, WEIGHTS, Weights};
use crate::transcript::Digest;

/// What all languages share lies here: lists of names, and what the ledger reads by. None of it is a rule.
const SHARED: &str = "shared/";

/// Reads every rule file below `folder`; a file's path below it is its id.
///
/// # Errors
/// Where the folder or a file cannot be read.
pub fn rule_files(folder: &Path) -> io::Result<Vec<RuleFile>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                let below = path.strip_prefix(folder).unwrap_or(&path);
                let id = below.components().map(|part| part.as_os_str().to_string_lossy());
                let id = id.collect::<Vec<_>>().join("/");
                if !id.starts_with(SHARED) {
                    files.push(RuleFile { path: id, text: fs::read_to_string(&path)? });
                }
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// Reads what was learned for each language that has a folder below `folder`.
///
/// # Errors
/// Where the folder or a file cannot be read, or a file is no weights.
pub fn weights(folder: &Path) -> io::Result<BTreeMap<String, Weights>> {
    let mut weights = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.join(WEIGHTS);
        if let Some(language) = path.file_name().filter(|_| file.is_file()) {
            let bytes = fs::read(&file)?;
            let digest = Digest::of(&bytes);
            let read = Weights::from_bytes(bytes.into(), digest)
                .map_err(|why| io::Error::other(format!("{}: {why}", file.display())))?;
            weights.insert(language.to_string_lossy().into_owned(), read);
        }
    }
    Ok(weights)
}
