use jiff::civil::Date;

use super::grammar::Bound;
use super::lexicon::{UNITS, Unit};
use super::meaning::Meaning;
use super::part::{business_day, early, first_half, last_week, mid, nth_of, nth_week, nth_weekday, week_of};
use super::period::{Period, add_business_days, add_days, add_months, coming, day_of, is_weekend};
use super::reading::Reading;
use super::{Anchor, Calendar, Precision};

/// Longer than this, "from … to …" tells how long something runs, and its first day is what is promised.
const LONGEST_RANGE: i32 = 31;

/// What is reckoned from the call or from another date.
pub(super) fn reckoned(meaning: Meaning, bound: &Bound, calendar: &Calendar<'_>) -> Option<Reading> {
    let call = calendar.call;
    let inner = bound.periods.first();
    match meaning {
        Meaning::Past => Some(Reading::unresolved(Anchor::Call).past()),
        Meaning::This | Meaning::Bare | Meaning::Ending => unit(calendar, bound.unit?, 0),
        Meaning::Next => unit(calendar, bound.unit?, 1),
        Meaning::AfterNext => unit(calendar, bound.unit?, 2),
        Meaning::Last => unit(calendar, bound.unit?, -1).map(Reading::past),
        Meaning::Of => of(inner?, bound.periods.get(1)?),
        Meaning::End => inner.cloned(),
        Meaning::Early => early(inner?),
        Meaning::Mid => mid(inner?),
        Meaning::FirstHalf => first_half(inner?),
        Meaning::SecondHalf => inner.cloned(),
        Meaning::In => offset(call, bound, 1).or_else(|| vague(bound)),
        Meaning::From => offset(inner?.period?.due()?, bound, 1),
        Meaning::Ago => Some(offset(call, bound, -1).unwrap_or(Reading::unresolved(Anchor::Call)).past()),
        Meaning::NthWeek => nth_week(inner?, bound.whole(0)?),
        Meaning::NthOf => nth_of(inner?, bound.whole(0)?),
        Meaning::NthWeekday => nth_weekday(inner?, bound.weekday?, bound.whole(0)?),
        Meaning::LastWeekday => nth_weekday(inner?, bound.weekday?, -1),
        Meaning::LastWeek => last_week(inner?),
        Meaning::LastBusinessDay => business_day(inner?, bound.number(0).unwrap_or(0.0), true),
        Meaning::FirstBusinessDay => business_day(inner?, bound.number(0).unwrap_or(0.0), false),
        Meaning::WeekOf => week_of(inner.filter(|reading| reading.is_day())?.period?.first),
        Meaning::Range => match bound.periods.get(1) {
            Some(to) => range(inner?, to),
            None => range_within(inner?, bound.whole(0)?),
        },
        Meaning::Pinned | Meaning::By => inner.cloned(),
        Meaning::Before => before(inner?),
        Meaning::After => Some(Reading { period: None, ..inner?.clone() }),
        Meaning::Since => Some(inner?.clone().past()),
        Meaning::Recurring => Some(Reading { recurring: true, ..Reading::unresolved(Anchor::Call) }),
        Meaning::FromEvent | Meaning::Event => Some(Reading::unresolved(Anchor::Event(String::new()))),
        Meaning::Idiom => Some(Reading::unresolved(Anchor::Call)),
        _ => None,
    }
}

/// The unit of the calendar that is `ahead` after the call's own.
fn unit(calendar: &Calendar<'_>, unit: Unit, ahead: i64) -> Option<Reading> {
    let call = calendar.call;
    let months = |start: i64, length: i64, precision| {
        let into = (i64::from(call.month()) - start).rem_euclid(length);
        Period::months(call.year(), i64::from(call.month()), ahead * length - into, length, precision)
    };
    let fiscal = calendar.fiscal_year_starts.map(|date| i64::from(date.month()));
    let period = match unit {
        Unit::Day => Period::day(add_days(call, ahead)?),
        Unit::BusinessDay => Period::day(add_business_days(call, ahead)?),
        // On a weekend "this week" is the one to come: its own Friday is over.
        Unit::Week => {
            Period::week(add_days(call, 7 * if ahead == 0 && is_weekend(call) { 1 } else { ahead })?)?
        }
        Unit::Month => months(1, 1, Precision::Month)?,
        Unit::Quarter => months(fiscal.unwrap_or(1), 3, Precision::Quarter)?,
        Unit::Half => months(fiscal.unwrap_or(1), 6, Precision::Half)?,
        Unit::Year => months(1, 12, Precision::Year)?,
        Unit::FiscalYear => match fiscal {
            Some(start) => months(start, 12, Precision::Year)?,
            None => return Some(Reading::unresolved(Anchor::Fiscal)),
        },
        Unit::Second | Unit::Minute | Unit::Hour | Unit::Fortnight => return None,
    };
    let fiscal_unit = matches!(unit, Unit::Quarter | Unit::Half | Unit::FiscalYear) && fiscal.is_some();
    Some(Reading::new(period, if fiscal_unit { Anchor::Fiscal } else { Anchor::Call }))
}

fn of(part: &Reading, whole: &Reading) -> Option<Reading> {
    let (period, outer) = (part.period?, whole.period?);
    let fits = outer.precision == Precision::Year && period.precision != Precision::Year;
    let years = outer.first.year() - period.first.year();
    let holiday = part.holiday.and_then(|holiday| holiday.on(outer.first.year())).map(Period::day);
    let shifted = if holiday.is_some() {
        holiday?
    } else if period.first.year() == outer.first.year() {
        period
    } else {
        period.shifted(years)?
    };
    let weak = part.weak && part.meaning == Meaning::NthDay;
    fits.then(|| Reading { period: Some(shifted), past: part.past || whole.past, weak, ..part.clone() })
}

/// A count of units before or after a day. Hours count as the days they run into.
fn offset(from: Date, bound: &Bound, sign: i64) -> Option<Reading> {
    let count = bound.numbers.last().copied().filter(|count| *count > 0.0 && *count < 10_000.0)?;
    let days = |each: f64| add_days(from, sign * (count * each).round() as i64);
    let months = |each: f64| {
        let total = count * each;
        let whole = add_months(from, sign * total.trunc() as i64)?;
        add_days(whole, sign * (total.fract() * 30.0).round() as i64)
    };
    let day = match bound.unit? {
        Unit::Second | Unit::Minute => from,
        Unit::Hour => add_days(from, sign * (count / 24.0).floor() as i64)?,
        Unit::Day => days(1.0)?,
        Unit::BusinessDay => add_business_days(from, sign * count as i64)?,
        Unit::Week => days(7.0)?,
        Unit::Fortnight => days(14.0)?,
        Unit::Month => months(1.0)?,
        Unit::Quarter => months(3.0)?,
        Unit::Half => months(6.0)?,
        Unit::Year | Unit::FiscalYear => months(12.0)?,
    };
    Reading::from_call(Some(Period::day(day)))
}

/// "In a few days" names no day.
fn vague(bound: &Bound) -> Option<Reading> {
    bound.unit.filter(|unit| UNITS.contains(unit) && bound.numbers == [0.0])?;
    Some(Reading { ambiguous: true, ..Reading::unresolved(Anchor::Call) })
}

fn range(from: &Reading, to: &Reading) -> Option<Reading> {
    let (mut start, mut end) = (from.period?, to.period?);
    if from.rank > 0 && to.names_month {
        let month = Period::month(end.first.year(), end.first.month().into())?;
        start = Period::day(day_of(month, from.rank).filter(|day| *day <= end.last)?);
    }
    if to.rank > 0 {
        let month = Period::month(start.first.year(), start.first.month().into())?;
        let day = day_of(month, to.rank).filter(|day| *day >= start.first);
        end = Period::day(day.or_else(|| add_months(end.last, 1).filter(|day| *day > start.first))?);
    } else if end.last < start.first {
        // "Next Thursday to Saturday": the Saturday that follows.
        end = Period::day(coming(start.first, end.last.weekday().to_monday_one_offset().into())?);
    }
    let days = (end.last - start.first).get_days();
    if days > LONGEST_RANGE {
        return None;
    }
    let weak = from.weak && to.weak;
    Some(Reading { period: Some(Period { first: start.first, ..end }), weak, ..to.clone() })
}

/// "June second through the fourth": the second day is of the same month.
fn range_within(from: &Reading, nth: i64) -> Option<Reading> {
    let day = from.period.filter(|_| from.names_month && from.is_day())?.last;
    let last = day_of(Period::month(day.year(), day.month().into())?, nth).filter(|last| *last > day)?;
    Some(Reading { period: Some(Period { first: day, ..Period::day(last) }), ..from.clone() })
}

/// "Before Thanksgiving" leaves the day before; "before the end of June" leaves the end.
fn before(reading: &Reading) -> Option<Reading> {
    let inclusive = matches!(
        reading.meaning,
        Meaning::End | Meaning::Ending | Meaning::Pinned | Meaning::Early | Meaning::Mid
    );
    let Some(period) = reading.period.filter(|_| !inclusive) else { return Some(reading.clone()) };
    let day = add_days(period.first, -1)?;
    Some(Reading { period: Some(Period::day(day)), ..reading.clone() })
}
