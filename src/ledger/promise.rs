use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::detect::{Attrs, Finding};
use crate::rules::{Category, Firmness};

use super::entries::Entries;
use super::gist::spoken;
use super::heard::Heard;
use super::kinship::MEASURES;
use super::logit::{Scale, learned};
use super::remark::NEWS_MEASURES;
use super::topic::Topic;
use super::words::words;
use super::{Citation, Event, Saying, citation};

/// Something our side bound itself to, once, however often it was said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promise {
    /// The id of the finding that made it.
    pub id: String,
    /// The latest words that tell what it is.
    pub summary: String,
    /// What it is about.
    pub category: Category,
    /// How firmly it binds as last said.
    pub firmness: Firmness,
    /// The date as last said.
    pub due: Option<Date>,
    /// The words that name the date.
    pub due_text: Option<String>,
    /// The condition as last said.
    pub condition: Option<String>,
    /// Where it stands.
    pub status: PromiseStatus,
    /// Whether two sayings differ and no words settle which holds.
    pub unsettled: bool,
    /// Where our side says that the same thing is not included.
    pub contradicted_by: Vec<Citation>,
    /// Every time it was said, in order.
    pub said: Vec<Saying>,
}

/// Where a promise stands after the last call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseStatus {
    /// It stands as it was made.
    Open,
    /// It stands, with another date or scope.
    Changed,
    /// It was taken back.
    Withdrawn,
    /// It was kept.
    Fulfilled,
}

impl PromiseStatus {
    /// Returns the labelling guide's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Changed => "changed",
            Self::Withdrawn => "withdrawn",
            Self::Fulfilled => "fulfilled",
        }
    }
}

/// Returns the promises of all calls.
pub(super) fn gather(calls: &[Heard]) -> Vec<Promise> {
    let mut book = Book {
        kinship: learned("promise", &MEASURES),
        news: learned("news_of_promise", &NEWS_MEASURES),
        ..Book::default()
    };
    for call in calls {
        book.read_news(call);
        for finding in &call.findings {
            let topic = || Topic::new(call, finding);
            match &finding.attrs {
                Attrs::Promise { .. } => book.enter(call, finding, topic()),
                Attrs::Exclusion if words().take_back(&spoken(finding.quote.text())) => {
                    book.take_back(call, finding, &topic());
                }
                _ => {}
            }
        }
    }
    book.promises
}

/// The promises so far.
#[derive(Default)]
struct Book {
    promises: Vec<Promise>,
    entries: Entries,
    /// When a saying belongs to a promise, and when a remark tells that one was kept.
    kinship: Scale,
    news: Scale,
}

impl Book {
    fn enter(&mut self, call: &Heard, finding: &Finding, topic: Topic) {
        let Attrs::Promise { category, .. } = finding.attrs else { return };
        let home = self.entries.home(&topic, &self.kinship);
        let entry = home.unwrap_or(self.promises.len());
        if home.is_none() {
            self.promises.push(Promise::new(category));
        }
        let before = home.map(|entry| &self.entries.get(entry).last().gist);
        let moved = before.is_some_and(|before| topic.gist.figures_differ(before));
        let reply = || call.reply(finding.quote.span());
        self.promises[entry].say(call.saying(finding, Event::Made), finding, moved, reply);
        self.entries.add(entry, topic);
    }

    fn take_back(&mut self, call: &Heard, finding: &Finding, topic: &Topic) {
        if let Some(entry) = self.entries.alike(&topic.gist, |_| true) {
            let reply = call.reply(finding.quote.span());
            self.promises[entry].report(Saying { reply, ..call.saying(finding, Event::Withdrawn) });
        }
    }

    /// Reads what a call tells of promises from earlier calls.
    fn read_news(&mut self, call: &Heard) {
        let open = |entry: usize| self.promises[entry].is_open();
        for (entry, remark, probability) in self.entries.news(call, &self.news, open) {
            if !remark.denied {
                self.promises[entry].report(call.news(remark, probability, Event::Fulfilled));
            }
        }
    }
}

impl Promise {
    fn new(category: Category) -> Self {
        Self {
            id: String::new(),
            summary: String::new(),
            category,
            firmness: Firmness::Firm,
            due: None,
            due_text: None,
            condition: None,
            status: PromiseStatus::Open,
            unsettled: false,
            contradicted_by: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Tells whether it still has to be kept.
    pub fn is_open(&self) -> bool {
        matches!(self.status, PromiseStatus::Open | PromiseStatus::Changed)
    }

    /// Adds a saying; `moved` tells that its figures are others than before, `reply` what the customer says to it.
    fn say(
        &mut self,
        mut saying: Saying,
        finding: &Finding,
        moved: bool,
        reply: impl FnOnce() -> Option<Citation>,
    ) {
        let Attrs::Promise { category, firmness, due, due_text, condition } = &finding.attrs else { return };
        saying.event = self.event(&saying, *due, moved);
        if matches!(saying.event, Event::Changed | Event::Contradicted | Event::Withdrawn) {
            saying.reply = reply();
        }
        if saying.event == Event::Withdrawn {
            return self.report(saying);
        }
        if self.category == Category::Timing || self.category == Category::Other {
            self.category = *category;
        }
        (self.firmness, self.condition) = (*firmness, condition.clone());
        if due.is_some() || (self.due.is_none() && due_text.is_some()) {
            (self.due, self.due_text) = (*due, due_text.clone());
        }
        self.report(saying);
    }

    fn event(&self, saying: &Saying, due: Option<Date>, moved: bool) -> Event {
        let said = spoken(saying.words.quote.text());
        let redated = self.due.is_some() && due.is_some() && self.due != due;
        match self.said.is_empty() {
            true => Event::Made,
            false if words().take_back(&said) && due.is_none() => Event::Withdrawn,
            false if !self.is_open() => Event::Changed,
            false if !redated && !moved && self.due.is_none() && due.is_some() => Event::Detailed,
            false if !redated && !moved => Event::Restated,
            false if words().own_up(&said) => Event::Changed,
            false => Event::Contradicted,
        }
    }

    /// Takes in what `saying` does to the promise.
    fn report(&mut self, saying: Saying) {
        if self.id.is_empty() {
            self.id = saying.finding.clone().unwrap_or_default();
        }
        match saying.event {
            Event::Withdrawn => self.status = PromiseStatus::Withdrawn,
            Event::Fulfilled => self.status = PromiseStatus::Fulfilled,
            Event::Changed | Event::Contradicted => {
                self.status = PromiseStatus::Changed;
                self.unsettled = saying.event == Event::Contradicted;
            }
            Event::Made | Event::Restated | Event::Detailed | Event::Reopened => {}
        }
        self.said.push(saying);
        self.summary = citation::summary(&self.said);
    }
}
