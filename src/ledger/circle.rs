//! Who is who over the calls: "our CFO" of one call, "Tom" of the next and Tom Becker, CFO, of a third are one person.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::detect::{Stakeholder, is_nickname};
use crate::transcript::{Name, Side};

use super::heard::Heard;
use super::job_title::JobTitle;

/// Two last names alike from here on (Jaro-Winkler, 0 to 1) are one misheard, where the first names agree:
/// `Navarro`/`Nabarro` 0.91, `Okafor`/`Lindgren` 0.43; the same line is drawn within a call.
const LIKE_LAST_NAMES: f64 = 0.75;

/// Two first names of four letters or more alike from here on are one misheard: `Marcus`/`Markus` 0.91.
const LIKE_FIRST_NAMES: f64 = 0.90;

/// Where a stakeholder was seen: the call's place among the calls, the person's among its people.
pub(super) type Sighting = (usize, usize);

/// A person of the deal: all sightings in the order of the calls.
#[derive(Default)]
pub(super) struct Person {
    pub(super) sightings: Vec<Sighting>,
    /// The first sighting, and that of each other who turned out to be the same person.
    pub(super) begins: Vec<Sighting>,
}

/// Returns the people of all calls, in the order in which they first came up.
///
/// Full names of a call are read before first names, so that "Dana" finds Dana Whitfield. A form that fits two people
/// stays apart rather than be given to one of them, and last names that sound different are two people whatever else
/// agrees.
pub(super) fn people(calls: &[Heard]) -> Vec<Person> {
    let mut circle = Circle::default();
    for (at, call) in calls.iter().enumerate() {
        let seen: Vec<Seen> = call.read.detected.stakeholders.iter().map(Seen::new).collect();
        let mut order: Vec<usize> = (0..seen.len()).collect();
        order.sort_by_key(|one| Reverse(seen[*one].length()));
        for one in order {
            circle.meet((at, one), &seen[one], &seen);
        }
        // Who holds a title alone shows once the whole call is met.
        let titles: BTreeSet<&JobTitle> = seen.iter().filter_map(|one| one.title.as_ref()).collect();
        titles.into_iter().for_each(|title| circle.name_the_unnamed(title));
    }
    let people = circle.people.into_iter().map(|known| known.person);
    people.filter(|person| !person.sightings.is_empty()).collect()
}

/// A stakeholder of one call, folded for comparison.
struct Seen {
    /// The forms of the name; none where only a title is known.
    forms: Vec<Name>,
    title: Option<JobTitle>,
    side: Side,
    speaks: bool,
}

impl Seen {
    fn new(person: &Stakeholder) -> Self {
        let forms = person.name.iter().chain(&person.aliases).map(|form| Name::new(form));
        Self {
            forms: forms.filter(|form| !form.words().is_empty()).collect(),
            title: person.title.as_deref().map(JobTitle::new),
            side: person.side,
            speaks: person.speaks,
        }
    }

    fn length(&self) -> usize {
        self.forms.iter().map(|form| form.words().len()).max().unwrap_or(0)
    }
}

/// Somebody met so far; without sightings, somebody who turned out to be another.
#[derive(Default)]
struct Known {
    forms: BTreeSet<Name>,
    titles: BTreeSet<JobTitle>,
    side: Option<Side>,
    /// Whether the side is that of a call on which the person spoke, and so no guess.
    spoke: bool,
    person: Person,
}

/// How well a name fits, the best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The same words.
    Same,
    /// First and last name, one of them short, misspelt or misheard.
    Spelt,
    /// One word of the other's name.
    Part,
    /// A short form of the first name.
    Nickname,
    /// The first name misheard.
    Misheard,
}

#[derive(Default)]
struct Circle {
    people: Vec<Known>,
    by_title: BTreeMap<JobTitle, BTreeSet<usize>>,
}

impl Circle {
    fn meet(&mut self, sighting: Sighting, seen: &Seen, call: &[Seen]) {
        let known = match seen.forms.is_empty() {
            true => self.titled(seen),
            false => self.named(sighting.0, seen, call),
        };
        let at = known.unwrap_or_else(|| {
            let begins = vec![sighting];
            self.people.push(Known { person: Person { begins, ..Person::default() }, ..Known::default() });
            self.people.len() - 1
        });
        self.people[at].see(sighting, seen);
        if let Some(title) = &seen.title {
            self.by_title.entry(title.clone()).or_default().insert(at);
        }
    }

    /// Returns who holds the title of somebody without a name, where it is one person.
    fn titled(&self, seen: &Seen) -> Option<usize> {
        let holders = self.by_title.get(seen.title.as_ref()?)?;
        only(holders.iter().copied().filter(|at| self.people[*at].side == Some(seen.side)))
    }

    /// Joins whoever was known by `title` alone to the one person who holds it under a name; where two do, nobody can
    /// tell whom was meant. Whoever came up first keeps the place.
    fn name_the_unnamed(&mut self, title: &JobTitle) {
        let holders = self.by_title.get(title).cloned().unwrap_or_default();
        let (named, unnamed): (Vec<usize>, Vec<usize>) =
            holders.into_iter().partition(|at| !self.people[*at].forms.is_empty());
        let (&[named], &[unnamed]) = (&named[..], &unnamed[..]) else { return };
        if self.people[named].side == self.people[unnamed].side {
            let (stays, goes) = (named.min(unnamed), named.max(unnamed));
            let gone = std::mem::take(&mut self.people[goes]);
            for title in &gone.titles {
                let holders = self.by_title.entry(title.clone()).or_default();
                holders.remove(&goes);
                holders.insert(stays);
            }
            self.people[stays].absorb(gone);
        }
    }

    /// Returns whom a name means, where it is one person; a guess of the side may be wrong, and is trusted last.
    fn named(&self, call: usize, seen: &Seen, others: &[Seen]) -> Option<usize> {
        let fit = |at: usize| {
            let known = &self.people[at];
            let fit = known.fit(seen)?;
            let other_side = known.side != Some(seen.side);
            let is_guess = !(known.spoke && seen.speaks);
            let in_full = fit == Fit::Same && seen.length() > 1;
            let may_be = in_full || !known.is_on(call) && (!other_side || is_guess && fit <= Fit::Part);
            may_be.then_some(((other_side, fit), at))
        };
        let fits: Vec<_> = (0..self.people.len()).filter_map(fit).collect();
        let best = fits.iter().map(|(fit, _)| *fit).min()?;
        let at = only(fits.into_iter().filter(|(fit, _)| *fit == best).map(|(_, at)| at))?;
        // "Dana" of an earlier call is nobody's where this one has two Danas.
        let known = &self.people[at];
        let rivals = others.iter().filter(|other| other.length() > 1 && known.fit(other).is_some()).count();
        (known.has_full_name() || seen.length() < 2 || rivals < 2).then_some(at)
    }
}

fn only(mut of: impl Iterator<Item = usize>) -> Option<usize> {
    let first = of.next();
    first.filter(|_| of.next().is_none())
}

impl Known {
    fn see(&mut self, sighting: Sighting, seen: &Seen) {
        self.forms.extend(seen.forms.iter().cloned());
        self.titles.extend(seen.title.clone());
        if self.side.is_none() || seen.speaks && !self.spoke {
            self.side = Some(seen.side);
        }
        self.spoke |= seen.speaks;
        self.person.sightings.push(sighting);
    }

    fn absorb(&mut self, other: Self) {
        self.forms.extend(other.forms);
        self.titles.extend(other.titles);
        self.spoke |= other.spoke;
        let (one, other) = (&mut self.person, other.person);
        one.sightings.extend(other.sightings);
        one.sightings.sort_unstable();
        one.begins.extend(other.begins);
        one.begins.sort_unstable();
    }

    fn is_on(&self, call: usize) -> bool {
        self.person.sightings.last().is_some_and(|(last, _)| *last == call)
    }

    fn has_full_name(&self) -> bool {
        self.forms.iter().any(|form| form.words().len() > 1)
    }

    /// Returns how the best of the forms fit; nothing where any two full names are those of two people.
    fn fit(&self, seen: &Seen) -> Option<Fit> {
        let mut best = None;
        for (own, other) in self.forms.iter().flat_map(|own| seen.forms.iter().map(move |other| (own, other)))
        {
            let fit = compare(own.words(), other.words());
            if fit.is_none() && own.words().len() > 1 && other.words().len() > 1 {
                return None;
            }
            best = best.into_iter().chain(fit).min();
        }
        best
    }
}

fn compare(one: &[String], other: &[String]) -> Option<Fit> {
    match (one, other) {
        _ if one == other => Some(Fit::Same),
        ([word], full) | (full, [word]) => match full.first() {
            _ if full.contains(word) => Some(Fit::Part),
            Some(first) if is_nickname(word, first) => Some(Fit::Nickname),
            Some(first) if sounds_like(word, first) => Some(Fit::Misheard),
            _ => None,
        },
        ([first, .., last], [other_first, .., other_last]) => {
            let same = one.len() == other.len() && one.iter().all(|word| other.contains(word));
            let firsts = is_initial(first, other_first)
                || is_nickname(first, other_first)
                || sounds_like(first, other_first);
            let lasts = is_initial(last, other_last)
                || strsim::jaro_winkler(last, other_last) >= LIKE_LAST_NAMES
                || first == other_first
                    && sound(&one[1..]).is_some_and(|own| Some(own) == sound(&other[1..]));
            if same { Some(Fit::Same) } else { (firsts && lasts).then_some(Fit::Spelt) }
        }
        _ => None,
    }
}

/// Tells whether two words are the same, or one the other's first letter ("Dana W.").
fn is_initial(one: &str, other: &str) -> bool {
    let stands_for = |short: &str, long: &str| short.chars().count() == 1 && long.starts_with(short);
    one == other || stands_for(one, other) || stands_for(other, one)
}

/// Returns the consonants of a last name as they are heard, where they are enough to know it by: a recorder that hears
/// "Cole Chick" for Kowalczyk keeps k, l, k. Spelling of one sound differs, vowels are guessed.
fn sound(words: &[String]) -> Option<String> {
    const ENOUGH: usize = 3;
    let mut heard = String::new();
    for c in words.iter().flat_map(|word| word.chars()) {
        let class = match c {
            'b' | 'p' | 'f' | 'v' => 'p',
            'c' | 'g' | 'k' | 'q' | 'x' => 'k',
            // "cz" and "ch" are one sound.
            'z' | 's' if heard.ends_with('k') => continue,
            's' | 'z' => 's',
            'd' | 't' => 't',
            'm' | 'n' => 'n',
            'l' | 'r' | 'j' => c,
            _ => continue,
        };
        if !heard.ends_with(class) {
            heard.push(class);
        }
    }
    (heard.len() >= ENOUGH).then_some(heard)
}

fn sounds_like(one: &str, other: &str) -> bool {
    one.chars().next() == other.chars().next()
        && one.len().min(other.len()) >= 4
        && strsim::jaro_winkler(one, other) >= LIKE_FIRST_NAMES
}
