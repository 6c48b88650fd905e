use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Audience, CallLine, Item, Packet, changed};
use crate::ledger::{Kept, Promise, Saying};
use crate::review::Verdict;
use crate::rules::{Category, Firmness};
use crate::transcript::{Side, Timecode};

/// What is looked at of a packet among those of many deals.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Glance {
    /// The share of required fields with evidence, in whole percent.
    pub percent: usize,
    /// How many calls it rests on.
    pub calls: usize,
    /// The last call.
    pub last_call: Option<LastCall>,
    /// What that call changed, counted.
    pub changed: Vec<Counted>,
    /// Lines that nobody has reviewed, but for those of the red-flag page.
    pub open: usize,
    /// Lines of the red-flag page that nobody has reviewed.
    pub open_red_flags: usize,
    /// How each side kept to its next steps (S-007).
    pub kept: Vec<Kept>,
}

/// The call that a packet ends with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastCall {
    /// What to call it.
    pub title: String,
    /// Its local date.
    pub date: Option<Date>,
}

/// How often something changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// What happened, in our words: "promise moved".
    pub what: String,
    /// How often.
    pub number: usize,
    /// Whether only those may hear of it who read red flags.
    pub red_flags: bool,
}

/// A promise as it is listed among those of all deals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// The ledger entry's id.
    pub entry: String,
    /// The latest words that tell what it is, else what a person stated.
    pub words: String,
    /// What it is about.
    pub category: Category,
    /// How firmly it binds.
    pub firmness: Firmness,
    /// The date.
    pub due: Option<Date>,
    /// The words that name the date.
    pub due_text: Option<String>,
    /// `open`, `changed`, `withdrawn` or `fulfilled`.
    pub status: String,
    /// Whether two sayings differ and no words settle which holds.
    pub unsettled: bool,
    /// What people said of it.
    pub verdict: Verdict,
    /// Who said the words, and where; `None` for what a person stated.
    pub said: Option<SaidAt>,
}

/// Who said words of a call, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidAt {
    /// Who.
    pub speaker: String,
    /// On whose side.
    pub side: Option<Side>,
    /// The call's id.
    pub call: String,
    /// What to call the call.
    pub title: String,
    /// The call's local date.
    pub date: Option<Date>,
    /// Index of the turn in the transcript.
    pub turn: u32,
    /// When the words begin.
    pub at: Option<Timecode>,
}

impl Packet {
    /// Returns what is looked at of it among many.
    pub fn glance(&self) -> Glance {
        Glance {
            percent: self.completeness.percent,
            calls: self.calls.len(),
            last_call: self.calls.last().map(LastCall::from),
            changed: changed::counted(&self.changed),
            open: self.open(Audience::Internal),
            open_red_flags: self.open(Audience::RedFlags),
            kept: self.ledger.kept.clone(),
        }
    }

    /// Returns how many lines of an audience nobody has reviewed.
    pub fn open(&self, audience: Audience) -> usize {
        let sections = self.sections.iter().filter(|section| section.audience == audience);
        let items = sections.flat_map(|section| &section.items).filter(|item| item.is_reviewed());
        let verdict = |item: &Item| item.review.as_ref().map_or(Verdict::Open, |line| line.verdict);
        items.filter(|item| verdict(item) == Verdict::Open).count()
    }

    /// Returns its promises as they are listed among those of all deals.
    pub fn promise_rows(&self) -> Vec<PromiseRow> {
        self.ledger.promises.iter().map(|promise| self.promise_row(promise)).collect()
    }

    fn promise_row(&self, promise: &Promise) -> PromiseRow {
        let items = self.sections.iter().flat_map(|section| &section.items);
        let review = items.filter(|item| item.entry == promise.id).find_map(|item| item.review.as_ref());
        let stated = review.and_then(|line| line.stated.as_ref()).map(|stated| stated.text.clone());
        let words = Some(promise.summary.clone()).filter(|words| !words.is_empty());
        PromiseRow {
            entry: promise.id.clone(),
            words: words.or(stated).unwrap_or_default(),
            category: promise.category,
            firmness: promise.firmness,
            due: promise.due,
            due_text: promise.due_text.clone(),
            status: promise.status.as_str().to_owned(),
            unsettled: promise.unsettled,
            verdict: review.map_or(Verdict::Open, |line| line.verdict),
            said: said_at(promise),
        }
    }
}

/// Returns who said the summary of a promise, and where: the latest saying with those words, or the question that it
/// accepts.
fn said_at(promise: &Promise) -> Option<SaidAt> {
    let words = promise.said.iter().rev().flat_map(Saying::citations);
    let cited = words.into_iter().find(|words| words.quote.text() == promise.summary)?;
    Some(SaidAt {
        speaker: cited.speaker.clone(),
        side: cited.side,
        call: cited.call.clone(),
        title: cited.call_title.clone().unwrap_or_else(|| cited.call.clone()),
        date: cited.date,
        turn: cited.quote.span().turn,
        at: cited.start_ms.map(Timecode),
    })
}

impl From<&CallLine> for LastCall {
    fn from(call: &CallLine) -> Self {
        Self { title: call.display().to_owned(), date: call.date }
    }
}
