//! Who speaks: from the recorder's labels to people, as far as there is evidence and no further.
//!
//! The order is that of trust: a person's correction, the recorder's id, the name on the label, what people say of
//! themselves, to whom others turn, and last the only one who is left.

use std::collections::HashMap;

use crate::transcript::{Deal, KnownBy, Likeness, Name, Place, Side, Speaker, SpeakerId, Turn};

use super::company::Companies;
use super::introduction::{self, own_name};
use super::label::{Label, in_order};
use super::problems::Problems;
use super::roster::{Match, Roster};
use super::{Correction, address, sides};

/// Names that one speaker's early turns may put to the roster; bounds the work on hostile files.
const TRIES: usize = 3 * introduction::EARLY;

/// Somebody whom the recorder told apart, while the evidence comes together.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) label: String,
    pub(super) parsed: Label,
    pub(super) name: Option<String>,
    pub(super) side: Option<Side>,
    pub(super) title: Option<String>,
    pub(super) email: Option<String>,
    pub(super) known_by: KnownBy,
    /// The place in the roster of the person whom the voice was found to be.
    pub(super) person: Option<usize>,
}

impl Voice {
    pub(super) fn new(label: &str) -> Self {
        let parsed = Label::new(label);
        let known_by = if parsed.name.is_some() { KnownBy::Label } else { KnownBy::Nothing };
        Self {
            label: label.to_owned(),
            name: parsed.name.clone(),
            email: parsed.email.clone(),
            parsed,
            side: None,
            title: None,
            known_by,
            person: None,
        }
    }

    /// Returns how to speak of the voice in a problem.
    pub(super) fn display(&self) -> String {
        let shown = self.name.as_deref().unwrap_or(&self.label);
        if shown.is_empty() { "the unknown speaker".to_owned() } else { format!("“{shown}”") }
    }
}

/// Everybody who speaks in a call, and what may tell who they are.
pub(super) struct Voices<'a> {
    pub(super) voices: Vec<Voice>,
    pub(super) roster: Roster,
    pub(super) companies: Companies,
    pub(super) problems: &'a mut Problems,
    turns: &'a [Turn],
    /// What each voice says, turn by turn.
    said: Vec<Vec<&'a str>>,
    /// Who of the roster was found to be a voice.
    taken: Vec<bool>,
}

impl<'a> Voices<'a> {
    pub(super) fn new(
        labels: &[String],
        turns: &'a [Turn],
        roster: Roster,
        deal: &Deal,
        problems: &'a mut Problems,
    ) -> Self {
        let mut said = vec![Vec::new(); labels.len()];
        for turn in turns {
            said[turn.speaker.index()].push(turn.text.as_str());
        }
        Self {
            voices: labels.iter().map(|label| Voice::new(label)).collect(),
            companies: Companies::of(deal),
            problems,
            turns,
            said,
            taken: vec![false; roster.people.len()],
            roster,
        }
    }

    /// Returns the speakers, resolved as far as there is evidence.
    pub(super) fn resolve(mut self, corrections: &[Correction]) -> Vec<Speaker> {
        self.take_corrected_names(corrections);
        self.match_ids();
        self.match_names();
        if self.roster.can_compare(self.voices.len() * TRIES) {
            self.hear_introductions();
            self.hear_addresses();
        }
        sides::settle(&mut self);
        self.name_the_last();
        self.take_corrected_facts(corrections);
        self.note_unknown();
        self.voices.into_iter().map(speaker).collect()
    }

    /// Returns what voice `at` says, turn by turn.
    pub(super) fn said_by(&self, at: usize) -> impl Iterator<Item = &'a str> {
        self.said[at].iter().copied()
    }

    fn take_corrected_names(&mut self, corrections: &[Correction]) {
        let named =
            corrections.iter().filter_map(|correction| Some((&correction.label, correction.name.as_ref()?)));
        let names: HashMap<&String, &String> = named.collect();
        for voice in &mut self.voices {
            if let Some(name) = names.get(&voice.label) {
                voice.name = Some((*name).clone());
            }
        }
    }

    fn match_ids(&mut self) {
        let ids = self
            .roster
            .people
            .iter()
            .enumerate()
            .filter_map(|(at, known)| Some((known.speaker_id.clone()?, at)));
        let ids: HashMap<String, usize> = ids.collect();
        let emails = self
            .roster
            .people
            .iter()
            .enumerate()
            .filter_map(|(at, known)| Some((known.email.as_ref()?.to_lowercase(), at)));
        let emails: HashMap<String, usize> = emails.collect();
        for voice in 0..self.voices.len() {
            let email = self.voices[voice].email.as_ref().map(|email| email.to_lowercase());
            let found = ids.get(&self.voices[voice].label).or_else(|| emails.get(&email?)).copied();
            if let Some(person) = found {
                self.identify(voice, person, KnownBy::Metadata);
            }
        }
    }

    fn match_names(&mut self) {
        if !self.roster.can_compare(self.voices.len()) {
            let message = || "too many speakers to compare their names with the participants";
            self.problems.note("too-many-speakers", Place::Whole, message);
            return;
        }
        for likeness in [Likeness::Same, Likeness::Misheard, Likeness::Part] {
            let found: Vec<_> =
                (0..self.voices.len()).filter_map(|voice| self.match_name(voice, likeness)).collect();
            let mut rivals = vec![0_usize; self.roster.people.len()];
            found.iter().for_each(|(_, person)| rivals[*person] += 1);
            for (voice, person) in &found {
                if rivals[*person] == 1 || likeness == Likeness::Same {
                    self.identify(*voice, *person, KnownBy::Metadata);
                } else {
                    self.ambiguous(*voice);
                }
            }
        }
    }

    /// Finds the person not yet found whom the name of an unmatched voice means.
    fn match_name(&mut self, voice: usize, likeness: Likeness) -> Option<(usize, usize)> {
        let unmatched = self.voices[voice].name.as_ref().filter(|_| self.voices[voice].person.is_none());
        let name = Name::new(unmatched?);
        match self.roster.find_by(likeness, &name, |at, _| !self.taken[at]) {
            Match::One(person) => Some((voice, person)),
            Match::Several => {
                self.ambiguous(voice);
                None
            }
            Match::None => None,
        }
    }

    fn ambiguous(&mut self, voice: usize) {
        let shown = self.voices[voice].display();
        let message =
            || format!("{shown} could be several of the participants and was left as the label has it");
        self.problems.note("ambiguous-name", Place::Whole, message);
    }

    /// Makes `voice` the person of the roster, unless another voice is already.
    fn identify(&mut self, voice: usize, person: usize, known_by: KnownBy) {
        if self.taken[person] {
            let (shown, name) = (self.voices[voice].display(), self.roster.people[person].name.clone());
            let message =
                || format!("{shown} and another label both match {name}; merge them if they are one person");
            self.problems.note("two-labels-one-person", Place::Whole, message);
            return;
        }
        self.taken[person] = true;
        let known = &self.roster.people[person];
        let voice = &mut self.voices[voice];
        voice.person = Some(person);
        voice.name = Some(known.name.clone()).filter(|name| !name.is_empty()).or(voice.name.take());
        voice.title.clone_from(&known.title);
        voice.email = known.email.clone().or(voice.email.take());
        voice.side = known.side;
        voice.known_by = known_by;
    }

    /// Names nameless voices by how they introduce themselves; a name that two claim is given to neither.
    fn hear_introductions(&mut self) {
        let nameless = (0..self.voices.len()).filter(|at| self.voices[*at].name.is_none());
        let claims: Vec<(usize, String)> = nameless
            .filter_map(|at| {
                let mut early = self.said_by(at).take(introduction::EARLY);
                early.find_map(|text| own_name(text, &self.roster)).map(|name| (at, name))
            })
            .collect();
        for (at, name) in &claims {
            if claims.iter().filter(|(_, other)| other == name).count() > 1 {
                self.problems.note("two-claim-one-name", Place::Whole, || {
                    format!("two speakers introduce themselves as {name}")
                });
                continue;
            }
            match self.roster.find(&Name::new(name), |person, _| !self.taken[person]) {
                Match::One(person) => self.identify(*at, person, KnownBy::Speech),
                _ => {
                    self.voices[*at].name = Some(in_order(name));
                    self.voices[*at].known_by = KnownBy::Speech;
                }
            }
        }
    }

    fn hear_addresses(&mut self) {
        if self.voices.iter().all(|voice| voice.name.is_some()) {
            return;
        }
        for (SpeakerId(voice), person) in address::who_answers(self.turns, &self.roster, |at| !self.taken[at])
        {
            if self.voices[voice as usize].name.is_none() {
                self.identify(voice as usize, person, KnownBy::Speech);
            }
        }
    }

    /// Names the only nameless voice of a side after the only participant of that side who was not yet heard.
    fn name_the_last(&mut self) {
        for side in [Side::Rep, Side::Customer, Side::Partner] {
            let absent =
                self.roster.people.iter().enumerate().filter(|(at, known)| known.invited && !self.taken[*at]);
            let absent: Vec<_> = absent.filter(|(_, known)| known.side.is_none_or(|of| of == side)).collect();
            let nameless = self.voices.iter().enumerate().filter(|(_, voice)| voice.name.is_none());
            let nameless: Vec<_> =
                nameless.filter(|(_, voice)| voice.side.is_none_or(|of| of == side)).collect();
            let ([(person, known)], [(voice, heard)]) = (&absent[..], &nameless[..]) else { continue };
            if known.side == Some(side) && heard.side == Some(side) {
                self.identify(*voice, *person, KnownBy::Speech);
            }
        }
    }

    fn take_corrected_facts(&mut self, corrections: &[Correction]) {
        let by_label: HashMap<&String, &Correction> =
            corrections.iter().map(|correction| (&correction.label, correction)).collect();
        for voice in &mut self.voices {
            let Some(correction) = by_label.get(&voice.label) else { continue };
            if correction.name.is_none() && correction.side.is_none() && correction.title.is_none() {
                continue;
            }
            voice.name = correction.name.clone().or(voice.name.take());
            voice.side = correction.side.or(voice.side);
            voice.title = correction.title.clone().or(voice.title.take());
            voice.known_by = KnownBy::Correction;
        }
    }

    fn note_unknown(&mut self) {
        for voice in &self.voices {
            let shown = voice.display();
            let (code, missing) = match (&voice.name, voice.side) {
                (None, None) => {
                    ("speaker-unresolved", format!("nothing tells who {shown} is, nor on whose side"))
                }
                (None, Some(_)) => ("speaker-unresolved", format!("nothing tells who {shown} is")),
                (Some(_), None) => ("side-unknown", format!("nothing tells whose side {shown} is on")),
                (Some(_), Some(_)) => continue,
            };
            self.problems.note(code, Place::Whole, || missing);
        }
    }
}

fn speaker(voice: Voice) -> Speaker {
    let Voice { label, name, title, email, side, known_by, .. } = voice;
    Speaker { label, name, title, email, side, known_by }
}
