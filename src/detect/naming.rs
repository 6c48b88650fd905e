//! Which words of a finding name a tool or a vendor.

use std::collections::HashSet;
use std::ops::Range;

use super::Stakeholder;
use super::evident::Evident;
use super::view::View;
use crate::rules::{Mark, Pack, Stop};
use crate::transcript::Deal;

/// Word lists of tools that everybody knows, and of what does a tool's job at home.
const TOOLS: &str = "tools";
const HOMEMADE: &str = "homemade_means";
/// Fewest capitals of an acronym.
const ACRONYM: usize = 3;
/// A name is at most so many words.
const LONGEST: usize = 3;

/// The words by which a call writes names.
pub(super) struct Naming {
    /// Words written with a capital inside a sentence.
    proper: HashSet<String>,
    /// Words of the names of people, spoken of too, and of the two companies.
    taken: HashSet<String>,
}

impl Naming {
    pub(super) fn new(view: &View<'_>, deal: &Deal, people: &[Stakeholder]) -> Self {
        let speakers = view.transcript.speakers.iter().map(|speaker| speaker.display());
        let ours = deal.our_people.iter().map(|person| person.name.as_str());
        let companies = [deal.our_company.as_str(), deal.account.as_str()];
        let spoken_of = people.iter().flat_map(|it| it.name.iter().chain(&it.aliases)).map(String::as_str);
        let names = speakers.chain(ours).chain(companies).chain(spoken_of);
        let taken = names.flat_map(str::split_whitespace).map(str::to_lowercase).collect();
        let mut proper = HashSet::new();
        for utterance in &view.utterances {
            let inside = utterance.words.clone().skip(1);
            let proper_words =
                inside.filter(|at| capital(view, *at) && view.words[at - 1].stop == Stop::None);
            proper.extend(proper_words.map(|at| view.folded(at..at + 1).to_owned()));
        }
        Self { proper, taken }
    }

    /// Returns the words in `words` that read most like a name: written with a capital and strange to the labelled
    /// calls; else a well-known tool or an acronym; else home-made means ("a whiteboard").
    pub(super) fn find(
        &self,
        evident: &Evident<'_, '_>,
        pack: &Pack,
        words: Range<usize>,
    ) -> Option<Range<usize>> {
        let view = evident.view;
        let runs = self.runs(evident, pack, words.clone());
        let strange = |run: &&Range<usize>| (**run).clone().any(|at| evident.is_strange(pack, at));
        let known = |run: &&Range<usize>| {
            (**run).clone().any(|at| evident.is_listed(pack, at, TOOLS) || acronym(view, at))
        };
        let written = runs.iter().find(strange).or_else(|| runs.iter().find(known)).cloned();
        let single =
            |list: &str| words.clone().find(|at| evident.is_listed(pack, *at, list)).map(|at| at..at + 1);
        written.or_else(|| single(TOOLS)).or_else(|| single(HOMEMADE))
    }

    fn runs(&self, evident: &Evident<'_, '_>, pack: &Pack, words: Range<usize>) -> Vec<Range<usize>> {
        let view = evident.view;
        let mut runs: Vec<Range<usize>> = Vec::new();
        for at in words.filter(|at| self.is_name(evident, pack, *at)) {
            match runs.last_mut() {
                Some(run)
                    if run.end == at && run.len() < LONGEST && view.words[at - 1].stop == Stop::None =>
                {
                    run.end += 1;
                }
                _ => runs.push(at..at + 1),
            }
        }
        runs
    }

    /// A capital at the beginning of a sentence tells of a name only where the word is strange.
    fn is_name(&self, evident: &Evident<'_, '_>, pack: &Pack, at: usize) -> bool {
        let view = evident.view;
        let seen = view.seen[at];
        let word = view.folded(at..at + 1);
        capital(view, at)
            && (self.proper.contains(word) || evident.is_strange(pack, at))
            && !self.is_taken(view, pack, at)
            && !seen.number
            && !seen.marks.has(Mark::Common)
            && word.chars().count() > 1
    }

    fn is_taken(&self, view: &View<'_>, pack: &Pack, at: usize) -> bool {
        let word = view.folded(at..at + 1);
        self.taken.contains(word) || pack.listed(view.seen[at].id).instead.is_some()
    }
}

/// Tells whether a word is written in capitals throughout, as "SSO" is.
fn acronym(view: &View<'_>, at: usize) -> bool {
    let word = view.words[at];
    let text = &view.transcript.turns[word.turn as usize].text[word.raw.0 as usize..word.raw.1 as usize];
    text.chars().filter(|c| c.is_uppercase()).count() >= ACRONYM && !text.chars().any(char::is_lowercase)
}

/// Tells whether a word is written with a capital.
fn capital(view: &View<'_>, at: usize) -> bool {
    let word = view.words[at];
    let text = &view.transcript.turns[word.turn as usize].text;
    text[word.raw.0 as usize..].chars().next().is_some_and(char::is_uppercase)
}
