use jiff::civil::Date;
use serde::Serialize;

use crate::detect::Attrs;
use crate::rules::Kind;

use super::entries::Entries;
use super::heard::Heard;
use super::logit::{Scale, learned};
use super::question::Question;
use super::topic::Topic;
use super::{Event, Saying, citation};

/// What the customer will measure, with its last values; `said` holds how they came about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SuccessMetric {
    /// The id of the finding that named it first.
    pub id: String,
    /// The latest words that tell what it is.
    pub summary: String,
    /// What is measured.
    pub metric: Option<String>,
    /// Where it stands.
    pub baseline: Option<String>,
    /// Where it should go.
    pub target: Option<String>,
    /// By when.
    pub deadline: Option<Date>,
    /// The words that name the deadline.
    pub deadline_text: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Every time it was said, in order, each with its own values.
    pub said: Vec<Saying>,
}

/// The metrics so far.
pub(super) struct Book {
    metrics: Vec<SuccessMetric>,
    entries: Entries,
    kinship: Scale,
}

impl Default for Book {
    fn default() -> Self {
        let kinship = learned(Question::SuccessMetric);
        Self { metrics: Vec::new(), entries: Entries::default(), kinship }
    }
}

impl Book {
    /// Reads a call.
    pub(super) fn read(&mut self, call: &Heard) {
        for finding in call.findings.iter().filter(|finding| finding.kind() == Kind::SuccessMetric) {
            let topic = Topic::new(call, finding);
            let saying = call.saying(finding, Event::Made);
            let entry = self.entries.home(&topic, &self.kinship, |_| true).unwrap_or_else(|| {
                let id = saying.finding.clone().unwrap_or_default();
                self.metrics.push(SuccessMetric { id, ..SuccessMetric::default() });
                self.metrics.len() - 1
            });
            self.entries.add(entry, topic);
            self.metrics[entry].say(saying, &finding.attrs);
        }
    }

    /// Returns the metrics.
    pub(super) fn metrics(&self) -> &[SuccessMetric] {
        &self.metrics
    }
}

impl SuccessMetric {
    fn say(&mut self, mut saying: Saying, attrs: &Attrs) {
        let Attrs::SuccessMetric { metric, baseline, target, deadline, deadline_text, owner } = attrs else {
            return;
        };
        let moved = differs(&self.baseline, baseline)
            || differs(&self.target, target)
            || differs(&self.deadline, deadline);
        let fuller =
            adds(&self.baseline, baseline) || adds(&self.target, target) || adds(&self.deadline, deadline);
        saying.event = match self.said.is_empty() {
            true => Event::Made,
            false if moved => Event::Changed,
            false if fuller => Event::Detailed,
            false => Event::Restated,
        };
        self.metric = self.metric.take().or_else(|| metric.clone());
        take_over(&mut self.baseline, baseline);
        take_over(&mut self.target, target);
        take_over(&mut self.owner, owner);
        if deadline.is_some() || deadline_text.is_some() {
            (self.deadline, self.deadline_text) = (*deadline, deadline_text.clone());
        }
        self.said.push(saying);
        self.summary = citation::summary(&self.said);
    }
}

fn differs<T: PartialEq>(known: &Option<T>, said: &Option<T>) -> bool {
    known.is_some() && said.is_some() && known != said
}

fn adds<T>(known: &Option<T>, said: &Option<T>) -> bool {
    known.is_none() && said.is_some()
}

fn take_over<T: Clone>(known: &mut Option<T>, said: &Option<T>) {
    if said.is_some() {
        known.clone_from(said);
    }
}
