//! HubSpot's call transcripts. Times in milliseconds.

use std::collections::HashSet;

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Participant};

use super::Said;
use super::node::Node;

const UTTERANCES: &str = "transcriptCreateUtterances";

pub(super) fn recognises(document: &Value) -> bool {
    document.get(UTTERANCES).is_some_and(Value::is_array)
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let utterances = root.list(UTTERANCES);
    let mut call = Call { id: root.id("engagementId").unwrap_or_default(), ..Call::default() };
    let mut seen = HashSet::new();
    for speaker in utterances.iter().filter_map(|utterance| utterance.get("speaker")) {
        let Some(name) = speaker.text("name").filter(|name| seen.insert(name.clone())) else { continue };
        call.participants.push(Participant { name, email: speaker.text("email"), ..Participant::default() });
    }
    let row = |utterance: &Node<'_>| Row {
        label: utterance.get("speaker").and_then(|speaker| speaker.text("name").or_else(|| speaker.id("id"))),
        text: utterance.words("text").unwrap_or_default(),
        start: utterance.millis("startTimeMillis"),
        end: utterance.millis("endTimeMillis"),
        language: utterance.language("languageCode"),
        place: utterance.place(),
    };
    Ok(Said { rows: utterances.iter().map(row).collect(), call })
}
