use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::detect::{Attrs, Finding};
use crate::rules::{Category, Firmness};

use super::gist::Gist;
use super::heard::Heard;
use super::remark::{self, News};
use super::threads::Threads;
use super::{Citation, Event, Saying, citation};

/// How many turns an "and that's the nineteenth, then" may stand behind what it speaks of.
const FOLLOWS_WITHIN: u32 = 4;

/// Likeness (see [`Gist::likeness`]) that joins promises of different categories: three words, most of the shorter.
const ACROSS_CATEGORIES: f64 = 3.75;

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
    let mut book = Book::default();
    for call in calls {
        book.earlier = book.promises.len();
        for finding in &call.findings {
            match &finding.attrs {
                Attrs::Promise { .. } => book.enter(call, finding),
                Attrs::Exclusion if remark::takes_back(finding.quote.text()) => book.take_back(call, finding),
                _ => {}
            }
        }
        book.read_remarks(call);
    }
    book.promises
}

/// The promises so far, with what each is about.
#[derive(Default)]
struct Book {
    promises: Vec<Promise>,
    gists: Vec<Gist>,
    threads: Threads,
    /// How many promises stood before the call at hand.
    earlier: usize,
}

impl Book {
    fn enter(&mut self, call: &Heard, finding: &Finding) {
        let Attrs::Promise { category, .. } = finding.attrs else { return };
        let gist = call.gist(finding);
        let entry = self.same_promise(call, finding, &gist, category).unwrap_or_else(|| {
            self.promises.push(Promise::new(category));
            self.gists.push(Gist::default());
            self.promises.len() - 1
        });
        let moved = gist.figures_differ(&self.gists[entry]);
        self.promises[entry].say(call.saying(finding, Event::Made), finding, moved);
        self.gists[entry].figures.clear();
        self.gists[entry].add(gist.clone());
        self.threads.file(entry, gist);
    }

    /// Returns the promise that `finding` says again: the one about the same object, else, where it names no
    /// object, the one just talked of.
    fn same_promise(
        &self,
        call: &Heard,
        finding: &Finding,
        gist: &Gist,
        category: Category,
    ) -> Option<usize> {
        let kin = |entry: usize| akin(self.promises[entry].category, category);
        let same = self.threads.best(gist, |entry, likeness| kin(entry) || likeness >= ACROSS_CATEGORIES);
        let corrects = remark::corrects(finding.quote.text());
        if same.is_some() || (gist.words.len() > 1 && !corrects) {
            return same;
        }
        let just_made = || self.just_made(call, finding).filter(|entry| kin(*entry));
        if corrects {
            return just_made();
        }
        let talked_of = self.threads.talked_of(&call.lead_in(finding.quote.span()), kin);
        talked_of.or_else(|| gist.words.is_empty().then(just_made).flatten())
    }

    /// Returns the promise that the same speaker made a moment ago.
    fn just_made(&self, call: &Heard, finding: &Finding) -> Option<usize> {
        let speaker = call.transcript.speaker(finding.quote.span()).display();
        let turn = finding.quote.span().turn;
        self.promises.iter().rposition(|promise| {
            promise.said.last().is_some_and(|last| {
                let words = &last.words;
                words.call == call.transcript.call.id
                    && words.speaker == speaker
                    && turn.saturating_sub(words.quote.span().turn) <= FOLLOWS_WITHIN
            })
        })
    }

    fn take_back(&mut self, call: &Heard, finding: &Finding) {
        let gist = call.gist(finding);
        if let Some(entry) = self.threads.best(&gist, |_, _| true) {
            self.promises[entry].report(call.saying(finding, Event::Withdrawn));
        }
    }

    /// Reads what a call tells of promises from earlier calls.
    fn read_remarks(&mut self, call: &Heard) {
        for remark in call.remarks.iter().filter(|remark| remark.news == News::Delivered) {
            let gist = call.gist_of(remark.quote.text());
            let open = |entry: usize, _| entry < self.earlier && self.promises[entry].is_open();
            if let Some(entry) = self.threads.best(&gist, open) {
                self.promises[entry].report(call.news(remark, Event::Fulfilled));
            }
        }
    }
}

/// Tells whether detection may call one promise by either category: a connector is scope, integration or custom
/// work to different ears, and a date alone belongs to any of them.
fn akin(one: Category, other: Category) -> bool {
    use Category::{CustomWork, Integration, Other, Scope, Security, Timing};
    let product = |category| matches!(category, Scope | Integration | CustomWork | Security);
    let open = |category| matches!(category, Timing | Other);
    one == other || open(one) || open(other) || (product(one) && product(other))
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

    /// Adds a saying; `moved` tells that its figures are others than before.
    fn say(&mut self, mut saying: Saying, finding: &Finding, moved: bool) {
        let Attrs::Promise { category, firmness, due, due_text, condition } = &finding.attrs else { return };
        saying.event = self.event(&saying, *due, moved);
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
        let words = saying.words.quote.text();
        let redated = self.due.is_some() && due.is_some() && self.due != due;
        match self.said.is_empty() {
            true => Event::Made,
            false if remark::takes_back(words) && due.is_none() => Event::Withdrawn,
            false if !self.is_open() => Event::Changed,
            false if !redated && !moved && self.due.is_none() && due.is_some() => Event::Detailed,
            false if !redated && !moved => Event::Restated,
            false if remark::owns_up(words) => Event::Changed,
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
