use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something odd in an input or a rule file, with its place. A problem never stops the reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// A stable name for the oddity in kebab case (`time-goes-backwards`), for filters and tests.
    pub code: String,
    /// What was odd and what was done about it: one sentence in lower case, without a full stop.
    pub message: String,
    /// Where it stands.
    pub place: Place,
}

impl Problem {
    /// Returns a problem; see the fields for the form of each part.
    pub fn new(code: &str, place: Place, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), place }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} [{}]", self.place, self.message, self.code)
    }
}

/// Where a problem stands in the input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The input as a whole.
    #[default]
    Whole,
    /// A line of a text file, counted from 1.
    Line(u32),
    /// A JSON pointer (RFC 6901).
    Pointer(String),
    /// A byte offset, where there are no lines.
    Byte(u64),
    /// A paragraph of a word processor's document, counted from 1.
    Paragraph(u32),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole => f.write_str("the whole input"),
            Self::Line(line) => write!(f, "line {line}"),
            Self::Pointer(pointer) => f.write_str(pointer),
            Self::Byte(byte) => write!(f, "byte {byte}"),
            Self::Paragraph(paragraph) => write!(f, "paragraph {paragraph}"),
        }
    }
}
