use crate::transcript::{Call, Deal, Digest, Problem, Transcript};

use super::{Correction, Format, Unreadable, read, seal};

/// A recorder's file, read and sealed.
#[derive(Clone, Debug)]
pub struct Transcribed {
    /// The transcript.
    pub transcript: Transcript,
    /// The format that was recognised.
    pub format: Format,
    /// What was odd about the input.
    pub problems: Vec<Problem>,
}

/// Turns a recorder's bytes into a sealed transcript: reads the rows, finds out who speaks, joins them into turns.
///
/// # Errors
/// Where the bytes hold no transcript, are damaged beyond reading, or exceed [`Limits`](super::Limits).
pub fn transcribe(
    bytes: &[u8],
    call: Call,
    deal: &Deal,
    corrections: &[Correction],
) -> Result<Transcribed, Unreadable> {
    let recording = read(bytes, None)?;
    let format = recording.format;
    let (transcript, problems) = seal(recording, Digest::of(bytes), call, deal, corrections);
    Ok(Transcribed { transcript, format, problems })
}
