//! Recall.ai: a list of stretches, each with a participant (older: a speaker's name) and its words.
//! Times in seconds, as `{"relative": …}` or bare.

use std::collections::HashSet;

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Participant, Timecode};

use super::Said;
use super::node::Node;
use super::words::{self, Word};

pub(super) fn recognises(document: &Value) -> bool {
    let list = [Some(document), document.get("transcript"), document.get("results")];
    let is_stretch = |value: &Value| {
        value.get("words").is_some_and(Value::is_array)
            && (value.get("participant").is_some() || value.get("speaker").is_some())
            && value.get("text").is_none()
    };
    list.into_iter().flatten().any(|list| list.get(0).is_some_and(is_stretch))
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let list = root.get("transcript").or_else(|| root.get("results")).unwrap_or_else(|| root.clone());
    let stretches = list.elements();
    let mut call = Call::default();
    let mut seen = HashSet::new();
    for person in stretches.iter().filter_map(|stretch| stretch.get("participant")) {
        let Some(name) = person.text("name").filter(|name| seen.insert(name.clone())) else { continue };
        call.participants.push(Participant { name, email: person.text("email"), ..Participant::default() });
    }
    Ok(Said { call, rows: stretches.iter().flat_map(rows).collect() })
}

fn rows(stretch: &Node<'_>) -> Vec<Row> {
    let participant = stretch.get("participant");
    let named = participant.as_ref().and_then(|person| person.text("name").or_else(|| person.id("id")));
    let label = named.or_else(|| stretch.id("speaker")).or_else(|| stretch.id("speaker_id"));
    let word = |word: &Node<'_>| Word {
        label: label.clone(),
        text: word.words("text").unwrap_or_default(),
        start: moment(word, "start_timestamp"),
        end: moment(word, "end_timestamp"),
        place: word.place(),
        ..Word::default()
    };
    let mut rows = words::rows(stretch.list("words").iter().map(word));
    let language = stretch.language("language").or_else(|| stretch.language("language_code"));
    for row in &mut rows {
        row.language.clone_from(&language);
    }
    rows
}

fn moment(word: &Node<'_>, key: &str) -> Option<Timecode> {
    match word.get(key)?.value() {
        Value::Object(_) => word.get(key)?.seconds("relative"),
        _ => word.seconds(key),
    }
}
