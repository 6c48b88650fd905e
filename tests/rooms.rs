//! The corridor: a room uses only rooms before it, and the pure rooms touch nothing of the world.

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in the order in which a call walks through them.
const CORRIDOR: &[&str] = &[
    "transcript",
    "ingest",
    "rules",
    "detect",
    "ledger",
    "eval",
    "training",
    "review",
    "packet",
    "access",
    "handoff",
    "papers",
    "llm",
    "kickoff",
    "notify",
    "store",
    "search",
    "pipeline",
    "sign_in",
    "http",
    "web",
    "cli",
];

/// Rooms without clock, disk, network or randomness.
const PURE: &[&str] = &[
    "transcript",
    "ingest",
    "rules",
    "detect",
    "ledger",
    "eval",
    "training",
    "review",
    "packet",
    "access",
    "handoff",
    "papers",
    "kickoff",
];

/// What a pure room must not name.
const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::time::SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "tokio::",
    "sqlx::",
    "reqwest::",
    "getrandom::",
    "tracing::",
];

fn sources(room: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    assert!(!files.is_empty(), "room {room} is empty");
    files
}

#[test]
fn a_room_uses_only_rooms_before_it() {
    let mut wrong = Vec::new();
    for (place, room) in CORRIDOR.iter().enumerate() {
        for (path, text) in sources(room) {
            for later in &CORRIDOR[place + 1..] {
                if text.contains(&format!("crate::{later}::")) || text.contains(&format!("crate::{later};")) {
                    wrong.push(format!("{} uses {later}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files of `llm` from which anything leaves or enters the machine; all else there is pure.
const LLM_DOORS: &[&str] = &["client.rs", "recorded.rs"];

#[test]
fn a_prompt_leaves_the_machine_through_one_door() {
    for (path, text) in sources("llm") {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let door = LLM_DOORS.iter().any(|door| path.ends_with(door));
        let named = WORLD.iter().find(|name| code.contains(**name));
        assert!(door || named.is_none(), "{} names {}", path.display(), named.unwrap());
    }
}

#[test]
fn a_pure_room_touches_nothing_of_the_world() {
    let mut wrong = Vec::new();
    for room in PURE {
        for (path, text) in sources(room) {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for name in WORLD.iter().filter(|name| code.contains(**name)) {
                wrong.push(format!("{} names {name}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
