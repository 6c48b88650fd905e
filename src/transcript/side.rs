use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose interest a person on a call speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Us: the company that sells.
    Rep,
    /// The company that buys.
    Customer,
    /// A third company that sells or delivers with us.
    Partner,
}

impl Side {
    /// Returns the word that the JSON interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rep => "rep",
            Self::Customer => "customer",
            Self::Partner => "partner",
        }
    }
}

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Side {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "rep" => Ok(Self::Rep),
            "customer" => Ok(Self::Customer),
            "partner" => Ok(Self::Partner),
            other => Err(format!("a side is rep, customer or partner, not `{other}`")),
        }
    }
}
