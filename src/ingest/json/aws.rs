//! AWS Transcribe: items with speaker labels or channels, else audio segments; times are strings, in seconds.
//! Call Analytics: whole sentences in milliseconds, with the participant's role.

use std::collections::HashMap;

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Participant, Side};

use super::Said;
use super::node::Node;
use super::words::{self, Word};

pub(super) fn recognises(document: &Value) -> bool {
    let has = |pointer| document.pointer(pointer).is_some_and(Value::is_array);
    has("/results/items") || has("/results/audio_segments") || is_analytics(document)
}

fn is_analytics(document: &Value) -> bool {
    document.pointer("/Transcript/0/ParticipantRole").is_some()
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    if is_analytics(root.value()) {
        return Ok(analytics(root));
    }
    let results = root.get("results").unwrap_or_else(|| root.clone());
    let mut rows = channels(&results);
    if rows.is_empty() {
        let labels = labels(&results);
        rows = words::rows(follow(results.list("items").iter().map(|item| word(item, &labels))));
    }
    if rows.is_empty() {
        rows = results.list("audio_segments").iter().map(segment).collect();
    }
    Ok(Said { call: Call { language: results.language("language_code"), ..Call::default() }, rows })
}

/// The speaker of each item by its start time: older outputs keep them apart from the items.
fn labels(results: &Node<'_>) -> HashMap<String, String> {
    let segments =
        results.at(&["speaker_labels", "segments"]).map(|list| list.elements()).unwrap_or_default();
    let items = segments.iter().flat_map(|segment| segment.list("items"));
    items.filter_map(|item| Some((item.text("start_time")?, item.id("speaker_label")?))).collect()
}

fn channels(results: &Node<'_>) -> Vec<Row> {
    let channels =
        results.at(&["channel_labels", "channels"]).map(|list| list.elements()).unwrap_or_default();
    let of_channel = |channel: &Node<'_>| {
        let label = channel.id("channel_label");
        let labelled = |item: &Node<'_>| Word { label: label.clone(), ..word(item, &HashMap::new()) };
        words::rows(channel.list("items").iter().map(labelled))
    };
    let mut rows: Vec<_> = channels.iter().flat_map(of_channel).collect();
    words::interleave(&mut rows);
    rows
}

fn word(item: &Node<'_>, labels: &HashMap<String, String>) -> Word {
    let best = item.list("alternatives").into_iter().next();
    let by_time = || {
        item.value().get("start_time").and_then(Value::as_str).and_then(|start| labels.get(start).cloned())
    };
    Word {
        label: item.id("speaker_label").or_else(by_time),
        text: best.and_then(|best| best.words("content")).unwrap_or_default(),
        glued: item.text("type").as_deref() == Some("punctuation"),
        start: item.seconds("start_time"),
        end: item.seconds("end_time"),
        language: None,
        place: item.place(),
    }
}

/// Gives punctuation, which has no time and often no label, the label of the word before it.
fn follow(words: impl Iterator<Item = Word>) -> impl Iterator<Item = Word> {
    words.scan(None, |before: &mut Option<String>, mut word| {
        if word.glued {
            word.label.clone_from(before);
        }
        before.clone_from(&word.label);
        Some(word)
    })
}

fn segment(segment: &Node<'_>) -> Row {
    Row {
        label: segment.id("speaker_label").or_else(|| segment.id("channel_label")),
        text: segment.words("transcript").unwrap_or_default(),
        start: segment.seconds("start_time"),
        end: segment.seconds("end_time"),
        language: segment.language("language_code"),
        place: segment.place(),
    }
}

fn analytics(root: &Node<'_>) -> Said {
    let row = |sentence: &Node<'_>| Row {
        label: sentence.id("ParticipantRole"),
        text: sentence.words("Content").unwrap_or_default(),
        start: sentence.millis("BeginOffsetMillis"),
        end: sentence.millis("EndOffsetMillis"),
        language: None,
        place: sentence.place(),
    };
    let participant = |(role, side): (&str, Side)| Participant {
        side: Some(side),
        speaker_id: Some(role.to_owned()),
        ..Participant::default()
    };
    let call = Call {
        language: root.language("LanguageCode"),
        participants: [("AGENT", Side::Rep), ("CUSTOMER", Side::Customer)].map(participant).into(),
        ..Call::default()
    };
    Said { call, rows: root.list("Transcript").iter().map(row).collect() }
}
