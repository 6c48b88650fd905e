//! Speechmatics: results word by word; punctuation says to which word it attaches. Times in seconds.

use serde_json::Value;

use crate::ingest::Unreadable;
use crate::transcript::Call;

use super::Said;
use super::node::Node;
use super::words::{self, Word};

/// The label of a speaker whom Speechmatics could not tell apart.
const UNKNOWN: &str = "UU";

pub(super) fn recognises(document: &Value) -> bool {
    document.pointer("/results/0/alternatives/0/content").is_some()
}

pub(super) fn read(root: &Node<'_>) -> Result<Said, Unreadable> {
    let rows = words::rows(root.list("results").iter().map(word));
    let configured = root.at(&["metadata", "transcription_config"]);
    let call = Call {
        id: root.get("job").and_then(|job| job.id("id")).unwrap_or_default(),
        language: configured.and_then(|config| config.language("language")),
        ..Call::default()
    };
    Ok(Said { call, rows })
}

fn word(result: &Node<'_>) -> Word {
    let best = result.list("alternatives").into_iter().next();
    let speaker = best.as_ref().and_then(|best| best.id("speaker"));
    Word {
        label: speaker.or_else(|| result.id("channel")).filter(|speaker| speaker != UNKNOWN),
        text: best.and_then(|best| best.words("content")).unwrap_or_default(),
        glued: result.text("attaches_to").as_deref() == Some("previous"),
        start: result.seconds("start_time"),
        end: result.seconds("end_time"),
        language: None,
        place: result.place(),
    }
}
