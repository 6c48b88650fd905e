//! AssemblyAI: `utterances` with speakers, or words alone. Times in milliseconds.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::Call;

use super::Said;
use super::node::Node;
use super::words::{self, Word};

pub(super) fn recognises(document: &Value) -> bool {
    /// Fields of a finished job, of which one is enough.
    const JOB: [&str; 4] = ["audio_duration", "acoustic_model", "audio_url", "speech_model"];
    let list = |key| document.get(key).is_some_and(Value::is_array);
    let whole_milliseconds = document.pointer("/utterances/0/start").is_some_and(Value::is_u64);
    (list("utterances") || list("words"))
        && (whole_milliseconds || JOB.iter().any(|key| document.get(key).is_some()))
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let row = |utterance: &Node<'_>| Row {
        label: utterance.id("speaker").or_else(|| utterance.id("channel")),
        text: utterance.words("text").unwrap_or_default(),
        start: utterance.millis("start"),
        end: utterance.millis("end"),
        language: None,
        place: utterance.place(),
    };
    let mut rows: Vec<_> = root.list("utterances").iter().map(row).collect();
    if rows.is_empty() {
        rows = words::rows(root.list("words").iter().map(word));
    }
    let call = Call {
        id: root.id("id").unwrap_or_default(),
        language: root.language("language_code"),
        ..Call::default()
    };
    Ok(Said { call, rows })
}

fn word(word: &Node<'_>) -> Word {
    Word {
        label: word.id("speaker").or_else(|| word.id("channel")),
        text: word.words("text").unwrap_or_default(),
        start: word.millis("start"),
        end: word.millis("end"),
        place: word.place(),
        ..Word::default()
    }
}
