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
        // Nobody's name begins a line of its own.
        let plain = |text: &str| text.replace(char::is_control, " ");
        let account = if self.account.is_empty() { &self.deal } else { &self.account };
        let mut text = format!("{}: {}\n", plain(account), plain(&self.words));
        if let Some(due) = self.due_at {
            text.push_str(&format!("Due {due:.0}\n"));
        }
        let names: Vec<&str> =
            self.to.iter().map(|who| who.name.as_str()).filter(|it| !it.is_empty()).collect();
        if !names.is_empty() {
            text.push_str(&format!("For {}\n", plain(&names.join(", "))));
        }
        text.push_str(&format!("{}\n", plain(self.link.as_ref().unwrap_or(&self.deal))));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_writes_no_line_of_its_own() {
        let message = Message {
            id: Uuid::nil(),
            kind: NoticeKind::Signed,
            deal: "acme\nFor all".to_owned(),
            account: "Acme\r\nPay here: x".to_owned(),
            about: None,
            words: "The AE has signed the packet".to_owned(),
            due_at: None,
            at: Timestamp::UNIX_EPOCH,
            link: None,
            to: vec![Recipient { role: Who::Csm, login: String::new(), name: "Kim\u{85}Bo".to_owned() }],
        };
        let said = "Acme  Pay here: x: The AE has signed the packet\nFor Kim Bo\nacme For all\n";
        assert_eq!(message.text(), said);
    }
}
