use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::detect::Stakeholder;
use crate::rules::{Attitude, Role};
use crate::transcript::{Digest, Likeness, Name, Side};

use super::Citation;
use super::heard::Heard;

/// A person on the customer's or a partner's side, over all calls.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contact {
    /// An id from the call and the name under which the person first came up.
    pub id: String,
    /// The fullest form of the name that was heard; `None` for "our CFO".
    pub name: Option<String>,
    /// Other forms.
    pub aliases: Vec<String>,
    /// Job title as last heard.
    pub title: Option<String>,
    /// E-mail address from the calls' metadata.
    pub email: Option<String>,
    /// Side.
    pub side: Side,
    /// Parts the person plays.
    pub roles: Vec<Role>,
    /// Stance as last shown.
    pub attitude: Attitude,
    /// The stance on each call that showed one.
    pub attitudes: Vec<Stance>,
    /// The first call on which the person spoke.
    pub first_contact: Option<Date>,
    /// The last call on which the person spoke.
    pub last_contact: Option<Date>,
    /// Calls on which the person speaks.
    pub speaks_on: Vec<String>,
    /// Calls on which the person speaks or is named.
    pub named_on: Vec<String>,
    /// The words that roles and stance rest on; empty for somebody of whom nothing telling was said.
    pub evidence: Vec<Citation>,
}

/// How a person stood on one call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stance {
    /// The call's id.
    pub call: String,
    /// The stance.
    pub attitude: Attitude,
}

/// Returns the people of all calls. On each call full names are read before first names, so that "Dana" finds
/// Dana Whitfield; a form that fits two people stays apart rather than be given to one of them.
pub(super) fn gather(calls: &[Heard]) -> Vec<Contact> {
    let mut circle = Circle::default();
    for call in calls {
        let mut people: Vec<_> = call.read.detected.stakeholders.iter().collect();
        people.sort_by_key(|person| {
            std::cmp::Reverse(person.name.as_deref().map_or(0, |name| Name::new(name).words().len()))
        });
        for person in people {
            circle.meet(call, person);
        }
    }
    circle.contacts
}

/// The people met so far, filed under the first letters of their names and under their titles.
#[derive(Default)]
struct Circle {
    contacts: Vec<Contact>,
    names: Vec<Vec<Name>>,
    by_letter: BTreeMap<char, BTreeSet<usize>>,
    by_title: BTreeMap<(Side, Vec<String>), usize>,
}

impl Circle {
    fn meet(&mut self, call: &Heard, person: &Stakeholder) {
        let forms: Vec<Name> =
            person.name.iter().chain(&person.aliases).map(|form| Name::new(form)).collect();
        let known =
            if forms.is_empty() { self.titled(person) } else { self.named(call, person.side, &forms) };
        let at = known.unwrap_or_else(|| {
            self.contacts.push(Contact::new(call, person));
            self.names.push(Vec::new());
            self.contacts.len() - 1
        });
        self.contacts[at].meet(call, person);
        for form in forms {
            for letter in form.words().iter().filter_map(|word| word.chars().next()) {
                self.by_letter.entry(letter).or_default().insert(at);
            }
            if !self.names[at].contains(&form) {
                self.names[at].push(form);
            }
        }
        if let Some(title) = &person.title {
            self.by_title.insert((person.side, Name::new(title).words().to_vec()), at);
        }
    }

    fn titled(&self, person: &Stakeholder) -> Option<usize> {
        let title = Name::new(person.title.as_deref()?).words().to_vec();
        self.by_title.get(&(person.side, title)).copied()
    }

    /// Returns the one person of `side` whose name is best like the first of `forms`; of several, the one who is
    /// on this call.
    fn named(&self, call: &Heard, side: Side, forms: &[Name]) -> Option<usize> {
        let letters = forms[0].words().iter().filter_map(|word| word.chars().next());
        let near: BTreeSet<usize> =
            letters.filter_map(|letter| self.by_letter.get(&letter)).flatten().copied().collect();
        let likeness = |at: usize| {
            let known = self.names[at].iter();
            known.map(|name| name.likeness(&forms[0])).min().unwrap_or(Likeness::Different)
        };
        let alike =
            near.into_iter().filter(|at| self.contacts[*at].side == side).map(|at| (likeness(at), at));
        let alike: Vec<_> = alike.filter(|(likeness, _)| *likeness != Likeness::Different).collect();
        let best = alike.iter().map(|(likeness, _)| *likeness).min()?;
        let mut candidates: Vec<usize> =
            alike.into_iter().filter(|(likeness, _)| *likeness == best).map(|(_, at)| at).collect();
        if candidates.len() > 1 {
            let here = &call.transcript.call.id;
            candidates.retain(|at| self.contacts[*at].named_on.contains(here));
        }
        match candidates[..] {
            [only] => Some(only),
            _ => None,
        }
    }
}

impl Contact {
    fn new(call: &Heard, person: &Stakeholder) -> Self {
        let called = person.name.as_ref().or(person.title.as_ref()).map_or("", String::as_str);
        let parts = ["stakeholder", &call.transcript.call.id, person.side.as_str(), called];
        Self {
            id: Digest::of_parts(parts.map(str::as_bytes)).short().to_owned(),
            name: None,
            aliases: Vec::new(),
            title: None,
            email: None,
            side: person.side,
            roles: Vec::new(),
            attitude: Attitude::Unknown,
            attitudes: Vec::new(),
            first_contact: None,
            last_contact: None,
            speaks_on: Vec::new(),
            named_on: Vec::new(),
            evidence: Vec::new(),
        }
    }

    fn meet(&mut self, call: &Heard, person: &Stakeholder) {
        person.name.iter().chain(&person.aliases).for_each(|form| self.learn_name(form));
        self.title = person.title.clone().or(self.title.take());
        self.email = self.email.take().or_else(|| email(call, person));
        let roles: BTreeSet<Role> = self.roles.iter().chain(&person.roles).copied().collect();
        self.roles = roles.into_iter().collect();
        let id = &call.transcript.call.id;
        if person.attitude != Attitude::Unknown {
            self.attitude = person.attitude;
            self.attitudes.push(Stance { call: id.clone(), attitude: person.attitude });
        }
        if self.named_on.last() != Some(id) {
            self.named_on.push(id.clone());
        }
        if person.speaks && self.speaks_on.last() != Some(id) {
            let date = call.transcript.call.started_at.map(|start| start.date());
            self.first_contact = self.first_contact.or(date);
            self.last_contact = date.or(self.last_contact);
            self.speaks_on.push(id.clone());
        }
        self.evidence.extend(person.evidence.iter().filter_map(|quote| call.cite_standing(quote)));
    }

    /// Keeps the form with most words as the name, the first heard of equals, and the others as aliases.
    fn learn_name(&mut self, form: &str) {
        let words = |name: &str| Name::new(name).words().len();
        match &self.name {
            None => self.name = Some(form.to_owned()),
            Some(name) if name == form || self.aliases.iter().any(|alias| alias == form) => {}
            Some(name) if words(form) > words(name) => {
                let shorter = self.name.replace(form.to_owned());
                self.aliases.extend(shorter);
            }
            Some(_) => self.aliases.push(form.to_owned()),
        }
    }

    /// Returns what to call the person: the name, else the title, else "Unnamed".
    pub fn display(&self) -> &str {
        self.name.as_deref().or(self.title.as_deref()).unwrap_or("Unnamed")
    }

    /// Tells whether the person plays `role`.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

fn email(call: &Heard, person: &Stakeholder) -> Option<String> {
    let name = Name::new(person.name.as_deref()?);
    let same = |other: &str| name.likeness(&Name::new(other)) == Likeness::Same;
    let invited = call.transcript.call.participants.iter().filter(|invited| same(&invited.name));
    let speaking = call.transcript.speakers.iter().filter(|speaker| same(speaker.display()));
    invited
        .filter_map(|invited| invited.email.clone())
        .chain(speaking.filter_map(|speaker| speaker.email.clone()))
        .next()
}
