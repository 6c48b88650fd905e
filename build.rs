//! Tells the program by which source it reads calls: what another source found in the same words is found anew.

use std::hash::{DefaultHasher, Hasher as _};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// What decides, beside the rules, what is found in a recorder's bytes.
const READERS: [&str; 6] =
    ["Cargo.lock", "src/transcript", "src/ingest", "src/rules", "src/detect", "src/llm"];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for reader in READERS {
        println!("cargo::rerun-if-changed={reader}");
        let mut files = Vec::new();
        collect(Path::new(reader), &mut files)?;
        files.sort();
        for file in files {
            hasher.write(file.as_os_str().as_encoded_bytes());
            hasher.write(&fs::read(&file)?);
        }
    }
    println!("cargo::rustc-env=READBACK_READER={:016x}", hasher.finish());
    Ok(())
}

fn collect(place: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if place.is_file() {
        files.push(place.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(place)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}
