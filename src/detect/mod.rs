//! This room turns a transcript and a rule set into findings: what was promised, objected, named and measured,
//! each with its verbatim quote and the reason why.

mod attributes;
mod candidate;
mod check;
mod engine;
mod exchange;
mod finding;
mod merge;
mod people;
mod quote;
mod record;
mod scan;
mod segment;
pub mod slots;
mod stakeholder;
mod view;

pub use candidate::Veto;
pub use check::check;
pub use engine::{Explanation, NearMiss, detect, explain, near_misses, try_rule};
pub use finding::{Attrs, Finding, Provenance, Why};
pub use people::stakeholders;
pub use record::{CallRecord, FindingRecord, StakeholderRecord};
pub use stakeholder::Stakeholder;

/// What was found in one call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    /// Findings, in the order of the call.
    pub findings: Vec<Finding>,
    /// People on the customer's and partners' sides.
    pub stakeholders: Vec<Stakeholder>,
}
