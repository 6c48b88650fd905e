use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Field, LineKind, Words};

/// What a person does to the lines, questions and sections of a packet. Quotes are not among the things that can be
/// changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = ReviewAct)]
pub enum Act {
    /// The line is right as it stands. Takes back an earlier rejection.
    Accept {
        /// The line's ledger entry.
        entry: String,
    },
    /// Says in the author's words what the line comes to, beside its quotes.
    Edit {
        /// The line's ledger entry.
        entry: String,
        /// The author's words.
        text: String,
    },
    /// Settles one field of a line.
    Set {
        /// The line's ledger entry.
        entry: String,
        /// The field.
        field: Field,
        /// Its value; `null` says that there is none.
        #[schema(value_type = Object)]
        value: Value,
    },
    /// The line is wrong and leaves the packet.
    Reject {
        /// The line's ledger entry.
        entry: String,
        /// Why.
        reason: String,
    },
    /// Adds a line that was not found: with words of a call, or as stated by the author.
    Add {
        /// What it is.
        #[schema(value_type = String)]
        kind: LineKind,
        /// What it comes to, in the author's words; needed where no words of a call are given.
        #[serde(default)]
        text: Option<String>,
        /// Words of a call.
        #[serde(default)]
        words: Option<Words>,
        /// Fields of the line.
        #[serde(default)]
        #[schema(value_type = Object)]
        fields: BTreeMap<Field, Value>,
    },
    /// Several lines of one kind are one.
    Merge {
        /// The line that stays.
        into: String,
        /// The lines that join it.
        entries: Vec<String>,
    },
    /// Some sayings of a line are a line of their own; its id is the first of their findings.
    Split {
        /// The line's ledger entry.
        entry: String,
        /// The findings of the sayings that part.
        findings: Vec<String>,
    },
    /// Answers a required field.
    Answer {
        /// The field, as the packet's gaps name it.
        field: String,
        /// The entry that lacks it, where it is an entry's and not the deal's.
        #[serde(default)]
        about: Option<String>,
        /// The answer.
        answer: Answer,
    },
    /// Makes somebody answer for a section by a date.
    Assign {
        /// The section's id.
        section: String,
        /// Who.
        owner: String,
        /// By when.
        #[schema(value_type = String, format = Date)]
        due: Date,
    },
    /// Remarks on a line.
    Comment {
        /// The line's ledger entry.
        entry: String,
        /// The remark.
        text: String,
    },
    /// Asks about a line.
    Question {
        /// The line's ledger entry.
        entry: String,
        /// The question.
        text: String,
    },
    /// Answers a question, or goes on where a comment began.
    Reply {
        /// The question or comment.
        #[schema(value_type = String)]
        to: Uuid,
        /// The answer.
        text: String,
    },
    /// Takes an earlier decision back; everything else stands as if it had not been made.
    Undo {
        /// The decision.
        #[schema(value_type = String)]
        decision: Uuid,
    },
}

/// The answer to a required field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = FieldAnswer)]
pub enum Answer {
    /// Words of a call answer it.
    Quoted {
        /// The words.
        words: Words,
    },
    /// The author knows it from elsewhere.
    Stated {
        /// The author's words.
        text: String,
    },
    /// There is nothing: no risk, no special term. Somebody answers for having looked.
    Nothing {
        /// Who looked.
        by: String,
        /// When.
        #[schema(value_type = String, format = Date)]
        on: Date,
    },
    /// Nobody knows; somebody finds out.
    Unknown {
        /// Who.
        owner: String,
        /// By when.
        #[schema(value_type = String, format = Date)]
        due: Date,
    },
}

impl Act {
    /// Returns the ledger entries that it is about, by their ids.
    pub fn entries(&self) -> Vec<&str> {
        match self {
            Self::Accept { entry }
            | Self::Edit { entry, .. }
            | Self::Set { entry, .. }
            | Self::Reject { entry, .. }
            | Self::Split { entry, .. }
            | Self::Comment { entry, .. }
            | Self::Question { entry, .. } => vec![entry],
            Self::Merge { into, entries } => {
                std::iter::once(into).chain(entries).map(String::as_str).collect()
            }
            Self::Answer { about, .. } => about.iter().map(String::as_str).collect(),
            Self::Add { .. } | Self::Assign { .. } | Self::Reply { .. } | Self::Undo { .. } => Vec::new(),
        }
    }

    /// Returns the words of a call that it brings.
    pub fn words_mut(&mut self) -> Option<&mut Words> {
        match self {
            Self::Add { words, .. } => words.as_mut(),
            Self::Answer { answer: Answer::Quoted { words }, .. } => Some(words),
            _ => None,
        }
    }

    /// Returns what the author typed as prose.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Edit { text, .. }
            | Self::Comment { text, .. }
            | Self::Question { text, .. }
            | Self::Reply { text, .. }
            | Self::Answer { answer: Answer::Stated { text }, .. } => Some(text),
            Self::Reject { reason, .. } => Some(reason),
            Self::Add { text, .. } => text.as_deref(),
            _ => None,
        }
    }

    /// Tells whether it only talks about lines and settles nothing.
    pub fn is_talk(&self) -> bool {
        matches!(self, Self::Comment { .. } | Self::Question { .. } | Self::Reply { .. })
    }

    /// Returns the word that interfaces use for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accept { .. } => "accept",
            Self::Edit { .. } => "edit",
            Self::Set { .. } => "set",
            Self::Reject { .. } => "reject",
            Self::Add { .. } => "add",
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Answer { .. } => "answer",
            Self::Assign { .. } => "assign",
            Self::Comment { .. } => "comment",
            Self::Question { .. } => "question",
            Self::Reply { .. } => "reply",
            Self::Undo { .. } => "undo",
        }
    }
}
