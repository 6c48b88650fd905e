use serde::Serialize;

use crate::ledger::Contact;
use crate::packet::Packet;
use crate::papers::Colleague;
use crate::transcript::Side;

/// Somebody whom a paper may name.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Person {
    pub(super) name: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) title: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Stakeholder {
    #[serde(flatten)]
    pub(super) person: Person,
    pub(super) side: Side,
    pub(super) roles: Vec<String>,
    pub(super) stance: String,
    pub(super) last_contact: Option<String>,
}

impl Person {
    /// Returns the name and title of a contact, and nothing else.
    pub(super) fn shown(contact: &Contact) -> Self {
        let Self { name, first_name, title, .. } = Self::from(contact);
        Self { name, first_name, title, ..Self::default() }
    }

    /// Returns the person, or the one of our side whose job it is by the deal's metadata.
    pub(super) fn or_titled(self, packet: &Packet, title: &str) -> Self {
        if self.name.is_some() {
            return self;
        }
        let ours = packet.deal.our_people.iter();
        let held = |it: &&crate::transcript::Person| {
            it.title.as_ref().is_some_and(|held| held.to_lowercase() == title)
        };
        match ours.into_iter().find(held) {
            Some(person) => Self {
                name: Some(person.name.clone()),
                first_name: first_name(&person.name),
                title: person.title.clone(),
                ..self
            },
            None => self,
        }
    }
}

fn first_name(name: &str) -> Option<String> {
    name.split_whitespace().next().map(str::to_owned)
}

impl From<&Colleague> for Person {
    fn from(colleague: &Colleague) -> Self {
        let Colleague { name, title, email, phone } = colleague.clone();
        Self { first_name: name.as_deref().and_then(first_name), name, title, email, phone }
    }
}

impl From<&Contact> for Person {
    fn from(contact: &Contact) -> Self {
        Self {
            first_name: contact.name.as_deref().and_then(first_name),
            name: contact.name.clone(),
            title: contact.title.clone(),
            email: contact.email.clone(),
            phone: None,
        }
    }
}

impl From<&Contact> for Stakeholder {
    fn from(contact: &Contact) -> Self {
        let mut person = Person::from(contact);
        person.name = Some(contact.display().to_owned());
        Self {
            person,
            side: contact.side,
            roles: contact.roles.iter().map(|role| role.as_str().replace('_', " ")).collect(),
            stance: contact.attitude.to_string(),
            last_contact: contact.last_contact.map(|date| date.to_string()),
        }
    }
}
