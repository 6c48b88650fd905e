use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::NotHeard;
use crate::rules::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, TechType,
};

/// What a model may say of whoever speaks.
const ROLE: &str = "role";
const STANCE: &str = "stance";

/// More answers than this are not read: no prompt asks so much.
const MOST: usize = 120;

/// One answer as the model writes it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// The turn of the words.
    pub(super) turn: u32,
    /// The words, as the model copies them.
    pub(super) quote: String,
    /// What they are, or are asked to be.
    pub(super) kind: Kind,
    /// Whether they are.
    pub(super) holds: bool,
    /// `attribute=value` of closed sets.
    #[serde(default)]
    pub(super) labels: Vec<String>,
}

/// Why an answer was refused.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// It does not follow the schema.
    #[error("it does not follow the schema")]
    OffSchema,
    /// The words were not said there.
    #[error("the words were not said there")]
    NotSaid,
    /// Something like it was said, with other figures, denials or names.
    #[error("figures, denials or names differ from what was said")]
    Disagrees,
    /// It cites the words more often than they were said.
    #[error("the words were said less often")]
    SaidLessOften,
    /// The rules think it too unlikely, and the model has not earned that much trust on this call.
    #[error("it is too unlikely by what the rules weigh")]
    TooUnlikely,
}

/// An answer that was refused; the model's wording is kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refused {
    /// The turn it names, where it names one.
    pub turn: Option<u32>,
    /// What it would have been.
    pub kind: Option<Kind>,
    /// Why.
    pub refusal: Refusal,
}

/// Reads a model's words; answers that do not follow the schema are refused one by one.
pub(super) fn answers(text: &str) -> Result<(Vec<Answer>, Vec<Refused>), NotHeard> {
    let text = unfenced(text);
    if text.is_empty() {
        return Err(NotHeard::Empty);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| match error.is_eof() {
        true => NotHeard::CutOff,
        false => NotHeard::OffSchema,
    })?;
    let list = value.get("answers").and_then(Value::as_array).ok_or(NotHeard::OffSchema)?;
    if list.is_empty() {
        return Err(NotHeard::Empty);
    }
    let (mut read, mut refused) = (Vec::new(), Vec::new());
    for answer in list.iter().take(MOST) {
        match Answer::deserialize(answer) {
            Ok(answer) => read.push(answer),
            Err(_) => refused.push(Refused { turn: None, kind: None, refusal: Refusal::OffSchema }),
        }
    }
    if read.is_empty() { Err(NotHeard::OffSchema) } else { Ok((read, refused)) }
}

/// Servers without structured output put JSON between three backticks.
fn unfenced(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("```json").or_else(|| text.strip_prefix("```"));
    inner.and_then(|inner| inner.trim_end().strip_suffix("```")).unwrap_or(text).trim()
}

impl Answer {
    /// Returns the labels that a finding of its kind has.
    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        let known = values(self.kind);
        let pairs = self.labels.iter().filter_map(|label| label.split_once('='));
        let fits = |(name, value): &(&str, &str)| {
            known.iter().any(|(attribute, values)| attribute == name && values.contains(value))
        };
        pairs.filter(fits).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Returns the parts that whoever speaks the words plays by them.
    pub(super) fn roles(&self) -> Vec<Role> {
        self.of_speaker(ROLE)
    }

    /// Returns how whoever speaks the words stands by them.
    pub(super) fn stance(&self) -> Option<Attitude> {
        self.of_speaker(STANCE).pop().filter(|stance| *stance != Attitude::Unknown)
    }

    fn of_speaker<T: std::str::FromStr>(&self, attribute: &str) -> Vec<T> {
        let pairs = self.labels.iter().filter_map(|label| label.split_once('='));
        pairs.filter(|(name, _)| *name == attribute).filter_map(|(_, value)| value.parse().ok()).collect()
    }
}

/// Returns the attributes of a kind that a model may label, with their values.
pub(super) fn values(kind: Kind) -> Vec<(&'static str, Vec<&'static str>)> {
    macro_rules! all {
        ($type:ty) => {
            <$type>::ALL.iter().map(|value| value.as_str()).collect()
        };
    }
    match kind {
        Kind::Promise => vec![("category", all!(Category)), ("firmness", all!(Firmness))],
        Kind::Objection => vec![("type", all!(ObjectionType)), ("status", all!(ObjectionStatus))],
        Kind::Competitor => vec![("status", all!(CompetitorStatus))],
        Kind::Pricing => vec![("type", all!(PricingType)), ("direction", all!(PricingDirection))],
        Kind::Risk => vec![("type", all!(RiskType))],
        Kind::TechEnvironment => vec![("type", all!(TechType))],
        _ => Vec::new(),
    }
}

/// Returns what a model may say of whoever speaks the words, with the values.
pub(super) fn of_speakers() -> [(&'static str, Vec<&'static str>); 2] {
    let stances = Attitude::ALL.iter().filter(|stance| **stance != Attitude::Unknown);
    [
        (ROLE, Role::ALL.iter().map(|role| role.as_str()).collect()),
        (STANCE, stances.map(|stance| stance.as_str()).collect()),
    ]
}

/// Returns the JSON schema of an answer: flat, with closed sets, as every provider's structured output takes it.
pub(super) fn schema() -> Value {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let mut labels: Vec<String> = Vec::new();
    for (name, values) in Kind::ALL.iter().flat_map(|kind| values(*kind)).chain(of_speakers()) {
        labels.extend(values.iter().map(|value| format!("{name}={value}")));
    }
    labels.sort();
    labels.dedup();
    json!({
        "type": "object", "additionalProperties": false, "required": ["answers"],
        "properties": {"answers": {"type": "array", "items": {
            "type": "object", "additionalProperties": false,
            "required": ["turn", "quote", "kind", "holds", "labels"],
            "properties": {
                "turn": {"type": "integer"},
                "quote": {"type": "string"},
                "kind": {"type": "string", "enum": kinds},
                "holds": {"type": "boolean"},
                "labels": {"type": "array", "items": {"type": "string", "enum": labels}},
            },
        }}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_answers_are_kept_beside_bad_ones() {
        let text = r#"{"answers": [
            {"turn": 1, "quote": "we will", "kind": "promise", "holds": true,
             "labels": ["category=scope", "firmness=iron", "type=price", "nonsense"]},
            {"turn": -1, "quote": "x", "kind": "promise", "holds": true},
            {"turn": 1, "quote": "x", "kind": "secret", "holds": true},
            {"turn": 1, "quote": "x", "kind": "pain", "holds": true, "approve": true}]}"#;
        let (read, refused) = answers(text).unwrap();
        assert_eq!((read.len(), refused.len()), (1, 3));
        assert_eq!(read[0].labels(), BTreeMap::from([("category".to_owned(), "scope".to_owned())]));
        assert_eq!(answers(&format!("```json\n{text}\n```")).unwrap().0.len(), 1);
    }

    #[test]
    fn what_is_no_answer_says_why() {
        let cases = [
            ("", NotHeard::Empty),
            ("{\"answers\": []}", NotHeard::Empty),
            ("{\"answers\": [{\"turn\": 1, \"quo", NotHeard::CutOff),
            ("<html><body>502</body></html>", NotHeard::OffSchema),
            ("{\"answers\": \"all fine\"}", NotHeard::OffSchema),
            ("{\"answers\": [{\"turn\": NaN}]}", NotHeard::OffSchema),
            ("[1, 2]", NotHeard::OffSchema),
        ];
        for (text, wanted) in cases {
            assert_eq!(answers(text).unwrap_err(), wanted, "{text}");
        }
    }
}
