//! Which clause of an attached paper holds a promise: by the rare words they share, with figures and dates that agree.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::detect::slots::{Anchor, Calendar, Measure, amounts, dates};
use crate::transcript::{Clause, Contract, Deal};

use super::gist::Gist;

/// Languages that the readers of dates and figures know; a paper is often in another one than the call.
const LANGUAGES: [&str; 4] = ["en", "de", "fr", "es"];

/// What a shared date weighs, and a shared figure: as much as a word that one clause in forty has, or one in ten. Years
/// and small counts are everywhere.
const DATE_WEIGHT: f64 = 3.5;
const FIGURE_WEIGHT: f64 = 2.2;

/// Weight from which a clause holds a promise: two rare words, or one and a figure.
const ENOUGH: f64 = 4.0;

/// Weight at which confidence is 0.63; it comes near 1 with three times as much.
const SCALE: f64 = 5.0;

/// How many of the clauses that share most words are compared in full.
const COMPARED: usize = 5;

/// A clause beside a promise.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClauseMatch {
    /// The paper's file name.
    pub contract: String,
    /// The clause's number; empty where it has none.
    pub number: String,
    /// Its words, to the letter.
    pub clause: String,
    /// Where they stand in the paper's text: bytes, half-open.
    pub at: (usize, usize),
    /// Whether figures and dates agree with what was said.
    pub agrees: bool,
    /// How sure the match is, 0 to 1.
    pub confidence: f64,
    /// What both say: stems, figures, dates.
    pub shared: Vec<String>,
}

/// The clauses of a deal's papers, filed under their words.
pub struct Clauses<'d> {
    clauses: Vec<(&'d Contract, &'d Clause, Gist)>,
    by_word: HashMap<String, Vec<usize>>,
    /// Words that name nothing here: both companies.
    parties: HashSet<String>,
    /// The day from which dates without a year are reckoned.
    day: Option<Date>,
}

impl<'d> Clauses<'d> {
    /// Files the clauses of the papers attached to `deal`.
    pub fn of(deal: &'d Deal) -> Self {
        let names = [deal.our_company.as_str(), deal.account.as_str()];
        let people = deal.our_people.iter().map(|person| person.name.as_str());
        let parties = names.into_iter().chain(people).flat_map(str::split_whitespace);
        let parties: HashSet<String> = parties.map(str::to_lowercase).collect();
        let mut filed = Self {
            clauses: Vec::new(),
            by_word: HashMap::new(),
            parties,
            day: deal.closed_at.map(|time| time.date()),
        };
        deal.contracts.iter().for_each(|contract| filed.file(contract));
        filed
    }

    /// A part "(a)" is about what the clause around it is about.
    fn file(&mut self, contract: &'d Contract) {
        let mut around = (String::new(), Gist::default());
        for clause in &contract.clauses {
            let mut gist = Gist::of(contract.words(clause), None, &self.parties);
            match clause.number.split_once(' ') {
                Some((number, _)) if number == around.0 => gist.add(&around.1),
                _ => around = (clause.number.clone(), gist.clone()),
            }
            for word in gist.words.words() {
                self.by_word.entry(word.to_owned()).or_default().push(self.clauses.len());
            }
            self.clauses.push((contract, clause, gist));
        }
    }

    /// Tells whether there is no paper.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Returns the clause that speaks of what `sayings` promise, where one does; the last saying counts for figures.
    /// `due` is the promised date.
    pub fn find(&self, sayings: &[&str], due: Option<Date>) -> Option<ClauseMatch> {
        let mut gist = Gist::default();
        sayings.iter().for_each(|words| gist.add(&Gist::of(words, None, &self.parties)));
        let near = self.near(&gist);
        if near.is_empty() {
            return None;
        }
        let said = Facts { dates: due.into_iter().collect(), ..Facts::of(sayings.last()?, self.day, None) };
        let found = near.into_iter().filter_map(|at| self.compare(at, &gist, &said));
        found.max_by(|one, other| {
            (one.agrees, one.confidence)
                .partial_cmp(&(other.agrees, other.confidence))
                .unwrap_or(std::cmp::Ordering::Equal)
        })
    }

    /// Returns the clauses that share the weightiest words with `gist`.
    fn near(&self, gist: &Gist) -> Vec<usize> {
        let mut weights: HashMap<usize, f64> = HashMap::new();
        for word in gist.words.words() {
            for at in self.by_word.get(word).into_iter().flatten() {
                *weights.entry(*at).or_default() += self.weight(word);
            }
        }
        let mut near: Vec<(usize, f64)> = weights.into_iter().collect();
        near.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        near.into_iter().take(COMPARED).map(|(at, _)| at).collect()
    }

    /// Returns what a word weighs: the rarer among the clauses, the more.
    fn weight(&self, word: &str) -> f64 {
        let with = self.by_word.get(word).map_or(0, Vec::len) as f64;
        ((self.clauses.len() as f64 + 1.0) / (with + 0.5)).ln().max(0.0)
    }

    fn compare(&self, at: usize, gist: &Gist, said: &Facts) -> Option<ClauseMatch> {
        let (contract, clause, about) = &self.clauses[at];
        let words = contract.words(clause);
        let held = Facts::of(words, self.day, Some(Anchor::Calendar));
        let both = gist.words.words().filter(|word| about.words.has(word));
        let mut shared: Vec<String> = both.map(str::to_owned).collect();
        shared.sort_unstable();
        let mut weight: f64 = shared.iter().map(|word| self.weight(word)).sum();
        let figures = said.shared_figures(&held);
        weight += FIGURE_WEIGHT * figures.len() as f64;
        shared.extend(figures);
        let same_dates: Vec<String> = said.dates.intersection(&held.dates).map(Date::to_string).collect();
        weight += DATE_WEIGHT * same_dates.len() as f64;
        shared.extend(same_dates);
        (weight >= ENOUGH).then(|| ClauseMatch {
            contract: contract.name.clone(),
            number: clause.number.clone(),
            clause: words.to_owned(),
            at: (clause.start, clause.end),
            agrees: !said.contradicts(&held),
            confidence: 1.0 - (-weight / SCALE).exp(),
            shared,
        })
    }
}

/// Figures and dates of some words.
#[derive(Default)]
struct Facts {
    dates: BTreeSet<Date>,
    figures: Vec<(String, f64)>,
}

impl Facts {
    /// Reads `words`; with `anchor`, only dates that are reckoned from that.
    fn of(words: &str, day: Option<Date>, anchor: Option<Anchor>) -> Self {
        let mut facts = Self::default();
        let call = day.unwrap_or_else(|| Date::constant(2000, 1, 1));
        let mut in_dates = Vec::new();
        for language in LANGUAGES {
            for found in dates(words, &Calendar { call, fiscal_year_starts: None, language }) {
                if anchor.as_ref().is_none_or(|anchor| found.anchor == *anchor) {
                    facts.dates.extend(found.due);
                    in_dates.push(found.range);
                }
            }
        }
        for amount in LANGUAGES.iter().flat_map(|language| amounts(words, language)) {
            let dated =
                in_dates.iter().any(|date| date.start < amount.range.end && amount.range.start < date.end);
            let figure = (measure(amount.measure), amount.value);
            if !dated && !facts.figures.contains(&figure) {
                facts.figures.push(figure);
            }
        }
        facts
    }

    fn shared_figures(&self, other: &Self) -> Vec<String> {
        let both =
            self.figures.iter().filter(|(_, value)| other.figures.iter().any(|(_, held)| held == value));
        let both: BTreeSet<String> = both.map(|(_, value)| value.to_string()).collect();
        both.into_iter().collect()
    }

    /// Tells whether dates, or figures of one measure, are all others.
    fn contradicts(&self, other: &Self) -> bool {
        let dates = !self.dates.is_empty() && !other.dates.is_empty() && self.dates.is_disjoint(&other.dates);
        let of = |facts: &Self, measure: &str| -> Vec<f64> {
            facts.figures.iter().filter(|(own, _)| own == measure).map(|(_, value)| *value).collect()
        };
        let figures = self.figures.iter().filter(|(measure, _)| measure != "count").any(|(measure, _)| {
            let (own, held) = (of(self, measure), of(other, measure));
            !held.is_empty() && !own.iter().any(|value| held.contains(value))
        });
        dates || figures
    }
}

/// Returns a measure by which figures can be held against each other.
fn measure(measure: Measure) -> String {
    match measure {
        Measure::Money { currency } => currency.to_owned(),
        Measure::Percent | Measure::Points => "percent".to_owned(),
        Measure::Duration { unit } => format!("{unit:?}"),
        Measure::Net => "net".to_owned(),
        Measure::Count | Measure::Ratio => "count".to_owned(),
    }
}
