//! What success is, as the calls say it, with blanks where nobody said anything (S-033, S-035).

use jiff::civil::Date;
use serde::Serialize;

use crate::transcript::Deal;

use super::{Citation, Ledger, Promise, Saying, SuccessMetric};

/// Days after the close up to which a date is a matter of day 30 and of day 60: halfway to the next.
const DAY_30: i32 = 45;
const DAY_60: i32 = 75;

/// The success statement of a deal. Every value is somebody's; `None` is a blank to be filled by asking.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SuccessStatement {
    /// What is measured at day 90.
    pub metric: Option<Stated>,
    /// Where it should stand then.
    pub target: Option<Stated>,
    /// The day.
    pub deadline: Option<Stated>,
    /// Who answers for it on the customer's side.
    pub owner: Option<Stated>,
    /// What must be true at day 30.
    pub day_30: Vec<Stated>,
    /// What must be true at day 60.
    pub day_60: Vec<Stated>,
}

/// A value and the words that state it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stated {
    /// The value: words of the call, a name or an ISO date.
    pub value: String,
    /// The ledger entry's id.
    pub entry: String,
    /// The words.
    pub words: Citation,
}

impl SuccessStatement {
    /// Drafts the statement: the metric that lacks least, of equals the one said last, and as milestones what is due
    /// around day 30 and 60 after the close, metrics before promises.
    pub fn of(deal: &Deal, ledger: &Ledger) -> Self {
        let close = deal.closed_at.map(|time| time.date());
        let later =
            |metric: &&SuccessMetric| !close.is_some_and(|close| within(close, metric.deadline, 0, DAY_60));
        let metrics = || ledger.success_metrics.iter();
        let best = metrics().filter(later).rev().min_by_key(|metric| metric.lacks().len());
        let Some(best) = best.or_else(|| metrics().next_back()) else {
            return Self::milestones(ledger, close);
        };
        let deadline = best.deadline.map(|date| date.to_string());
        Self {
            metric: stated(best, "metric", best.metric.as_ref()),
            target: stated(best, "target", best.target.as_ref()),
            deadline: stated(best, "deadline", deadline.as_ref()),
            owner: stated(best, "owner", best.owner.as_ref()),
            ..Self::milestones(ledger, close)
        }
    }

    fn milestones(ledger: &Ledger, close: Option<Date>) -> Self {
        let Some(close) = close else { return Self::default() };
        Self {
            day_30: milestones(ledger, close, 0, DAY_30),
            day_60: milestones(ledger, close, DAY_30, DAY_60),
            ..Self::default()
        }
    }

    /// Returns the blanks by name, in the order of the statement.
    pub fn blanks(&self) -> Vec<&'static str> {
        let said = [
            ("metric", self.metric.is_some()),
            ("target", self.target.is_some()),
            ("deadline", self.deadline.is_some()),
            ("owner", self.owner.is_some()),
            ("day 30", !self.day_30.is_empty()),
            ("day 60", !self.day_60.is_empty()),
        ];
        said.into_iter().filter(|(_, said)| !said).map(|(name, _)| name).collect()
    }
}

/// Returns a value of `metric` with the last words that gave it.
fn stated(metric: &SuccessMetric, attr: &str, value: Option<&String>) -> Option<Stated> {
    let gives = |saying: &&Saying| saying.attrs.get(attr).is_some_and(|value| !value.is_null());
    let saying = metric.said.iter().rev().find(gives).or(metric.said.last())?;
    Some(Stated { value: value?.clone(), entry: metric.id.clone(), words: saying.telling().clone() })
}

fn within(close: Date, date: Option<Date>, from: i32, to: i32) -> bool {
    let days = date.and_then(|date| date.since(close).ok()).map(|span| span.get_days());
    days.is_some_and(|days| days > from && days <= to)
}

/// Returns what is due from one day after the close to another, by date.
fn milestones(ledger: &Ledger, close: Date, from: i32, to: i32) -> Vec<Stated> {
    let due = |date: Option<Date>| within(close, date, from, to);
    let metrics = ledger.success_metrics.iter().filter(|metric| due(metric.deadline));
    let metrics = metrics.map(|metric| (metric.deadline, &metric.id, &metric.said));
    let promises = ledger.promises.iter().filter(|promise| Promise::is_open(promise) && due(promise.due));
    let promises = promises.map(|promise| (promise.due, &promise.id, &promise.said));
    let mut found: Vec<_> = metrics.collect();
    if found.is_empty() {
        found = promises.collect();
    }
    found.sort_by_key(|(date, ..)| *date);
    let stated = |(_, entry, said): (Option<Date>, &String, &Vec<Saying>)| {
        let words = said.last()?.telling().clone();
        Some(Stated { value: words.quote.text().to_owned(), entry: entry.clone(), words })
    };
    found.into_iter().filter_map(stated).collect()
}
