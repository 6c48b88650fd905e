use serde::{Deserialize, Serialize};

use crate::rules::Kind;

/// What a line of the packet is: of a kind that is found in calls, or a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum LineKind {
    /// A kind of the labelling guide.
    Found(Kind),
    /// A person on the customer's or a partner's side.
    Stakeholder,
}

impl LineKind {
    /// Returns the labelling guide's word, or `stakeholder`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Found(kind) => kind.as_str(),
            Self::Stakeholder => "stakeholder",
        }
    }
}

impl std::str::FromStr for LineKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "stakeholder" => Ok(Self::Stakeholder),
            _ => word.parse().map(Self::Found).map_err(|error| format!("{error}, stakeholder")),
        }
    }
}

impl TryFrom<String> for LineKind {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        word.parse()
    }
}

impl From<LineKind> for String {
    fn from(kind: LineKind) -> Self {
        kind.as_str().to_owned()
    }
}
