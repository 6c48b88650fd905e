//! A question about a deal, and what answers it.

use super::frame::{shown, words};
use super::saying::{line, turn};
use crate::http::ProblemJson;
use crate::llm::{Clause, Passage};
use crate::packet::Packet;
use crate::pipeline::Answered;

/// What is known about a question.
pub(super) struct Asked {
    /// A model's sentence; empty where there is none.
    pub(super) clauses: Vec<Cited>,
    /// Why there is no sentence where there is a model.
    pub(super) not_heard: String,
    /// Entries of the packet first, then words that were only said.
    pub(super) entries: Vec<Found>,
    pub(super) said: Vec<Found>,
    /// What is wrong with the question.
    pub(super) wrong: String,
}

/// A clause and the numbers of what it cites.
pub(super) struct Cited {
    pub(super) text: String,
    pub(super) numbers: Vec<usize>,
}

/// Words that answer.
pub(super) struct Found {
    pub(super) number: usize,
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) facts: Vec<String>,
    pub(super) speaker: String,
    pub(super) date: String,
    pub(super) call: String,
    /// The turn on the call's page.
    pub(super) read: String,
    /// The line in the packet; empty for words that are in no line.
    pub(super) line: String,
}

impl Asked {
    /// Returns what is known about a question, as far as it was `answered` from the packet; what is wrong with the
    /// question is part of it.
    pub(super) fn new(packet: &Packet, answered: Result<Answered, ProblemJson>) -> Result<Self, ProblemJson> {
        let mut asked = Self {
            clauses: Vec::new(),
            not_heard: String::new(),
            entries: Vec::new(),
            said: Vec::new(),
            wrong: String::new(),
        };
        let known = match answered {
            Ok(known) => known,
            Err(problem) if problem.status == 400 => {
                asked.wrong = problem.detail;
                return Ok(asked);
            }
            Err(problem) => return Err(problem),
        };
        let found = known.passages.iter().map(|passage| Found::new(passage, packet));
        (asked.entries, asked.said) = found.partition(|found| !found.line.is_empty());
        asked.clauses = known.clauses.into_iter().map(Cited::from).collect();
        asked.not_heard = known.not_heard.unwrap_or_default();
        Ok(asked)
    }
}

impl From<Clause> for Cited {
    fn from(clause: Clause) -> Self {
        Self { text: shown(&clause.text), numbers: clause.cites }
    }
}

impl Found {
    fn new(passage: &Passage, packet: &Packet) -> Self {
        let call = packet.call(&passage.call).map_or(passage.call.as_str(), |call| call.display());
        Self {
            number: passage.number,
            kind: words(&passage.kind),
            text: shown(&passage.quote),
            facts: passage.facts.iter().map(|fact| shown(&words(fact))).collect(),
            speaker: shown(&passage.speaker),
            date: passage.date.map(|date| date.to_string()).unwrap_or_default(),
            call: shown(call),
            read: turn(&passage.call, passage.turn),
            line: passage.entry.as_ref().map(|entry| line(&packet.deal.id, entry)).unwrap_or_default(),
        }
    }
}
