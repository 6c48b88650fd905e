use jiff::civil::Date;
use serde::Serialize;

use super::Packet;
use super::item::{DAY_30, Fact};
use crate::review::Reviewed;

/// What the customer said on day 30 of a promise or a success metric (S-056). No words of a call: whoever asked tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// The ledger entry.
    pub entry: String,
    /// Whether it was met.
    pub met: bool,
    /// What the customer said, as the author heard it; may be empty.
    pub words: String,
    /// Who asked.
    pub by: String,
    /// The day, in the deal's zone.
    pub on: Date,
}

impl Confirmation {
    /// Returns `met` or `not met`.
    pub fn outcome(&self) -> &'static str {
        if self.met { "met" } else { "not met" }
    }
}

impl std::fmt::Display for Confirmation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { words, by, on, .. } = self;
        write!(f, "{} ({by}, {on})", self.outcome())?;
        if words.is_empty() { Ok(()) } else { write!(f, ": {words}") }
    }
}

impl Packet {
    /// Returns the packet with what the customer said on day 30, each on the line as it goes now in
    /// `reviewed`. It is no part of what is signed.
    #[must_use]
    pub fn confirmed(mut self, mut confirmations: Vec<Confirmation>, reviewed: &Reviewed) -> Self {
        for told in &mut confirmations {
            told.entry = reviewed.current(&told.entry).to_owned();
        }
        for item in self.sections.iter_mut().flat_map(|section| &mut section.items) {
            let told = confirmations.iter().filter(|told| told.entry == item.entry);
            item.facts.extend(told.map(|told| Fact { name: DAY_30, value: told.to_string() }));
        }
        self.confirmations = confirmations;
        self
    }
}
