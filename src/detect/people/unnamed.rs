use std::ops::Range;

use super::cast::Cast;
use super::flag;
use super::mention::Mention;
use super::spoken::{Gap, Spoken};
use super::{stance, title};
use crate::detect::Stakeholder;
use crate::transcript::{Name, Side};

/// Finds those who are known by a telling title alone ("our CFO"), leaving out titles of people who are named.
pub(super) fn find(spoken: &Spoken, mentions: &[Mention], cast: &Cast) -> Vec<Stakeholder> {
    let mut found: Vec<Stakeholder> = Vec::new();
    for at in 0..spoken.words.len() {
        let Some(words) = title_of_theirs(spoken, at) else { continue };
        let adjacent = |mention: &Mention| mention.words.end + 3 > at && mention.words.start < words.end + 2;
        let from = mentions.partition_point(|mention| mention.words.end + 3 <= at);
        let named =
            mentions[from..].iter().take(2).any(|mention| mention.title.is_some() && adjacent(mention));
        let text = spoken.text(words.clone());
        if named
            || is_borne(text, cast.persons.iter().filter_map(|person| person.title.as_deref()))
            || is_borne(text, found.iter().filter_map(|other| other.title.as_deref()))
        {
            continue;
        }
        let stance = stance::of_unnamed(spoken, words.clone());
        let mut roles = stance.roles.clone();
        if roles.is_empty() {
            roles.extend(stance::role_of_title(text, spoken));
        }
        found.push(Stakeholder {
            name: None,
            aliases: Vec::new(),
            title: Some(text.to_owned()),
            side: Side::Customer,
            roles,
            attitude: stance.attitude(false),
            shown_by: stance.shown_by(false),
            turnover: stance.turnover.clone(),
            testified: Vec::new(),
            evidence: stance.evidence(stance::quote(spoken, at, words.len())),
            speaks: false,
        });
    }
    found
}

/// Returns the title of one person of the customer's that begins after the possessive at word `at`.
fn title_of_theirs(spoken: &Spoken, at: usize) -> Option<Range<usize>> {
    let word = &spoken.words[at];
    let speaker = &spoken.transcript.speakers[spoken.transcript.turns[word.turn as usize].speaker.index()];
    let theirs = match speaker.side {
        Some(Side::Rep) => word.is(flag::YOURS),
        Some(Side::Partner) => false,
        Some(Side::Customer) | None => word.is(flag::POSSESSIVE),
    };
    if !theirs || spoken.next_in_turn(at + 1)?.gap != Gap::None {
        return None;
    }
    let title = title::read(spoken, at + 1)?;
    // "Our lead time" and "our director role" name nobody.
    let next = spoken.next_in_turn(title.words.end).filter(|next| next.gap == Gap::None);
    let compound = next.is_some_and(|next| next.is(flag::COMPOUND));
    (title.single && !compound).then_some(title.words)
}

fn is_borne<'a>(title: &str, mut known: impl Iterator<Item = &'a str>) -> bool {
    let title = Name::new(title);
    known.any(|known| {
        Name::new(known).words().iter().any(|word| word.len() > 2 && title.words().contains(word))
    })
}
