use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::detect::{Attrs, Finding};
use crate::rules::{Category, Firmness, Kind};
use crate::transcript::Side;

use super::entries::Entries;
use super::gist::spoken;
use super::heard::Heard;
use super::logit::{Scale, learned};
use super::question::Question;
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
    /// What the calls show of the condition; `None` where there is none.
    pub condition_status: Option<ConditionStatus>,
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

/// What the calls show of a promise's condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConditionStatus {
    /// No call tells; the promise hangs on it.
    Pending,
    /// It came true.
    Met,
    /// It can come true no more.
    Lapsed,
    /// Our side holds to the promise without it.
    Waived,
}

impl ConditionStatus {
    /// Returns the word that the JSON and the packet use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Met => "met",
            Self::Lapsed => "lapsed",
            Self::Waived => "waived",
        }
    }
}

/// The promises so far.
pub(super) struct Book {
    promises: Vec<Promise>,
    entries: Entries,
    /// What was ruled out so far and takes no promise back.
    exclusions: Vec<Citation>,
    excluded: Entries,
    kinship: Scale,
    withdrawal: Scale,
    kept: Scale,
    condition: Scale,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            promises: Vec::new(),
            entries: Entries::default(),
            exclusions: Vec::new(),
            excluded: Entries::default(),
            kinship: learned(Question::Promise),
            withdrawal: learned(Question::Withdrawal),
            kept: learned(Question::NewsOfPromise),
            condition: learned(Question::NewsOfCondition),
        }
    }
}

impl Book {
    /// Reads a call. What became of a condition is told before the promise is said again without it.
    pub(super) fn read(&mut self, call: &Heard) {
        self.read_conditions(call);
        for finding in &call.findings {
            match &finding.attrs {
                Attrs::Promise { category, .. } => self.enter(call, finding, *category),
                Attrs::Exclusion if finding.side != Some(Side::Customer) => self.rule_out(call, finding),
                _ => {}
            }
        }
        self.read_news(call);
    }

    /// Returns the promises.
    pub(super) fn promises(&self) -> &[Promise] {
        &self.promises
    }

    fn enter(&mut self, call: &Heard, finding: &Finding, category: Category) {
        let topic = Topic::new(call, finding);
        let home = self.entries.home(&topic, &self.kinship, |_| true);
        let entry = home.unwrap_or(self.promises.len());
        if home.is_none() {
            self.promises.push(Promise { category, ..Promise::blank(String::new()) });
            let excluded = self.excluded.alike(&topic.gist, |_| true);
            self.promises[entry].contradicted_by.extend(excluded.map(|at| self.exclusions[at].clone()));
        }
        let before = home.map(|entry| &self.entries.get(entry).last().gist);
        let moved = before.is_some_and(|before| topic.gist.figures_differ(before));
        let reply = || call.reply(finding.quote.span());
        self.promises[entry].say(call.saying(finding, Event::Made), finding, moved, reply);
        self.entries.add(entry, topic);
    }

    /// Takes back the promise that is ruled out; where nothing says that it is taken back, both stand and it is marked.
    fn rule_out(&mut self, call: &Heard, finding: &Finding) {
        let topic = Topic::new(call, finding);
        let open = |entry: usize| self.promises[entry].is_open();
        let alike = self.entries.alike(&topic.gist, open);
        let meant = self.entries.home(&topic, &self.withdrawal, open).or(alike);
        if let Some(entry) = meant.filter(|_| topic.takes_back) {
            let reply = call.reply(finding.quote.span());
            self.promises[entry].report(Saying { reply, ..call.saying(finding, Event::Withdrawn) });
            return;
        }
        if let Some(entry) = alike {
            self.promises[entry].contradicted_by.push(call.cite(&finding.quote));
        }
        self.excluded.add(self.exclusions.len(), topic);
        self.exclusions.push(call.cite(&finding.quote));
    }

    /// Reads what a call tells of the conditions of promises from earlier calls.
    fn read_conditions(&mut self, call: &Heard) {
        let pends = |entry: usize| {
            let promise = &self.promises[entry];
            promise.is_open() && promise.condition_status == Some(ConditionStatus::Pending)
        };
        for (entry, remark, probability) in
            self.entries.news(call, Question::NewsOfCondition, &self.condition, pends)
        {
            let signs = remark.signs();
            let event = match (signs.waives, signs.lapses || signs.denied) {
                (true, _) => Event::Waived,
                (false, true) => Event::Lapsed,
                (false, false) => Event::Met,
            };
            self.promises[entry].report(call.news(remark, probability, event));
        }
    }

    /// Reads what a call tells of promises from earlier calls that it does not make again.
    fn read_news(&mut self, call: &Heard) {
        let open = |entry: usize| self.promises[entry].is_open();
        for (entry, remark, probability) in self.entries.news(call, Question::NewsOfPromise, &self.kept, open)
        {
            let (signs, span) = (remark.signs(), remark.quote.span());
            let mut said = call.in_turn(span.turn).iter();
            let ruled_out =
                said.any(|finding| finding.kind() == Kind::Exclusion && finding.quote.span().overlaps(span));
            if !signs.denied && !signs.supposes && !ruled_out {
                self.promises[entry].report(call.news(remark, probability, Event::Fulfilled));
            }
        }
    }
}

impl Promise {
    /// Returns a promise of which nothing is known but its `id`.
    pub fn blank(id: String) -> Self {
        Self {
            id,
            summary: String::new(),
            category: Category::Other,
            firmness: Firmness::Firm,
            due: None,
            due_text: None,
            condition: None,
            condition_status: None,
            status: PromiseStatus::Open,
            unsettled: false,
            contradicted_by: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Tells whether it still has to be kept, or has to as soon as its condition is met.
    pub fn is_open(&self) -> bool {
        let lapsed = self.condition_status == Some(ConditionStatus::Lapsed);
        matches!(self.status, PromiseStatus::Open | PromiseStatus::Changed) && !lapsed
    }

    /// Brings the promise to where what happened to it leaves it.
    pub fn take_in(&mut self, event: Event) {
        match event {
            Event::Withdrawn => self.status = PromiseStatus::Withdrawn,
            Event::Fulfilled => self.status = PromiseStatus::Fulfilled,
            Event::Changed | Event::Contradicted => self.status = PromiseStatus::Changed,
            Event::Met => self.condition_status = Some(ConditionStatus::Met),
            Event::Lapsed => self.condition_status = Some(ConditionStatus::Lapsed),
            Event::Waived => self.condition_status = Some(ConditionStatus::Waived),
            Event::Made | Event::Restated | Event::Detailed | Event::Reopened | Event::Settled => {}
        }
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
        self.firmness = *firmness;
        // Said again without it, the promise still hangs on its condition until somebody says otherwise.
        if condition.is_some() || *firmness == Firmness::Conditional {
            self.condition = condition.clone().or(self.condition.take());
            self.condition_status = Some(ConditionStatus::Pending);
        }
        if due.is_some() || (self.due.is_none() && due_text.is_some()) {
            (self.due, self.due_text) = (*due, due_text.clone());
        }
        self.report(saying);
    }

    fn event(&self, saying: &Saying, due: Option<Date>, moved: bool) -> Event {
        let said = spoken(saying.words.quote.text());
        let redated = self.due.is_some() && due.is_some() && self.due != due;
        let moved = moved || (due.is_none() || self.due.is_none()) && words().moves(&said);
        match self.said.is_empty() {
            true => Event::Made,
            false if words().take_back(&said) && due.is_none() => Event::Withdrawn,
            false if !self.is_open() => Event::Changed,
            false if self.drops_condition(saying, &said) => Event::Waived,
            false if !redated && !moved && self.due.is_none() && due.is_some() => Event::Detailed,
            false if !redated && !moved => Event::Restated,
            false if words().own_up(&said) || words().moves(&said) => Event::Changed,
            false => Event::Contradicted,
        }
    }

    /// Tells whether a saying drops the condition that still stood.
    fn drops_condition(&self, saying: &Saying, said: &str) -> bool {
        let hangs = self.condition_status == Some(ConditionStatus::Pending);
        let firm = saying.attrs.get("firmness").is_some_and(|how| how == Firmness::Firm.as_str());
        hangs && firm && words().waive(said)
    }

    /// Takes in what `saying` does to the promise.
    fn report(&mut self, saying: Saying) {
        if self.id.is_empty() {
            self.id = saying.finding.clone().unwrap_or_default();
        }
        self.take_in(saying.event);
        self.unsettled = match saying.event {
            Event::Changed => false,
            event => self.unsettled || event == Event::Contradicted,
        };
        self.said.push(saying);
        self.summary = citation::summary(&self.said);
    }
}
