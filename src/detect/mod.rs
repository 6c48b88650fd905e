//! This room turns a transcript and a rule set into findings: what was promised, objected, named and measured,
//! each with its verbatim quote and the reason why.

mod attributes;
mod candidate;
mod chances;
mod check;
mod engine;
mod evidence;
mod evident;
mod exchange;
mod finding;
mod key;
mod measures;
mod merge;
mod naming;
mod people;
mod quote;
mod record;
mod sample;
mod scan;
mod scorer;
mod segment;
pub mod slots;
mod stakeholder;
mod sums;
mod view;
mod witness;

pub use candidate::Veto;
pub use check::check;
pub use engine::{Explanation, NearMiss, detect, explain, near_misses, samples, try_rule};
pub use finding::{Attrs, ByModel, ByRule, Finding, Provenance, Why, identity};
pub use key::Key;
pub use measures::{Outline, measure};
pub use people::{is_nickname, stakeholders};
pub use record::{CallRecord, FindingRecord, StakeholderRecord, TestifiedRecord, attrs_of};
pub use sample::Sample;
pub use scorer::{ANSWERS, CONTINUES};
pub use stakeholder::{Says, Stakeholder, Testified, Turnover};
pub use witness::{Likelihood, Pointed, likelihoods, testify};

/// What was found in one call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Detected {
    /// Findings, in the order of the call.
    pub findings: Vec<Finding>,
    /// What the rules found and a model talked us out of; shown beside the findings, so that a person can disagree.
    pub doubted: Vec<Finding>,
    /// People on the customer's and partners' sides.
    pub stakeholders: Vec<Stakeholder>,
}
