use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::LineKind;
use crate::rules::Kind;

/// A field of a line that a person may settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// What a promise is about.
    Category,
    /// How firmly a promise binds.
    Firmness,
    /// How our side stands to a promise (S-044): see [`Class`].
    Class,
    /// A promise's condition.
    Condition,
    /// To whom it was promised.
    Recipient,
    /// Last day that keeps a promise, a step or a metric.
    Due,
    /// Who answers for it.
    Owner,
    /// Where it stands.
    Status,
    /// Its type, in the vocabulary of its kind.
    Type,
    /// Who takes a step.
    Side,
    /// What is measured.
    Metric,
    /// Where a metric stands.
    Baseline,
    /// Where a metric should go.
    Target,
    /// A name.
    Name,
    /// A person's job title.
    Title,
    /// A person's e-mail address.
    Email,
    /// A person's parts in the purchase.
    Roles,
    /// How a person stands to us.
    Stance,
    /// How strong the relationship is, 1 to 5 (S-070).
    Strength,
    /// How to approach a person (S-047): see [`Care`].
    Care,
    /// How far a price or term has come.
    Direction,
    /// The figure of a price or term.
    Value,
}

/// How our side stands to a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It is in the contract.
    Contractual,
    /// It is in no contract and will be honoured.
    GoodFaith,
    /// It was a hope, and has to be put right with the customer.
    Aspirational,
}

/// How to approach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Care {
    /// The one to call first.
    SafeFirstCall,
    /// Speak to them prepared.
    HandleWithCare,
    /// They were against it.
    Opposed,
}

impl Field {
    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Firmness => "firmness",
            Self::Class => "class",
            Self::Condition => "condition",
            Self::Recipient => "recipient",
            Self::Due => "due",
            Self::Owner => "owner",
            Self::Status => "status",
            Self::Type => "type",
            Self::Side => "side",
            Self::Metric => "metric",
            Self::Baseline => "baseline",
            Self::Target => "target",
            Self::Name => "name",
            Self::Title => "title",
            Self::Email => "email",
            Self::Roles => "roles",
            Self::Stance => "stance",
            Self::Strength => "strength",
            Self::Care => "care",
            Self::Direction => "direction",
            Self::Value => "value",
        }
    }

    /// Returns the fields of a kind.
    pub fn of(kind: LineKind) -> &'static [Self] {
        use Field::*;
        match kind {
            LineKind::Stakeholder => &[Name, Title, Email, Roles, Stance, Strength, Care],
            LineKind::Found(kind) => match kind {
                Kind::Promise => &[Category, Firmness, Class, Condition, Recipient, Due, Owner, Status],
                Kind::Objection => &[Type, Status, Owner],
                Kind::NextStep => &[Side, Owner, Due, Status],
                Kind::SuccessMetric => &[Metric, Baseline, Target, Due, Owner],
                Kind::Competitor => &[Name, Status, Owner],
                Kind::Pricing => &[Type, Direction, Value, Owner],
                Kind::TechEnvironment => &[Type, Name, Owner],
                Kind::Risk => &[Type, Owner],
                Kind::Exclusion | Kind::Pain | Kind::WhyChosen | Kind::Expansion | Kind::Preference => {
                    &[Owner]
                }
            },
        }
    }

    /// Checks a value of a field that the ledger does not hold and that lives in the review alone.
    pub(super) fn check_beside(self, value: &Value) -> Result<(), String> {
        match self {
            Self::Class => read::<Option<Class>>(value).map(drop),
            Self::Care => read::<Option<Care>>(value).map(drop),
            Self::Strength => match read::<Option<u8>>(value)? {
                None | Some(1..=5) => Ok(()),
                Some(other) => Err(format!("is {other}; the strength of a relationship is from 1 to 5")),
            },
            _ => text(value).map(drop),
        }
    }

    /// Tells whether it says how people stand, which is for AE, CSM and CS manager only (S-079).
    pub fn is_red_flag(self) -> bool {
        matches!(self, Self::Stance | Self::Strength | Self::Care)
    }
}

impl std::str::FromStr for Field {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        serde_json::from_value(word.into()).map_err(|error| error.to_string())
    }
}

/// Reads a typed value.
pub(super) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

/// Reads a text that says something, or `null`.
pub(super) fn text(value: &Value) -> Result<Option<String>, String> {
    let text: Option<String> = read(value)?;
    match text {
        Some(text) if text.trim().is_empty() => Err("is empty; `null` says that there is none".to_owned()),
        text => Ok(text),
    }
}
