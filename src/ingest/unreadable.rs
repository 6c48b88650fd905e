use super::Limits;

/// What recorders may deliver, as named in messages.
const EXPECTED: &str = "WebVTT, SRT, text with speaker names, a DOCX transcript or a recorder's JSON";

/// Why bytes could not be read as a recording at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing in the input is a transcript.
    #[error("no transcript: expected {EXPECTED}; seen {seen}")]
    NoTranscript {
        /// What the input looks like, with its article.
        seen: String,
    },
    /// The text cannot be decoded.
    #[error("no text: {seen} at byte {byte}")]
    NoText {
        /// What stands where text was expected.
        seen: String,
        /// Where, counted from 0.
        byte: u64,
    },
    /// The file is of a known kind but damaged or refused.
    #[error("broken {what}: {reason}")]
    Broken {
        /// The kind of file.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The input would take more than is allowed; nothing was cut.
    #[error("too large: {what} over the limit of {limit}")]
    TooLarge {
        /// What there is too much of, with its unit.
        what: &'static str,
        /// The limit, in that unit.
        limit: u64,
    },
}

impl Unreadable {
    pub(super) fn no_transcript(seen: impl Into<String>) -> Self {
        Self::NoTranscript { seen: seen.into() }
    }

    pub(super) fn too_many_lines() -> Self {
        Self::TooLarge { what: "lines", limit: Limits::LINES as u64 }
    }

    pub(super) fn too_many_rows() -> Self {
        Self::TooLarge { what: "rows", limit: Limits::ROWS as u64 }
    }

    pub(super) fn row_too_long() -> Self {
        Self::TooLarge { what: "bytes of one row", limit: Limits::ROW_BYTES as u64 }
    }
}
