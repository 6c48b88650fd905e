//! What an utterance says of time and figures, as tables: one line, one reading.

use std::fmt::Write as _;
use std::path::Path;

use jiff::civil::Date;
use proptest::prelude::*;
use readback::detect::slots::{Amount, Calendar, Measure, amounts, dates, due, movement};

/// Rows of a table below `fixtures/slots`: cells by tab, `#` begins a comment.
fn rows(file: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/slots").join(file);
    let table = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn due_of(text: &str, call: Date, language: &str, fiscal_year_starts: Option<Date>) -> String {
    let mentions = dates(text, &Calendar { call, fiscal_year_starts, language });
    match due(&mentions, text) {
        None => "none".to_owned(),
        Some(mention) => mention.due.map_or_else(|| "open".to_owned(), |day| day.to_string()),
    }
}

fn check_dates(language: &str, at_least: usize) {
    let table = rows(&format!("dates.{language}.tsv"));
    assert!(table.len() >= at_least, "{} rows are fewer than promised", table.len());
    let wrong: Vec<String> = table.iter().filter_map(|row| misread(row, language)).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

fn misread(row: &[String], language: &str) -> Option<String> {
    let [text, call, wanted] = row else { return Some(format!("{row:?} has not three cells")) };
    let Ok(day) = call.parse() else { return Some(format!("{call} is no date")) };
    let found = due_of(text, day, language, None);
    (found != *wanted).then(|| format!("{text:?} said on {call}: wanted {wanted}, read {found}"))
}

#[test]
fn english_dates_are_read_as_the_guide_says() {
    check_dates("en", 250);
}

#[test]
fn german_dates_are_read_as_the_guide_says() {
    check_dates("de", 60);
}

#[test]
fn french_dates_are_read_as_the_guide_says() {
    check_dates("fr", 60);
}

#[test]
fn spanish_dates_are_read_as_the_guide_says() {
    check_dates("es", 60);
}

#[test]
fn quarters_follow_the_customers_fiscal_year() {
    let (call, starts) = ("2026-08-12".parse().unwrap(), "2026-02-01".parse().ok());
    assert_eq!(due_of("by the end of Q3", call, "en", starts), "2026-10-31");
    assert_eq!(due_of("before fiscal year end", call, "en", starts), "2027-01-31");
    assert_eq!(due_of("this quarter", call, "en", starts), "2026-10-31");
}

#[test]
fn next_friday_is_flagged() {
    let calendar = Calendar { call: "2026-08-12".parse().unwrap(), fiscal_year_starts: None, language: "en" };
    assert!(dates("next Friday", &calendar)[0].ambiguous);
    assert!(!dates("this Friday", &calendar)[0].ambiguous);
}

#[test]
fn a_mention_covers_its_words_with_the_fillers_between() {
    let calendar = Calendar { call: "2026-04-08".parse().unwrap(), fiscal_year_starts: None, language: "en" };
    let text = "That lands by, um, the end of, uh, June, okay?";
    let mentions = dates(text, &calendar);
    assert_eq!(mentions.len(), 1);
    assert_eq!(&text[mentions[0].range.clone()], "by, um, the end of, uh, June");
}

#[test]
fn amounts_are_read_with_their_measures() {
    let mut wrong = String::new();
    for row in rows("amounts.tsv") {
        let found: Vec<String> =
            amounts(&row[1], &row[0]).iter().map(|amount| shown(amount, &row[1])).collect();
        if found.join("; ") != row[2] {
            writeln!(wrong, "{:?}: wanted {}, read {}", row[1], row[2], found.join("; ")).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

fn shown(amount: &Amount, text: &str) -> String {
    let words = &text[amount.range.clone()];
    let measure = match amount.measure {
        Measure::Money { currency } => currency.to_lowercase(),
        Measure::Duration { unit } => format!("{unit:?}").to_lowercase(),
        measure => format!("{measure:?}").to_lowercase(),
    };
    format!("{words} = {} {measure}", (amount.value * 1000.0).round() / 1000.0)
}

#[test]
fn baselines_and_targets_are_told_apart() {
    let mut wrong = String::new();
    for row in rows("movements.tsv") {
        let words = |range: Option<std::ops::Range<usize>>| {
            range.map_or("-".to_owned(), |range| row[1][range].to_owned())
        };
        let found = movement(&row[1], &row[0]).map_or("- > -".to_owned(), |found| {
            format!("{} > {}", words(found.baseline), words(found.target))
        });
        if found != row[2] {
            writeln!(wrong, "{:?}: wanted {}, read {found}", row[1], row[2]).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn spelt_amounts_are_shown_in_figures() {
    let shown =
        |text: &str| amounts(text, "en").iter().map(|amount| amount.in_figures(text)).collect::<Vec<_>>();
    assert_eq!(shown("two hundred and sixty hours a month"), ["260 hours a month"]);
    assert_eq!(shown("net sixty and twelve percent"), ["net 60", "12 percent"]);
    assert_eq!(shown("22% or a fifth"), ["22%", "a fifth"]);
}

/// Words that the grammars care about, so that random text finds its way into them.
fn spoken() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "by",
        "the",
        "end",
        "of",
        "next",
        "Friday",
        "week",
        "thirty",
        "first",
        "-",
        ",",
        ".",
        "May",
        "Q3",
        "14.3.",
        "in",
        "two",
        "hundred",
        "million",
        "999999999999",
        "from",
        "to",
        "a",
        "half",
        "$",
        "40k",
        "%",
        "years",
        "2026-02-30",
        "Ende",
        "nächster",
        "Woche",
        "fin",
        "août",
        "mañana",
        "después",
        "after",
        "before",
        "um",
        "ß",
        "e\u{301}",
        "’s",
    ]);
    prop::collection::vec(words, 0..24).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn any_text_gives_ranges_that_slice(text in prop_oneof![any::<String>(), spoken()], language in 0usize..4) {
        let language = ["en", "de", "fr", "es"][language];
        for call in ["2026-08-12", "-009999-01-01", "9999-12-31"] {
            let calendar = Calendar { call: call.parse().unwrap(), fiscal_year_starts: None, language };
            let mentions = dates(&text, &calendar);
            for mention in &mentions {
                prop_assert!(text.get(mention.range.clone()).is_some_and(|words| !words.is_empty()));
            }
            prop_assert!(mentions.windows(2).all(|pair| pair[0].range.end <= pair[1].range.start));
            due(&mentions, &text);
        }
        for amount in amounts(&text, language) {
            prop_assert!(text.get(amount.range).is_some_and(|words| !words.is_empty()));
        }
        if let Some(found) = movement(&text, language) {
            for range in [found.baseline, found.target].into_iter().flatten() {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
