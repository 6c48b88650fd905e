//! This room turns a ledger into the handoff packet: sections of verbatim lines, the questions still open, how
//! complete it is and what the last call changed, as Markdown, HTML and JSON.
//!
//! Nothing here makes up words. What nobody said is a [`Gap`]: UNKNOWN, with the question to ask next time.

mod changed;
mod confirmation;
mod glance;
mod html;
mod item;
mod markdown;
mod note;
mod plan;
mod reader;
mod section;
mod standing;
mod terms;
mod timeline;
mod verify;
mod visible;

use jiff::civil::Date;
use serde::Serialize;

use crate::ledger::{self, Absence, Ledger, Proposal, ReadCall, SuccessStatement};
use crate::review::{self, Lost, Reviewed};
use crate::transcript::{Contract, Deal, Digest, Language, Problem};

pub use changed::Change;
pub use confirmation::Confirmation;
pub use glance::{Counted, Glance, LastCall, PromiseRow, SaidAt};
pub use html::html;
pub use item::{Fact, Item, Line, Part};
pub use markdown::markdown;
pub use note::{Note, answered, lost, notes, standing};
pub use plan::{is_section, section_of};
pub use section::{Audience, Completeness, Gap, Section};
pub use standing::strike;
pub use timeline::{Happening, Stop, Track};
pub use verify::{Failure, Report, verify};
pub use visible::{visible, web_link};

pub(crate) use markdown::escape;

/// The handoff packet of a deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Packet {
    /// What is known of the deal beside its calls.
    pub deal: Deal,
    /// The calls it rests on, in order.
    pub calls: Vec<CallLine>,
    /// What the last call changed.
    pub changed: Vec<Change>,
    /// How many of the required fields have evidence.
    pub completeness: Completeness,
    /// The sections, in the order in which they are read.
    pub sections: Vec<Section>,
    /// Required fields without evidence, of all sections.
    pub gaps: Vec<Gap>,
    /// What stands after the last call.
    pub ledger: Ledger,
    /// What nobody said and nobody did.
    pub absences: Vec<Absence>,
    /// What success is, as the calls say it, with blanks.
    pub success_statement: SuccessStatement,
    /// The papers that are attached to the deal.
    pub contracts: Vec<ContractLine>,
    /// The class proposed for each promise, and the clause that holds it.
    pub classes: Vec<Proposal>,
    /// What was odd, call by call.
    pub problems: Vec<CallProblem>,
    /// What the customer said on day 30.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<Confirmation>,
    /// The number of the last decision that it takes in, 0 where nobody has decided anything.
    pub revision: u64,
    /// Lines that people rejected, with their reasons.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<RejectedLine>,
    /// Decisions about lines that the calls no longer show.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Lost>,
}

impl Packet {
    /// Returns a digest over what it is drafted from, decisions apart: the words of its calls and its papers.
    pub fn sources(&self) -> Digest {
        let calls = self.calls.iter().map(|call| &call.digest);
        let all = calls.chain(self.contracts.iter().map(|paper| &paper.source));
        Digest::of_parts(all.map(|digest| digest.as_str().as_bytes()))
    }
}

/// A line that a person rejected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RejectedLine {
    /// What it was.
    #[serde(flatten)]
    pub was: review::Rejected,
    /// Who rejected it and why, and what was said since.
    pub review: review::Line,
}

/// A call that the packet rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallLine {
    /// The call's id.
    pub id: String,
    /// What the meeting was called.
    pub title: Option<String>,
    /// Its local date.
    pub date: Option<Date>,
    /// The language of most of it.
    pub language: Option<Language>,
    /// Where the recording can be played.
    pub recording_url: Option<String>,
    /// Digest of what was said and by whom.
    pub digest: Digest,
}

/// A paper attached to the deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContractLine {
    /// The file's name.
    pub name: String,
    /// Digest of its bytes.
    pub source: Digest,
    /// How many clauses it has.
    pub clauses: usize,
}

/// Something odd about one call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CallProblem {
    /// The call's id.
    pub call: String,
    /// What was odd.
    #[serde(flatten)]
    pub problem: Problem,
}

/// Returns the packet of `deal` after `calls`, whose reviewed ledger is `reviewed`; `before` is the ledger before the last
/// of them.
///
/// Every quote is held against its transcript once more; one that does not stand is left out and named among the
/// problems.
pub fn draft(deal: &Deal, calls: &[ReadCall], reviewed: &Reviewed, before: &Ledger) -> Packet {
    let calls = ledger::in_order(calls);
    let mut reviewed = reviewed.clone();
    let mut problems = reported(&calls);
    problems.extend(strike(&mut reviewed.ledger, &calls));
    let mut sections = plan::sections(deal, &reviewed);
    let absences = ledger::absences(deal, &calls, &reviewed.ledger);
    let classes = ledger::classes(deal, &reviewed.ledger);
    terms::class(&mut sections, &classes);
    terms::observe(&mut sections, &absences);
    let gaps_before = calls.split_last().map(|(_, earlier)| {
        let then = review::apply(before, earlier, reviewed.decisions());
        plan::gaps(deal, &then)
    });
    let gaps: Vec<Gap> = sections.iter().flat_map(|section| section.gaps.clone()).collect();
    Packet {
        deal: deal.clone(),
        calls: calls.iter().map(CallLine::new).collect(),
        changed: changed::changes(&calls, &reviewed.ledger, &gaps_before.unwrap_or_default(), &gaps),
        completeness: plan::completeness(deal, &reviewed),
        sections,
        gaps,
        absences,
        success_statement: SuccessStatement::of(deal, &reviewed.ledger),
        contracts: deal.contracts.iter().map(ContractLine::new).collect(),
        classes,
        problems,
        confirmations: Vec::new(),
        revision: reviewed.revision,
        rejected: rejected(&reviewed),
        lost: reviewed.lost,
        ledger: reviewed.ledger,
    }
}

fn rejected(reviewed: &Reviewed) -> Vec<RejectedLine> {
    let with_review = |was: &review::Rejected| {
        let review = reviewed.line(&was.entry)?.clone();
        Some(RejectedLine { was: was.clone(), review })
    };
    reviewed.rejected.iter().filter_map(with_review).collect()
}

impl ContractLine {
    fn new(contract: &Contract) -> Self {
        let (name, source) = (contract.name.clone(), contract.source.clone());
        Self { name, source, clauses: contract.clauses.len() }
    }
}

fn reported(calls: &[ReadCall]) -> Vec<CallProblem> {
    let mut problems = Vec::new();
    for call in calls {
        let id = &call.transcript.call.id;
        problems.extend(call.problems.iter().map(|it| CallProblem { call: id.clone(), problem: it.clone() }));
    }
    problems
}

impl CallLine {
    fn new(call: &ReadCall) -> Self {
        let (about, transcript) = (&call.transcript.call, call.transcript);
        Self {
            id: about.id.clone(),
            title: about.title.clone(),
            date: about.started_at.map(|start| start.date()),
            language: transcript.language.clone(),
            recording_url: about.recording_url.clone(),
            digest: transcript.digest(),
        }
    }

    /// Returns what to call the call: its title, else its id.
    pub fn display(&self) -> &str {
        self.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(&self.id)
    }
}

impl Packet {
    /// Returns when the open questions are to be asked: once the deal is closed, no sales call is left.
    pub fn asked_on(&self) -> &'static str {
        if self.deal.closed_at.is_some() { "the kickoff" } else { "the next call" }
    }

    /// Returns what the last call changed, counted: one line to read first.
    pub fn in_short(&self) -> String {
        changed::in_short(&self.changed)
    }

    /// Returns the call of an id.
    pub fn call(&self, id: &str) -> Option<&CallLine> {
        self.calls.iter().find(|call| call.id == id)
    }
}
