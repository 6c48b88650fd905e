use crate::transcript::{Call, Language, Place, Problem, Timecode};

use super::Format;

/// What a recorder wrote, row by row, before anybody is resolved or joined: the first of two stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The format that was recognised.
    pub format: Format,
    /// The rows in the order of the file.
    pub rows: Vec<Row>,
    /// What the file itself says of the call (title, start, language, participants); most formats say little.
    pub call: Call,
    /// What was odd, each with its place.
    pub problems: Vec<Problem>,
}

/// A timed row as exported: a caption, a sentence, a paragraph, an utterance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The speaker as the recorder wrote them; `None` where the row names nobody.
    pub label: Option<String>,
    /// The words, to the letter; line breaks inside a row are one space.
    pub text: String,
    /// When the row begins.
    pub start: Option<Timecode>,
    /// When it ends.
    pub end: Option<Timecode>,
    /// The row's language, where the recorder says.
    pub language: Option<Language>,
    /// Where the row stands in the file.
    pub place: Place,
}
