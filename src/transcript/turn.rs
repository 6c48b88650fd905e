use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Language, SpeakerId, Timecode};

/// All that one speaker says until another speaks. Neighbouring rows of one speaker are joined with one space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Turn {
    /// Who spoke.
    pub speaker: SpeakerId,
    /// The words, to the letter.
    pub text: String,
    /// Where the recorder's rows begin in the text and when they were said; never empty, first at byte 0.
    pub marks: Vec<Mark>,
    /// The language of this speaker's stretch, where it can be told.
    pub language: Option<Language>,
}

/// The start of a recorder's row (a caption, a sentence, a word) within a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    /// Byte offset in the turn's text.
    pub at: u32,
    /// When the row begins, where the recorder says so.
    pub start: Option<Timecode>,
    /// When it ends, where the recorder says so.
    pub end: Option<Timecode>,
}

impl Turn {
    /// Returns when the turn begins.
    pub fn start(&self) -> Option<Timecode> {
        self.marks.first().and_then(|mark| mark.start)
    }

    /// Returns when the turn ends.
    pub fn end(&self) -> Option<Timecode> {
        self.marks.last().and_then(|mark| mark.end)
    }

    /// Returns when the row that holds byte `at` begins.
    pub fn time_at(&self, at: u32) -> Option<Timecode> {
        let row = self.marks.partition_point(|mark| mark.at <= at).saturating_sub(1);
        self.marks.get(row).and_then(|mark| mark.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_belongs_to_the_row_that_began_last() {
        let mark = |at, ms| Mark { at, start: Some(Timecode(ms)), end: None };
        let turn = Turn {
            speaker: SpeakerId(0),
            text: "one two".to_owned(),
            marks: vec![mark(0, 100), mark(4, 900)],
            language: None,
        };
        assert_eq!(turn.time_at(3), Some(Timecode(100)));
        assert_eq!(turn.time_at(4), Some(Timecode(900)));
    }
}
