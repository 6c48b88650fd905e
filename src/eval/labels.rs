use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::rules::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, StepSide, TechType,
};
use crate::transcript::{Place, Problem, Side};

/// What a careful reader finds in one call: the `NN-slug.gold.json` beside a transcript.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// The call's id.
    pub call: String,
    /// Findings.
    pub findings: Vec<Label>,
    /// People of the customer and of partners.
    #[serde(default)]
    pub stakeholders: Vec<LabelledPerson>,
    /// Words that tell what became of an entry of the deal's ledger.
    #[serde(default)]
    pub news: Vec<LabelledNews>,
}

/// Words that tell what became of something from an earlier call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabelledNews {
    /// What became of it: `done`, `missed`, `fulfilled` …
    pub what: String,
    /// The entry, by the name that labels give it.
    pub entry: String,
    /// The words.
    pub quote: String,
}

/// A finding that should be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Kind.
    pub kind: Kind,
    /// Who says it.
    pub speaker: String,
    /// The words.
    pub quote: String,
    /// What an elliptical answer accepts.
    #[serde(default)]
    pub context_quote: Option<String>,
    /// Attributes by the guide's names; what is not said is absent or `null`.
    #[serde(default)]
    pub attrs: Map<String, Value>,
}

/// A person who should be found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabelledPerson {
    /// Name; `None` for "our CFO".
    pub name: Option<String>,
    /// Other forms of the name.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Side.
    #[serde(default)]
    pub side: Option<Side>,
    /// Job title.
    #[serde(default)]
    pub title: Option<String>,
    /// Parts in the purchase.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Stance; `None` says as little as [`Attitude::Unknown`].
    #[serde(default)]
    pub attitude: Option<Attitude>,
    /// The words that roles and stance rest on.
    #[serde(default)]
    pub evidence: Vec<String>,
}

impl Labels {
    /// Reads a `.gold.json`.
    ///
    /// # Errors
    /// Where it is no JSON of this shape, with line and column.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Problem> {
        serde_json::from_slice(bytes).map_err(|error| {
            let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
            Problem::new("label-unreadable", Place::Line(line), error.to_string())
        })
    }
}

/// Tells why a label of `kind` must not say `name = value`, where it must not.
pub(super) fn check_attr(kind: Kind, name: &str, value: &str) -> Result<(), String> {
    let date = |value: &str| match value.parse::<jiff::civil::Date>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("`{value}` is no date such as 2026-03-31")),
    };
    match (kind, name) {
        (Kind::Promise, "category") => value.parse::<Category>().map(drop),
        (Kind::Promise, "firmness") => value.parse::<Firmness>().map(drop),
        (Kind::NextStep, "side") => value.parse::<StepSide>().map(drop),
        (Kind::Objection, "type") => value.parse::<ObjectionType>().map(drop),
        (Kind::Objection, "status") => value.parse::<ObjectionStatus>().map(drop),
        (Kind::Competitor, "status") => value.parse::<CompetitorStatus>().map(drop),
        (Kind::Pricing, "type") => value.parse::<PricingType>().map(drop),
        (Kind::Pricing, "direction") => value.parse::<PricingDirection>().map(drop),
        (Kind::Risk, "type") => value.parse::<RiskType>().map(drop),
        (Kind::TechEnvironment, "type") => value.parse::<TechType>().map(drop),
        (Kind::Promise | Kind::NextStep | Kind::Objection | Kind::SuccessMetric, "entry") => Ok(()),
        (Kind::Promise | Kind::NextStep, "due") | (Kind::SuccessMetric, "deadline") => date(value),
        (Kind::Promise, "due_text" | "condition")
        | (Kind::NextStep, "owner" | "due_text")
        | (Kind::SuccessMetric, "metric" | "baseline" | "target" | "deadline_text" | "owner")
        | (Kind::Competitor | Kind::TechEnvironment, "name")
        | (Kind::Pricing, "value") => Ok(()),
        _ => Err(format!("a {kind} has no attribute `{name}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_do_not_read_are_named_with_their_line() {
        let text = "{\"call\": \"c\",\n \"findings\": [{\"kind\": \"promice\"}]}";
        let problem = Labels::from_json(text.as_bytes()).unwrap_err();
        assert_eq!(problem.place, Place::Line(2));
        assert!(problem.message.contains("promice"), "{problem}");
    }
}
