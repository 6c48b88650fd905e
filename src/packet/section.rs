use jiff::civil::Date;
use serde::Serialize;

use super::Item;
use crate::review::{Assignment, FieldAnswer};

/// A part of the packet: what is known, and what is not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// A stable name in kebab case, for links.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// Who may read it.
    pub audience: Audience,
    /// What is known, each with its words.
    pub items: Vec<Item>,
    /// Required fields without evidence.
    pub gaps: Vec<Gap>,
    /// What people answered to required fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<FieldAnswer>,
    /// Who answers for the section, and by when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned: Option<Assignment>,
}

impl Section {
    /// Tells whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.gaps.is_empty() && self.answers.is_empty()
    }
}

/// Who may read a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Account executive and customer success manager: the internal packet.
    Internal,
    /// AE, CSM and the CS manager only; nothing of it may reach a paper that the customer sees.
    RedFlags,
}

/// A required field that no call answers and no person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The section's id.
    pub section: &'static str,
    /// The field.
    pub field: &'static str,
    /// Always `UNKNOWN`: nothing is guessed.
    pub value: &'static str,
    /// The question to ask next time.
    pub ask: &'static str,
    /// Who finds out: the person named, else the one who answers for the section, else the AE.
    pub owner: String,
    /// By when, where a person said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Ledger entries that lack it, where it is theirs and not the deal's.
    pub about: Vec<String>,
    /// Rows of the contract that ask for the field.
    pub rows: &'static [&'static str],
}

/// How many required fields have evidence; length of text plays no part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    /// Required fields.
    pub required: usize,
    /// Those with evidence.
    pub evidenced: usize,
    /// The share in whole percent, rounded down, so that 100 means all.
    pub percent: usize,
}

impl Completeness {
    pub(super) fn new(required: usize, evidenced: usize) -> Self {
        let percent = (evidenced * 100).checked_div(required).unwrap_or(0);
        Self { required, evidenced, percent }
    }
}
