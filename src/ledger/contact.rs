use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use crate::detect::{Provenance, Says, Stakeholder, Turnover};
use crate::rules::{Attitude, Role};
use crate::transcript::{Digest, Likeness, Name, Side};

use super::circle::{self, Person, Sighting};
use super::heard::Heard;
use super::{Citation, Strength, TalkTime};

/// A person on the customer's or a partner's side, over all calls.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contact {
    /// An id from the call and the name under which the person first came up.
    pub id: String,
    /// Ids that the person had while nobody could tell that two were one ("our CFO" and Tom Becker).
    pub known_as: Vec<String>,
    /// The fullest form of the name that was heard; `None` for "our CFO".
    pub name: Option<String>,
    /// Other forms.
    pub aliases: Vec<String>,
    /// Job title as last heard.
    pub title: Option<String>,
    /// E-mail address from the calls' metadata.
    pub email: Option<String>,
    /// Side: that of a call on which the person speaks, where there is one.
    pub side: Side,
    /// Parts the person plays.
    pub roles: Vec<Role>,
    /// Stance as last shown.
    pub attitude: Attitude,
    /// The stance on each call that showed one, in order.
    pub attitudes: Vec<Stance>,
    /// The first call on which the person spoke.
    pub first_contact: Option<Date>,
    /// The last call on which the person spoke.
    pub last_contact: Option<Date>,
    /// Calls on which the person speaks.
    pub speaks_on: Vec<String>,
    /// Calls on which the person speaks or is named.
    pub named_on: Vec<String>,
    /// How long the person speaks on all of them.
    pub talk: TalkTime,
    /// Whether the person came or left, as last told.
    pub turnover: Option<Move>,
    /// How strong the relationship is, as far as the calls show; `None` for somebody who left.
    pub strength: Option<Strength>,
    /// The words that roles and stance rest on; empty for somebody of whom nothing telling was said.
    pub evidence: Vec<Citation>,
    /// Parts and stances that a model heard and the rules did not.
    pub testified: Vec<Witnessed>,
}

/// A part or stance that rests on a model's word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Witnessed {
    /// What the model says, and the rules.
    pub says: Says,
    /// The words that show it.
    pub words: Citation,
    /// Which model, and by which prompt.
    pub provenance: Provenance,
    /// Whether another word holds in place of a stance: a person's, or what the rules heard on a later call.
    #[serde(skip)]
    pub overtaken: bool,
}

/// How a person stood on one call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stance {
    /// The call's id.
    pub call: String,
    /// The stance.
    pub attitude: Attitude,
    /// The last words that show it; `None` for somebody who spoke and leaned to no side.
    pub words: Option<Citation>,
}

/// A person's coming or going, and the words that tell of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Move {
    /// Which of both.
    pub turnover: Turnover,
    /// The words.
    pub words: Citation,
}

/// Returns the people of all calls, in the order in which they first came up.
pub(super) fn gather(calls: &[Heard]) -> Vec<Contact> {
    let talk: Vec<_> = calls.iter().map(|call| TalkTime::of_speakers(call.transcript)).collect();
    let ids: Vec<&str> = calls.iter().map(|call| call.transcript.call.id.as_str()).collect();
    let known = |person: Person| {
        let of = |(call, person): Sighting| &calls[call].read.detected.stakeholders[person];
        let mut begins = person.begins.iter().map(|begin| id_of(ids[begin.0], of(*begin)));
        let mut contact = Contact::unknown(begins.next().unwrap_or_default());
        contact.known_as = begins.collect();
        for sighting in person.sightings {
            contact.meet(&calls[sighting.0], of(sighting), &talk[sighting.0]);
        }
        contact.strength = (!contact.has_left()).then(|| Strength::of(&contact, &ids));
        contact
    };
    circle::people(calls).into_iter().map(known).collect()
}

impl Contact {
    /// Returns somebody of whom nothing is known.
    pub fn unknown(id: String) -> Self {
        Self {
            id,
            known_as: Vec::new(),
            name: None,
            aliases: Vec::new(),
            title: None,
            email: None,
            side: Side::Customer,
            roles: Vec::new(),
            attitude: Attitude::Unknown,
            attitudes: Vec::new(),
            first_contact: None,
            last_contact: None,
            speaks_on: Vec::new(),
            named_on: Vec::new(),
            talk: TalkTime::default(),
            turnover: None,
            strength: None,
            evidence: Vec::new(),
            testified: Vec::new(),
        }
    }

    fn meet(&mut self, call: &Heard, person: &Stakeholder, talk: &[TalkTime]) {
        let id = &call.transcript.call.id;
        person.name.iter().chain(&person.aliases).for_each(|form| self.learn_name(form));
        self.title = person.title.clone().or(self.title.take());
        self.email = self.email.take().or_else(|| email(call, person));
        let roles: BTreeSet<Role> = self.roles.iter().chain(&person.roles).copied().collect();
        self.roles = roles.into_iter().collect();
        // A side heard by hearsay is a guess; that of somebody who speaks is known.
        if self.named_on.is_empty() || person.speaks && self.speaks_on.is_empty() {
            self.side = person.side;
        }
        self.stand(call, person);
        if self.named_on.last() != Some(id) {
            self.named_on.push(id.clone());
        }
        if person.speaks && self.speaks_on.last() != Some(id) {
            let date = call.transcript.call.started_at.map(|start| start.date());
            self.first_contact = self.first_contact.or(date);
            self.last_contact = date.or(self.last_contact);
            self.speaks_on.push(id.clone());
            speaker(call, person)
                .and_then(|at| talk.get(at))
                .into_iter()
                .for_each(|talk| self.talk.add(*talk));
        }
        let told = person.turnover.as_ref();
        let turnover = told.and_then(|(turnover, quote)| Some((*turnover, call.cite_standing(quote)?)));
        self.turnover = turnover.map(|(turnover, words)| Move { turnover, words }).or(self.turnover.take());
        self.evidence.extend(person.evidence.iter().filter_map(|quote| call.cite_standing(quote)));
        self.testified.extend(person.testified.iter().filter_map(|heard| {
            let words = call.cite_standing(&heard.quote)?;
            let (says, provenance) = (heard.says.clone(), call.by_model(&heard.by));
            Some(Witnessed { says, words, provenance, overtaken: false })
        }));
    }

    /// Takes in how the person stands on a call. Somebody who shows nothing there stands as before.
    fn stand(&mut self, call: &Heard, person: &Stakeholder) {
        let shows = !matches!(person.attitude, Attitude::Unknown | Attitude::Neutral);
        if !shows && (person.attitude == Attitude::Unknown || self.attitude != Attitude::Unknown) {
            return;
        }
        if shows && !person.testified.iter().any(|heard| heard.says.is_stance()) {
            self.overtake_stances();
        }
        self.attitude = person.attitude;
        self.attitudes.push(Stance {
            call: call.transcript.call.id.clone(),
            attitude: person.attitude,
            words: person.shown_by.as_ref().and_then(|quote| call.cite_standing(quote)),
        });
    }

    /// Has another word hold in place of the stances that models have heard so far.
    pub fn overtake_stances(&mut self) {
        for heard in self.testified.iter_mut().filter(|heard| heard.says.is_stance()) {
            heard.overtaken = true;
        }
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

    /// Keeps the words that stand.
    pub(super) fn retain(&mut self, stands: &mut impl FnMut(&Citation) -> bool) {
        self.evidence.retain(&mut *stands);
        self.testified.retain(|heard| stands(&heard.words));
        self.turnover.take_if(|news| !stands(&news.words));
        for stance in &mut self.attitudes {
            stance.words.take_if(|words| !stands(words));
        }
    }

    /// Returns what to call the person: the name, else the title, else "Unnamed".
    pub fn display(&self) -> &str {
        self.name.as_deref().or(self.title.as_deref()).unwrap_or("Unnamed")
    }

    /// Tells whether `name` is one of the forms under which the person is known.
    pub fn is_called(&self, name: &str) -> bool {
        self.name.iter().chain(&self.aliases).any(|form| form == name)
    }

    /// Tells whether the person left, as far as anybody said.
    pub fn has_left(&self) -> bool {
        self.turnover.as_ref().is_some_and(|news| news.turnover == Turnover::Left)
    }

    /// Tells whether the person is against it, or in doubt. A model talks nobody out of that whom the rules hear so;
    /// a person does, and a later call.
    pub fn is_against(&self) -> bool {
        let opposes = |stance: Attitude| matches!(stance, Attitude::Skeptical | Attitude::Opposed);
        let overruled =
            |heard: &&Witnessed| matches!(heard.says, Says::Stance { rules, .. } if opposes(rules));
        let overruled = self.testified.iter().filter(overruled).any(|heard| !heard.overtaken);
        opposes(self.attitude) || self.has(Role::Blocker) || overruled
    }

    /// Tells whether the person plays `role`.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Returns the id of somebody who first comes up on a call.
fn id_of(call: &str, person: &Stakeholder) -> String {
    let called = person.name.as_ref().or(person.title.as_ref()).map_or("", String::as_str);
    let parts = ["stakeholder", call, person.side.as_str(), called];
    Digest::of_parts(parts.map(str::as_bytes)).short().to_owned()
}

/// Returns the place of `person` among the speakers of a call.
fn speaker(call: &Heard, person: &Stakeholder) -> Option<usize> {
    let forms: Vec<Name> = person.name.iter().chain(&person.aliases).map(|form| Name::new(form)).collect();
    let speakers = call.transcript.speakers.iter().enumerate();
    let alike = speakers.filter_map(|(at, speaker)| {
        let name = Name::new(speaker.display());
        let best = forms.iter().map(|form| form.likeness(&name)).min()?;
        (best != Likeness::Different).then_some((best, at))
    });
    alike.min().map(|(_, at)| at)
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
