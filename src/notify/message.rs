use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::handoff::{NoticeKind, Who};

/// What people are told. Names of people and accounts are hostile text; words of a call are never in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The same for every attempt and on every channel, so that whoever gets it twice can tell.
    pub id: Uuid,
    /// What happened.
    pub kind: NoticeKind,
    /// The deal's id.
    pub deal: String,
    /// The customer.
    pub account: String,
    /// The step's short name, or the promise.
    pub about: Option<String>,
    /// What happened, in words.
    pub words: String,
    /// The deadline.
    pub due_at: Option<Timestamp>,
    /// When it came about.
    pub at: Timestamp,
    /// Where its packet can be read; `null` where nobody said where browsers find the service.
    pub link: Option<String>,
    /// For whom it is.
    pub to: Vec<Recipient>,
}

/// Somebody who is told.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Recipient {
    /// As what.
    #[serde(rename = "as")]
    pub role: Who,
    /// Their login; empty where nobody is known in that role.
    pub login: String,
    /// Their name.
    pub name: String,
}

impl Message {
    /// Returns the message as lines of plain text, the first of which is its subject.
    pub(super) fn text(&self) -> String {
        let account = if self.account.is_empty() { &self.deal } else { &self.account };
        let mut text = format!("{account}: {}\n", self.words);
        if let Some(due) = self.due_at {
            text.push_str(&format!("Due {due:.0}\n"));
        }
        let names: Vec<&str> =
            self.to.iter().map(|who| who.name.as_str()).filter(|it| !it.is_empty()).collect();
        if !names.is_empty() {
            text.push_str(&format!("For {}\n", names.join(", ")));
        }
        text.push_str(&format!("{}\n", self.link.as_ref().unwrap_or(&self.deal)));
        text
    }
}
