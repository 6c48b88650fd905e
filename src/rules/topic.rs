use super::Kind;

/// A question about a finding that words answer: what a promise is about, what an objection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Whether a commitment is a promise or a next step.
    Commitment,
    /// The category of a promise.
    Promise,
    /// The type of an objection.
    Objection,
    /// The type of a risk.
    Risk,
    /// The type of a tool or requirement.
    TechEnvironment,
    /// The type of a term.
    Pricing,
    /// What a competitor is to the customer.
    Competitor,
}

impl Topic {
    /// Every topic.
    pub const ALL: &'static [Self] = &[
        Self::Commitment,
        Self::Promise,
        Self::Objection,
        Self::Risk,
        Self::TechEnvironment,
        Self::Pricing,
        Self::Competitor,
    ];

    /// Returns the name of the table's file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commitment => "commitment",
            Self::Promise => Kind::Promise.as_str(),
            Self::Objection => Kind::Objection.as_str(),
            Self::Risk => Kind::Risk.as_str(),
            Self::TechEnvironment => Kind::TechEnvironment.as_str(),
            Self::Pricing => Kind::Pricing.as_str(),
            Self::Competitor => Kind::Competitor.as_str(),
        }
    }

    /// Tells why `value` is no answer, where it is none.
    pub(crate) fn check(self, value: &str) -> Result<(), String> {
        use super::{Category, CompetitorStatus, ObjectionType, PricingType, RiskType, TechType};
        match self {
            Self::Commitment if matches!(value, "promise" | "next_step") => Ok(()),
            Self::Commitment => Err(format!("`{value}` is neither promise nor next_step")),
            Self::Promise => value.parse::<Category>().map(drop),
            Self::Objection => value.parse::<ObjectionType>().map(drop),
            Self::Risk => value.parse::<RiskType>().map(drop),
            Self::TechEnvironment => value.parse::<TechType>().map(drop),
            Self::Pricing => value.parse::<PricingType>().map(drop),
            Self::Competitor => value.parse::<CompetitorStatus>().map(drop),
        }
    }
}

/// One row of a topic's table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TopicRow {
    pub(crate) topic: Topic,
    pub(crate) value: String,
    pub(crate) weight: f64,
}
