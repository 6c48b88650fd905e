//! Papers attached to a deal: read out of hostile bytes, in a process of its own where that may go wrong.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::FolderError;
use super::folder::read_bytes;
use crate::ingest::{self, Limits, Unreadable};
use crate::transcript::{Contract, Digest};

/// The hidden command that prints the text of a paper.
const READ_PAPER: &str = "read-paper";

/// Longest time for a PDF's text: two hundred pages take under a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often to look whether the text is there.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Address space of the process that reads a PDF, in KiB: a small file can unpack to gigabytes.
const MOST_MEMORY: u32 = 2 << 20;

/// Names of papers that lie beside a `deal.json`, without their endings; a second one is `contract-2`.
const NAMES: &[&str] = &["contract", "order-form"];

/// Endings of papers.
const ENDINGS: &[&str] = &["txt", "md", "docx", "pdf"];

/// Tells whether a file of this name is a paper of a deal and no call.
pub(super) fn is_paper(path: &Path) -> bool {
    let part =
        |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_ascii_lowercase);
    let named = |stem: String| {
        let number = |name: &&str| {
            stem.strip_prefix(*name).map(|rest| rest.strip_prefix('-').unwrap_or(rest).to_owned())
        };
        NAMES.iter().filter_map(number).any(|number| number.chars().all(|c| c.is_ascii_digit()))
    };
    part(path.file_stem()).is_some_and(named)
        && part(path.extension()).is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// Returns the name under which a paper is written beside its `deal.json`: the file's own name is hostile text.
pub fn paper_name(place: usize, bytes: &[u8]) -> String {
    let ending = match bytes {
        _ if ingest::is_pdf(bytes) => "pdf",
        [b'P', b'K', ..] => "docx",
        _ => "txt",
    };
    format!("contract-{}.{ending}", place + 1)
}

/// Returns the papers that lie beside the `deal.json` of a folder, by name, with their bytes; none where there is no
/// `deal.json`.
///
/// # Errors
/// Where a file cannot be read.
pub fn papers(folder: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>, FolderError> {
    if !folder.join("deal.json").is_file() {
        return Ok(Vec::new());
    }
    let io = |source| FolderError::Io { path: folder.to_owned(), source };
    let entries = fs::read_dir(folder).map_err(io)?.collect::<Result<Vec<_>, _>>().map_err(io)?;
    let mut paths: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_file() && is_paper(path));
    paths.sort();
    paths.into_iter().map(|path| read_bytes(&path).map(|bytes| (path, bytes))).collect()
}

/// Returns the paper `name` with its clauses.
///
/// # Errors
/// Where it is larger than allowed, damaged, takes too long, or holds no text.
pub fn read_paper(name: &str, bytes: &[u8]) -> Result<Contract, Unreadable> {
    Ok(ingest::contract(name, Digest::of(bytes), text_of(bytes)?))
}

/// Returns the text of a paper.
///
/// # Errors
/// As [`read_paper`].
pub(super) fn text_of(bytes: &[u8]) -> Result<String, Unreadable> {
    if !ingest::is_pdf(bytes) || bytes.len() > Limits::PAPER_BYTES {
        return ingest::paper_text(bytes);
    }
    in_a_child(bytes, "")
}

/// Returns what stands in a paper or a transcript beside its text, as [`ingest::beside_text`] does.
///
/// # Errors
/// Where the file is damaged or takes too long, so that nobody can tell.
pub(super) fn beside_text_of(bytes: &[u8]) -> Result<String, Unreadable> {
    if ingest::is_pdf(bytes) { in_a_child(bytes, "--beside") } else { ingest::beside_text(bytes) }
}

/// Has a PDF read. This process reads none: a child of it does, and is killed when it takes too much.
fn in_a_child(bytes: &[u8], flag: &'static str) -> Result<String, Unreadable> {
    let reason = |reason: String| Unreadable::Broken { what: "PDF document", reason };
    let failed = |error: std::io::Error| reason(format!("it could not be read: {error}"));
    let mut child = reader(flag).map_err(failed)?.spawn().map_err(failed)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let read = std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(bytes)));
        let output = scope.spawn(move || {
            let mut text = Vec::new();
            let most = Limits::PAPER_TEXT as u64 + 1;
            stdout.map(|stdout| stdout.take(most).read_to_end(&mut text)).transpose().map(|_| text)
        });
        let begun = Instant::now();
        while !output.is_finished() && begun.elapsed() < PATIENCE {
            std::thread::sleep(LOOK_EVERY);
        }
        // Whoever has said all is gone by itself; who has not, is stopped, and both threads end with its pipes.
        let late = !output.is_finished();
        let ended = if late { child.kill().and_then(|()| child.wait()) } else { stop(&mut child) };
        (late, ended, output.join())
    });
    match read {
        (true, ..) => Err(reason(format!("it took longer than {} s to read", PATIENCE.as_secs()))),
        (_, Ok(ended), Ok(Ok(text))) if ended.success() => {
            String::from_utf8(text).map_err(|error| reason(error.to_string()))
        }
        (_, Ok(_), _) => Err(reason("there is no text that can be read in it".to_owned())),
        (_, Err(error), _) => Err(failed(error)),
    }
}

/// Waits for a child that closed its output; one that lingers is stopped.
fn stop(child: &mut std::process::Child) -> std::io::Result<std::process::ExitStatus> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(ended) = child.try_wait()? {
            return Ok(ended);
        }
        std::thread::sleep(LOOK_EVERY);
    }
    child.kill()?;
    child.wait()
}

/// Returns this program as the reader of one paper, with no more memory than it needs where a shell can limit that.
fn reader(flag: &'static str) -> std::io::Result<Command> {
    let program = std::env::current_exe()?;
    let mut command = match cfg!(unix) {
        true => {
            let mut shell = Command::new("/bin/sh");
            shell
                .args(["-c", &format!("ulimit -v {MOST_MEMORY}; exec \"$0\" {READ_PAPER} {flag}")])
                .arg(program);
            shell
        }
        false => {
            let mut command = Command::new(program);
            command.arg(READ_PAPER).args(Some(flag).filter(|flag| !flag.is_empty()));
            command
        }
    };
    // Threads reserve address space.
    command.env("MALLOC_ARENA_MAX", "1").env("RAYON_NUM_THREADS", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    Ok(command)
}
