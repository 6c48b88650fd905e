//! Readback's own JSON, for recorders that no other shape fits:
//!
//! ```json
//! {"readback": 1,
//!  "call": {"id": "acme-01", "started_at": "2026-03-10T10:00:00-05:00", "participants": [{"name": "Dana Whitfield"}]},
//!  "rows": [{"speaker": "Dana Whitfield", "text": "Morning.", "start_ms": 900, "end_ms": 1400, "language": "en"}]}
//! ```
//!
//! `call` has the fields of a `.call.json` and may be missing, as may every field of a row but `text`; `turns` is
//! another name for `rows`. Times are whole milliseconds from the start of the recording.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::Call;

use super::Said;
use super::node::Node;

/// The version of the shape that this reader knows.
const VERSION: u64 = 1;

pub(super) fn recognises(document: &Value) -> bool {
    document.get("readback").is_some()
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    if root.value().get("readback").and_then(Value::as_u64) != Some(VERSION) {
        let reason = format!("`readback` is its version and must be {VERSION}");
        return Err(Unreadable::Broken { what: "Readback JSON", reason });
    }
    let call = root.get("call").and_then(|call| {
        let read = serde_json::from_value::<Call>(call.value().clone()).ok();
        if read.is_none() {
            call.note("bad-call", || "what is said of the call does not have the form of a `.call.json`");
        }
        read
    });
    let row = |row: &Node<'_>| Row {
        label: row.id("speaker"),
        text: row.words("text").unwrap_or_default(),
        start: row.millis("start_ms"),
        end: row.millis("end_ms"),
        language: row.language("language"),
        place: row.place(),
    };
    let key = if root.get("rows").is_some() { "rows" } else { "turns" };
    Ok(Said { call: call.unwrap_or_default(), rows: root.list(key).iter().map(row).collect() })
}
