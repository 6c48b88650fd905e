use lettre::message::header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::ledger::Contact;
use crate::packet::{Packet, visible};
use crate::rules::Role;
use crate::transcript::Digest;

use super::document::Document;
use super::occasion::Colleague;
use super::{DrawError, Occasion, Paper, html, text};

/// Tells a mail program to open the file as a draft that can be read over and sent.
#[derive(Clone)]
struct Unsent;

impl Header for Unsent {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Unsent")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "1".to_owned())
    }
}

/// Draws a mail as a draft: RFC 5322, UTF-8, plain text beside HTML. The AE introduces, the CSM welcomes; the other
/// reads along.
///
/// # Errors
/// Where an address is missing or is none.
pub(super) fn eml(
    paper: Paper,
    packet: &Packet,
    occasion: &Occasion,
    document: &Document,
) -> Result<Vec<u8>, DrawError> {
    let (from, copied, whose, other) = match paper {
        Paper::WelcomeMail => (&occasion.csm, &occasion.ae, "csm.email", "ae.email"),
        _ => (&occasion.ae, &occasion.csm, "ae.email", "csm.email"),
    };
    let at =
        occasion.written_at.ok_or(DrawError::Missing { field: "written_at", what: "when it is written" })?;
    let (plain, page) = (text::text(document), html::body(document)?);
    let boundary = Digest::of(page.as_bytes());
    // Base64 keeps lines short whatever the words are, and survives relays that mend line ends.
    let part = |kind, body: String| {
        SinglePart::builder().header(ContentTransferEncoding::Base64).header(kind).body(body)
    };
    let body = MultiPart::alternative()
        .boundary(format!("readback-{}", boundary.short()))
        .singlepart(part(ContentType::TEXT_PLAIN, plain))
        .singlepart(part(ContentType::TEXT_HTML, page));
    let mut builder = Message::builder()
        .from(mailbox(from, whose)?)
        .to(champion(packet, occasion)?)
        .subject(visible(&document.title))
        .date(at.into())
        .header(Unsent);
    if copied.email.is_some() {
        builder = builder.cc(mailbox(copied, other)?);
    }
    let message = builder.multipart(body).map_err(|error| DrawError::Form(error.to_string()))?;
    Ok(message.formatted())
}

fn mailbox(colleague: &Colleague, field: &'static str) -> Result<Mailbox, DrawError> {
    let address = colleague.email.as_deref();
    let address =
        address.ok_or(DrawError::Missing { field, what: "the address that the mail comes from" })?;
    boxed(colleague.name.as_deref(), address, field)
}

fn champion(packet: &Packet, occasion: &Occasion) -> Result<Mailbox, DrawError> {
    let is_champion = |contact: &&Contact| contact.has(Role::Champion) && contact.name.is_some();
    let contact = packet.ledger.stakeholders.iter().find(is_champion);
    let field = "champion_email";
    let known = occasion.champion_email.as_deref().or(contact.and_then(|contact| contact.email.as_deref()));
    let address = known.ok_or(DrawError::Missing { field, what: "the champion's address" })?;
    boxed(contact.and_then(|contact| contact.name.as_deref()), address, field)
}

fn boxed(name: Option<&str>, address: &str, field: &'static str) -> Result<Mailbox, DrawError> {
    let address: Address = address.trim().parse().map_err(|error| DrawError::Wrong {
        field,
        message: format!("`{}` is no e-mail address: {error}", visible(address)),
    })?;
    Ok(Mailbox::new(name.map(|name| visible(name).into_owned()), address))
}
