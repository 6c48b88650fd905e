//! Fathom: rows with a speaker and a clock of whole seconds; ends are not told.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Participant, Side};

use super::node::Node;
use super::{Said, time};

pub(super) fn recognises(document: &Value) -> bool {
    document.pointer("/transcript/0/speaker/display_name").is_some()
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let participant = |invitee: &Node<'_>| Participant {
        name: invitee
            .text("name")
            .or_else(|| invitee.text("matched_speaker_display_name"))
            .unwrap_or_default(),
        email: invitee.text("email"),
        side: invitee.value().get("is_external").and_then(Value::as_bool).map(side),
        ..Participant::default()
    };
    let row = |row: &Node<'_>| Row {
        label: row.get("speaker").and_then(|speaker| speaker.text("display_name")),
        text: row.words("text").unwrap_or_default(),
        start: row.clock("timestamp"),
        end: None,
        language: None,
        place: row.place(),
    };
    let call = Call {
        id: root.id("recording_id").unwrap_or_default(),
        title: root.text("meeting_title").or_else(|| root.text("title")),
        started_at: time::of_call(root, "recording_start_time"),
        language: root.language("transcript_language"),
        participants: root.list("calendar_invitees").iter().map(participant).collect(),
        recording_url: root.text("url"),
    };
    Ok(Said { call, rows: root.list("transcript").iter().map(row).collect() })
}

fn side(is_external: bool) -> Side {
    if is_external { Side::Customer } else { Side::Rep }
}
