use jiff::civil::Date;

use super::Anchor;
use super::meaning::Meaning;
use super::period::Period;
use super::reading::Reading;
use super::token::Token;

/// Reads a date in figures at a token: `2026-03-14`, `3/14` (month first in English alone), `14.3.`, `14/03/26`.
/// Returns how many tokens it takes.
pub(super) fn figures_date(
    text: &str,
    tokens: &[Token],
    at: usize,
    language: &str,
    call: Date,
) -> Option<(usize, Reading)> {
    let token = &tokens[at];
    if let Ok(date) = token.word.parse::<Date>() {
        return (token.word.len() == 10).then(|| (1, reading(date, false, false)));
    }
    let separator = if token.word.contains('/') { '/' } else { '.' };
    let parts: Vec<i16> = token.word.split(separator).map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let closed =
        separator == '/' || language == "de" && text[token.range.end..].starts_with('.') || parts.len() == 3;
    let (first, second) = (*parts.first()?, *parts.get(1)?);
    let in_order = if language == "en" { [(first, second), (second, first)] } else { [(second, first); 2] };
    let year = parts.get(2).map(|year| if *year < 100 { 2000 + year } else { *year });
    let date = in_order.into_iter().find_map(|(month, day)| next(call, year, month, day))?;
    let both_ways = language == "en" && first != second && first.max(second) <= 12;
    (closed && parts.len() <= 3).then(|| (1, reading(date, both_ways, year.is_none() && separator == '/')))
}

fn next(call: Date, year: Option<i16>, month: i16, day: i16) -> Option<Date> {
    let on = |year: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match year {
        Some(year) => (1990..2100).contains(&year).then(|| on(year))?,
        None => (0..=1).filter_map(|ahead| on(call.year() + ahead)).find(|day| *day >= call),
    }
}

fn reading(day: Date, ambiguous: bool, weak: bool) -> Reading {
    let unresolved = Reading::unresolved(Anchor::Calendar);
    Reading { period: Some(Period::day(day)), ambiguous, weak, meaning: Meaning::Figures, ..unresolved }
}
