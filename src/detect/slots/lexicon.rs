use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde::Deserialize;

use super::holiday::Holiday;
use super::meaning::Meaning;
use super::token::{Gap, Token, words};

/// The words of one language that make up dates and figures, read from `rules/<language>/slots/words.toml`.
pub(super) struct Lexicon {
    /// The language's code.
    pub(super) code: &'static str,
    /// Reads spelt numbers.
    pub(super) numbers: text2num::Language,
    /// What dates are made of, in the order of the file.
    pub(super) phrases: Vec<Phrase>,
    /// Holidays by their value in the class of that name.
    pub(super) holidays: Vec<Holiday>,
    /// Phrases by the word that they may begin with, in the order of the file.
    starts: HashMap<String, Vec<usize>>,
    /// Phrases that may begin with a number.
    numeric: Vec<usize>,
    /// Phrases that go on from a date.
    suffixes: Vec<usize>,
    classes: HashMap<String, usize>,
    entries: HashMap<String, Vec<Entry>>,
}

/// The file: what was written. `a|b` are alternatives; the position in a list, or the key, is the value.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconSyntax {
    classes: BTreeMap<String, Vec<String>>,
    values: BTreeMap<String, BTreeMap<String, String>>,
    units: BTreeMap<Unit, String>,
    /// Words for the end of the unit the call lies in ("eom").
    #[serde(default)]
    endings: BTreeMap<Unit, String>,
    holidays: HashMap<Holiday, String>,
    phrases: BTreeMap<Meaning, Vec<String>>,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day of the calendar.
    Day,
    /// Monday to Friday.
    BusinessDay,
    /// Seven days.
    Week,
    /// Two weeks.
    Fortnight,
    /// A month of the calendar.
    Month,
    /// Three months.
    Quarter,
    /// Six months.
    Half,
    /// Twelve months.
    Year,
    /// Twelve months from the start of the company's own year.
    FiscalYear,
}

/// Every unit, so that a class's value can name one.
pub(super) const UNITS: [Unit; 12] = [
    Unit::Second,
    Unit::Minute,
    Unit::Hour,
    Unit::Day,
    Unit::BusinessDay,
    Unit::Week,
    Unit::Fortnight,
    Unit::Month,
    Unit::Quarter,
    Unit::Half,
    Unit::Year,
    Unit::FiscalYear,
];

/// A class whose entries fill a place of [`super::grammar::Bound`]; its number is its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Weekday,
    Month,
    Unit,
    Holiday,
    Season,
    Count,
    Ending,
    Rank,
    Span,
}

/// The slots by their number.
pub(super) const SLOTS: [Slot; 9] = [
    Slot::Weekday,
    Slot::Month,
    Slot::Unit,
    Slot::Holiday,
    Slot::Season,
    Slot::Count,
    Slot::Ending,
    Slot::Rank,
    Slot::Span,
];

const SLOT_NAMES: [&str; 9] =
    ["weekday", "month", "unit", "holiday", "season", "count", "ending", "rank", "span"];

struct Entry {
    words: Vec<String>,
    class: usize,
    value: f64,
}

/// A sequence of words and classes that means something.
pub(super) struct Phrase {
    /// What it means.
    pub(super) meaning: Meaning,
    /// Its parts in order.
    pub(super) elements: Vec<Element>,
}

/// One part of a phrase.
pub(super) struct Element {
    /// What stands there.
    pub(super) part: Part,
    /// Whether it may be missing.
    pub(super) optional: bool,
}

/// What may stand at one place of a phrase.
pub(super) enum Part {
    /// One of some words.
    Word(Vec<String>),
    /// An entry of a class.
    Class(usize),
    /// A cardinal number.
    Number,
    /// An ordinal number.
    Ordinal,
    /// A day of the month, ordinal or cardinal.
    Nth,
    /// A year of four figures.
    Year,
    /// A date in figures.
    Figures,
    /// Any date that this grammar reads.
    Period,
}

impl Lexicon {
    /// Returns the words of a language; `None` for a language that nobody has written down yet.
    pub(super) fn of(language: &str) -> Option<&'static Self> {
        static ALL: OnceLock<Vec<Lexicon>> = OnceLock::new();
        let all =
            ALL.get_or_init(|| FILES.iter().filter_map(|(code, file)| Self::read(code, file).ok()).collect());
        all.iter().find(|lexicon| lexicon.code == language)
    }

    fn read(code: &'static str, file: &str) -> Result<Self, toml::de::Error> {
        let syntax: LexiconSyntax = toml::from_str(file)?;
        let mut lexicon = Self {
            code,
            numbers: numbers(code),
            phrases: Vec::new(),
            holidays: Vec::new(),
            starts: HashMap::new(),
            numeric: Vec::new(),
            suffixes: Vec::new(),
            classes: HashMap::new(),
            entries: HashMap::new(),
        };
        for (number, slot) in SLOT_NAMES.into_iter().enumerate() {
            lexicon.classes.insert(slot.to_owned(), number);
        }
        lexicon.add_classes(&syntax);
        for (meaning, patterns) in syntax.phrases {
            for pattern in patterns {
                let elements = lexicon.elements(&pattern);
                lexicon.phrases.push(Phrase { meaning, elements });
            }
        }
        lexicon.index();
        Ok(lexicon)
    }

    fn add_classes(&mut self, syntax: &LexiconSyntax) {
        for (class, lines) in &syntax.classes {
            for (index, line) in (1u16..).zip(lines) {
                self.add(class, line, f64::from(index));
            }
        }
        for (class, rows) in &syntax.values {
            for (value, line) in rows {
                self.add(class, line, value.parse().unwrap_or(f64::NAN));
            }
        }
        for (index, unit) in (0u16..).zip(UNITS) {
            self.add("unit", syntax.units.get(&unit).map_or("", String::as_str), f64::from(index));
            self.add("ending", syntax.endings.get(&unit).map_or("", String::as_str), f64::from(index));
        }
        for (index, (holiday, line)) in (0u16..).zip(&syntax.holidays) {
            self.holidays.push(*holiday);
            self.add("holiday", line, f64::from(index));
        }
    }

    fn add(&mut self, class: &str, line: &str, value: f64) {
        let class = self.class(class);
        for words in line.split('|').map(words) {
            if let Some(first) = words.first().cloned() {
                self.entries.entry(first).or_default().push(Entry { words, class, value });
            }
        }
    }

    fn class(&mut self, name: &str) -> usize {
        let next = self.classes.len();
        *self.classes.entry(name.to_owned()).or_insert(next)
    }

    /// Notes what each phrase may begin with, so that a word asks only the phrases that could begin there.
    fn index(&mut self) {
        let mut firsts: HashMap<usize, Vec<&str>> = HashMap::new();
        for entry in self.entries.values().flatten() {
            firsts.entry(entry.class).or_default().push(&entry.words[0]);
        }
        for (number, phrase) in self.phrases.iter().enumerate() {
            if phrase.is_suffix() {
                self.suffixes.push(number);
                continue;
            }
            let optional = phrase.elements.iter().take_while(|element| element.optional).count();
            for element in phrase.elements.iter().take(optional + 1) {
                let words: Vec<&str> = match &element.part {
                    Part::Word(words) => words.iter().map(String::as_str).collect(),
                    Part::Class(class) => firsts.get(class).cloned().unwrap_or_default(),
                    _ => Vec::new(),
                };
                for word in words {
                    self.starts.entry(word.to_owned()).or_default().push(number);
                }
                let counts = matches!(element.part, Part::Class(class) if class == Slot::Count as usize);
                if counts || !matches!(element.part, Part::Word(_) | Part::Class(_)) {
                    self.numeric.push(number);
                }
            }
        }
    }

    /// Returns the phrases that may begin at a word, in the order of the file.
    pub(super) fn starting(&self, word: &str, number: bool) -> Vec<&Phrase> {
        let by_word = self.starts.get(word).into_iter().flatten();
        let by_number = self.numeric.iter().filter(|_| number);
        let mut numbers: Vec<usize> = by_word.chain(by_number).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_iter().map(|number| &self.phrases[number]).collect()
    }

    /// Returns the phrases that go on from a date.
    pub(super) fn going_on(&self) -> impl Iterator<Item = &Phrase> {
        self.suffixes.iter().map(|number| &self.phrases[*number])
    }

    fn elements(&mut self, pattern: &str) -> Vec<Element> {
        pattern.split_whitespace().flat_map(|part| self.element(part)).collect()
    }

    fn element(&mut self, written: &str) -> Vec<Element> {
        let (written, optional) = written.strip_suffix('?').map_or((written, false), |part| (part, true));
        let element = |part| Element { part, optional };
        if let Some(name) = written.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
            return vec![element(match name {
                "number" => Part::Number,
                "ordinal" => Part::Ordinal,
                "nth" => Part::Nth,
                "year" => Part::Year,
                "figures" => Part::Figures,
                "period" => Part::Period,
                name => Part::Class(self.class(name)),
            })];
        }
        if written.contains('|') {
            let alternatives = written.split('|').flat_map(words).collect();
            return vec![element(Part::Word(alternatives))];
        }
        words(written).into_iter().map(|word| element(Part::Word(vec![word]))).collect()
    }

    /// Returns the number of a class, to ask for it later.
    pub(super) fn class_named(&self, name: &str) -> Option<usize> {
        self.classes.get(name).copied()
    }

    /// Returns the entries of `class` that begin at a token: how many tokens they take and their value.
    pub(super) fn at<'a>(
        &'a self,
        tokens: &'a [Token],
        at: usize,
        class: usize,
    ) -> impl Iterator<Item = (usize, f64)> + 'a {
        let entries = tokens.get(at).and_then(|token| self.entries.get(&token.word));
        let fits = move |entry: &&Entry| entry.class == class && stands(&entry.words, tokens, at);
        entries.into_iter().flatten().filter(fits).map(|entry| (entry.words.len(), entry.value))
    }

    /// Returns the longest entry of a named class at a token.
    pub(super) fn longest(&self, tokens: &[Token], at: usize, class: &str) -> Option<(usize, f64)> {
        let class = self.class_named(class)?;
        self.at(tokens, at, class).max_by_key(|(length, _)| *length)
    }

    /// Whether the token alone is in the named class.
    pub(super) fn is(&self, tokens: &[Token], at: usize, class: &str) -> bool {
        self.longest(tokens, at, class).is_some()
    }
}

fn stands(words: &[String], tokens: &[Token], at: usize) -> bool {
    let Some(window) = tokens.get(at..at + words.len()) else { return false };
    let joined = window.iter().skip(1).all(|token| token.gap < Gap::Hard);
    joined && window.iter().zip(words).all(|(token, word)| token.word == *word)
}

fn numbers(code: &str) -> text2num::Language {
    match code {
        "de" => text2num::Language::german(),
        "fr" => text2num::Language::french(),
        "es" => text2num::Language::spanish(),
        _ => text2num::Language::english(),
    }
}

const FILES: [(&str, &str); 4] = [
    ("en", include_str!("../../../rules/en/slots/words.toml")),
    ("de", include_str!("../../../rules/de/slots/words.toml")),
    ("fr", include_str!("../../../rules/fr/slots/words.toml")),
    ("es", include_str!("../../../rules/es/slots/words.toml")),
];

impl Phrase {
    /// Whether the phrase goes on from a date that was already read.
    fn is_suffix(&self) -> bool {
        matches!(self.elements.first(), Some(Element { part: Part::Period, .. }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_file_reads() {
        for (code, file) in FILES {
            if let Err(error) = Lexicon::read(code, file) {
                panic!("{code}: {error}");
            }
        }
    }

    #[test]
    fn every_class_that_a_phrase_asks_for_has_words() {
        for (code, _) in FILES {
            let lexicon = Lexicon::of(code).unwrap();
            for element in lexicon.phrases.iter().flat_map(|phrase| &phrase.elements) {
                let Part::Class(class) = element.part else { continue };
                let has_words = lexicon.entries.values().flatten().any(|entry| entry.class == class);
                let name = lexicon.classes.iter().find(|(_, number)| **number == class);
                assert!(has_words, "{code}: {name:?} is asked for and empty");
            }
        }
    }
}
