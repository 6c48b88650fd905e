use serde::Serialize;

use crate::detect::Attrs;
use crate::rules::{ObjectionStatus, ObjectionType};
use crate::transcript::Side;

use super::entries::Entries;
use super::heard::Heard;
use super::kinship::MEASURES;
use super::logit::learned;
use super::topic::Topic;
use super::{Citation, Event, Saying, citation};

/// A worry of the customer with our answers, once, however often it was raised.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objection {
    /// The id of the finding that raised it.
    pub id: String,
    /// The latest words that raise it.
    pub summary: String,
    /// What it is about.
    #[serde(rename = "type")]
    pub kind: ObjectionType,
    /// Where it stands at the end of the last call on which it was raised.
    pub status: ObjectionStatus,
    /// Our side's answers, in order.
    pub responses: Vec<Citation>,
    /// Every time it was raised, in order.
    pub said: Vec<Saying>,
}

/// Returns the objections of all calls. One raised again is open again unless its answer holds there too.
pub(super) fn gather(calls: &[Heard]) -> Vec<Objection> {
    let mut objections: Vec<Objection> = Vec::new();
    let mut entries = Entries::default();
    let scale = learned("objection", &MEASURES);
    for call in calls {
        for finding in &call.findings {
            let Attrs::Objection { kind, status, response } = &finding.attrs else { continue };
            let topic = Topic::new(call, finding);
            let mut saying = call.saying(finding, Event::Made);
            let entry = entries.home(&topic, &scale).unwrap_or_else(|| {
                objections.push(Objection::new(*kind, saying.finding.clone().unwrap_or_default()));
                objections.len() - 1
            });
            entries.add(entry, topic);
            let objection = &mut objections[entry];
            saying.event = objection.event();
            objection.said.push(saying);
            objection.status = *status;
            let answer = response.as_ref().and_then(|quote| call.cite_standing(quote));
            objection.responses.extend(answer.filter(|answer| answer.side != Some(Side::Customer)));
            objection.summary = citation::summary(&objection.said);
        }
    }
    objections
}

impl Objection {
    fn new(kind: ObjectionType, id: String) -> Self {
        let (responses, said) = (Vec::new(), Vec::new());
        Self { id, summary: String::new(), kind, status: ObjectionStatus::Open, responses, said }
    }

    fn event(&self) -> Event {
        match self.status {
            _ if self.said.is_empty() => Event::Made,
            ObjectionStatus::Resolved => Event::Reopened,
            ObjectionStatus::Deferred | ObjectionStatus::Open => Event::Restated,
        }
    }
}
