use super::{Field, LineKind};
use crate::ledger::{Outcome, PromiseStatus};
use crate::rules::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, StepSide, TechType,
};

impl Field {
    /// Returns the words of which the field of a kind takes one, or several in the case of roles; empty where it takes a
    /// text or a date.
    pub fn choices(self, kind: LineKind) -> Vec<&'static str> {
        match (kind, self) {
            (_, Self::Class) => vec!["contractual", "good_faith", "aspirational"],
            (_, Self::Care) => vec!["safe_first_call", "handle_with_care", "opposed"],
            (_, Self::Strength) => vec!["1", "2", "3", "4", "5"],
            (LineKind::Stakeholder, Self::Roles) => words(Role::ALL, Role::as_str),
            (LineKind::Stakeholder, Self::Stance) => words(Attitude::ALL, Attitude::as_str),
            (LineKind::Found(kind), field) => of_found(kind, field),
            _ => Vec::new(),
        }
    }

    /// Tells whether a field that takes words can also have none.
    pub fn may_be_empty(self) -> bool {
        matches!(self, Self::Class | Self::Care | Self::Strength | Self::Side)
    }
}

fn of_found(kind: Kind, field: Field) -> Vec<&'static str> {
    use PromiseStatus::{Changed, Fulfilled, Open, Withdrawn};
    match (kind, field) {
        (Kind::Promise, Field::Category) => words(Category::ALL, Category::as_str),
        (Kind::Promise, Field::Firmness) => words(Firmness::ALL, Firmness::as_str),
        (Kind::Promise, Field::Status) => {
            words(&[Open, Changed, Withdrawn, Fulfilled], PromiseStatus::as_str)
        }
        (Kind::Objection, Field::Type) => words(ObjectionType::ALL, ObjectionType::as_str),
        (Kind::Objection, Field::Status) => words(ObjectionStatus::ALL, ObjectionStatus::as_str),
        (Kind::NextStep, Field::Side) => words(StepSide::ALL, StepSide::as_str),
        (Kind::NextStep, Field::Status) => {
            let all = [Outcome::Done, Outcome::Missed, Outcome::Superseded, Outcome::Unknown];
            words(&all, Outcome::as_str)
        }
        (Kind::Competitor, Field::Status) => words(CompetitorStatus::ALL, CompetitorStatus::as_str),
        (Kind::Pricing, Field::Type) => words(PricingType::ALL, PricingType::as_str),
        (Kind::Pricing, Field::Direction) => words(PricingDirection::ALL, PricingDirection::as_str),
        (Kind::Risk, Field::Type) => words(RiskType::ALL, RiskType::as_str),
        (Kind::TechEnvironment, Field::Type) => words(TechType::ALL, TechType::as_str),
        _ => Vec::new(),
    }
}

fn words<T: Copy>(values: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    values.iter().copied().map(word).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::entry::Entry;
    use super::*;

    #[test]
    fn a_line_takes_each_choice_of_its_fields_and_no_other_word() {
        let kinds = Kind::ALL.iter().map(|kind| LineKind::Found(*kind)).chain([LineKind::Stakeholder]);
        for kind in kinds {
            for field in Field::of(kind) {
                let mut line = Entry::blank(kind, String::new());
                let choices = field.choices(kind);
                for choice in &choices {
                    let value = match field {
                        Field::Roles => json!([choice]),
                        Field::Strength => json!(choice.parse::<u8>().unwrap()),
                        _ => json!(choice),
                    };
                    assert_eq!(line.set(*field, &value), Ok(()), "{kind:?} {field:?} {choice}");
                }
                if !choices.is_empty() {
                    assert!(line.set(*field, &json!("no such word")).is_err(), "{kind:?} {field:?}");
                    let empties = *field == Field::Roles || line.set(*field, &Value::Null).is_err();
                    assert_eq!(empties, !field.may_be_empty(), "{kind:?} {field:?}");
                }
            }
        }
    }
}
