use std::collections::BTreeMap;

use crate::transcript::{SpeakerId, Turn};

use super::roster::Roster;

/// Answers to a name from which it counts as the answerer's.
const ENOUGH: usize = 2;

/// Finds who answers when somebody is addressed by name: for each person of the roster the speaker who takes the
/// next turn at least twice and in four of five cases.
pub(super) fn who_answers(
    turns: &[Turn],
    roster: &Roster,
    is_open: impl Fn(usize) -> bool,
) -> Vec<(SpeakerId, usize)> {
    let names = first_names(roster, is_open);
    let mut answers: BTreeMap<usize, BTreeMap<SpeakerId, usize>> = BTreeMap::new();
    for pair in turns.windows(2) {
        for called in addressed(&pair[0].text).filter_map(|name| names.get(&name)) {
            *answers.entry(*called).or_default().entry(pair[1].speaker).or_default() += 1;
        }
    }
    let settled = answers.into_iter().filter_map(|(person, counts)| {
        let total: usize = counts.values().sum();
        let (speaker, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        (count >= ENOUGH && count * 5 >= total * 4).then_some((speaker, person))
    });
    unique(settled.collect())
}

/// First names that only one person has, of those whose speaker is sought.
fn first_names(roster: &Roster, is_open: impl Fn(usize) -> bool) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, known) in roster.people.iter().enumerate().filter(|(_, known)| known.invited) {
        let first = known.name.split_whitespace().next().unwrap_or_default().to_lowercase();
        names.entry(first).or_default().push(at);
    }
    names
        .into_iter()
        .filter(|(_, who)| who.len() == 1 && is_open(who[0]))
        .map(|(name, who)| (name, who[0]))
        .collect()
}

/// Words at which `text` may call somebody: the last, set off by a comma, and the first, set off likewise.
fn addressed(text: &str) -> impl Iterator<Item = String> {
    let last = text.rsplit_once(", ").map(|(_, last)| last.trim_end_matches(['?', '.', '!', ' ']));
    let sentence =
        text.trim_end_matches(['?', '.', '!', ' ']).rsplit(['.', '?', '!']).next().unwrap_or_default();
    let first = sentence.trim_start().split_once(',').map(|(first, _)| first);
    [last, first].into_iter().flatten().filter(|name| !name.contains(' ')).map(str::to_lowercase)
}

/// Keeps the speakers who answer to one name only.
fn unique(settled: Vec<(SpeakerId, usize)>) -> Vec<(SpeakerId, usize)> {
    let once =
        |(speaker, _): &(SpeakerId, usize)| settled.iter().filter(|(other, _)| other == speaker).count() == 1;
    settled.iter().copied().filter(once).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Call, Deal, Participant};

    fn turn((speaker, text): (u32, &str)) -> Turn {
        Turn { speaker: SpeakerId(speaker), text: text.to_owned(), marks: Vec::new(), language: None }
    }

    #[test]
    fn whoever_answers_to_a_name_twice_bears_it() {
        let person = |name: &str| Participant { name: name.to_owned(), ..Participant::default() };
        let call =
            Call { participants: ["Dana Whitfield", "Kofi Mensah"].map(person).into(), ..Call::default() };
        let roster = Roster::of(&call, &Deal::default());
        let lines = [
            (0, "Shall we start with you, Dana?"),
            (1, "Sure, so the list is done."),
            (0, "Nice. Dana, what about the second site?"),
            (1, "That one's in May."),
            (2, "Is it?"),
            (0, "Kofi, can you share?"),
            (2, "One second."),
        ];
        assert_eq!(who_answers(&lines.map(turn), &roster, |_| true), [(SpeakerId(1), 0)]);
    }
}
