//! Gladia: utterances in seconds, with the speaker's number or the channel.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};

use super::Said;
use super::node::Node;

const PATHS: [&[&str]; 2] = [&["result", "transcription", "utterances"], &["transcription", "utterances"]];

pub(super) fn recognises(document: &Value) -> bool {
    PATHS.iter().any(|path| document.pointer(&format!("/{}", path.join("/"))).is_some_and(Value::is_array))
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let utterances =
        PATHS.iter().find_map(|path| root.at(path)).map(|list| list.elements()).unwrap_or_default();
    let row = |utterance: &Node<'_>| Row {
        label: utterance.id("speaker").or_else(|| utterance.id("channel")),
        text: utterance.words("text").unwrap_or_default(),
        start: utterance.seconds("start"),
        end: utterance.seconds("end"),
        language: utterance.language("language"),
        place: utterance.place(),
    };
    Ok(Said { rows: utterances.iter().map(row).collect(), ..Said::default() })
}
