use serde_json::{Value, json};

use super::Entry;
use crate::review::Field;
use crate::review::field::{read, text};
use crate::rules::{CompetitorStatus, Kind, PricingDirection, PricingType, RiskType, TechType};

impl Entry {
    /// Returns the value of a field that the ledger holds; `null` where it is not known or the ledger has no such
    /// field.
    pub(in crate::review) fn get(&self, field: Field) -> Value {
        match (self, field) {
            (Self::Promise(it), Field::Category) => json!(it.category),
            (Self::Promise(it), Field::Firmness) => json!(it.firmness),
            (Self::Promise(it), Field::Condition) => json!(it.condition),
            (Self::Promise(it), Field::Due) => json!(it.due),
            (Self::Promise(it), Field::Status) => json!(it.status),
            (Self::Objection(it), Field::Type) => json!(it.kind),
            (Self::Objection(it), Field::Status) => json!(it.status),
            (Self::NextStep(it), Field::Side) => json!(it.side),
            (Self::NextStep(it), Field::Owner) => json!(it.owner),
            (Self::NextStep(it), Field::Due) => json!(it.due),
            (Self::NextStep(it), Field::Status) => json!(it.outcome),
            (Self::Metric(it), Field::Metric) => json!(it.metric),
            (Self::Metric(it), Field::Baseline) => json!(it.baseline),
            (Self::Metric(it), Field::Target) => json!(it.target),
            (Self::Metric(it), Field::Due) => json!(it.deadline),
            (Self::Metric(it), Field::Owner) => json!(it.owner),
            (Self::Mention(it), Field::Name) => json!(it.name),
            (Self::Mention(it), field) => it.attrs.get(field.as_str()).cloned().unwrap_or_default(),
            (Self::Person(it), Field::Name) => json!(it.name),
            (Self::Person(it), Field::Title) => json!(it.title),
            (Self::Person(it), Field::Email) => json!(it.email),
            (Self::Person(it), Field::Roles) => json!(it.roles),
            (Self::Person(it), Field::Stance) => json!(it.attitude),
            _ => Value::Null,
        }
    }

    /// Writes a field.
    ///
    /// # Errors
    /// Where the kind has no such field or the field no such value; then nothing has changed.
    pub(in crate::review) fn set(&mut self, field: Field, value: &Value) -> Result<(), String> {
        let known = Field::of(self.kind());
        if !known.contains(&field) {
            let known: Vec<_> = known.iter().map(|field| field.as_str()).collect();
            let (kind, field) = (self.kind().as_str(), field.as_str());
            return Err(format!("a {kind} has no field `{field}`; it has {}", known.join(", ")));
        }
        match (self, field) {
            (Self::Promise(it), Field::Category) => it.category = read(value)?,
            (Self::Promise(it), Field::Firmness) => it.firmness = read(value)?,
            (Self::Promise(it), Field::Condition) => it.condition = text(value)?,
            (Self::Promise(it), Field::Due) => {
                (it.due, it.due_text, it.unsettled) = (read(value)?, None, false);
            }
            (Self::Promise(it), Field::Status) => it.status = read(value)?,
            (Self::Objection(it), Field::Type) => it.kind = read(value)?,
            (Self::Objection(it), Field::Status) => it.status = read(value)?,
            (Self::NextStep(it), Field::Side) => it.side = read(value)?,
            (Self::NextStep(it), Field::Owner) => it.owner = text(value)?,
            (Self::NextStep(it), Field::Due) => (it.due, it.due_text) = (read(value)?, None),
            (Self::NextStep(it), Field::Status) => it.outcome = read(value)?,
            (Self::Metric(it), Field::Metric) => it.metric = text(value)?,
            (Self::Metric(it), Field::Baseline) => it.baseline = text(value)?,
            (Self::Metric(it), Field::Target) => it.target = text(value)?,
            (Self::Metric(it), Field::Due) => (it.deadline, it.deadline_text) = (read(value)?, None),
            (Self::Metric(it), Field::Owner) => it.owner = text(value)?,
            (Self::Mention(it), Field::Name) => it.name = text(value)?,
            (Self::Mention(it), Field::Type | Field::Status | Field::Direction | Field::Value) => {
                check_attr(it.kind, field, value)?;
                it.attrs.insert(field.as_str().to_owned(), value.clone());
            }
            (Self::Person(it), Field::Name) => it.name = text(value)?,
            (Self::Person(it), Field::Title) => it.title = text(value)?,
            (Self::Person(it), Field::Email) => it.email = text(value)?,
            (Self::Person(it), Field::Roles) => it.roles = read(value)?,
            (Self::Person(it), Field::Stance) => {
                it.attitude = read(value)?;
                it.overtake_stances();
            }
            (_, field) => field.check_beside(value)?,
        }
        Ok(())
    }
}

fn check_attr(kind: Kind, field: Field, value: &Value) -> Result<(), String> {
    match (kind, field) {
        (Kind::Competitor, Field::Status) => read::<CompetitorStatus>(value).map(drop),
        (Kind::Pricing, Field::Type) => read::<PricingType>(value).map(drop),
        (Kind::Pricing, Field::Direction) => read::<PricingDirection>(value).map(drop),
        (Kind::Risk, Field::Type) => read::<RiskType>(value).map(drop),
        (Kind::TechEnvironment, Field::Type) => read::<TechType>(value).map(drop),
        _ => text(value).map(drop),
    }
}
