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
pub use measures::{Outline, abundance, measure};
pub use people::{is_nickname, stakeholders};
pub use record::{CallRecord, FindingRecord, StakeholderRecord, TestifiedRecord, attrs_of};
pub use sample::Sample;
pub use scorer::{ANSWERS, CONTINUES};
pub use stakeholder::{Says, Stakeholder, Testified, Turnover};
pub use witness::{Likelihood, Pointed, likelihoods, testify};

use serde::{Deserialize, Serialize};

use crate::transcript::{Quote, Transcript};

/// What was found in one call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detected {
    /// Findings, in the order of the call.
    pub findings: Vec<Finding>,
    /// What the rules found and a model talked us out of; shown beside the findings, so that a person can disagree.
    pub doubted: Vec<Finding>,
    /// People on the customer's and partners' sides.
    pub stakeholders: Vec<Stakeholder>,
}

impl Detected {
    /// Tells whether every quote stands in `transcript` to the letter, as it must where both were read back.
    pub fn stands_in(&self, transcript: &Transcript) -> bool {
        let of_finding = |finding: &Finding| {
            let response = match &finding.attrs {
                Attrs::Objection { response, .. } => response.clone(),
                _ => None,
            };
            [Some(finding.quote.clone()), finding.context.clone(), response].into_iter().flatten()
        };
        let of_person = |person: &Stakeholder| {
            let moved = person.turnover.iter().map(|(_, quote)| quote);
            let told = person.testified.iter().map(|testified| &testified.quote);
            let quotes = person.evidence.iter().chain(&person.shown_by).chain(moved).chain(told);
            quotes.cloned().collect::<Vec<Quote>>()
        };
        let findings = self.findings.iter().chain(&self.doubted).flat_map(of_finding);
        let mut quotes = findings.chain(self.stakeholders.iter().flat_map(of_person));
        quotes.all(|quote| transcript.holds(&quote))
    }
}
