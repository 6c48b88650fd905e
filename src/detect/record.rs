//! The JSON shape of what was found in a call, as `readback extract` prints it and the store keeps it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{Attrs, ByModel, Detected, Finding, Provenance, Stakeholder, Testified, Why};
use crate::rules::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, TechType,
};
use crate::transcript::{Language, Problem, Quote, Side, Span, Transcript};

/// The findings of one call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallRecord {
    /// The call's id.
    pub call: String,
    /// Language of most of the call; `null` where it cannot be told.
    pub language: Option<Language>,
    /// What was found, in the order of the call.
    pub findings: Vec<FindingRecord>,
    /// What the rules found and a model talked us out of, for a person to decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubted: Vec<FindingRecord>,
    /// Who was named or spoke on the other side.
    pub stakeholders: Vec<StakeholderRecord>,
    /// What was odd about the input.
    pub problems: Vec<Problem>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FindingRecord {
    /// Identity across re-extraction.
    pub id: String,
    /// Kind.
    pub kind: Kind,
    /// Who said it.
    pub speaker: String,
    /// On whose side.
    pub side: Option<Side>,
    /// The words.
    pub quote: String,
    /// What an elliptical answer accepts.
    pub context_quote: Option<String>,
    /// Index of the turn.
    pub turn: u32,
    /// When the words begin, in milliseconds.
    pub start_ms: Option<u64>,
    /// Attributes of the kind, as the labelling guide names them.
    #[schema(value_type = Object)]
    pub attrs: Map<String, Value>,
    /// How likely the finding is right, 0 to 1.
    pub confidence: f64,
    /// Where the words stand.
    pub span: Span,
    /// Where the context stands.
    pub context_span: Option<Span>,
    /// What the finding rests on.
    pub provenance: Provenance,
    /// Why it was found.
    pub why: Why,
}

/// One stakeholder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StakeholderRecord {
    /// Name, or `null` for "our CFO".
    pub name: Option<String>,
    /// Other forms of the name.
    pub aliases: Vec<String>,
    /// Job title.
    pub title: Option<String>,
    /// Side.
    pub side: Side,
    /// Parts in the purchase.
    pub roles: Vec<Role>,
    /// Stance.
    pub attitude: Attitude,
    /// The words that roles and stance rest on.
    pub evidence: Vec<String>,
    /// What a model says of the person's parts and stance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub testified: Vec<TestifiedRecord>,
}

/// What a model says of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestifiedRecord {
    /// The part or stance, with what the rules say where that differs.
    pub label: String,
    /// The person's words that show it.
    pub quote: String,
    /// The model.
    #[serde(flatten)]
    pub by: ByModel,
}

impl CallRecord {
    /// Returns the record of what was `detected` in `transcript`, with what was odd about the input.
    pub fn new(transcript: &Transcript, detected: &Detected, problems: &[Problem]) -> Self {
        let finding = |finding| FindingRecord::new(finding, transcript);
        Self {
            call: transcript.call.id.clone(),
            language: transcript.language.clone(),
            findings: detected.findings.iter().map(finding).collect(),
            doubted: detected.doubted.iter().map(finding).collect(),
            stakeholders: detected.stakeholders.iter().map(StakeholderRecord::new).collect(),
            problems: problems.to_vec(),
        }
    }
}

impl CallRecord {
    /// Returns the record for a reader who may not see red flags (S-079): without risks and the stances of people.
    #[must_use]
    pub fn without_red_flags(mut self) -> Self {
        self.findings.retain(|finding| finding.kind != Kind::Risk);
        self.doubted.retain(|finding| finding.kind != Kind::Risk);
        for stakeholder in &mut self.stakeholders {
            stakeholder.attitude = Attitude::Unknown;
            stakeholder.evidence.clear();
            stakeholder.testified.clear();
        }
        self
    }
}

impl FindingRecord {
    /// Returns the record of `finding`, which was found in `transcript`.
    pub fn new(finding: &Finding, transcript: &Transcript) -> Self {
        let span = finding.quote.span();
        Self {
            id: finding.id(transcript),
            kind: finding.kind(),
            speaker: transcript.speaker(span).display().to_owned(),
            side: finding.side,
            quote: finding.quote.text().to_owned(),
            context_quote: finding.context.as_ref().map(|quote| quote.text().to_owned()),
            turn: span.turn,
            start_ms: finding.start(transcript).map(|time| time.as_millis()),
            attrs: attrs_json(&finding.attrs),
            confidence: (finding.confidence * 1000.0).round() / 1000.0,
            span,
            context_span: finding.context.as_ref().map(Quote::span),
            provenance: finding.provenance.clone(),
            why: finding.why.clone(),
        }
    }
}

impl StakeholderRecord {
    /// Returns the record of `stakeholder`.
    pub fn new(stakeholder: &Stakeholder) -> Self {
        Self {
            name: stakeholder.name.clone(),
            aliases: stakeholder.aliases.clone(),
            title: stakeholder.title.clone(),
            side: stakeholder.side,
            roles: stakeholder.roles.clone(),
            attitude: stakeholder.attitude,
            evidence: stakeholder.evidence.iter().map(|quote| quote.text().to_owned()).collect(),
            testified: stakeholder.testified.iter().map(TestifiedRecord::new).collect(),
        }
    }
}

impl TestifiedRecord {
    fn new(testified: &Testified) -> Self {
        let Testified { says, quote, by } = testified.clone();
        Self { label: says.to_string(), quote: quote.text().to_owned(), by }
    }
}

/// Returns the attributes under the guide's names; what is unknown is `null`.
pub(super) fn attrs_json(attrs: &Attrs) -> Map<String, Value> {
    let value = match attrs {
        Attrs::Promise { category, firmness, due, due_text, condition } => {
            json!({"category": category, "firmness": firmness, "due": due, "due_text": due_text, "condition": condition})
        }
        Attrs::NextStep { side, owner, due, due_text } => {
            json!({"side": side, "owner": owner, "due": due, "due_text": due_text})
        }
        Attrs::Objection { kind, status, response } => {
            json!({"type": kind, "status": status, "response": response.as_ref().map(Quote::text)})
        }
        Attrs::SuccessMetric { metric, baseline, target, deadline, deadline_text, owner } => {
            json!({"metric": metric, "baseline": baseline, "target": target, "deadline": deadline,
                   "deadline_text": deadline_text, "owner": owner})
        }
        Attrs::Competitor { name, status } => json!({"name": name, "status": status}),
        Attrs::Pricing { kind, direction, value } => {
            json!({"type": kind, "direction": direction, "value": value})
        }
        Attrs::Risk { kind } => json!({"type": kind}),
        Attrs::TechEnvironment { kind, name } => json!({"type": kind, "name": name}),
        Attrs::Exclusion | Attrs::Pain | Attrs::WhyChosen | Attrs::Expansion | Attrs::Preference => json!({}),
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Returns the attributes of a finding of `kind` that are written as `attrs`; what is missing or no value of its set is as if
/// it was not said. `quote` finds the words of our side's answer.
pub fn attrs_of(kind: Kind, attrs: &Map<String, Value>, quote: impl Fn(&str) -> Option<Quote>) -> Attrs {
    let of = Written(attrs);
    match kind {
        Kind::Promise => Attrs::Promise {
            category: of.value("category").unwrap_or(Category::Other),
            firmness: of.value("firmness").unwrap_or(Firmness::Firm),
            due: of.value("due"),
            due_text: of.value("due_text"),
            condition: of.value("condition"),
        },
        Kind::NextStep => Attrs::NextStep {
            side: of.value("side"),
            owner: of.value("owner"),
            due: of.value("due"),
            due_text: of.value("due_text"),
        },
        Kind::Objection => Attrs::Objection {
            kind: of.value("type").unwrap_or(ObjectionType::Other),
            status: of.value("status").unwrap_or(ObjectionStatus::Open),
            response: of.value("response").and_then(|words: String| quote(&words)),
        },
        Kind::SuccessMetric => Attrs::SuccessMetric {
            metric: of.value("metric"),
            baseline: of.value("baseline"),
            target: of.value("target"),
            deadline: of.value("deadline"),
            deadline_text: of.value("deadline_text"),
            owner: of.value("owner"),
        },
        Kind::Competitor => Attrs::Competitor {
            name: of.value("name"),
            status: of.value("status").unwrap_or(CompetitorStatus::Mentioned),
        },
        Kind::Pricing => Attrs::Pricing {
            kind: of.value("type").unwrap_or(PricingType::Other),
            direction: of.value("direction").unwrap_or(PricingDirection::Offered),
            value: of.value("value"),
        },
        Kind::Risk => Attrs::Risk { kind: of.value("type").unwrap_or(RiskType::Other) },
        Kind::TechEnvironment => Attrs::TechEnvironment {
            kind: of.value("type").unwrap_or(TechType::ToolInUse),
            name: of.value("name"),
        },
        Kind::Exclusion => Attrs::Exclusion,
        Kind::Pain => Attrs::Pain,
        Kind::WhyChosen => Attrs::WhyChosen,
        Kind::Expansion => Attrs::Expansion,
        Kind::Preference => Attrs::Preference,
    }
}

/// Attributes as JSON.
struct Written<'a>(&'a Map<String, Value>);

impl Written<'_> {
    fn value<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.0.get(name).and_then(|value| serde_json::from_value(value.clone()).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_they_are_written() {
        let written = [
            (
                Kind::Promise,
                json!({"category": "support", "firmness": "hedged", "due": "2026-03-31", "due_text": "March", "condition": "if"}),
            ),
            (Kind::NextStep, json!({"side": "both", "owner": "Dana", "due": null, "due_text": "soon"})),
            (Kind::Objection, json!({"type": "price", "status": "deferred", "response": null})),
            (
                Kind::SuccessMetric,
                json!({"metric": "m", "baseline": "4%", "target": "1%", "deadline": "2026-09-30", "deadline_text": "d", "owner": "o"}),
            ),
            (Kind::Competitor, json!({"name": "Shipforge", "status": "former"})),
            (Kind::Pricing, json!({"type": "pilot", "direction": "asked", "value": "3 months"})),
            (Kind::Risk, json!({"type": "politics"})),
            (Kind::TechEnvironment, json!({"type": "migration", "name": "Sage"})),
            (Kind::Pain, json!({})),
        ];
        for (kind, attrs) in written {
            let Value::Object(attrs) = attrs else { unreachable!() };
            let read = attrs_of(kind, &attrs, |_| None);
            assert_eq!((read.kind(), attrs_json(&read)), (kind, attrs));
        }
    }
}
