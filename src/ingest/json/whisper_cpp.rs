//! whisper.cpp: `transcription` with offsets in milliseconds; speakers only with its stereo switch.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::Call;

use super::Said;
use super::node::Node;

pub(super) fn recognises(document: &Value) -> bool {
    document.get("transcription").is_some_and(Value::is_array)
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let row = |segment: &Node<'_>| {
        let time = |end: &str| segment.get("offsets").and_then(|offsets| offsets.millis(end));
        Row {
            label: segment.id("speaker").filter(|speaker| speaker != "?"),
            text: segment.words("text").unwrap_or_default(),
            start: time("from"),
            end: time("to"),
            language: None,
            place: segment.place(),
        }
    };
    let language = root.get("result").and_then(|result| result.language("language"));
    let rows = root.list("transcription").iter().map(row).collect();
    Ok(Said { call: Call { language, ..Call::default() }, rows })
}
