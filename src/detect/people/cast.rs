use std::collections::{HashMap, HashSet};

use super::mention::{ENOUGH, Mention};
use super::pack::Lexicon;
use super::spoken::Spoken;
use super::title::Rank;
use crate::transcript::{Deal, Name, Participant, Side};

/// Two last names alike from here on (Jaro-Winkler) are one where the first names are the same: `Navarro`/`Nabarro`
/// is 0.91, `Ferrer`/`Herrer` 0.89, `Okafor`/`Lindgren` 0.43.
const LIKE_LAST_NAMES: f64 = 0.75;

/// Two first names of four letters or more alike from here on are one misheard, as [`Name::likeness`] has it.
const LIKE_FIRST_NAMES: f64 = 0.90;

/// Somebody whom the call's data list or its words name.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// The name as it was written or said most fully.
    pub(super) name: String,
    /// Its folded words.
    pub(super) words: Vec<String>,
    pub(super) aliases: Vec<String>,
    pub(super) title: Option<String>,
    rank: Option<Rank>,
    pub(super) side: Option<Side>,
    /// Whether the person is on our side.
    pub(super) ours: bool,
    pub(super) speaks: bool,
    /// Whether the call's data name the person.
    pub(super) listed: bool,
    /// Indices of the mentions, in order.
    pub(super) mentions: Vec<usize>,
}

/// Everybody of a call.
pub(super) struct Cast {
    pub(super) persons: Vec<Person>,
    /// The person behind each speaker.
    pub(super) of_speaker: Vec<Option<usize>>,
    /// The person behind each mention.
    pub(super) of_mention: Vec<Option<usize>>,
}

/// Returns the folded words of everybody whom the call's data or the deal name.
pub(super) fn known_words(spoken: &Spoken, deal: &Deal) -> HashSet<String> {
    let transcript = spoken.transcript;
    let speakers = transcript.speakers.iter().filter_map(|speaker| speaker.name.as_deref());
    let listed = transcript.call.participants.iter().map(|participant| participant.name.as_str());
    let ours = deal.our_people.iter().map(|person| person.name.as_str());
    let words = speakers.chain(listed).chain(ours).flat_map(|name| Name::new(name).words().to_vec());
    words.filter(|word| word.chars().count() > 2).collect()
}

impl Cast {
    /// Returns the cast as the call's data list it.
    pub(super) fn listed(spoken: &Spoken, deal: &Deal) -> Self {
        let mut cast = Self { persons: Vec::new(), of_speaker: Vec::new(), of_mention: Vec::new() };
        for speaker in &spoken.transcript.speakers {
            let person = speaker.name.as_deref().and_then(|name| cast.list(name));
            if let Some(person) = person.map(|at| &mut cast.persons[at]) {
                person.speaks = true;
                person.side = person.side.or(speaker.side);
                person.ours |= speaker.side == Some(Side::Rep);
                person.entitle(speaker.title.as_deref());
            }
            cast.of_speaker.push(person);
        }
        for participant in &spoken.transcript.call.participants {
            if let Some(at) = cast.list(&participant.name) {
                let person = &mut cast.persons[at];
                person.side = person.side.or(participant.side).or_else(|| side_of(participant, deal));
                person.ours |= person.side == Some(Side::Rep);
                person.entitle(participant.title.as_deref());
            }
        }
        for ours in &deal.our_people {
            if let Some(at) = cast.list(&ours.name) {
                cast.persons[at].ours |= cast.persons[at].side.is_none_or(|side| side == Side::Rep);
            }
        }
        cast.settle_speakers();
        cast
    }

    /// Counts speakers of no known side as customers where our own people are known.
    fn settle_speakers(&mut self) {
        let we_are_known = self.persons.iter().any(|person| person.ours);
        for person in &mut self.persons {
            if we_are_known && person.speaks && !person.ours {
                person.side = person.side.or(Some(Side::Customer));
            }
        }
    }

    fn list(&mut self, name: &str) -> Option<usize> {
        let folded = Name::new(name);
        if folded.words().is_empty() {
            return None;
        }
        let found = self.persons.iter().position(|person| is_listed_as(person, &folded));
        let at = found.unwrap_or(self.persons.len());
        if found.is_none() {
            let words = folded.words().to_vec();
            self.persons.push(Person {
                name: name.trim().to_owned(),
                words,
                listed: true,
                ..Person::default()
            });
        } else {
            self.persons[at].call(name.trim());
        }
        Some(at)
    }

    /// Joins `mentions` to the cast, full names first, adding whoever is new.
    pub(super) fn join(&mut self, spoken: &Spoken, mentions: &[Mention]) {
        // What is written alike is read alike, so that a name said forty times is looked for once.
        let mut known: HashMap<(&str, usize), Option<usize>> = HashMap::new();
        let mut order: Vec<_> = (0..mentions.len()).collect();
        order.sort_by_key(|at| (mentions[*at].words.len() == 1, *at));
        self.of_mention = vec![None; mentions.len()];
        for at in order {
            let mention = &mentions[at];
            let speaker =
                spoken.transcript.turns[spoken.words[mention.words.start].turn as usize].speaker.index();
            let form = spoken.text(mention.words.clone());
            // Only full names depend on who says them.
            let key = (form, if mention.words.len() == 1 { usize::MAX } else { speaker });
            let person = known.get(&key).copied().flatten().or_else(|| self.meant(form, speaker, mention));
            known.insert(key, person);
            self.of_mention[at] = person;
        }
        for (at, mention) in mentions.iter().enumerate() {
            if let Some(person) = self.of_mention[at] {
                let person = &mut self.persons[person];
                person.mentions.push(at);
                person.call(spoken.text(mention.words.clone()));
                if let Some((rank, words)) = &mention.title {
                    person.entitle_as(*rank, spoken.text(words.clone()));
                }
            }
        }
    }

    /// Returns whom `form` means in the mouth of `speaker`, who may be new.
    fn meant(&mut self, form: &str, speaker: usize, mention: &Mention) -> Option<usize> {
        let name = Name::new(form);
        let speaker = self.of_speaker.get(speaker).copied().flatten();
        match self.find(name.words(), speaker) {
            Found::One(person) => Some(person),
            Found::Several => None,
            Found::None => (mention.points >= ENOUGH).then(|| self.add(name.words())),
        }
    }

    fn add(&mut self, words: &[String]) -> usize {
        self.persons.push(Person { words: words.to_vec(), ..Person::default() });
        self.persons.len() - 1
    }

    /// Returns whom `words` name. `speaker` is who says them.
    fn find(&self, words: &[String], speaker: Option<usize>) -> Found {
        let by = |test: &dyn Fn(&Person) -> bool| -> Found {
            let mut found =
                self.persons.iter().enumerate().filter(|(_, person)| test(person)).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (None, _) => Found::None,
                (Some(one), None) => Found::One(one),
                _ => Found::Several,
            }
        };
        let [first, .., last] = words else {
            let Some(word) = words.first() else { return Found::Several };
            return by(&|person| person.words.contains(word))
                .or(|| by(&|person| Lexicon::get().is_short_for(word, &person.words[0])))
                .or(|| by(&|person| Lexicon::get().is_short_for(&person.words[0], word)))
                .or(|| by(&|person| person.listed && sounds_like(word, &person.words[0])));
        };
        by(&|person| {
            person.words.len() == words.len() && words.iter().all(|word| person.words.contains(word))
        })
        .or(|| by(&|person| person.words.len() > 1 && is_one_name(person, first, last)))
        .or(|| {
            by(&|person| person.words.len() == 1 && (person.words[0] == *first || person.words[0] == *last))
        })
        .or(|| match speaker {
            Some(speaker) if self.persons[speaker].words[0] == *first => Found::One(speaker),
            _ => Found::None,
        })
    }
}

/// Whom a name can mean.
#[derive(Clone, Copy)]
enum Found {
    None,
    One(usize),
    Several,
}

impl Found {
    fn or(self, next: impl FnOnce() -> Self) -> Self {
        if matches!(self, Self::None) { next() } else { self }
    }
}

fn is_listed_as(person: &Person, name: &Name) -> bool {
    let stands_for = |one: &str, other: &str| one == other || one.len() == 1 && other.starts_with(one);
    let shared = person
        .words
        .iter()
        .filter(|own| name.words().iter().any(|word| stands_for(own, word) || stands_for(word, own)))
        .count();
    let part = shared > 0 && shared == person.words.len().min(name.words().len());
    let [first, .., last] = name.words() else { return part };
    part || person.words.len() > 1 && is_one_name(person, first, last)
}

fn is_one_name(person: &Person, first: &str, last: &str) -> bool {
    let (own_first, own_last) = (&person.words[0], &person.words[person.words.len() - 1]);
    let lexicon = Lexicon::get();
    let firsts = own_first == first
        || lexicon.is_short_for(first, own_first)
        || lexicon.is_short_for(own_first, first)
        || sounds_like(first, own_first);
    firsts && (own_last == last || strsim::jaro_winkler(own_last, last) >= LIKE_LAST_NAMES)
}

fn sounds_like(word: &str, full: &str) -> bool {
    word.len().min(full.len()) >= 4 && strsim::jaro_winkler(word, full) >= LIKE_FIRST_NAMES
}

/// Returns the side that an address tells: ours, or the customer's where it is another company's.
fn side_of(participant: &Participant, deal: &Deal) -> Option<Side> {
    let (_, domain) = participant.email.as_deref()?.rsplit_once('@')?;
    let ours = deal.our_domains.iter().any(|own| own.eq_ignore_ascii_case(domain));
    match ours {
        true => Some(Side::Rep),
        false => (!deal.our_domains.is_empty()).then_some(Side::Customer),
    }
}

impl Person {
    /// Notes a form of the name; the fullest heard is the name of somebody whom no data list.
    fn call(&mut self, form: &str) {
        if self.name == form || self.aliases.iter().any(|alias| alias == form) {
            return;
        }
        let folded = Name::new(form);
        if self.name.is_empty() || !self.listed && folded.words().len() > self.words.len() {
            let shorter = std::mem::replace(&mut self.name, form.to_owned());
            self.words = folded.words().to_vec();
            self.aliases.extend(Some(shorter).filter(|shorter| !shorter.is_empty()));
            return;
        }
        self.aliases.push(form.to_owned());
    }

    /// Takes a title that the call's data give.
    fn entitle(&mut self, title: Option<&str>) {
        if let Some(title) = title.filter(|title| self.title.is_none() && !title.trim().is_empty()) {
            self.title = Some(title.trim().to_owned());
        }
    }

    /// Takes a title that was said; what the data give stands, and what is surer or comes first wins.
    pub(super) fn entitle_as(&mut self, rank: Rank, title: &str) {
        let better = match (&self.title, self.rank) {
            (None, _) => true,
            (Some(_), Some(known)) => rank < known,
            (Some(_), None) => false,
        };
        if better {
            self.title = Some(title.to_owned());
            self.rank = Some(rank);
        }
    }
}
