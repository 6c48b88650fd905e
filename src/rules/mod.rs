//! This room turns rule files into one compiled rule set, with problems that point at a line of the file.

mod attrs;
mod automaton;
mod compile;
mod cue;
mod cursor;
mod example;
mod feature;
mod fnv;
mod lanes;
mod lexis;
mod pack;
mod problem;
mod rule;
mod ruleset;
mod speech;
mod syntax;
mod table;
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
pub use table::{Table, Weighed};
pub use topic::Topic;
pub use trees::{Forest, Node};
pub use vocabulary::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, Role, StepSide, TechType,
};
pub use weights::{Head, Label, Weights};

pub(crate) use automaton::Scratch;
pub(crate) use cue::Seen;
pub(crate) use fnv::fnv32;
pub(crate) use lanes::LANES;
pub(crate) use lexis::Mark;
pub(crate) use pack::{Modifier, Use};
pub(crate) use table::UNIT;
pub(crate) use weights::logistic;
