use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Side;

/// The place of a speaker in [`Transcript::speakers`](super::Transcript).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct SpeakerId(pub u32);

impl SpeakerId {
    /// Returns the index into the transcript's speakers.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Somebody whom the recorder told apart from the others, resolved as far as there is evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Speaker {
    /// What the recorder wrote, badges and all (`Dana Whitfield (External)`, `Speaker 1`); empty where it wrote none.
    pub label: String,
    /// The person's name where it is known; `None` for a `Speaker 1` about whom nothing is known.
    pub name: Option<String>,
    /// Job title, where somebody said or recorded it.
    pub title: Option<String>,
    /// E-mail address from the call's metadata.
    pub email: Option<String>,
    /// Whose side the person is on; `None` where nothing tells.
    pub side: Option<Side>,
    /// What name and side rest on.
    pub known_by: KnownBy,
}

impl Speaker {
    /// Returns what to call the speaker: the name, else the recorder's label, else "Unknown speaker".
    pub fn display(&self) -> &str {
        match &self.name {
            Some(name) => name,
            None if self.label.is_empty() => "Unknown speaker",
            None => &self.label,
        }
    }
}

/// What a speaker's name and side rest on, from the strongest evidence to none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    /// A person corrected it.
    Correction,
    /// The call's metadata: participants, our domains, our people.
    Metadata,
    /// What was said: "this is Dana from Acme".
    Speech,
    /// The recorder's label alone.
    Label,
    /// Nothing: the speaker stays unresolved.
    #[default]
    Nothing,
}
