use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::detect::{Attrs, Finding};
use crate::rules::StepSide;

use super::entries::Entries;
use super::heard::Heard;
use super::logit::{Scale, learned};
use super::question::Question;
use super::topic::Topic;
use super::{Citation, Event, Saying, citation};

/// Stems that make a step a meeting: the next call on its date shows that it took place.
const MEETINGS: &[&str] = &["call", "meet", "demo", "session", "workshop", "kickoff", "walkthrough"];

/// A short action, and what later calls show of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextStep {
    /// The id of the finding that agreed it.
    pub id: String,
    /// The latest words that tell what it is.
    pub summary: String,
    /// Who takes it.
    pub side: Option<StepSide>,
    /// The person, where named.
    pub owner: Option<String>,
    /// The date.
    pub due: Option<Date>,
    /// The words that name the date.
    pub due_text: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// The words that show it.
    pub outcome_evidence: Option<Citation>,
    /// Every time it was agreed on its call, in order.
    pub said: Vec<Saying>,
}

/// What came of a next step, as later calls show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not done when it should have been.
    Missed,
    /// A later step took its place.
    Superseded,
    /// No later call tells.
    Unknown,
}

impl Outcome {
    /// Returns the labelling guide's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Missed => "missed",
            Self::Superseded => "superseded",
            Self::Unknown => "unknown",
        }
    }
}

/// The next steps so far.
pub(super) struct List {
    steps: Vec<NextStep>,
    /// Steps are told apart by likeness: too few are agreed twice in the labelled deals to learn it.
    entries: Entries,
    news: Scale,
    /// How many steps were agreed before the call at hand.
    earlier: usize,
}

impl Default for List {
    fn default() -> Self {
        let news = learned(Question::NewsOfNextStep);
        Self { steps: Vec::new(), entries: Entries::default(), news, earlier: 0 }
    }
}

impl List {
    /// Reads a call. A step agreed again on a later call is a new one that takes the place of the old.
    pub(super) fn read(&mut self, call: &Heard) {
        self.earlier = self.steps.len();
        self.read_news(call);
        self.note_meeting(call);
        for finding in &call.findings {
            self.enter(call, finding);
        }
    }

    /// Returns the steps.
    pub(super) fn steps(&self) -> &[NextStep] {
        &self.steps
    }

    fn enter(&mut self, call: &Heard, finding: &Finding) {
        let Attrs::NextStep { side, owner, due, due_text } = &finding.attrs else { return };
        let topic = Topic::new(call, finding);
        let saying = call.saying(finding, Event::Made);
        let fits = |entry: usize| self.steps[entry].fits(*side, owner.as_deref());
        let same = self.entries.alike(&topic.gist, fits);
        if let Some(old) = same.filter(|entry| *entry < self.earlier)
            && self.steps[old].outcome == Outcome::Unknown
        {
            self.steps[old].outcome = Outcome::Superseded;
            self.steps[old].outcome_evidence = Some(saying.words.clone());
        }
        let entry = same.filter(|entry| *entry >= self.earlier).unwrap_or_else(|| {
            self.steps.push(NextStep::blank(saying.finding.clone().unwrap_or_default()));
            self.steps.len() - 1
        });
        self.steps[entry].say(saying, (*side, owner, *due, due_text));
        self.entries.add(entry, topic);
    }

    /// Reads what a call tells of steps from earlier calls.
    fn read_news(&mut self, call: &Heard) {
        let pending = |entry: usize| self.steps[entry].outcome == Outcome::Unknown;
        for (entry, remark, _) in self.entries.news(call, Question::NewsOfNextStep, &self.news, pending) {
            self.steps[entry].outcome = if remark.signs().denied { Outcome::Missed } else { Outcome::Done };
            self.steps[entry].outcome_evidence = Some(call.cite(&remark.quote));
        }
    }

    /// Notes the meetings that the call itself is.
    fn note_meeting(&mut self, call: &Heard) {
        for (entry, step) in self.steps.iter_mut().enumerate() {
            let gist = &self.entries.get(entry).gist;
            let meeting = MEETINGS.iter().any(|word| gist.words.has(word));
            if meeting && step.outcome == Outcome::Unknown && call.date.is_some() && step.due == call.date {
                step.outcome = Outcome::Done;
            }
        }
    }
}

impl NextStep {
    /// Returns a step of which nothing is known but its `id`.
    pub fn blank(id: String) -> Self {
        Self {
            id,
            summary: String::new(),
            side: None,
            owner: None,
            due: None,
            due_text: None,
            outcome: Outcome::Unknown,
            outcome_evidence: None,
            said: Vec::new(),
        }
    }

    /// Tells whether the step may be one that `side` or `owner` takes.
    fn fits(&self, side: Option<StepSide>, owner: Option<&str>) -> bool {
        let same = |one: Option<StepSide>, other: Option<StepSide>| {
            one.is_none()
                || other.is_none()
                || one == other
                || one == Some(StepSide::Both)
                || other == Some(StepSide::Both)
        };
        let owners = self.owner.as_deref().zip(owner);
        same(self.side, side) && owners.is_none_or(|(one, other)| one == other)
    }

    fn say(
        &mut self,
        mut saying: Saying,
        attrs: (Option<StepSide>, &Option<String>, Option<Date>, &Option<String>),
    ) {
        let (side, owner, due, due_text) = attrs;
        if !self.said.is_empty() {
            let moved = due.is_some() && self.due.is_some() && due != self.due;
            let dated = due.is_some() && self.due.is_none();
            saying.event = match moved {
                true => Event::Changed,
                false if dated => Event::Detailed,
                false => Event::Restated,
            };
        }
        self.side = side.or(self.side);
        self.owner = owner.clone().or(self.owner.take());
        if due.is_some() || due_text.is_some() {
            (self.due, self.due_text) = (due.or(self.due), due_text.clone());
        }
        self.said.push(saying);
        self.summary = citation::summary(&self.said);
    }
}
