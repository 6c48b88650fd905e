use serde::Serialize;

use crate::detect::{Attrs, Finding};
use crate::rules::{ObjectionStatus, ObjectionType};
use crate::transcript::Side;

use super::entries::Entries;
use super::heard::Heard;
use super::logit::{Scale, learned};
use super::question::Question;
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
    /// Where it stands: at the end of the last call on which it was raised, or as somebody put it to rest later.
    pub status: ObjectionStatus,
    /// Our side's answers, in order.
    pub responses: Vec<Citation>,
    /// Every time it was raised, in order.
    pub said: Vec<Saying>,
}

/// The objections so far.
pub(super) struct Book {
    objections: Vec<Objection>,
    entries: Entries,
    kinship: Scale,
    settled: Scale,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            objections: Vec::new(),
            entries: Entries::default(),
            kinship: learned(Question::Objection),
            settled: learned(Question::NewsOfObjection),
        }
    }
}

impl Book {
    /// Reads a call. An objection that is raised again is open again unless its answer holds there too.
    pub(super) fn read(&mut self, call: &Heard) {
        for finding in &call.findings {
            self.enter(call, finding);
        }
        let open = |entry: usize| self.objections[entry].status != ObjectionStatus::Resolved;
        for (entry, remark, probability) in
            self.entries.news(call, Question::NewsOfObjection, &self.settled, open)
        {
            let objection = &mut self.objections[entry];
            objection.said.push(call.news(remark, probability, Event::Settled));
            objection.status = ObjectionStatus::Resolved;
        }
    }

    /// Returns the objections.
    pub(super) fn objections(&self) -> &[Objection] {
        &self.objections
    }

    fn enter(&mut self, call: &Heard, finding: &Finding) {
        let Attrs::Objection { kind, status, response } = &finding.attrs else { return };
        let topic = Topic::new(call, finding);
        let mut saying = call.saying(finding, Event::Made);
        let entry = self.entries.home(&topic, &self.kinship, |_| true).unwrap_or_else(|| {
            let id = saying.finding.clone().unwrap_or_default();
            self.objections.push(Objection { kind: *kind, ..Objection::blank(id) });
            self.objections.len() - 1
        });
        self.entries.add(entry, topic);
        let objection = &mut self.objections[entry];
        saying.event = objection.event();
        objection.said.push(saying);
        objection.status = *status;
        let answer = response.as_ref().and_then(|quote| call.cite_standing(quote));
        objection.responses.extend(answer.filter(|answer| answer.side != Some(Side::Customer)));
        objection.summary = citation::summary(&objection.said);
    }
}

impl Objection {
    /// Returns an objection of which nothing is known but its `id`.
    pub fn blank(id: String) -> Self {
        let (summary, responses, said) = (String::new(), Vec::new(), Vec::new());
        Self { id, summary, kind: ObjectionType::Other, status: ObjectionStatus::Open, responses, said }
    }

    fn event(&self) -> Event {
        match self.status {
            _ if self.said.is_empty() => Event::Made,
            ObjectionStatus::Resolved => Event::Reopened,
            ObjectionStatus::Deferred | ObjectionStatus::Open => Event::Restated,
        }
    }
}
