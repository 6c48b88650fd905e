//! Fireflies' GraphQL transcript: `data.transcript`, or the transcript bare. Times are seconds, mostly as strings.
//!
//! The words are `text`, which is what Fireflies shows its users and what they quote from; `raw_text`, the
//! recogniser's first guess, stands in only where `text` is missing.

use std::collections::HashMap;

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Participant};

use super::node::Node;
use super::{Said, time};

pub(super) fn recognises(document: &Value) -> bool {
    let transcript = [document.pointer("/data/transcript"), document.get("transcript"), Some(document)];
    transcript.into_iter().flatten().any(is_transcript) || document.pointer("/data/transcripts").is_some()
}

fn is_transcript(value: &Value) -> bool {
    value.get("sentences").is_some_and(Value::is_array)
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let several = root.at(&["data", "transcripts"]).map(|list| list.elements()).unwrap_or_default();
    if several.len() > 1 {
        let reason = format!("it holds {} calls: deliver each transcript by itself", several.len());
        return Err(Unreadable::Broken { what: "Fireflies transcript", reason });
    }
    let one = several.into_iter().next().or_else(|| root.at(&["data", "transcript"]));
    let transcript = one.or_else(|| root.get("transcript")).unwrap_or_else(|| root.clone());
    let named = |speaker: &Node<'_>| Some((speaker.id("id")?, speaker.text("name")?));
    let names: HashMap<_, _> = transcript.list("speakers").iter().filter_map(named).collect();
    let row = |sentence: &Node<'_>| {
        let id = sentence.id("speaker_id");
        Row {
            label: sentence.text("speaker_name").or_else(|| names.get(id.as_ref()?).cloned()).or(id),
            text: sentence.words("text").or_else(|| sentence.words("raw_text")).unwrap_or_default(),
            start: sentence.seconds("start_time"),
            end: sentence.seconds("end_time"),
            language: None,
            place: sentence.place(),
        }
    };
    let rows = transcript.list("sentences").iter().map(row).collect();
    Ok(Said { call: call_of(&transcript), rows })
}

fn call_of(transcript: &Node<'_>) -> Call {
    let participant = |attendee: &Node<'_>| Participant {
        name: attendee.text("displayName").or_else(|| attendee.text("name")).unwrap_or_default(),
        email: attendee.text("email"),
        ..Participant::default()
    };
    Call {
        id: transcript.id("id").unwrap_or_default(),
        title: transcript.text("title"),
        started_at: time::of_call(transcript, "date"),
        language: None,
        participants: transcript.list("meeting_attendees").iter().map(participant).collect(),
        recording_url: transcript.text("transcript_url"),
    }
}
