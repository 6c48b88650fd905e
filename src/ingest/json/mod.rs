//! Recorders' JSON, recognised by its shape: one file per vendor says what is whose and which unit its times have.
//!
//! A vendor's reader walks the document by [`Node`], which knows its JSON pointer: a field that is missing or of a
//! wrong type is a problem of its row and never costs the row its words.

mod assembly_ai;
mod aws;
mod deepgram;
mod fathom;
mod fireflies;
mod gladia;
mod gong;
mod google_meet;
mod hub_spot;
mod node;
mod readback;
mod recall;
mod rev;
mod speechmatics;
mod time;
mod whisper;
mod whisper_cpp;
mod words;

use std::cell::RefCell;

use serde_json::Value;

use crate::transcript::Call;

use self::node::Node;
use super::problems::Problems;
use super::{Format, Limits, Recording, Row, Unreadable};

/// A recorder's shape of JSON.
struct Shape {
    /// What to call it where a file is of no known shape.
    name: &'static str,
    format: Format,
    recognises: fn(&Value) -> bool,
    read: fn(&Node<'_>) -> Result<Said, Unreadable>,
}

/// What a document says: of the call, and row by row.
#[derive(Default)]
struct Said {
    call: Call,
    rows: Vec<Row>,
}

/// Every shape, the more telling ones first.
const SHAPES: &[Shape] = &[
    Shape {
        name: "Readback's own",
        format: Format::Readback,
        recognises: readback::recognises,
        read: readback::read,
    },
    Shape { name: "Gong", format: Format::Gong, recognises: gong::recognises, read: gong::read },
    Shape {
        name: "Fireflies",
        format: Format::Fireflies,
        recognises: fireflies::recognises,
        read: fireflies::read,
    },
    Shape {
        name: "Deepgram",
        format: Format::Deepgram,
        recognises: deepgram::recognises,
        read: deepgram::read,
    },
    Shape {
        name: "AWS Transcribe",
        format: Format::AwsTranscribe,
        recognises: aws::recognises,
        read: aws::read,
    },
    Shape {
        name: "Speechmatics",
        format: Format::Speechmatics,
        recognises: speechmatics::recognises,
        read: speechmatics::read,
    },
    Shape { name: "Rev", format: Format::Rev, recognises: rev::recognises, read: rev::read },
    Shape {
        name: "HubSpot",
        format: Format::HubSpot,
        recognises: hub_spot::recognises,
        read: hub_spot::read,
    },
    Shape {
        name: "Google Meet",
        format: Format::GoogleMeet,
        recognises: google_meet::recognises,
        read: google_meet::read,
    },
    Shape { name: "Fathom", format: Format::Fathom, recognises: fathom::recognises, read: fathom::read },
    Shape { name: "Gladia", format: Format::Gladia, recognises: gladia::recognises, read: gladia::read },
    Shape {
        name: "whisper.cpp",
        format: Format::WhisperCpp,
        recognises: whisper_cpp::recognises,
        read: whisper_cpp::read,
    },
    Shape { name: "Recall.ai", format: Format::RecallAi, recognises: recall::recognises, read: recall::read },
    Shape {
        name: "AssemblyAI",
        format: Format::AssemblyAi,
        recognises: assembly_ai::recognises,
        read: assembly_ai::read,
    },
    Shape {
        name: "WhisperX",
        format: Format::WhisperX,
        recognises: whisper::recognises_x,
        read: whisper::read,
    },
    Shape { name: "Whisper", format: Format::Whisper, recognises: whisper::recognises, read: whisper::read },
];

/// Reads a recorder's JSON.
///
/// # Errors
/// Where the text is no JSON, of no known recorder's shape, holds several calls, or exceeds [`Limits`].
pub(super) fn read(text: &str) -> Result<Recording, Unreadable> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| Unreadable::Broken { what: "JSON", reason: error.to_string() })?;
    let Some(shape) = SHAPES.iter().find(|shape| (shape.recognises)(&document)) else {
        return Err(Unreadable::no_transcript(unknown(&document)));
    };
    let problems = RefCell::new(Problems::default());
    let mut said = (shape.read)(&Node::root(&document, &problems))?;
    drop_empty(&mut said.rows, &mut problems.borrow_mut());
    refuse_too_much(&said.rows)?;
    time::check(&mut said.rows, &mut problems.borrow_mut());
    let problems = problems.into_inner().finish();
    Ok(Recording { format: shape.format, rows: said.rows, call: said.call, problems })
}

/// Drops rows without words, which some recorders deliver where they heard somebody but understood nothing.
fn drop_empty(rows: &mut Vec<Row>, problems: &mut Problems) {
    rows.retain(|row| {
        if row.text.is_empty() {
            problems.note("empty-row", row.place.clone(), || "a row without words was left out");
        }
        !row.text.is_empty()
    });
}

fn refuse_too_much(rows: &[Row]) -> Result<(), Unreadable> {
    if rows.len() > Limits::ROWS {
        return Err(Unreadable::too_many_rows());
    }
    if rows.iter().any(|row| row.text.len() > Limits::ROW_BYTES) {
        return Err(Unreadable::row_too_long());
    }
    Ok(())
}

/// Describes a document of no known shape by what it has and what would have been known.
fn unknown(document: &Value) -> String {
    /// Enough keys to tell a stranger's document by.
    const SHOWN: usize = 8;
    let known = SHAPES.iter().map(|shape| shape.name).collect::<Vec<_>>().join(", ");
    let has = match document {
        Value::Object(fields) if fields.is_empty() => "an empty JSON object".to_owned(),
        Value::Object(fields) => {
            let keys: Vec<_> = fields.keys().take(SHOWN).map(|key| format!("`{}`", short(key))).collect();
            let more = if fields.len() > SHOWN { " and more" } else { "" };
            format!("a JSON object with {}{more}", keys.join(", "))
        }
        Value::Array(items) => format!("a JSON list of {} that are no rows of a transcript", items.len()),
        other => format!("JSON that is only {}", node::kind(other)),
    };
    format!("{has}; known shapes of JSON are {known}")
}

fn short(key: &str) -> String {
    key.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_no_recorder_is_refused_with_its_keys_and_the_known_shapes() {
        let message = read(r#"{"invoice": 12, "lines": []}"#).unwrap_err().to_string();
        assert!(message.contains("`invoice`, `lines`"), "{message}");
        assert!(message.contains("Gong, Fireflies"), "{message}");
    }

    #[test]
    fn json_that_ends_early_is_refused_with_its_place() {
        let message = read("{\"callTranscripts\": [").unwrap_err().to_string();
        assert!(message.contains("line 1 column 21"), "{message}");
    }

    #[test]
    fn json_nested_without_end_is_refused() {
        let deep = "[".repeat(100_000);
        assert!(read(&deep).unwrap_err().to_string().contains("recursion limit"));
    }
}
