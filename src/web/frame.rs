use askama::Template;
use axum::response::Html;

use super::asset::{ICON, SCRIPT, STYLE};
use crate::access::Act;
use crate::http::{Caller, ProblemJson};
use crate::packet::visible;

/// What stands around every page: its title, the way to the others, and who has signed in.
pub(super) struct Frame {
    pub(super) title: String,
    /// The address in the navigation that this page belongs to.
    pub(super) here: &'static str,
    /// Who has signed in; empty on pages for anybody.
    pub(super) who: String,
    pub(super) role: String,
    pub(super) delivers: bool,
    pub(super) measures: bool,
    pub(super) admits: bool,
    pub(super) style: String,
    pub(super) script: String,
    pub(super) icon: String,
}

impl Frame {
    /// Returns the frame of a page for `caller`.
    pub(super) fn new(title: &str, here: &'static str, caller: &Caller) -> Self {
        Self {
            who: shown(&caller.name),
            role: caller.role.as_str().replace('_', " "),
            delivers: caller.may(Act::Deliver),
            measures: caller.may(Act::Measure),
            admits: caller.may(Act::Admit),
            ..Self::open(title, here)
        }
    }

    /// Returns the frame of a page for anybody.
    pub(super) fn open(title: &str, here: &'static str) -> Self {
        Self {
            title: shown(title),
            here,
            who: String::new(),
            role: String::new(),
            delivers: false,
            measures: false,
            admits: false,
            style: STYLE.address(),
            script: SCRIPT.address(),
            icon: ICON.address(),
        }
    }
}

/// Draws a page.
pub(super) fn draw(page: &impl Template) -> Result<Html<String>, ProblemJson> {
    page.render().map(Html).map_err(|error| ProblemJson::internal(&error))
}

/// Returns text that anybody may have written as a page shows it.
pub(super) fn shown(text: &str) -> String {
    visible(text).into_owned()
}

/// Returns a word of the vocabulary as people write it.
pub(super) fn words(word: &str) -> String {
    word.replace('_', " ")
}
