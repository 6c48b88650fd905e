//! The leak guard: nothing of the red-flag page, of bargaining, of disputes or of what colleagues wrote to each other
//! passes into a paper that the customer reads, not even in words near to it.
//!
//! Words are compared by their stems without grammar, letters that look alike being one, numbers being digits. A line
//! is refused where it holds most of a secret's content within a stretch not much longer than the secret; words that
//! the customer's own papers may say count for less than words that only the secret has.

mod likeness;
mod secret;
mod stance;
mod words;

use std::collections::HashSet;

pub use secret::{Secret, SecretKind};

use crate::ledger::Saying;
use crate::packet::{Packet, visible};
use crate::rules::Category;

use super::Occasion;
use likeness::Traced;
use stance::Stances;
use words::Folding;

/// Words of a company's name at most.
const LONGEST_NAME: usize = 4;

/// What must not be told, ready to hold lines against.
#[derive(Debug, Default)]
pub struct Guard {
    traced: Vec<Traced>,
    stances: Stances,
    folding: Folding,
}

/// A line that tells what is not for the customer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Leak {
    /// The line, counted from 1 among the paper's lines of text.
    pub number: usize,
    /// The line as the paper has it.
    pub line: String,
    /// What it tells.
    pub tells: SecretKind,
}

impl std::fmt::Display for Leak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} tells {}: “{}”", self.number, self.tells, visible(&self.line))
    }
}

impl Guard {
    /// Returns the guard of a deal's paper, whose template by itself writes the lines `bare`.
    pub fn new(packet: &Packet, occasion: &Occasion, bare: &[String]) -> Self {
        let ledger = &packet.ledger;
        let people = ledger.stakeholders.iter().flat_map(|contact| {
            contact.name.iter().chain(&contact.aliases).chain(&contact.title).map(String::as_str)
        });
        let telling = |said: &[Saying]| {
            said.iter().map(|saying| saying.words.quote.text().to_owned()).collect::<Vec<_>>()
        };
        let mut open: Vec<String> = ledger
            .promises
            .iter()
            .filter(|promise| {
                promise.category != Category::Pricing && !occasion.disputed.contains(&promise.id)
            })
            .flat_map(|promise| telling(&promise.said))
            .chain(ledger.success_metrics.iter().flat_map(|metric| telling(&metric.said)))
            .chain(ledger.pains.iter().flat_map(|pain| telling(&pain.said)))
            .chain(ledger.tech_environment.iter().flat_map(|tool| telling(&tool.said)))
            .collect();
        // Papers name people and companies anyway. What else is written in a partner's fields is nobody's name.
        open.extend(occasion.partner.company.iter().filter(|company| is_name(company)).cloned());
        open.extend(ledger.stakeholders.iter().filter_map(|contact| contact.name.clone()));
        open.extend_from_slice(bare);
        open.push(packet.deal.account.clone());
        open.push(packet.deal.our_company.clone());
        let language = packet.calls.iter().find_map(|call| call.language.as_ref());
        let language = language.map_or("en", |language| language.as_str());
        Self::of(&secret::of_deal(packet, occasion), &open, people, language)
    }

    /// Returns the guard of `secrets`. Words of `open`, which the customer's papers may say, weigh less; `people` are
    /// the names and titles of whom a stance could be told. `language` is a code such as `en` or `de`.
    pub fn of<'a>(
        secrets: &[Secret],
        open: &[String],
        people: impl IntoIterator<Item = &'a str>,
        language: &str,
    ) -> Self {
        let folding = Folding::of(language);
        let stem = |word: words::Word| word.stem;
        let stems =
            |words: &String| folding.content(words).into_iter().map(stem).chain(folding.written(words));
        let common: HashSet<String> = open.iter().flat_map(stems).collect();
        let people: Vec<&str> = people.into_iter().collect();
        let named: HashSet<String> = people.iter().flat_map(|name| folding.content(name)).map(stem).collect();
        // "He's Tom Becker, the founder" tells nothing of where Tom Becker stands.
        let introduces = |secret: &&Secret| {
            let mut words = folding.content(&secret.words).into_iter().map(stem);
            secret.kind == SecretKind::Stance && words.all(|word| named.contains(&word))
        };
        let telling = secrets.iter().filter(|secret| !introduces(secret));
        let traced = telling.flat_map(|secret| Traced::of(secret, &folding, &common)).collect();
        Self { traced, stances: Stances::of(people, &folding), folding }
    }

    /// Returns the lines that tell what must not be told; a secret that is spread over neighbouring lines is found in
    /// the first of them.
    pub fn leaks(&self, lines: &[String]) -> Vec<Leak> {
        let read = likeness::Lines::of(lines, &self.folding);
        let mut leaks: Vec<Leak> = Vec::new();
        let mut tell = |at: usize, tells: SecretKind| {
            leaks.push(Leak { number: at + 1, line: lines[at].clone(), tells });
        };
        for traced in &self.traced {
            if let Some(at) = traced.found_in(&read) {
                tell(at, traced.kind);
            }
        }
        for (at, line) in lines.iter().enumerate() {
            if self.stances.told_in(line, &self.folding) {
                tell(at, SecretKind::Stance);
            }
        }
        leaks.sort_by_key(|leak| (leak.number, leak.tells));
        leaks.dedup();
        leaks
    }

    /// Tells whether a customer may read `words`.
    pub fn is_clean(&self, words: &str) -> bool {
        self.leaks(&[words.to_owned()]).is_empty()
    }
}

/// Tells whether a text is a name: a few words, none of which begins with a small letter.
fn is_name(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    words.clone().count() <= LONGEST_NAME && words.all(|word| first(word).is_none_or(|c| !c.is_lowercase()))
}
