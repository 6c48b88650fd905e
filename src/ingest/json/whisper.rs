//! OpenAI Whisper (`segments`, `verbose_json`, `diarized_json`) and WhisperX, which adds speakers. Times in seconds.

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::Call;

use super::Said;
use super::node::Node;
use super::words::{self, Word};

pub(super) fn recognises(document: &Value) -> bool {
    let has = |key| document.get(key).is_some_and(Value::is_array);
    let is_segment = |value: &Value| value.get("text").is_some() && value.get("start").is_some();
    has("segments")
        || document.get(0).is_some_and(is_segment)
        || (document.get("text").is_some_and(Value::is_string) && document.get("duration").is_some())
}

/// WhisperX scores each word, or lists all words once more beside the segments.
pub(super) fn recognises_x(document: &Value) -> bool {
    let segments = document.get("segments").and_then(Value::as_array);
    let scored = |segment: &Value| segment.pointer("/words/0/score").is_some();
    segments.is_some_and(|segments| segments.iter().any(scored) || document.get("word_segments").is_some())
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let segments = if root.value().is_array() { root.elements() } else { root.list("segments") };
    let mut rows: Vec<_> = segments.iter().map(segment).collect();
    if rows.is_empty() {
        rows = words::rows(root.list("words").iter().map(word));
    }
    if rows.is_empty() && root.value().is_object() {
        let text = root.words("text").unwrap_or_default();
        rows.push(Row { text, place: root.place(), ..Row::default() });
    }
    Ok(Said { call: Call { language: root.language("language"), ..Call::default() }, rows })
}

fn segment(segment: &Node<'_>) -> Row {
    Row {
        label: segment.id("speaker"),
        text: segment.words("text").unwrap_or_default(),
        start: segment.seconds("start"),
        end: segment.seconds("end"),
        language: None,
        place: segment.place(),
    }
}

fn word(word: &Node<'_>) -> Word {
    Word {
        label: word.id("speaker"),
        text: word.words("word").unwrap_or_default(),
        start: word.seconds("start"),
        end: word.seconds("end"),
        place: word.place(),
        ..Word::default()
    }
}
