use std::fs;
use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use lettre::message::header::{ContentTransferEncoding, ContentType};

use super::{Message, NotTold, Recipient};

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

    /// Writes a mail for each recipient whose login is an address; a mail that was written before is written over.
    pub(super) fn put(&self, message: &Message) -> Result<(), NotTold> {
        for (place, recipient) in message.to.iter().enumerate() {
            let Ok(address) = recipient.login.parse::<lettre::Address>() else { continue };
            let mail = self.mail(message, recipient, address)?;
            let path = self.folder.join(format!("{}-{place}.eml", message.id));
            // Under its own name only once it is whole: the mail program may look at any time.
            let unfinished = path.with_extension("part");
            fs::write(&unfinished, mail)?;
            fs::rename(&unfinished, &path)?;
        }
        Ok(())
    }

    fn mail(&self, message: &Message, to: &Recipient, address: lettre::Address) -> Result<Vec<u8>, NotTold> {
        let text = message.text();
        let subject: String =
            text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
        let name = Some(to.name.clone()).filter(|name| !name.is_empty());
        let mail = lettre::Message::builder()
            .message_id(Some(format!("<{}@readback>", message.id)))
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(subject)
            .date(message.at.into())
            .header(ContentType::TEXT_PLAIN)
            .header(ContentTransferEncoding::Base64)
            .body(text);
        mail.map(|mail| mail.formatted()).map_err(|error| NotTold::Form(error.to_string()))
    }
}
