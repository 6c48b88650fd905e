use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Reads every paper's template in `folder`: the file's name without `.md`, and its text.
///
/// # Errors
/// Where the folder or a file cannot be read.
pub fn paper_files(folder: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "md")
            && let Some(name) = path.file_stem()
        {
            files.insert(name.to_string_lossy().into_owned(), fs::read_to_string(&path)?);
        }
    }
    Ok(files)
}
