//! A review, step by step.

use clap::{Args, Subcommand};

use super::Remote;
use crate::review::{Field, LineKind};

/// `readback review`
#[derive(Debug, Args)]
pub(in crate::cli) struct Review {
    /// The deal's id.
    pub(in crate::cli) deal: String,
    /// Who decides; a server knows by the token.
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) by: Option<String>,
    /// A running server to ask in place of the data directory.
    #[command(flatten)]
    pub(in crate::cli) remote: Remote,
    /// What to do; the lines that nobody has settled where nothing is said.
    #[command(subcommand)]
    pub(in crate::cli) step: Option<ReviewStep>,
}

/// A step of a review. Lines go by the ids that the list shows.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ReviewStep {
    /// List the lines that nobody has settled, and what is open.
    List {
        /// List the settled lines too.
        #[arg(long)]
        all: bool,
    },
    /// Lines are right as they stand.
    Accept {
        /// The lines.
        #[arg(required = true)]
        entries: Vec<String>,
    },
    /// Say what a line comes to, beside its quotes.
    Edit {
        /// The line.
        entry: String,
        /// Your words.
        text: String,
    },
    /// A line is wrong.
    Reject {
        /// The line.
        entry: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Settle a field of a line.
    Set {
        /// The line.
        entry: String,
        /// The field: due, owner, class, stance, strength, status …
        field: Field,
        /// Its value; `none` says that there is none.
        value: String,
    },
    /// Add a line that was not found.
    Add {
        /// What it is: promise, objection, risk, stakeholder …
        kind: LineKind,
        /// What it comes to, in your words.
        #[arg(long)]
        text: Option<String>,
        /// Words of a call.
        #[command(flatten)]
        words: QuoteArgs,
        /// Fields of the line, as `due=2026-12-01`.
        #[arg(long = "field", value_name = "FIELD=VALUE")]
        fields: Vec<String>,
    },
    /// Several lines of one kind are one.
    Merge {
        /// The line that stays.
        into: String,
        /// The lines that join it.
        #[arg(required = true)]
        entries: Vec<String>,
    },
    /// Part sayings from a line.
    Split {
        /// The line.
        entry: String,
        /// The findings that part, as the packet's JSON names them.
        #[arg(required = true)]
        findings: Vec<String>,
    },
    /// Answer a required field.
    #[command(group = clap::ArgGroup::new("is").required(true).args(["quote", "stated", "nothing", "unknown"]))]
    Answer {
        /// The field, as the list of open questions names it.
        field: String,
        /// The line that lacks it, where it is a line's.
        #[arg(long, value_name = "ENTRY")]
        about: Option<String>,
        /// Words of a call.
        #[command(flatten)]
        words: QuoteArgs,
        /// What you know from elsewhere.
        #[arg(long, value_name = "TEXT")]
        stated: Option<String>,
        /// There is nothing: who looked.
        #[arg(long, value_name = "NAME", requires = "on")]
        nothing: Option<String>,
        /// Nobody knows: who finds out.
        #[arg(long, value_name = "NAME", requires = "on")]
        unknown: Option<String>,
        /// The day somebody looked, or finds out by.
        #[arg(long, value_name = "DATE")]
        on: Option<jiff::civil::Date>,
    },
    /// Make somebody answer for a section by a date.
    Assign {
        /// The section's id.
        section: String,
        /// Who.
        owner: String,
        /// By when.
        due: jiff::civil::Date,
    },
    /// Remark on a line.
    Comment {
        /// The line.
        entry: String,
        /// The remark.
        text: String,
    },
    /// Ask about a line.
    Ask {
        /// The line.
        entry: String,
        /// The question.
        text: String,
    },
    /// Answer a question or comment.
    Reply {
        /// Its decision's id.
        to: uuid::Uuid,
        /// The answer.
        text: String,
    },
    /// Take a decision back.
    Undo {
        /// Its id.
        decision: uuid::Uuid,
    },
    /// Print what was decided about a line, as JSON.
    History {
        /// The line.
        entry: String,
    },
}

/// Words of a call, to the letter.
#[derive(Debug, Args)]
pub(in crate::cli) struct QuoteArgs {
    /// Words of a call, to the letter.
    #[arg(long, requires = "call")]
    pub(in crate::cli) quote: Option<String>,
    /// The call's id.
    #[arg(long, requires = "quote")]
    pub(in crate::cli) call: Option<String>,
    /// The turn, where the words are said in several.
    #[arg(long, requires = "quote")]
    pub(in crate::cli) turn: Option<u32>,
}
