use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Decision, Field, LineKind, Warning, lint};
use crate::ledger::Citation;

/// Who decided, as what, when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The decision's id.
    pub decision: Uuid,
    /// The person.
    pub by: String,
    /// Their role then.
    pub role: String,
    /// When.
    pub at: Timestamp,
}

impl From<&Decision> for Signature {
    fn from(decision: &Decision) -> Self {
        let Decision { id, by, role, at, .. } = decision;
        Self { decision: *id, by: by.clone(), role: role.clone(), at: *at }
    }
}

/// What people have said of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody has settled it.
    #[default]
    Open,
    /// It is right as it stands.
    Accepted,
    /// It is right with what a person changed.
    Edited,
    /// It is wrong.
    Rejected,
    /// A person added it.
    Added,
}

impl Verdict {
    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Edited => "edited",
            Self::Rejected => "rejected",
            Self::Added => "added",
        }
    }
}

/// Words of a person, signed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stated {
    /// The words.
    pub text: String,
    /// Whose they are.
    #[serde(flatten)]
    pub signed: Signature,
    /// What a reader may find lacking in them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl Stated {
    /// Returns what the author of `decision` says of a line of `kind`; `quoted` tells that words of a call stand beside
    /// it.
    pub(super) fn new(text: &str, kind: Option<LineKind>, quoted: bool, decision: &Decision) -> Self {
        let warnings = lint::line(kind, text, quoted, decision.day());
        Self { text: text.to_owned(), signed: decision.into(), warnings }
    }
}

/// A field that a person settled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settled {
    /// The value; `null` says that there is none.
    pub value: Value,
    /// Who settled it.
    #[serde(flatten)]
    pub signed: Signature,
    /// What the calls say now, where that is something else. It never replaces the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Value>,
    /// Whether the calls said something else when the person settled it: then the proposal is news.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub news: bool,
}

/// The part of a remark in its thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A comment.
    Comment,
    /// A question.
    Question,
    /// A reply to one of both.
    Reply,
}

impl Part {
    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Question => "question",
            Self::Reply => "reply",
        }
    }
}

/// A remark in the thread of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remark {
    /// Its part.
    pub part: Part,
    /// What it replies to.
    pub to: Option<Uuid>,
    /// The words.
    #[serde(flatten)]
    pub said: Stated,
}

/// What people decided about one line of the packet, and what the calls say beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The ledger entry's id.
    pub entry: String,
    /// What it is.
    pub kind: LineKind,
    /// What stands.
    pub verdict: Verdict,
    /// Who said so last.
    pub signed: Option<Signature>,
    /// Why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it comes to, in a person's words. A line with no quote rests on these alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stated: Option<Stated>,
    /// Fields that a person settled.
    pub fields: BTreeMap<Field, Settled>,
    /// Comments, questions and their answers, in order.
    pub thread: Vec<Remark>,
    /// What was said of it since somebody settled it last, rules' and calls' news: nothing of it changes the verdict.
    pub news: Vec<Citation>,
    /// The line with which the rules would join this one, which a person settled by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed_merge: Option<String>,
}

impl Line {
    pub(super) fn new(entry: &str, kind: LineKind) -> Self {
        Self {
            entry: entry.to_owned(),
            kind,
            verdict: Verdict::Open,
            signed: None,
            reason: None,
            stated: None,
            fields: BTreeMap::new(),
            thread: Vec::new(),
            news: Vec::new(),
            proposed_merge: None,
        }
    }

    /// Returns the questions that nobody has answered.
    pub fn open_questions(&self) -> impl Iterator<Item = &Remark> {
        let answered = |id: Uuid| self.thread.iter().any(|remark| remark.to == Some(id));
        let questions = self.thread.iter().filter(|remark| remark.part == Part::Question);
        questions.filter(move |remark| !answered(remark.said.signed.decision))
    }

    /// Returns what a reader may find lacking in what people typed about the line.
    pub fn warnings(&self) -> impl Iterator<Item = &Warning> {
        self.typed().flat_map(|stated| &stated.warnings)
    }

    /// Returns what a reader may find lacking in what the author of one decision typed.
    pub(super) fn warnings_of(&self, decision: Uuid) -> impl Iterator<Item = &Warning> {
        self.typed()
            .filter(move |stated| stated.signed.decision == decision)
            .flat_map(|stated| &stated.warnings)
    }

    fn typed(&self) -> impl Iterator<Item = &Stated> {
        self.stated.iter().chain(self.thread.iter().map(|remark| &remark.said))
    }
}
