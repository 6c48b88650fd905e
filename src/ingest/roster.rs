use std::collections::HashMap;

use crate::transcript::{Call, Deal, Likeness, Name, Participant, Side};

use super::label::in_order;

/// Mail providers whose domain tells nothing of a person's company.
const FREE_MAIL: [&str; 16] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "orange.fr",
    "free.fr",
];

/// Comparisons of names beyond which only equal names are matched: hostile files name tens of thousands.
const MOST_COMPARISONS: usize = 100_000;

/// Somebody whom metadata names: a participant of the call, or one of our people.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) title: Option<String>,
    pub(super) side: Option<Side>,
    pub(super) speaker_id: Option<String>,
    /// Named as present, not only as one of our people.
    pub(super) invited: bool,
    folded: Name,
}

/// Everybody whom metadata names, each once, with sides as far as metadata tells.
#[derive(Debug, Default)]
pub(super) struct Roster {
    pub(super) people: Vec<Known>,
}

/// What a name finds in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    One(usize),
    Several,
    None,
}

impl Roster {
    /// Returns the people of `call` and of `deal`'s our side.
    pub(super) fn of(call: &Call, deal: &Deal) -> Self {
        let mut roster = Self { people: call.participants.iter().map(Known::invited).collect() };
        let domains = our_domains(call, deal);
        for known in &mut roster.people {
            known.side = known.side.or_else(|| side_of_email(known.email.as_deref()?, &domains));
        }
        for person in &deal.our_people {
            roster.add_ours(&person.name, person.title.as_ref());
        }
        for person in &deal.known_people {
            roster.add_known(person, &domains);
        }
        roster
    }

    /// Adds somebody whom another call of the deal names, or what that call says of somebody who is here.
    fn add_known(&mut self, person: &Participant, domains: &[String]) {
        let side = person.side.or_else(|| side_of_email(person.email.as_deref()?, domains));
        match self.find_by(Likeness::Same, &Name::new(&person.name), |_, _| true) {
            Match::One(at) => {
                let known = &mut self.people[at];
                known.side = known.side.or(side);
                known.title = known.title.take().or(person.title.clone());
                known.email = known.email.take().or(person.email.clone());
            }
            Match::Several => {}
            Match::None => self.people.push(Known { side, invited: false, ..Known::invited(person) }),
        }
    }

    fn add_ours(&mut self, name: &str, title: Option<&String>) {
        let open = |known: &Known| known.side.is_none_or(|side| side == Side::Rep);
        match self.find(&Name::new(name), |_, known| known.invited && open(known)) {
            Match::One(at) => {
                let known = &mut self.people[at];
                known.side = Some(Side::Rep);
                known.title = known.title.take().or(title.cloned());
            }
            _ => self.people.push(Known {
                name: in_order(name),
                email: None,
                title: title.cloned(),
                side: Some(Side::Rep),
                speaker_id: None,
                invited: false,
                folded: Name::new(name),
            }),
        }
    }

    /// Finds the one person of those `among` whom `name` means: the same name, else misheard, else a part of it.
    pub(super) fn find(&self, name: &Name, among: impl Fn(usize, &Known) -> bool) -> Match {
        [Likeness::Same, Likeness::Misheard, Likeness::Part]
            .into_iter()
            .map(|likeness| self.find_by(likeness, name, &among))
            .find(|found| *found != Match::None)
            .unwrap_or(Match::None)
    }

    /// Finds whom `name` means by one degree of `likeness`; of several, the one who was invited.
    pub(super) fn find_by(
        &self,
        likeness: Likeness,
        name: &Name,
        among: impl Fn(usize, &Known) -> bool,
    ) -> Match {
        let fits =
            |(at, known): &(usize, &Known)| among(*at, known) && name.likeness(&known.folded) == likeness;
        let mut found: Vec<_> = self.people.iter().enumerate().filter(fits).collect();
        if found.len() > 1 && found.iter().any(|(_, known)| known.invited) {
            found.retain(|(_, known)| known.invited);
        }
        match found[..] {
            [] => Match::None,
            [(at, _)] => Match::One(at),
            _ => Match::Several,
        }
    }

    /// Tells whether comparing `names` names with everybody here is affordable.
    pub(super) fn can_compare(&self, names: usize) -> bool {
        names.saturating_mul(self.people.len()) <= MOST_COMPARISONS
    }
}

impl Known {
    fn invited(person: &Participant) -> Self {
        Self {
            name: in_order(&person.name),
            email: person.email.clone(),
            title: person.title.clone(),
            side: person.side,
            speaker_id: person.speaker_id.clone(),
            invited: true,
            folded: Name::new(&person.name),
        }
    }
}

/// Returns our domains; where the deal names none, those of the people who are stated to be ours.
fn our_domains(call: &Call, deal: &Deal) -> Vec<String> {
    if !deal.our_domains.is_empty() {
        return deal.our_domains.iter().map(|domain| domain.trim().to_lowercase()).collect();
    }
    let ours = call.participants.iter().filter(|person| person.side == Some(Side::Rep));
    let domains = ours.filter_map(|person| domain(person.email.as_deref()?));
    domains.filter(|domain| !FREE_MAIL.contains(&domain.as_str())).collect()
}

fn domain(email: &str) -> Option<String> {
    email.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase()).filter(|domain| !domain.is_empty())
}

fn side_of_email(email: &str, ours: &[String]) -> Option<Side> {
    let domain = domain(email).filter(|domain| !FREE_MAIL.contains(&domain.as_str()))?;
    let is_ours = |ours: &String| {
        domain == *ours || domain.strip_suffix(ours.as_str()).is_some_and(|sub| sub.ends_with('.'))
    };
    match ours {
        [] => None,
        _ if ours.iter().any(is_ours) => Some(Side::Rep),
        _ => Some(Side::Customer),
    }
}

/// Joins what the file says of the call with what its sidecar says; the sidecar wins field by field.
pub(super) fn join(sidecar: Call, file: Call) -> Call {
    let mut participants = sidecar.participants;
    let mut by_email: HashMap<String, usize> = HashMap::new();
    let mut by_name: HashMap<Vec<String>, usize> = HashMap::new();
    for (at, person) in participants.iter().enumerate() {
        by_name.insert(sorted_words(&person.name), at);
        by_email.extend(person.email.as_ref().map(|email| (email.to_lowercase(), at)));
    }
    for person in file.participants {
        let email = person.email.as_ref().map(|email| email.to_lowercase());
        let known =
            email.and_then(|email| by_email.get(&email)).or_else(|| by_name.get(&sorted_words(&person.name)));
        match known.filter(|_| !person.name.is_empty() || person.email.is_some()) {
            Some(at) => fill(&mut participants[*at], person),
            None => participants.push(person),
        }
    }
    Call {
        id: if sidecar.id.is_empty() { file.id } else { sidecar.id },
        title: sidecar.title.or(file.title),
        started_at: sidecar.started_at.or(file.started_at),
        language: sidecar.language.or(file.language),
        participants,
        recording_url: sidecar.recording_url.or(file.recording_url),
    }
}

fn sorted_words(name: &str) -> Vec<String> {
    let mut words = Name::new(name).words().to_vec();
    words.sort();
    words
}

fn fill(known: &mut Participant, more: Participant) {
    known.email = known.email.take().or(more.email);
    known.title = known.title.take().or(more.title);
    known.side = known.side.or(more.side);
    known.speaker_id = known.speaker_id.take().or(more.speaker_id);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, email: &str) -> Participant {
        Participant { name: name.to_owned(), email: Some(email.to_owned()), ..Participant::default() }
    }

    #[test]
    fn a_domain_tells_the_side_and_free_mail_tells_none() {
        let ours = vec!["tally.example".to_owned()];
        assert_eq!(side_of_email("kofi@TALLY.example", &ours), Some(Side::Rep));
        assert_eq!(side_of_email("kofi@eu.tally.example", &ours), Some(Side::Rep));
        assert_eq!(side_of_email("kofi@nottally.example", &ours), Some(Side::Customer));
        assert_eq!(side_of_email("kofi@gmail.com", &ours), None);
        assert_eq!(side_of_email("kofi@acme.example", &[]), None);
    }

    #[test]
    fn the_sidecar_wins_and_the_file_fills_its_gaps() {
        let sidecar =
            Call { participants: vec![person("Dana Whitfield", "dana@acme.example")], ..Call::default() };
        let mut of_file = person("Whitfield, Dana", "DANA@acme.example");
        of_file.speaker_id = Some("77".to_owned());
        let file = Call { id: "g-1".to_owned(), participants: vec![of_file], ..Call::default() };
        let call = join(sidecar, file);
        assert_eq!(call.id, "g-1");
        assert_eq!(call.participants.len(), 1);
        assert_eq!(call.participants[0].speaker_id.as_deref(), Some("77"));
    }
}
