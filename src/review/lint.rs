//! What a reader of the handoff may find lacking in what people typed. Lints warn and never block.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::LineKind;
use crate::detect::slots::{Anchor, Calendar, DateMention, amounts, dates};
use crate::rules::Kind;

/// Languages with a list of phrases.
const LANGUAGES: [&str; 4] = ["en", "de", "fr", "es"];

/// Required fields that ask for the customer's words.
const IN_THEIR_WORDS: &[&str] =
    &["Pain in their words", "Promises", "Objections", "Why us", "What drives the champion"];

/// Required fields that ask for a figure with its date.
const CRITERIA: &[&str] = &["Metric", "Target"];

/// What is lacking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Lacking {
    /// A success criterion without metric, number or date (S-036).
    Measure,
    /// A quote: it tells of words instead of giving them (S-074).
    Quote,
    /// An answer: it is put off (S-081).
    Answer,
    /// The thing itself: it sends the reader to the CRM (S-081).
    Content,
    /// A summary: it sends the reader to the recordings (S-081).
    Summary,
    /// The word that was given: it reopens a promise (S-081).
    Word,
}

/// Something that a reader may find lacking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// What is lacking.
    pub lacking: Lacking,
    /// The words that it rests on, as they were typed; empty where it is what is not there.
    pub words: String,
    /// What to do about it.
    pub advice: String,
}

/// The phrases of one language, as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    later: Vec<String>,
    crm: Vec<String>,
    recordings: Vec<String>,
    promises: Vec<String>,
    hearsay: Vec<String>,
    nothing: Vec<String>,
}

/// All phrases in one automaton.
struct Lexicon {
    automaton: AhoCorasick,
    /// What is lacking where the phrase of the same number stands.
    lacking: Vec<Lacking>,
    nothing: Vec<String>,
}

static LEXICON: LazyLock<Option<Lexicon>> = LazyLock::new(|| {
    let files = [
        include_str!("lints/en.toml"),
        include_str!("lints/de.toml"),
        include_str!("lints/fr.toml"),
        include_str!("lints/es.toml"),
    ];
    let (mut phrases, mut lacking, mut nothing) = (Vec::new(), Vec::new(), Vec::new());
    for file in files {
        let read: Phrases = toml::from_str(file).ok()?;
        nothing.extend(read.nothing);
        let lists = [
            (read.later, Lacking::Answer),
            (read.crm, Lacking::Content),
            (read.recordings, Lacking::Summary),
            (read.promises, Lacking::Word),
            (read.hearsay, Lacking::Quote),
        ];
        for (list, what) in lists {
            lacking.extend(std::iter::repeat_n(what, list.len()));
            phrases.extend(list);
        }
    }
    let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(phrases).ok()?;
    Some(Lexicon { automaton, lacking, nothing })
});

/// Returns what is lacking in `text`, which says what a line of `kind` comes to. `quoted` tells that words of a call stand
/// beside it; dates in it are reckoned from `on`.
pub fn line(kind: Option<LineKind>, text: &str, quoted: bool, on: Date) -> Vec<Warning> {
    use Kind::{Objection, Pain, Promise, WhyChosen};
    let theirs = matches!(kind, Some(LineKind::Found(Promise | Objection | Pain | WhyChosen)));
    let criterion = kind == Some(LineKind::Found(Kind::SuccessMetric));
    check(text, theirs && !quoted, criterion, on)
}

/// Returns what is lacking in `text`, which answers the required `field`; dates in it are reckoned from `on`.
pub fn field(field: &str, text: &str, on: Date) -> Vec<Warning> {
    check(text, IN_THEIR_WORDS.contains(&field), CRITERIA.contains(&field), on)
}

/// Tells whether `text` only says that there is nothing ("no risks"), which takes a name and a date.
pub fn says_nothing(text: &str) -> bool {
    let said = plain(text);
    let said = said.trim_matches(|c: char| !c.is_alphanumeric());
    LEXICON.as_ref().is_some_and(|lexicon| lexicon.nothing.iter().any(|phrase| phrase == said))
}

fn check(text: &str, in_their_words: bool, criterion: bool, on: Date) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let said = plain(text);
    let days: Vec<DateMention> = LANGUAGES
        .iter()
        .flat_map(|language| dates(&said, &Calendar { call: on, fiscal_year_starts: None, language }))
        .collect();
    for (lacking, words) in phrases(&said) {
        if lacking != Lacking::Quote {
            warnings.push(Warning::new(lacking, words));
        }
    }
    if in_their_words {
        // A sentence that gives a date and nobody's impression is a record, not a paraphrase.
        let hearsay = phrases(&said).into_iter().find(|(lacking, _)| *lacking == Lacking::Quote);
        if hearsay.is_some() || days.is_empty() {
            warnings.push(Warning::new(Lacking::Quote, hearsay.map_or("", |(_, words)| words)));
        }
    }
    if criterion && !is_measured(&said, &days) {
        warnings.push(Warning::new(Lacking::Measure, ""));
    }
    warnings
}

/// Returns the phrases in `said` that stand as whole words.
fn phrases(said: &str) -> Vec<(Lacking, &str)> {
    let Some(lexicon) = &*LEXICON else { return Vec::new() };
    let whole = |range: &Range<usize>| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !letter(said[..range.start].chars().next_back()) && !letter(said[range.end..].chars().next())
    };
    let found = lexicon.automaton.find_iter(said).filter(|found| whole(&found.range()));
    found.map(|found| (lexicon.lacking[found.pattern().as_usize()], &said[found.range()])).collect()
}

/// Tells whether a figure and a date ahead are named that are not the same words; `days` are the dates as each language
/// reads them. "In three days" may be either, "30 June" is no figure in any language.
fn is_measured(said: &str, days: &[DateMention]) -> bool {
    let meet = |one: &Range<usize>, other: &Range<usize>| one.start < other.end && other.start < one.end;
    let is_date =
        |range: &Range<usize>| days.iter().any(|day| day.anchor != Anchor::Call && meet(&day.range, range));
    let amounts = LANGUAGES.iter().flat_map(|language| amounts(said, language));
    let mut figures = amounts.map(|amount| amount.range).filter(|range| !is_date(range));
    figures.any(|range| days.iter().any(|day| !day.past && !meet(&day.range, &range)))
}

/// Returns `text` in lower case with plain apostrophes and single spaces.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace(['’', '‘', '`'], "'");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Warning {
    fn new(lacking: Lacking, words: &str) -> Self {
        let advice = match lacking {
            Lacking::Measure => {
                "a success criterion takes a metric, a number and a date: “3 days to close, by 30 June”"
            }
            Lacking::Quote => {
                "this tells of their words; point at the words themselves, or say who said it and on which date"
            }
            Lacking::Answer => "say it now, or answer UNKNOWN with who finds out and by when",
            Lacking::Content => "the reader has the packet and not the CRM: write what stands there",
            Lacking::Summary => "nobody mines recordings: point at the words that matter",
            Lacking::Word => {
                "what was promised stands until the customer agrees otherwise: set the class of the promise instead"
            }
        };
        Self { lacking, words: words.to_owned(), advice: advice.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: Date = jiff::civil::date(2026, 5, 4);

    fn lacking(warnings: &[Warning]) -> Vec<Lacking> {
        warnings.iter().map(|warning| warning.lacking).collect()
    }

    #[test]
    fn a_criterion_takes_metric_number_and_date() {
        let metric = Some(LineKind::Found(Kind::SuccessMetric));
        for vague in [
            "Faster month-end close",
            "Cut the close to 3 days",
            "A better close by June 30",
            "Faster close in two weeks",
            "Schnellerer Monatsabschluss",
            "Réduire les erreurs",
            "Mejorar el cierre de mes",
        ] {
            assert_eq!(lacking(&line(metric, vague, true, ON)), [Lacking::Measure], "{vague}");
        }
        for specific in [
            "Month-end close in 3 days by June 30",
            "Monatsabschluss in 3 Tagen bis 30. Juni",
            "Clôture en 3 jours d'ici le 30 juin",
            "Errores por debajo del 2 % para el 30 de junio",
        ] {
            assert!(
                line(metric, specific, true, ON).is_empty(),
                "{specific}: {:?}",
                line(metric, specific, true, ON)
            );
        }
    }

    #[test]
    fn the_phrases_that_must_not_appear_are_found_in_four_languages() {
        let cases = [
            ("We’ll revisit promises after the first quarter", Lacking::Word),
            ("It's in the CRM.", Lacking::Content),
            ("Just watch the recordings", Lacking::Summary),
            ("TBD", Lacking::Answer),
            ("Steht im CRM", Lacking::Content),
            ("Das klären wir später", Lacking::Answer),
            ("Voir l’enregistrement du 3", Lacking::Summary),
            ("On reviendra sur les promesses", Lacking::Word),
            ("Está en el CRM", Lacking::Content),
            ("Ya veremos", Lacking::Answer),
        ];
        for (text, wanted) in cases {
            assert_eq!(lacking(&line(None, text, false, ON)), [wanted], "{text}");
        }
        assert!(line(None, "Their CRM is Salesforce, kept by Ola", false, ON).is_empty());
    }

    #[test]
    fn a_paraphrase_is_no_quote() {
        let pain = Some(LineKind::Found(Kind::Pain));
        assert_eq!(lacking(&line(pain, "They seem unhappy with reporting", false, ON)), [Lacking::Quote]);
        assert!(
            line(pain, "They seem unhappy with reporting", true, ON).is_empty(),
            "its quote stands beside it"
        );
        let record = "Ola Brandt on March 10: the close took nine days and she missed her own board meeting";
        assert!(line(pain, record, false, ON).is_empty(), "dated and attributed");
    }

    #[test]
    fn nothing_is_said_in_four_languages() {
        for text in ["No risks.", "none", "Keine Risiken", "aucun risque", "Sin riesgos"] {
            assert!(says_nothing(text), "{text}");
        }
        assert!(!says_nothing("none of the plants has a network"));
    }
}
