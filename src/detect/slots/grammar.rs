use std::cell::RefCell;

use super::Calendar;
use super::figures::figures_date;
use super::holiday::Holiday;
use super::lexicon::{Element, Lexicon, Part, Phrase, SLOTS, Slot, UNITS, Unit};
use super::meaning::Meaning;
use super::numeral::{Numeral, numerals};
use super::reading::{Reading, read};
use super::token::{Gap, Token};

/// What stood in the places of a phrase.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    pub(super) numbers: Vec<f64>,
    pub(super) weekday: Option<i64>,
    pub(super) month: Option<i64>,
    pub(super) unit: Option<Unit>,
    pub(super) holiday: Option<Holiday>,
    pub(super) season: Option<i64>,
    pub(super) year: Option<i16>,
    pub(super) figures: Option<Reading>,
    pub(super) periods: Vec<Reading>,
}

impl Bound {
    pub(super) fn number(&self, at: usize) -> Option<f64> {
        self.numbers.get(at).copied()
    }

    /// Returns a number that counts days, months or weeks.
    pub(super) fn whole(&self, at: usize) -> Option<i64> {
        self.number(at)
            .filter(|number| number.fract() == 0.0 && number.abs() < 1e6)
            .map(|number| number as i64)
    }
}

/// A date within a date within a date: deeper than people speak.
const DEEPEST: usize = 6;

/// Where a phrase ends and what it says.
type Found = Option<(usize, Reading)>;

/// Reads dates at places of one utterance.
pub(super) struct Grammar<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) lexicon: &'a Lexicon,
    pub(super) calendar: &'a Calendar<'a>,
    pub(super) numerals: Vec<Option<Numeral>>,
    /// By token: the date that begins there, once it was looked for.
    read: RefCell<Vec<Option<Found>>>,
}

impl<'a> Grammar<'a> {
    pub(super) fn new(
        text: &'a str,
        tokens: &'a [Token],
        lexicon: &'a Lexicon,
        calendar: &'a Calendar<'a>,
    ) -> Self {
        let numerals = numerals(text, tokens, lexicon);
        let read = RefCell::new(vec![None; tokens.len()]);
        Self { text, tokens, lexicon, calendar, numerals, read }
    }

    /// Returns what a token may begin, the likeliest first: where it ends and what it says. The longer phrase
    /// wins, a set phrase over any, and an event is what is left when a date does not stand.
    pub(super) fn at(&self, at: usize) -> Vec<(usize, Reading)> {
        let outer = self.best(at, 0, |phrase| phrase.meaning.is_outer());
        let inner = self.period(at, 0);
        let event = outer.as_ref().and_then(|_| self.best(at, 0, |phrase| phrase.meaning == Meaning::Event));
        // A set phrase keeps what it covers; else a date that has the same words is the more exact one.
        let reach = |(end, reading): &(usize, Reading)| {
            (*end, u8::from(matches!(reading.meaning, Meaning::Idiom | Meaning::Recurring)))
        };
        let outer_first = outer.as_ref().map(reach) > inner.as_ref().map(|(end, _)| (*end, 0));
        let (first, second) = if outer_first { (outer, inner) } else { (inner, outer) };
        [first, second, event].into_iter().flatten().collect()
    }

    /// Returns the date at a token, with whatever narrows it behind ("Q4" and then "next year").
    fn period(&self, at: usize, depth: usize) -> Found {
        if depth > DEEPEST || at >= self.tokens.len() {
            return None;
        }
        if let Some(known) = self.read.borrow()[at].clone() {
            return known;
        }
        let mut best = self.best(at, depth, |phrase| !phrase.meaning.is_outer());
        while let Some(longer) = best.as_ref().and_then(|(end, reading)| self.extended(*end, reading, depth))
        {
            best = Some(longer);
        }
        self.read.borrow_mut()[at] = Some(best.clone());
        best
    }

    fn best(&self, at: usize, depth: usize, wanted: impl Fn(&Phrase) -> bool) -> Found {
        let mut best: Found = None;
        let number =
            self.numerals[at].is_some() || self.tokens[at].word.starts_with(|c: char| c.is_ascii_digit());
        for phrase in
            self.lexicon.starting(&self.tokens[at].word, number).into_iter().filter(|phrase| wanted(phrase))
        {
            let found = self.phrase(phrase, &phrase.elements, at, at, Bound::default(), depth);
            best = longer(best, found);
        }
        best
    }

    fn extended(&self, end: usize, reading: &Reading, depth: usize) -> Found {
        let mut best = None;
        self.tokens.get(end).filter(|token| token.gap < Gap::Hard)?;
        for phrase in self.lexicon.going_on() {
            let bound = Bound { periods: vec![reading.clone()], ..Bound::default() };
            let found = self.phrase(phrase, &phrase.elements[1..], end, end, bound, depth);
            best = longer(best, found.filter(|(found_end, _)| *found_end > end));
        }
        best
    }

    /// Matches the elements from a token on and reads what they say; the longest match that can be read.
    fn phrase(
        &self,
        phrase: &Phrase,
        elements: &[Element],
        start: usize,
        at: usize,
        bound: Bound,
        depth: usize,
    ) -> Found {
        let Some((element, rest)) = elements.split_first() else {
            return Some((at, read(phrase.meaning, &bound, self.calendar)?));
        };
        let mut best = None;
        for (end, bound) in self.element(element, start, at, &bound, depth) {
            best = longer(best, self.phrase(phrase, rest, start, end, bound, depth));
        }
        if element.optional {
            best = longer(best, self.phrase(phrase, rest, start, at, bound, depth));
        }
        best
    }

    fn element(
        &self,
        element: &Element,
        start: usize,
        at: usize,
        bound: &Bound,
        depth: usize,
    ) -> Vec<(usize, Bound)> {
        let Some(token) = self.tokens.get(at).filter(|token| at == start || token.gap < Gap::Hard) else {
            return Vec::new();
        };
        let one = |end: Option<(usize, Bound)>| end.into_iter().collect();
        match &element.part {
            Part::Word(words) => one(words.contains(&token.word).then(|| (at + 1, bound.clone()))),
            Part::Class(class) => self.class(*class, at, bound),
            Part::Number => one(self.number(at, bound, |numeral| !numeral.ordinal)),
            Part::Ordinal => one(self.number(at, bound, |numeral| numeral.ordinal)),
            Part::Nth => one(self.number(at, bound, |numeral| (1.0..=31.0).contains(&numeral.value))),
            Part::Year => one(self.year(at, bound)),
            Part::Figures => one(self.figures(at, bound)),
            Part::Period => one(self.nested(at, bound, depth)),
        }
    }

    fn class(&self, class: usize, at: usize, bound: &Bound) -> Vec<(usize, Bound)> {
        let entries = self.lexicon.at(self.tokens, at, class);
        let mut found: Vec<(usize, Bound)> = Vec::new();
        for (length, value) in entries {
            let mut bound = bound.clone();
            bound.bind(class, value, self.lexicon);
            found.push((at + length, bound));
        }
        if class == Slot::Count as usize {
            found.extend(self.number(at, bound, |numeral| !numeral.ordinal));
        }
        found
    }

    fn number(&self, at: usize, bound: &Bound, fits: impl Fn(&Numeral) -> bool) -> Option<(usize, Bound)> {
        let numeral = self.numerals[at].filter(fits)?;
        let mut bound = bound.clone();
        bound.numbers.push(numeral.value);
        Some((at + numeral.length, bound))
    }

    fn year(&self, at: usize, bound: &Bound) -> Option<(usize, Bound)> {
        let numeral = self.numerals[at].filter(|numeral| !numeral.ordinal)?;
        let year = numeral
            .whole()
            .and_then(|year| i16::try_from(year).ok())
            .filter(|year| (1990..2100).contains(year))?;
        Some((at + numeral.length, Bound { year: Some(year), ..bound.clone() }))
    }

    fn figures(&self, at: usize, bound: &Bound) -> Option<(usize, Bound)> {
        let (length, reading) =
            figures_date(self.text, self.tokens, at, self.lexicon.code, self.calendar.call)?;
        Some((at + length, Bound { figures: Some(reading), ..bound.clone() }))
    }

    fn nested(&self, at: usize, bound: &Bound, depth: usize) -> Option<(usize, Bound)> {
        let (end, reading) = self.period(at, depth + 1)?;
        let mut bound = bound.clone();
        bound.periods.push(reading);
        Some((end, bound))
    }
}

impl Bound {
    fn bind(&mut self, class: usize, value: f64, lexicon: &Lexicon) {
        let index = value as usize;
        match SLOTS.get(class) {
            Some(Slot::Weekday) => self.weekday = Some(value as i64),
            Some(Slot::Month) => self.month = Some(value as i64),
            Some(Slot::Season) => self.season = Some(value as i64),
            Some(Slot::Unit | Slot::Ending) => self.unit = UNITS.get(index).copied(),
            Some(Slot::Holiday) => self.holiday = lexicon.holidays.get(index).copied(),
            Some(Slot::Count | Slot::Rank) => self.numbers.push(value),
            // "Sous quinze jours" is a fortnight: a span of so many days, whatever its figure says.
            Some(Slot::Span) => (self.unit, self.numbers) = (Some(Unit::Day), vec![value]),
            None => {}
        }
    }
}

fn longer(best: Found, found: Found) -> Found {
    match (best, found) {
        (Some(best), Some(found)) => Some(if found.0 > best.0 { found } else { best }),
        (best, found) => best.or(found),
    }
}
