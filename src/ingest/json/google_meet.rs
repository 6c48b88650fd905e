//! Google Meet's transcript entries: wall clock, and participants as resource names.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, CallTime, Participant};

use super::node::Node;
use super::{Said, time};

pub(super) fn recognises(document: &Value) -> bool {
    document.pointer("/transcriptEntries/0/participant").is_some()
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let entries = root.list("transcriptEntries");
    let started_at = entries.iter().find_map(|entry| time::of_call(entry, "startTime"));
    let since = |moment: Option<CallTime>| time::since(started_at?, moment?);
    let row = |entry: &Node<'_>| Row {
        label: entry.id("participant"),
        text: entry.words("text").unwrap_or_default(),
        start: since(time::of_call(entry, "startTime")),
        end: since(time::of_call(entry, "endTime")),
        language: entry.language("languageCode"),
        place: entry.place(),
    };
    let participants = root.list("participants").iter().map(participant).collect();
    let call = Call { started_at, participants, ..Call::default() };
    Ok(Said { call, rows: entries.iter().map(row).collect() })
}

fn participant(person: &Node<'_>) -> Participant {
    let user = ["signedinUser", "anonymousUser", "phoneUser"].iter().find_map(|kind| person.get(kind));
    Participant {
        name: user.and_then(|user| user.text("displayName")).unwrap_or_default(),
        speaker_id: person.id("name"),
        ..Participant::default()
    }
}
