use super::handoff::{Link, link};
use super::reader::Reader;
use crate::packet::Gap;
use crate::web::frame::shown;

/// A required field that nobody has answered, as a question.
pub(super) struct Question {
    pub(super) field: &'static str,
    pub(super) ask: &'static str,
    pub(super) section: &'static str,
    pub(super) owner: String,
    /// By when; empty where nobody said.
    pub(super) due: String,
    /// Lines that lack it.
    pub(super) about: Vec<Link>,
    /// Whether "there is nothing" can be the answer.
    pub(super) nothing: bool,
}

/// Sections of what there may be none of.
const MAY_BE_EMPTY: &[&str] = &["promises", "objections", "competition", "pricing", "expansion", "red-flags"];

impl Question {
    pub(super) fn new(gap: &Gap, reader: &Reader) -> Self {
        Self {
            field: gap.field,
            ask: gap.ask,
            section: gap.section,
            owner: shown(&gap.owner),
            due: gap.due.map(|due| due.to_string()).unwrap_or_default(),
            about: gap.about.iter().map(|entry| link(entry, reader)).collect(),
            nothing: MAY_BE_EMPTY.contains(&gap.section),
        }
    }
}
