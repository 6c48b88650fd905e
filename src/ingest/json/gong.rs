//! Gong: `calls/transcript` alone or joined with the parties of `calls/extensive`. Times in milliseconds.
//!
//! A row's label is the speaker's id, a string of up to 20 digits; the parties, or the sidecar's `speaker_id`, give
//! it a name.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Participant, Side};

use super::node::Node;
use super::{Said, time};

pub(super) fn recognises(document: &Value) -> bool {
    is_transcript(document) || parts_of(document).iter().any(|part| part.get("callTranscripts").is_some())
}

/// A document, or the members of one that holds both answers of the API side by side.
fn parts_of(document: &Value) -> Vec<&Value> {
    let members: Vec<&Value> = match document {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().filter(|value| value.is_object()).collect(),
        _ => Vec::new(),
    };
    std::iter::once(document).chain(members).collect()
}

fn is_transcript(value: &Value) -> bool {
    let monologue = value.get("transcript").and_then(|list| list.get(0));
    monologue
        .is_some_and(|monologue| monologue.get("sentences").is_some() && monologue.get("speakerId").is_some())
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let parts = parts(root);
    let mut transcripts: Vec<_> = parts.iter().flat_map(|part| part.list("callTranscripts")).collect();
    if transcripts.is_empty() {
        transcripts.push(root.clone());
    }
    if transcripts.len() > 1 {
        let reason =
            format!("it holds {} calls: deliver each `callTranscripts` entry by itself", transcripts.len());
        return Err(Unreadable::Broken { what: "Gong transcript", reason });
    }
    let transcript = &transcripts[0];
    let id = transcript.id("callId");
    let calls: Vec<_> = parts.iter().flat_map(|part| part.list("calls")).collect();
    let ours = calls.iter().find(|call| call.get("metaData").and_then(|meta| meta.id("id")) == id);
    let known = ours.or_else(|| calls.first().filter(|_| calls.len() == 1));
    let mut call = known.map(call_of).unwrap_or_default();
    call.id = id.unwrap_or(call.id);
    if call.participants.is_empty() {
        call.participants =
            parts.iter().flat_map(|part| part.list("parties")).map(|party| participant(&party)).collect();
    }
    Ok(Said { call, rows: transcript.list("transcript").iter().flat_map(monologue).collect() })
}

fn parts<'a>(root: &Node<'a>) -> Vec<Node<'a>> {
    let members = match root.value() {
        Value::Array(_) => root.elements(),
        Value::Object(fields) => {
            let objects = fields.iter().filter(|(_, value)| value.is_object());
            objects.filter_map(|(key, _)| root.get(key)).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(root.clone()).filter(|root| root.value().is_object()).chain(members).collect()
}

fn call_of(call: &Node<'_>) -> Call {
    let meta = call.get("metaData").unwrap_or_else(|| call.clone());
    Call {
        id: meta.id("id").unwrap_or_default(),
        title: meta.text("title"),
        started_at: time::of_call(&meta, "started").or_else(|| time::of_call(&meta, "scheduled")),
        language: meta.language("language"),
        participants: call.list("parties").iter().map(participant).collect(),
        recording_url: meta.text("url"),
    }
}

fn participant(party: &Node<'_>) -> Participant {
    Participant {
        name: party.text("name").unwrap_or_default(),
        email: party.text("emailAddress"),
        title: party.text("title"),
        side: party.text("affiliation").and_then(|affiliation| match affiliation.to_lowercase().as_str() {
            "internal" | "company" => Some(Side::Rep),
            "external" | "noncompany" => Some(Side::Customer),
            _ => None,
        }),
        speaker_id: party.id("speakerId"),
    }
}

fn monologue(monologue: &Node<'_>) -> Vec<Row> {
    let label = monologue.id("speakerId");
    let row = |sentence: &Node<'_>| Row {
        label: label.clone(),
        text: sentence.words("text").unwrap_or_default(),
        start: sentence.millis("start"),
        end: sentence.millis("end"),
        language: None,
        place: sentence.place(),
    };
    monologue.list("sentences").iter().map(row).collect()
}
