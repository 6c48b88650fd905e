use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::{
    Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, StepSide, TechType,
};
use crate::transcript::{Digest, Quote, Side, SpeakerId, Timecode, Transcript};

/// What the rules conclude from some words of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The words.
    pub quote: Quote,
    /// What an elliptical answer accepts ("Can you do that by March?").
    pub context: Option<Quote>,
    /// Who said the quote.
    pub speaker: SpeakerId,
    /// Whose side that person is on.
    pub side: Option<Side>,
    /// The kind, with its attributes.
    pub attrs: Attrs,
    /// How likely the finding is right, 0 to 1.
    #[serde(with = "bits")]
    pub confidence: f64,
    /// What the finding rests on.
    pub provenance: Provenance,
    /// Why it was found, for people.
    pub why: Why,
}

/// Writes a number so that the very same is read back; as a decimal it may come back off by the last digit.
mod bits {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(number.to_bits())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        u64::deserialize(deserializer).map(f64::from_bits)
    }
}

/// Attributes of a finding by kind. What was not said is `None`: nothing is inferred silently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Attrs {
    /// See [`Kind::Promise`].
    Promise {
        /// What it is about.
        category: Category,
        /// How firmly it binds.
        firmness: Firmness,
        /// Last day that keeps the word.
        due: Option<Date>,
        /// The words that name the date.
        due_text: Option<String>,
        /// The words of the condition, where there is one.
        condition: Option<String>,
    },
    /// See [`Kind::Exclusion`].
    Exclusion,
    /// See [`Kind::NextStep`].
    NextStep {
        /// Who takes it.
        side: Option<StepSide>,
        /// The person's name, where known.
        owner: Option<String>,
        /// Last day that keeps the word.
        due: Option<Date>,
        /// The words that name the date.
        due_text: Option<String>,
    },
    /// See [`Kind::Objection`].
    Objection {
        /// What it is about.
        kind: ObjectionType,
        /// Where it stands at the end of the call.
        status: ObjectionStatus,
        /// Our side's answer.
        response: Option<Quote>,
    },
    /// See [`Kind::SuccessMetric`].
    SuccessMetric {
        /// What is measured.
        metric: Option<String>,
        /// Where it stands.
        baseline: Option<String>,
        /// Where it should go.
        target: Option<String>,
        /// By when.
        deadline: Option<Date>,
        /// The words that name the deadline.
        deadline_text: Option<String>,
        /// Who answers for it.
        owner: Option<String>,
    },
    /// See [`Kind::Pain`].
    Pain,
    /// See [`Kind::Competitor`].
    Competitor {
        /// The vendor or product.
        name: Option<String>,
        /// What it is to the customer.
        status: CompetitorStatus,
    },
    /// See [`Kind::WhyChosen`].
    WhyChosen,
    /// See [`Kind::Pricing`].
    Pricing {
        /// Which term.
        kind: PricingType,
        /// How far it has come.
        direction: PricingDirection,
        /// The figure ("15%", "net 60").
        value: Option<String>,
    },
    /// See [`Kind::Risk`].
    Risk {
        /// What it comes from.
        kind: RiskType,
    },
    /// See [`Kind::TechEnvironment`].
    TechEnvironment {
        /// What it is.
        kind: TechType,
        /// The tool, where it has a name.
        name: Option<String>,
    },
    /// See [`Kind::Expansion`].
    Expansion,
    /// See [`Kind::Preference`].
    Preference,
}

impl Attrs {
    /// Returns the kind that these attributes belong to.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Promise { .. } => Kind::Promise,
            Self::Exclusion => Kind::Exclusion,
            Self::NextStep { .. } => Kind::NextStep,
            Self::Objection { .. } => Kind::Objection,
            Self::SuccessMetric { .. } => Kind::SuccessMetric,
            Self::Pain => Kind::Pain,
            Self::Competitor { .. } => Kind::Competitor,
            Self::WhyChosen => Kind::WhyChosen,
            Self::Pricing { .. } => Kind::Pricing,
            Self::Risk { .. } => Kind::Risk,
            Self::TechEnvironment { .. } => Kind::TechEnvironment,
            Self::Expansion => Kind::Expansion,
            Self::Preference => Kind::Preference,
        }
    }
}

impl Attrs {
    /// Returns an attribute with a closed set of values; `None` where the kind has none by that name.
    pub fn label(&self, name: &str) -> Option<&'static str> {
        Some(match (self, name) {
            (Self::Promise { category, .. }, "category") => category.as_str(),
            (Self::Promise { firmness, .. }, "firmness") => firmness.as_str(),
            (Self::Objection { kind, .. }, "type") => kind.as_str(),
            (Self::Objection { status, .. }, "status") => status.as_str(),
            (Self::Competitor { status, .. }, "status") => status.as_str(),
            (Self::Pricing { kind, .. }, "type") => kind.as_str(),
            (Self::Pricing { direction, .. }, "direction") => direction.as_str(),
            (Self::Risk { kind }, "type") => kind.as_str(),
            (Self::TechEnvironment { kind, .. }, "type") => kind.as_str(),
            _ => return None,
        })
    }

    /// Sets an attribute with a closed set of values, and tells whether it did: the value is one of the set.
    pub fn relabel(&mut self, name: &str, value: &str) -> bool {
        match (self, name) {
            (Self::Promise { category, .. }, "category") => set(category, value),
            (Self::Promise { firmness, .. }, "firmness") => set(firmness, value),
            (Self::Objection { kind, .. }, "type") => set(kind, value),
            (Self::Objection { status, .. }, "status") => set(status, value),
            (Self::Competitor { status, .. }, "status") => set(status, value),
            (Self::Pricing { kind, .. }, "type") => set(kind, value),
            (Self::Pricing { direction, .. }, "direction") => set(direction, value),
            (Self::Risk { kind }, "type") => set(kind, value),
            (Self::TechEnvironment { kind, .. }, "type") => set(kind, value),
            _ => false,
        }
    }
}

fn set<T: std::str::FromStr>(attribute: &mut T, value: &str) -> bool {
    value.parse().map(|value| *attribute = value).is_ok()
}

/// Where a finding comes from; it crosses every later room with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Provenance {
    /// The call's id.
    pub call: String,
    /// Digest of the transcript that was read.
    pub transcript: Digest,
    /// What the rules say for it; `None` where a model alone pointed at the words.
    #[serde(flatten)]
    pub rules: Option<ByRule>,
    /// The model that says so too, or alone.
    #[serde(flatten)]
    pub model: Option<ByModel>,
}

/// The rule behind a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ByRule {
    /// The rule's id: its path below `rules/`, without `.toml`; `<language>/weights` for what was learned.
    pub rule: String,
    /// Digest of the rule file.
    pub rule_digest: Digest,
}

/// The model behind a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ByModel {
    /// The model's name as its provider calls it.
    pub model: String,
    /// Digest of all that it was asked.
    pub prompt: Digest,
}

impl Provenance {
    /// Returns the id of the rule, where there is one.
    pub fn rule(&self) -> Option<&str> {
        self.rules.as_ref().map(|by| by.rule.as_str())
    }
}

/// Why a finding was made, in words a person can check.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Why {
    /// The words that the rule held on to.
    pub cue: String,
    /// What was noticed about the utterance and what follows from it ("hedged: `should be able to`").
    pub features: Vec<String>,
    /// What a model says otherwise ("no promise", "firmness: hedged"); a person decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dissent: Vec<String>,
}

impl Finding {
    /// Returns the kind.
    pub fn kind(&self) -> Kind {
        self.attrs.kind()
    }

    /// Returns the identity that decisions hold on to: call, turn, quote and kind. It survives re-extraction
    /// with other rules. The same words said twice in one turn are told apart by their order.
    pub fn id(&self, transcript: &Transcript) -> String {
        identity(transcript, &self.quote, self.kind())
    }

    /// Returns when the quote begins.
    pub fn start(&self, transcript: &Transcript) -> Option<Timecode> {
        transcript.time(self.quote.span())
    }
}

/// Returns the identity of a finding of `kind` whose words are `quote`: see [`Finding::id`].
pub fn identity(transcript: &Transcript, quote: &Quote, kind: Kind) -> String {
    let span = quote.span();
    let turn = &transcript.turns[span.turn as usize];
    let before = turn.text[..span.start as usize].matches(quote.text()).count();
    let (turn, before) = (span.turn.to_string(), before.to_string());
    let parts = [&transcript.call.id, &turn, quote.text(), &before, kind.as_str()];
    Digest::of_parts(parts.map(str::as_bytes)).short().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_models_are_told_apart_by_their_fields() {
        let rules = ByRule { rule: "en/promise/x".to_owned(), rule_digest: Digest::of(b"rule") };
        let model = ByModel { model: "m".to_owned(), prompt: Digest::of(b"prompt") };
        for (rules, model, keys) in [
            (Some(&rules), None, "call rule rule_digest transcript"),
            (None, Some(&model), "call model prompt transcript"),
            (Some(&rules), Some(&model), "call model prompt rule rule_digest transcript"),
        ] {
            let (call, transcript) = ("c1".to_owned(), Digest::of(b"t"));
            let it = Provenance { call, transcript, rules: rules.cloned(), model: model.cloned() };
            let json = serde_json::to_value(&it).unwrap();
            let mut names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
            names.sort();
            assert_eq!(names.join(" "), keys);
            assert_eq!(serde_json::from_value::<Provenance>(json).unwrap(), it);
        }
    }
}
