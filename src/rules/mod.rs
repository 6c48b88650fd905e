//! This room turns rule files into one compiled rule set, with problems that point at a line of the file.

mod attrs;
mod automaton;
mod compile;
mod cue;
mod example;
mod feature;
mod fnv;
mod lexis;
mod pack;
mod problem;
mod rule;
mod ruleset;
mod speech;
mod syntax;
mod topic;
mod trees;
mod vocabulary;
mod weights;

pub use example::{Example, Line, Marked};
pub use feature::{Feature, Features};
pub use pack::Pack;
pub use problem::RuleProblem;
pub use rule::{Examples, Rule};
pub use ruleset::{RuleFile, RuleSet, TEMPLATE, WEIGHTS};
pub use speech::{Folded, Speech, Stop, Word};
pub use syntax::{Goal, Reach, Who};
pub use topic::Topic;
pub use trees::{Forest, Node};
pub use vocabulary::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, StepSide, TechType,
};
pub use weights::{Head, Label, Table, Weights};

pub(crate) use automaton::Scratch;
pub(crate) use cue::Seen;
pub(crate) use lexis::Mark;
pub(crate) use pack::{Modifier, Use};
pub(crate) use weights::logistic;
