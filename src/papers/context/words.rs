use serde::Serialize;

use crate::ledger::{Citation, Saying};
use crate::transcript::{Side, Timecode};

/// Words of a call with who, when and where.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Words {
    pub(super) text: String,
    pub(super) speaker: String,
    pub(super) side: Option<Side>,
    pub(super) date: Option<String>,
    pub(super) time: Option<String>,
    pub(super) call: String,
    /// The part that the line plays, where that must be said: `asked`, `changed`, `our answer`.
    pub(super) label: Option<&'static str>,
}

pub(super) fn latest(said: &[Saying]) -> Words {
    let telling = said.iter().rev().find(|saying| saying.finding.is_some()).or(said.last());
    telling.map_or_else(Words::nothing, |saying| Words::from(saying.telling()))
}

/// Fewer words than these tell nothing without what was said around them.
const FEWEST_WORDS: usize = 4;

impl Words {
    pub(super) fn stand_alone(&self) -> bool {
        self.text.split_whitespace().count() >= FEWEST_WORDS
    }

    pub(super) fn nothing() -> Self {
        let (text, speaker, call) = Default::default();
        Self { text, speaker, side: None, date: None, time: None, call, label: None }
    }
}

impl From<&Citation> for Words {
    fn from(words: &Citation) -> Self {
        Self {
            text: words.quote.text().to_owned(),
            speaker: words.speaker.clone(),
            side: words.side,
            date: words.date.map(|date| date.to_string()),
            time: words.start_ms.map(|ms| Timecode(ms).to_string()),
            call: words.call_title.clone().unwrap_or_else(|| words.call.clone()),
            label: None,
        }
    }
}
