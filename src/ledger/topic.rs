use jiff::civil::Date;

use crate::detect::{Attrs, Finding};
use crate::rules::StepSide;
use crate::transcript::Side;

use super::gist::Gist;
use super::heard::Heard;

/// What a saying is about, where it stands and what was talked of around it.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    /// The words and what they answer.
    pub(super) gist: Gist,
    /// What was said just before.
    pub(super) lead: Gist,
    /// The category of a promise, the type of an objection.
    pub(super) class: &'static str,
    /// Who says it.
    pub(super) person: String,
    /// Who is to do it, where named, and on whose side they are.
    pub(super) owner: Option<String>,
    pub(super) side: Option<Side>,
    /// The date that it names.
    pub(super) due: Option<Date>,
    /// Which call of the deal.
    pub(super) call: usize,
    /// Which turn of the call.
    pub(super) turn: u32,
}

impl Topic {
    /// Returns the topic of `finding`.
    pub(super) fn new(call: &Heard, finding: &Finding) -> Self {
        let span = finding.quote.span();
        let (class, due) = match &finding.attrs {
            Attrs::Promise { category, due, .. } => (category.as_str(), *due),
            Attrs::Objection { kind, .. } => (kind.as_str(), None),
            _ => ("", None),
        };
        let (owner, side) = match &finding.attrs {
            Attrs::NextStep { owner, side, .. } => (owner.clone(), side.and_then(alone)),
            _ => (None, finding.side),
        };
        Self {
            gist: call.gist(finding),
            lead: call.lead_in(span),
            class,
            person: call.transcript.speaker(span).display().to_owned(),
            owner,
            side,
            due,
            call: call.number,
            turn: span.turn,
        }
    }
}

/// Returns the side that takes a step by itself.
fn alone(side: StepSide) -> Option<Side> {
    match side {
        StepSide::Rep => Some(Side::Rep),
        StepSide::Customer => Some(Side::Customer),
        StepSide::Partner => Some(Side::Partner),
        StepSide::Both => None,
    }
}
