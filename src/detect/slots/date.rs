use std::ops::Range;

use jiff::civil::Date;

use super::grammar::Grammar;
use super::lexicon::Lexicon;
use super::meaning::Meaning;
use super::period::{Period, day_of};
use super::reading::Reading;
use super::token::{Gap, Token, tokens};

/// What dates are reckoned from.
#[derive(Clone, Debug)]
pub struct Calendar<'a> {
    /// The call's local date.
    pub call: Date,
    /// The day the customer's fiscal year starts, in any year; `None` reads quarters by the calendar.
    pub fiscal_year_starts: Option<Date>,
    /// Language of the utterance, as its ISO 639-1 code. Other languages than `en`, `de`, `fr`, `es` give nothing.
    pub language: &'a str,
}

/// Words that name a date, and what they name.
#[derive(Clone, Debug, PartialEq)]
pub struct DateMention {
    /// Where the words stand: bytes, half-open.
    pub range: Range<usize>,
    /// Last day that keeps the word; `None` where the words do not tell.
    pub due: Option<Date>,
    /// How finely the words name it.
    pub precision: Precision,
    /// What it is reckoned from.
    pub anchor: Anchor,
    /// Whether it lies before the call, or is told as something past.
    pub past: bool,
    /// Whether it comes again and again.
    pub recurring: bool,
    /// Whether people would differ on the day.
    pub ambiguous: bool,
    /// Whether it belongs to a condition ("if you sign by the thirtieth").
    pub conditional: bool,
    /// Whether the speaker takes it back for the next one ("the third, sorry, the thirteenth").
    pub retracted: bool,
}

/// How finely a date is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// One day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// Half a year.
    Half,
    /// A year.
    Year,
    /// A season.
    Season,
    /// Part of a period ("early May"), or none that can be told.
    Vague,
}

/// What a date is reckoned from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The day of the call ("Friday", "in two weeks").
    Call,
    /// The calendar ("June 30", "Q3").
    Calendar,
    /// The customer's fiscal year.
    Fiscal,
    /// Something that has no date yet, in the speaker's words ("go-live").
    Event(String),
}

/// Words of an event that is named only by a clause; more would run into the next thought.
const EVENT_WORDS: usize = 8;

/// Only short words are dropped when they come twice: "twenty twenty-six" is no stammer, a single letter no word.
const STAMMER: std::ops::RangeInclusive<usize> = 2..=3;

/// How many words before a date may hold the verb that puts it into the past.
const PAST_REACH: usize = 6;

/// Returns the dates of an utterance in the order of its words.
pub fn dates(text: &str, calendar: &Calendar<'_>) -> Vec<DateMention> {
    let Some(lexicon) = Lexicon::of(calendar.language) else { return Vec::new() };
    let tokens = spoken(tokens(text), lexicon);
    let grammar = Grammar::new(text, &tokens, lexicon, calendar);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let candidates = grammar.at(at).into_iter().map(|(end, reading)| (at..end.max(at + 1), reading));
        let Some((place, reading)) =
            candidates.into_iter().find(|(place, reading)| stands(&grammar, place, reading))
        else {
            at += 1;
            continue;
        };
        at = place.end;
        if reading.meaning != Meaning::Idiom {
            found.push((place, reading));
        }
    }
    carry_months(&mut found);
    let places: Vec<Range<usize>> = found.iter().map(|(place, _)| place.clone()).collect();
    let mentions = found.into_iter().enumerate();
    mentions.map(|(number, (_, reading))| mention(&grammar, &places, number, reading)).collect()
}

/// Drops fillers and stammered words, so that "by, um, the the end" reads as "by the end".
pub(super) fn spoken(tokens: Vec<Token>, lexicon: &Lexicon) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let (mut at, mut gap) = (0, Gap::None);
    while let Some(token) = tokens.get(at) {
        gap = gap.max(token.gap);
        if let Some((length, _)) = lexicon.longest(&tokens, at, "filler") {
            let inside = tokens[at..at + length].iter().map(|token| token.gap).max();
            gap = gap.max(inside.unwrap_or(Gap::None));
            at += length;
            continue;
        }
        let stammered = kept.last().is_some_and(|last| last.word == token.word) && gap < Gap::Hard;
        if !(stammered && STAMMER.contains(&token.word.len()) && token.word.chars().all(char::is_alphabetic))
        {
            kept.push(Token { gap, ..token.clone() });
        }
        gap = Gap::None;
        at += 1;
    }
    kept
}

/// Whether a reading whose words may mean something else is a date here.
fn stands(grammar: &Grammar<'_>, place: &Range<usize>, reading: &Reading) -> bool {
    if !reading.weak {
        return !matches!(reading.meaning, Meaning::Bare | Meaning::BareYear);
    }
    let (tokens, lexicon) = (grammar.tokens, grammar.lexicon);
    let before = |class: &str| place.start > 0 && lexicon.is(tokens, place.start - 1, class);
    let leads = lexicon.is(tokens, place.start, "lead") || before("lead");
    let goes_on = tokens.get(place.end).is_none_or(|next| next.gap > Gap::None)
        || lexicon.is(tokens, place.end, "onward");
    match innermost(reading) {
        Meaning::Month => month_stands(grammar, place, leads, goes_on),
        Meaning::Figures => leads,
        _ => {
            let rank = reading.rank;
            let counted = ["ranked", "percent", "points", "euro", "dollar"]
                .iter()
                .any(|class| lexicon.is(tokens, place.end, class));
            let figure =
                grammar.numerals[place.end - 1].is_some_and(|numeral| !numeral.ordinal) && before("goal");
            let early = rank <= 3 && !leads;
            !early && !counted && !figure && (goes_on || leads && rank > 3)
        }
    }
}

fn innermost(reading: &Reading) -> Meaning {
    match reading.period {
        Some(period) if period.precision == Precision::Month => Meaning::Month,
        _ if reading.meaning == Meaning::Figures => Meaning::Figures,
        _ => reading.meaning,
    }
}

/// Months that are words or names ("may", "march", "April runs procurement") need more than themselves.
fn month_stands(grammar: &Grammar<'_>, place: &Range<usize>, leads: bool, goes_on: bool) -> bool {
    let (tokens, lexicon) = (grammar.tokens, grammar.lexicon);
    let month = (place.clone()).find(|at| lexicon.is(tokens, *at, "month")).unwrap_or(place.start);
    let named = leads || place.len() > 1;
    if lexicon.is(tokens, month, "month-or-verb") {
        let inside = month > 0 && tokens[month].gap < Gap::Hard;
        let alone = tokens.get(place.end).is_none_or(|next| next.gap == Gap::Hard);
        return named || tokens[month].capital && (alone || inside && goes_on);
    }
    named || goes_on || !lexicon.is(tokens, month, "month-or-name")
}

/// A bare day of the month that follows a bare month belongs to it: "it's May for us, and I'd say the twenty-first".
fn carry_months(found: &mut [(Range<usize>, Reading)]) {
    // About two sentences.
    const REACH: usize = 25;
    let mut named: Option<(usize, Period)> = None;
    for (at, reading) in found {
        let Some(period) = reading.period else { continue };
        if reading.names_month {
            named =
                Period::month(period.last.year(), period.last.month().into()).map(|month| (at.end, month));
        }
        let Some((_, month)) =
            named.filter(|(end, _)| reading.rank > 0 && at.start.saturating_sub(*end) <= REACH)
        else {
            continue;
        };
        if let Some(day) = day_of(month, reading.rank) {
            (reading.period, reading.ambiguous) = (Some(Period::day(day)), true);
        }
    }
}

fn mention(grammar: &Grammar<'_>, places: &[Range<usize>], number: usize, reading: Reading) -> DateMention {
    let (tokens, lexicon) = (grammar.tokens, grammar.lexicon);
    let mut place = places[number].clone();
    let next = places.get(number + 1).map_or(tokens.len(), |place| place.start);
    let mut anchor = reading.anchor.clone();
    if let Anchor::Event(_) = anchor {
        let event = place.end;
        place.end = event_end(tokens, place.end, next, lexicon);
        let words = if event < place.end { event..place.end } else { place.clone() };
        anchor = Anchor::Event(grammar.text[bytes(tokens, &words)].to_owned());
    }
    let clause =
        clause_start(tokens, lexicon, if number == 0 { 0 } else { places[number - 1].end }, place.start);
    let over = reading.period.is_some_and(|period| period.last < grammar.calendar.call);
    let past = reading.past || over || told_as_past(tokens, lexicon, clause, &place, &reading);
    let due = reading.period.filter(|_| !past && !reading.recurring).and_then(|period| period.due());
    DateMention {
        range: bytes(tokens, &place),
        due,
        precision: reading.precision(),
        anchor,
        past,
        recurring: reading.recurring,
        ambiguous: reading.ambiguous,
        conditional: conditional(tokens, lexicon, place.start),
        retracted: retracted(tokens, lexicon, &place, next, number + 1 < places.len()),
    }
}

fn bytes(tokens: &[Token], place: &Range<usize>) -> Range<usize> {
    tokens[place.start].range.start..tokens[place.end - 1].range.end
}

fn event_end(tokens: &[Token], from: usize, limit: usize, lexicon: &Lexicon) -> usize {
    let last = limit.min(from + EVENT_WORDS);
    let ends = |at: &usize| tokens[*at].gap > Gap::None || lexicon.is(tokens, *at, "clause");
    (from..last).find(ends).unwrap_or(last).max(from)
}

/// A clause is rarely longer.
const CLAUSE_REACH: usize = 20;

/// The clause of a date begins after the last full stop, or after a word that begins a clause.
fn clause_start(tokens: &[Token], lexicon: &Lexicon, from: usize, at: usize) -> usize {
    let begins = |at: &usize| tokens[*at].gap > Gap::None || lexicon.is(tokens, *at, "clause");
    let from = from.max(at.saturating_sub(CLAUSE_REACH));
    (from..=at).rev().find(begins).unwrap_or(from)
}

/// "We launched in March" tells of the past; "we'll have launched in March" does not.
fn told_as_past(
    tokens: &[Token],
    lexicon: &Lexicon,
    clause: usize,
    place: &Range<usize>,
    reading: &Reading,
) -> bool {
    let from = clause.max(place.start.saturating_sub(PAST_REACH));
    let told = (from..place.start).any(|at| lexicon.is(tokens, at, "past-verb"));
    let future = (clause..place.start).any(|at| lexicon.is(tokens, at, "future"));
    told && !future && !matches!(reading.anchor, Anchor::Event(_))
}

/// A condition farther back than this has long found its main clause, marked or not.
const CONDITION_REACH: usize = 30;

/// Looks back to the start of the sentence for a condition that the main clause has not closed yet.
fn conditional(tokens: &[Token], lexicon: &Lexicon, at: usize) -> bool {
    let mut main_clause = false;
    for back in (at.saturating_sub(CONDITION_REACH)..=at).rev() {
        if lexicon.is(tokens, back, "condition") {
            return !main_clause;
        }
        main_clause |= back < at && lexicon.is(tokens, back, "main") && main_begins(tokens, lexicon, back);
        if tokens[back].gap == Gap::Hard {
            return false;
        }
    }
    false
}

/// "we'll" begins the main clause anywhere but straight after "if".
fn main_begins(tokens: &[Token], lexicon: &Lexicon, at: usize) -> bool {
    at == 0 || !lexicon.is(tokens, at - 1, "condition")
}

fn retracted(tokens: &[Token], lexicon: &Lexicon, place: &Range<usize>, next: usize, followed: bool) -> bool {
    let negated = place.start > 0 && lexicon.is(tokens, place.start - 1, "not");
    let near = next - place.end <= 6;
    let taken_back = near && (place.end..next).any(|at| lexicon.is(tokens, at, "retract"));
    negated || followed && taken_back
}
