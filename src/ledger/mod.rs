//! This room turns the findings of a deal's calls into what stands now: each promise, objection, next step,
//! metric and person once, with everything that was said of it in order.
//!
//! The order in which calls arrive does not matter: they are read by the time they began. Entries grow along the
//! calls and never look ahead, so a later call adds to an entry without giving it another id.

mod absence;
mod circle;
mod citation;
mod class;
mod clause_match;
mod contact;
mod entries;
mod gist;
mod heard;
mod higher_risk;
mod job_title;
mod kept;
mod kinship;
mod logit;
mod mention;
mod metric;
mod next_step;
mod objection;
mod promise;
mod question;
mod remark;
mod specific;
mod statement;
mod strength;
mod talk;
mod terms;
mod ties;
mod topic;
mod words;

use serde::Serialize;

use crate::detect::Detected;
use crate::rules::Kind;
use crate::transcript::{Deal, Problem, Transcript};

pub use absence::{Absence, AbsenceKind, absences};
pub use citation::{Citation, Event, Saying};
pub use class::{Held, PromiseClass, Proposal, classes};
pub use clause_match::{ClauseMatch, Clauses};
pub use contact::{Contact, Move, Stance, Witnessed};
pub use higher_risk::{HigherRisk, higher_risks};
pub use kept::{Kept, together};
pub use logit::{Learned, Logit, Scale};
pub use mention::Mention;
pub use metric::SuccessMetric;
pub use next_step::{NextStep, Outcome};
pub use objection::Objection;
pub use promise::{ConditionStatus, Promise, PromiseStatus};
pub use question::Question;
pub use specific::Lack;
pub use statement::{Stated, SuccessStatement};
pub use strength::Strength;
pub use talk::TalkTime;
pub use ties::{Tie, Told, ties};

use heard::Heard;

/// A call that was read: its transcript, what was found in it and what was odd about it.
#[derive(Clone, Copy, Debug)]
pub struct ReadCall<'a> {
    /// The words.
    pub transcript: &'a Transcript,
    /// What the rules found.
    pub detected: &'a Detected,
    /// What was odd while reading.
    pub problems: &'a [Problem],
}

/// What stands after the calls of a deal.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Ledger {
    /// What our side bound itself to.
    pub promises: Vec<Promise>,
    /// What the customer pushed back on.
    pub objections: Vec<Objection>,
    /// Short actions and what came of them.
    pub next_steps: Vec<NextStep>,
    /// How each side kept to the steps it took on.
    pub kept: Vec<Kept>,
    /// What the customer will measure.
    pub success_metrics: Vec<SuccessMetric>,
    /// The people on the customer's and partners' sides.
    pub stakeholders: Vec<Contact>,
    /// What our side ruled out.
    pub exclusions: Vec<Mention>,
    /// Problems of the customer that the purchase is to solve.
    pub pains: Vec<Mention>,
    /// Other vendors and ways to do the job, one entry for each name.
    pub competitors: Vec<Mention>,
    /// Reasons for us.
    pub why_chosen: Vec<Mention>,
    /// Prices and terms that are not standard.
    pub pricing: Vec<Mention>,
    /// What could hurt the start or the renewal.
    pub risks: Vec<Mention>,
    /// Tools, integrations, data and requirements, one entry for each name.
    pub tech_environment: Vec<Mention>,
    /// Where the next sale could come from.
    pub expansion: Vec<Mention>,
    /// How people like to be worked with.
    pub preferences: Vec<Mention>,
    /// What the rules found and a model talked us out of, whatever its kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub doubted: Vec<Mention>,
}

/// Returns what stands after `calls`, in whatever order they are given.
pub fn fold(deal: &Deal, calls: &[ReadCall]) -> Ledger {
    let heard = heard(deal, calls);
    let mut books = Books::default();
    heard.iter().for_each(|call| books.read(call));
    books.ledger(&heard)
}

/// Returns what stands after `calls`, and what stood before the last of them, for little more than the one.
pub fn fold_and_before(deal: &Deal, calls: &[ReadCall]) -> (Ledger, Ledger) {
    let heard = heard(deal, calls);
    let Some((last, earlier)) = heard.split_last() else { return Default::default() };
    let mut books = Books::default();
    earlier.iter().for_each(|call| books.read(call));
    let before = books.ledger(earlier);
    books.read(last);
    (books.ledger(&heard), before)
}

/// What stands so far; entries grow call by call.
#[derive(Default)]
struct Books {
    promises: promise::Book,
    objections: objection::Book,
    steps: next_step::List,
    metrics: metric::Book,
    mentions: mention::Book,
}

impl Books {
    fn read(&mut self, call: &Heard) {
        self.promises.read(call);
        self.objections.read(call);
        self.steps.read(call);
        self.metrics.read(call);
        self.mentions.read(call);
    }

    /// Returns the ledger after the calls that were read, which are `heard`.
    fn ledger(&self, heard: &[Heard]) -> Ledger {
        let of = |kind| self.mentions.of(kind);
        let last = heard.last().map_or("", |call| call.transcript.call.id.as_str());
        Ledger {
            promises: self.promises.promises().to_vec(),
            objections: self.objections.objections().to_vec(),
            next_steps: self.steps.steps().to_vec(),
            kept: kept::rates(self.steps.steps(), last),
            success_metrics: self.metrics.metrics().to_vec(),
            stakeholders: contact::gather(heard),
            exclusions: of(Kind::Exclusion),
            pains: of(Kind::Pain),
            competitors: of(Kind::Competitor),
            why_chosen: of(Kind::WhyChosen),
            pricing: of(Kind::Pricing),
            risks: of(Kind::Risk),
            tech_environment: of(Kind::TechEnvironment),
            expansion: of(Kind::Expansion),
            preferences: of(Kind::Preference),
            doubted: self.mentions.doubted().to_vec(),
        }
    }
}

fn heard<'a>(deal: &Deal, calls: &[ReadCall<'a>]) -> Vec<Heard<'a>> {
    let numbered = in_order(calls).into_iter().enumerate();
    numbered.map(|(number, call)| Heard::new(deal, number, call)).collect()
}

/// Returns the calls by the time they began, then by id; those without a time come first, for nothing says that
/// one of them is the latest.
pub fn in_order<'a>(calls: &[ReadCall<'a>]) -> Vec<ReadCall<'a>> {
    let mut calls = calls.to_vec();
    calls.sort_by(|one, other| {
        let key = |read: &ReadCall<'a>| (read.transcript.call.started_at, &read.transcript.call.id);
        key(one).cmp(&key(other))
    });
    calls
}

impl Ledger {
    /// Returns the single-quote kinds, each under its name, in the order of the fields.
    pub fn mentions(&self) -> [(Kind, &[Mention]); 9] {
        [
            (Kind::Exclusion, &self.exclusions),
            (Kind::Pain, &self.pains),
            (Kind::Competitor, &self.competitors),
            (Kind::WhyChosen, &self.why_chosen),
            (Kind::Pricing, &self.pricing),
            (Kind::Risk, &self.risks),
            (Kind::TechEnvironment, &self.tech_environment),
            (Kind::Expansion, &self.expansion),
            (Kind::Preference, &self.preferences),
        ]
    }

    /// Keeps the citations that `stands` accepts. An entry with no words left is gone, and what it said with it.
    pub fn retain(&mut self, mut stands: impl FnMut(&Citation) -> bool) {
        let stands = &mut stands;
        self.promises.retain_mut(|entry| {
            entry.contradicted_by.retain(&mut *stands);
            citation::retain(&mut entry.said, stands)
        });
        self.objections.retain_mut(|entry| {
            entry.responses.retain(&mut *stands);
            citation::retain(&mut entry.said, stands)
        });
        self.next_steps.retain_mut(|entry| {
            entry.outcome_evidence.take_if(|words| !stands(words));
            citation::retain(&mut entry.said, stands)
        });
        self.success_metrics.retain_mut(|entry| citation::retain(&mut entry.said, stands));
        self.stakeholders.iter_mut().for_each(|contact| contact.retain(stands));
        for mentions in [
            &mut self.exclusions,
            &mut self.pains,
            &mut self.competitors,
            &mut self.why_chosen,
            &mut self.pricing,
            &mut self.risks,
            &mut self.tech_environment,
            &mut self.expansion,
            &mut self.preferences,
            &mut self.doubted,
        ] {
            mentions.retain_mut(|entry| citation::retain(&mut entry.said, stands));
        }
    }
}
