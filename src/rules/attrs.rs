//! Which attributes a rule may fix for its kind.

use super::{
    Category, CompetitorStatus, Firmness, Goal, Kind, ObjectionType, PricingDirection, PricingType, RiskType,
    StepSide, TechType,
};

/// Tells why a rule for `goal` must not say `name = value`, where it must not.
pub(super) fn check(goal: Goal, name: &str, value: &str) -> Result<(), String> {
    let promise = matches!(goal, Goal::Commitment | Goal::Kind(Kind::Promise));
    let step = matches!(goal, Goal::Commitment | Goal::Kind(Kind::NextStep));
    match (goal, name) {
        (_, "category") if promise => value.parse::<Category>().map(drop),
        (_, "firmness") if promise => value.parse::<Firmness>().map(drop),
        (_, "side") if step => value.parse::<StepSide>().map(drop),
        (Goal::Kind(Kind::Objection), "type") => value.parse::<ObjectionType>().map(drop),
        (Goal::Kind(Kind::Competitor), "status") => value.parse::<CompetitorStatus>().map(drop),
        (Goal::Kind(Kind::Competitor), "name") => Ok(()),
        (Goal::Kind(Kind::Pricing), "type") => value.parse::<PricingType>().map(drop),
        (Goal::Kind(Kind::Pricing), "direction") => value.parse::<PricingDirection>().map(drop),
        (Goal::Kind(Kind::Risk), "type") => value.parse::<RiskType>().map(drop),
        (Goal::Kind(Kind::TechEnvironment), "type") => value.parse::<TechType>().map(drop),
        _ => Err(format!("a rule of `{}` has no attribute `{name}` to fix", goal.as_str())),
    }
}
