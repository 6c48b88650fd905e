//! Rev and Rev.ai: monologues of elements, in which spaces are elements too. Times in seconds, or as a clock.

use std::collections::HashMap;

use serde_json::Value;

use crate::ingest::{Row, Unreadable};
use crate::transcript::{Call, Timecode};

use super::Said;
use super::node::Node;
use super::words::{self, Word};

pub(super) fn recognises(document: &Value) -> bool {
    document.get("monologues").is_some_and(Value::is_array)
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let named = |speaker: &Node<'_>| Some((speaker.id("id")?, speaker.text("name")?));
    let names: HashMap<_, _> = root.list("speakers").iter().filter_map(named).collect();
    let rows = |monologue: &Node<'_>| {
        let id = monologue.id("speaker");
        let named = id.as_ref().and_then(|id| names.get(id).cloned());
        let label = named.or_else(|| monologue.text("speaker_name")).or(id);
        words::rows(monologue.list("elements").iter().map(|element| word(element, label.clone())))
    };
    let rows: Vec<Row> = root.list("monologues").iter().flat_map(rows).collect();
    Ok(Said { call: Call { language: root.language("language"), ..Call::default() }, rows })
}

fn word(element: &Node<'_>, label: Option<String>) -> Word {
    Word {
        label,
        text: element
            .get("value")
            .and_then(|value| value.string())
            .unwrap_or_default()
            .replace(['\n', '\r'], " "),
        glued: true,
        start: moment(element, "ts", "timestamp"),
        end: moment(element, "end_ts", "end_timestamp"),
        language: None,
        place: element.place(),
    }
}

fn moment(element: &Node<'_>, seconds: &str, clock: &str) -> Option<Timecode> {
    element.seconds(seconds).or_else(|| element.clock(clock))
}
