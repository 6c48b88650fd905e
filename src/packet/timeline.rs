use jiff::civil::Date;
use serde::Serialize;

use super::{CallLine, Packet};
use crate::detect::Turnover;
use crate::ledger::{Citation, Contact, Event, Objection, Promise, Saying};
use crate::rules::ObjectionStatus;

/// A call of a deal's timeline, and what happened on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stop {
    /// The call's id.
    pub call: String,
    /// What to call it.
    pub title: String,
    /// Its local date.
    pub date: Option<Date>,
    /// What happened, track by track.
    pub happenings: Vec<Happening>,
}

/// Something that a call did to the deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Happening {
    /// What it was.
    pub track: Track,
    /// The ledger entry's id.
    pub entry: String,
    /// Who joined or left; `None` where the words tell all.
    pub name: Option<String>,
    /// The words; `None` for somebody who was simply there.
    pub words: Option<Citation>,
}

/// What can happen to a deal on a call, in the order in which a timeline shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// Our side promised something.
    Promised,
    /// A promise got another date, scope or value.
    Moved,
    /// A promise was kept.
    Kept,
    /// A promise was taken back.
    TakenBack,
    /// The customer pushed back, for the first time or again.
    Raised,
    /// An objection was settled.
    Settled,
    /// Somebody of the customer's or partner's side came in.
    Joined,
    /// Somebody of them left.
    Left,
}

impl Track {
    /// Every track, in order.
    pub const ALL: [Self; 8] = [
        Self::Promised,
        Self::Moved,
        Self::Kept,
        Self::TakenBack,
        Self::Raised,
        Self::Settled,
        Self::Joined,
        Self::Left,
    ];

    /// Returns the word that JSON and the page's style use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Promised => "promised",
            Self::Moved => "moved",
            Self::Kept => "kept",
            Self::TakenBack => "taken_back",
            Self::Raised => "raised",
            Self::Settled => "settled",
            Self::Joined => "joined",
            Self::Left => "left",
        }
    }

    /// Returns what happened, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Promised => "promise made",
            Self::Moved => "promise moved",
            Self::Kept => "promise kept",
            Self::TakenBack => "promise taken back",
            Self::Raised => "objection raised",
            Self::Settled => "objection settled",
            Self::Joined => "person joined",
            Self::Left => "person left",
        }
    }
}

impl Packet {
    /// Returns the calls in order, each with the promises made, moved, kept and taken back on it, the objections raised
    /// and settled, and the people who joined and left.
    pub fn timeline(&self) -> Vec<Stop> {
        let ledger = &self.ledger;
        let mut happened: Vec<(&str, Happening)> = Vec::new();
        ledger.promises.iter().for_each(|promise| happened.extend(of_promise(promise)));
        ledger.objections.iter().for_each(|objection| happened.extend(of_objection(objection)));
        ledger.stakeholders.iter().for_each(|contact| happened.extend(of_contact(contact)));
        let stop = |call: &CallLine| {
            let here = happened.iter().filter(|(on, _)| *on == call.id);
            let mut happenings: Vec<_> = here.map(|(_, happening)| happening.clone()).collect();
            happenings.sort_by_key(|happening| happening.track);
            Stop { call: call.id.clone(), title: call.display().to_owned(), date: call.date, happenings }
        };
        self.calls.iter().map(stop).collect()
    }
}

fn of_promise(promise: &Promise) -> impl Iterator<Item = (&str, Happening)> {
    promise.said.iter().filter_map(|saying| {
        let track = match saying.event {
            Event::Made => Track::Promised,
            Event::Changed | Event::Contradicted | Event::Detailed => Track::Moved,
            Event::Fulfilled => Track::Kept,
            Event::Withdrawn => Track::TakenBack,
            Event::Restated
            | Event::Reopened
            | Event::Settled
            | Event::Met
            | Event::Lapsed
            | Event::Waived => return None,
        };
        Some(said(track, &promise.id, &saying.words.call, saying.telling()))
    })
}

/// An objection is settled by the words that put it to rest; where its own call shows that, by our side's last answer.
fn of_objection(objection: &Objection) -> impl Iterator<Item = (&str, Happening)> {
    let raises = |saying: &&Saying| !matches!(saying.event, Event::Restated | Event::Settled);
    let raised = objection.said.iter().filter(raises);
    let raised =
        raised.map(|saying| said(Track::Raised, &objection.id, &saying.words.call, saying.telling()));
    let rest = objection.said.iter().rev().find(|saying| saying.event == Event::Settled);
    let rest = rest.map(|saying| &saying.words).or(objection.responses.last());
    let last = rest.or(objection.said.last().map(|saying| &saying.words));
    let settled = last.filter(|_| objection.status == ObjectionStatus::Resolved);
    raised.chain(settled.map(|words| said(Track::Settled, &objection.id, &words.call, words)))
}

/// Somebody joins with the first call on which they speak, or where it is told that they came.
fn of_contact(contact: &Contact) -> impl Iterator<Item = (&str, Happening)> {
    let told = contact.turnover.as_ref().map(|news| {
        let track = if news.turnover == Turnover::Left { Track::Left } else { Track::Joined };
        person(contact, track, &news.words.call, Some(&news.words))
    });
    let came = told.as_ref().is_some_and(|(_, happening)| happening.track == Track::Joined);
    let spoke = contact.speaks_on.first().filter(|_| !came);
    spoke.map(|call| person(contact, Track::Joined, call, None)).into_iter().chain(told)
}

fn person<'c>(
    contact: &Contact,
    track: Track,
    call: &'c str,
    words: Option<&Citation>,
) -> (&'c str, Happening) {
    let (entry, name) = (contact.id.clone(), Some(contact.display().to_owned()));
    (call, Happening { track, entry, name, words: words.cloned() })
}

fn said<'c>(track: Track, entry: &str, call: &'c str, words: &Citation) -> (&'c str, Happening) {
    (call, Happening { track, entry: entry.to_owned(), name: None, words: Some(words.clone()) })
}
