use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use lettre::message::header::{ContentTransferEncoding, ContentType};

use super::{Message, NotTold, Recipient};
use crate::transcript::Digest;

/// A folder from which a mail program takes what it sends.
pub(super) struct Spool {
    folder: PathBuf,
    from: Mailbox,
}

impl Spool {
    pub(super) fn new(folder: &Path, from: &str) -> Result<Self, String> {
        let from = from.parse().map_err(|error| format!("notify.mail_from: {error}"))?;
        if !folder.is_dir() {
            return Err(format!("notify.mail_dir: {} is no folder", folder.display()));
        }
        Ok(Self { folder: folder.to_owned(), from })
    }

    /// Writes a mail for each recipient whose login is an address; one that lies there from an earlier attempt stays.
    pub(super) fn put(&self, message: &Message) -> Result<(), NotTold> {
        for recipient in &message.to {
            let Ok(address) = recipient.login.parse::<lettre::Address>() else { continue };
            // By notice and login: who else is told may change between two attempts.
            let name = format!("{}-{}", message.id, Digest::of(recipient.login.as_bytes()).short());
            let path = self.folder.join(format!("{name}.eml"));
            if path.exists() {
                continue;
            }
            let mail = self.mail(message, recipient, address, &name)?;
            // Under its own name only once it is whole: the mail program may look at any time.
            let unfinished = path.with_extension("part");
            let mut file = fs::File::create(&unfinished)?;
            file.write_all(&mail)?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)?;
        }
        Ok(())
    }

    fn mail(
        &self,
        message: &Message,
        to: &Recipient,
        address: lettre::Address,
        name: &str,
    ) -> Result<Vec<u8>, NotTold> {
        let text = message.text();
        let subject: String =
            text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
        let called = Some(to.name.clone()).filter(|name| !name.is_empty());
        let mail = lettre::Message::builder()
            .message_id(Some(format!("<{name}@readback>")))
            .from(self.from.clone())
            .to(Mailbox::new(called, address))
            .subject(subject)
            .date(message.at.into())
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::Base64)
            .body(text);
        mail.map(|mail| mail.formatted()).map_err(|error| NotTold::Form(error.to_string()))
    }
}
