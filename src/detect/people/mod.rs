//! Who plays a part in the purchase: everybody on the customer's or a partner's side whom a call names, and those who
//! are known by a telling title alone.
//!
//! Names are found by what surrounds them (frames), by who is listed, and by a lexicon of given names; what the words
//! are lives in `rules/<language>/people` and `rules/shared/people`. The text is read once.

mod cast;
mod flag;
mod mention;
mod pack;
mod phrases;
mod source;
mod spoken;
mod stance;
mod title;
mod unnamed;
mod vocabulary;

use cast::{Cast, Person};
use mention::{ENOUGH, Mention};
use spoken::Spoken;
use stance::Stance;
use title::Rank;

use super::Stakeholder;
use crate::transcript::{Deal, Side, Transcript};

/// Returns everybody on the customer's or a partner's side: first those whom the call's data list, then those who
/// are only named, in the order of their first mention, then those known by a title alone.
pub fn stakeholders(transcript: &Transcript, deal: &Deal) -> Vec<Stakeholder> {
    let spoken = Spoken::new(transcript);
    let mut cast = Cast::listed(&spoken, deal);
    let mentions = mention::find(&spoken, &cast::known_words(&spoken, deal), deal);
    cast.join(&spoken, &mentions);
    entitle_speakers(&spoken, &mut cast);
    entitle_by_pronoun(&spoken, &mentions, &mut cast);
    let stances = stance::read(&spoken, &mentions, &cast);
    let unnamed = unnamed::find(&spoken, &mentions, &cast);
    let mut order: Vec<_> = (0..cast.persons.len()).collect();
    order.sort_by_key(|at| (!cast.persons[*at].listed, cast.persons[*at].mentions.first().copied()));
    let mut stances: Vec<_> = stances.into_iter().map(Some).collect();
    let named = order.into_iter().filter_map(|at| {
        let person = &cast.persons[at];
        let stance = stances[at].take().unwrap_or_default();
        let side = side(person, &stance, &spoken, &mentions)?;
        Some(stakeholder(person, side, stance, &spoken, &mentions))
    });
    named.chain(unnamed).collect()
}

/// Tells whether one of two given names is a short form of the other ("Rosie", "Rosalinda"); both are folded words.
pub fn is_nickname(one: &str, other: &str) -> bool {
    let lexicon = pack::Lexicon::get();
    lexicon.is_short_for(one, other) || lexicon.is_short_for(other, one)
}

fn stakeholder(
    person: &Person,
    side: Side,
    stance: Stance,
    spoken: &Spoken,
    mentions: &[Mention],
) -> Stakeholder {
    let mut roles = stance.roles.clone();
    if roles.is_empty() {
        roles.extend(person.title.as_deref().and_then(|title| stance::role_of_title(title, spoken)));
    }
    roles.sort();
    let telling = person.mentions.iter().map(|at| &mentions[*at]);
    let named = telling.min_by_key(|mention| mention.title.is_none());
    let named = named.and_then(|mention| stance::quote(spoken, mention.words.start, mention.words.len()));
    Stakeholder {
        name: Some(person.name.clone()),
        aliases: person.aliases.clone(),
        title: person.title.clone(),
        side,
        roles,
        attitude: stance.attitude(person.speaks),
        shown_by: stance.shown_by(person.speaks),
        turnover: stance.turnover.clone(),
        testified: Vec::new(),
        evidence: stance.evidence(named),
        speaks: person.speaks,
    }
}

/// Returns the side of somebody who is a stakeholder, or `None` for who is none: our own people, families, passers-by.
fn side(person: &Person, stance: &Stance, spoken: &Spoken, mentions: &[Mention]) -> Option<Side> {
    if person.ours {
        return None;
    }
    if person.listed {
        return person.side.filter(|side| *side != Side::Rep);
    }
    let told: Vec<_> =
        person.mentions.iter().map(|at| (&mentions[*at], side_of_speaker(spoken, &mentions[*at]))).collect();
    let (first, first_side) = told.first()?;
    let unsure = told.iter().all(|(mention, _)| mention.points < ENOUGH);
    // A son who is to run the project is both.
    let working = !stance.roles.is_empty() || told.iter().any(|(mention, _)| mention.title.is_some());
    let family = told.iter().any(|(mention, _)| mention.family) && !working;
    if unsure || family || told.iter().all(|(mention, _)| mention.private) {
        return None;
    }
    let by_them = |(mention, side): &(&Mention, Option<Side>)| *side != Some(Side::Rep) && !mention.yours;
    match first_side {
        _ if told.iter().all(|(mention, side)| mention.unknown && *side != Some(Side::Rep)) => None,
        Some(Side::Rep) if first.colleague || first.title.is_some() && !first.yours => None,
        Some(Side::Rep) if !first.yours && !told.iter().any(by_them) => None,
        Some(Side::Partner) => Some(Side::Partner),
        _ if told.iter().any(|(mention, _)| mention.third_party) => Some(Side::Partner),
        _ => Some(Side::Customer),
    }
}

fn side_of_speaker(spoken: &Spoken, mention: &Mention) -> Option<Side> {
    let turn = spoken.words[mention.words.start].turn as usize;
    spoken.transcript.speakers[spoken.transcript.turns[turn].speaker.index()].side
}

/// Gives speakers the titles that they claim for themselves ("I'm the controller", "I run dispatch").
fn entitle_speakers(spoken: &Spoken, cast: &mut Cast) {
    for (turn, words) in spoken.turns.iter().enumerate() {
        let speaker = spoken.transcript.turns[turn].speaker.index();
        let Some(person) = cast.of_speaker[speaker].filter(|at| !cast.persons[*at].ours) else { continue };
        for at in words.clone().filter(|at| spoken.words[*at].is(flag::FIRST_PERSON)) {
            let pack = spoken.pack(at);
            let titled = pack.own_titles.longest(spoken.onwards(at)).and_then(|(length, _)| {
                title::read_past_article(spoken, at + length)
                    .filter(|title| title.names_a_person && title.words.end <= words.end)
            });
            if let Some(title) = titled {
                cast.persons[person].entitle_as(title::rank(&title), spoken.text(title.words));
            } else if let Some((length, _)) = pack.own_duties.longest(spoken.onwards(at))
                && let Some(end) = title::object(spoken, at + length)
            {
                // "I run dispatch" says "run dispatch"; "coordino admisiones" has no pronoun to leave out.
                let from = at + usize::from(length > 1);
                cast.persons[person].entitle_as(Rank::Duty, spoken.text(from..end));
            }
        }
    }
}

/// Gives whoever was named last the title that "he's your project lead" tells a little later.
fn entitle_by_pronoun(spoken: &Spoken, mentions: &[Mention], cast: &mut Cast) {
    // Further on, "she" is as likely somebody else.
    const REACH: usize = 14;
    for (n, mention) in mentions.iter().enumerate() {
        let Some(person) = cast.of_mention[n] else { continue };
        let turn = spoken.turns[spoken.words[mention.words.start].turn as usize].end;
        let next = mentions.get(n + 1).map_or(turn, |next| next.words.start);
        let reach = mention.words.end..(mention.words.end + REACH).min(turn).min(next.max(mention.words.end));
        let told = reach.filter(|at| spoken.words[*at].is(flag::PRONOUN)).find_map(|at| {
            let (length, _) = spoken.pack(at).links.longest(spoken.onwards(at))?;
            let title = title::read_past_article(spoken, at + length)?;
            (length > 1 && title.names_a_person && title.words.end <= turn).then_some(title)
        });
        if let Some(title) = told {
            cast.persons[person].entitle_as(Rank::Department, spoken.text(title.words));
        }
    }
}
