use crate::transcript::{Place, Problem};

use super::lines::lines;
use super::problems::Problems;
use super::{Format, Recording, Unreadable, captions, decode, docx, json, plain, sniff};

/// Reads any recorder's bytes; `format` overrides recognition.
///
/// Nothing is cut and no line is dropped unseen: what is no speech is metadata or a problem.
///
/// # Errors
/// Where the bytes hold no transcript, are damaged beyond reading, or exceed [`Limits`](super::Limits).
pub fn read(bytes: &[u8], format: Option<Format>) -> Result<Recording, Unreadable> {
    sniff::refuse_other_files(bytes)?;
    let mut recording = if sniff::is_zip(bytes) {
        docx::read(bytes)?
    } else {
        let mut problems = Problems::default();
        let text = decode::decode(bytes, &mut problems)?;
        read_text(text.trim_start_matches('\u{FEFF}'), format, problems)?
    };
    if recording.rows.is_empty() {
        return Err(Unreadable::no_transcript(without_words(recording.format)));
    }
    if recording.rows.iter().all(|row| row.label.is_none()) {
        let message = "no row names its speaker";
        recording.problems.push(Problem::new("no-speakers", Place::Whole, message));
    }
    Ok(recording)
}

fn read_text(text: &str, format: Option<Format>, problems: Problems) -> Result<Recording, Unreadable> {
    match format {
        None if sniff::is_json(text) => json::read(text),
        None => {
            sniff::refuse_markup(text)?;
            match sniff::captions(text) {
                Some(format) => captions::read(text, format, problems),
                None => plain::read(&lines(text)?, plain::Source::Text { forced: None }, problems),
            }
        }
        Some(format @ (Format::WebVtt | Format::SubRip)) => captions::read(text, format, problems),
        Some(format @ (Format::Plain | Format::Otter | Format::GoogleMeet)) => {
            plain::read(&lines(text)?, plain::Source::Text { forced: Some(format) }, problems)
        }
        Some(Format::Docx) => Err(Unreadable::no_transcript("text, no DOCX document")),
        Some(_) => json::read(text),
    }
}

fn without_words(format: Format) -> &'static str {
    match format {
        Format::WebVtt => "a WebVTT file without a caption",
        Format::SubRip => "an SRT file without a caption",
        Format::Docx => "a DOCX document without speech",
        Format::Plain | Format::Otter | Format::GoogleMeet => "text without speech",
        _ => "a recorder's JSON without speech",
    }
}
