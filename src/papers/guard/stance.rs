use std::collections::HashSet;

use super::words::Folding;

/// Words that tell where somebody stands, as they are said in English, German, French and Spanish, one phrase a line;
/// `!` before a phrase tells too much without anybody's name.
const PHRASES: &str = include_str!("stances.txt");

/// How many words may stand between a name and the stance.
const REACH: usize = 12;

/// Whose stance could be told, and in which words.
#[derive(Debug, Default)]
pub(super) struct Stances {
    people: HashSet<String>,
    phrases: Vec<Phrase>,
}

#[derive(Debug)]
struct Phrase {
    stems: Vec<String>,
    alone: bool,
}

impl Stances {
    pub(super) fn of<'a>(people: impl IntoIterator<Item = &'a str>, folding: &Folding) -> Self {
        let content =
            |name: &str| folding.content(name).into_iter().map(|word| word.stem).collect::<Vec<_>>();
        let people = people.into_iter().flat_map(content).filter(|stem| stem.len() > 2).collect();
        let lines = PHRASES.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let phrases = lines.map(|line| Phrase {
            stems: folding.all(line.trim_start_matches('!')).into_iter().map(|word| word.stem).collect(),
            alone: line.starts_with('!'),
        });
        Self { people, phrases: phrases.collect() }
    }

    /// Tells whether `line` says where somebody stands.
    pub(super) fn told_in(&self, line: &str, folding: &Folding) -> bool {
        let words: Vec<String> = folding.all(line).into_iter().map(|word| word.stem).collect();
        let named: Vec<usize> = (0..words.len()).filter(|at| self.people.contains(&words[*at])).collect();
        self.phrases.iter().any(|phrase| {
            let places = words.windows(phrase.stems.len()).enumerate();
            let mut places = places.filter(|(_, window)| *window == phrase.stems).map(|(at, _)| at);
            places.any(|at| phrase.alone || named.iter().any(|name| name.abs_diff(at) <= REACH))
        })
    }
}
