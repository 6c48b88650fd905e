//! Parts of a period: its start, its middle, a week or a day of it.

use jiff::civil::{Date, Weekday};

use super::Precision;
use super::period::{Period, add_business_days, add_days, add_months, coming, day_of, is_weekend};
use super::reading::Reading;

pub(super) fn early(reading: &Reading) -> Option<Reading> {
    let Some(period) = reading.period else { return Some(reading.clone()) };
    let (last, sure) = match period.precision {
        Precision::Month => (add_days(period.first, 9)?, true),
        Precision::Week => (add_days(period.first, 1)?, false),
        Precision::Quarter | Precision::Half | Precision::Season => {
            (add_days(add_months(period.first, 1)?, -1)?, false)
        }
        Precision::Year => (add_days(add_months(period.first, 3)?, -1)?, false),
        Precision::Day | Precision::Vague => return None,
    };
    narrowed(reading, Period { last, precision: Precision::Vague, ..period }, sure)
}

pub(super) fn mid(reading: &Reading) -> Option<Reading> {
    let Some(period) = reading.period else { return Some(reading.clone()) };
    let (last, sure) = match period.precision {
        Precision::Month => (add_days(period.first, 14)?, true),
        Precision::Week => (add_days(period.first, 2)?, false),
        Precision::Quarter | Precision::Season => (add_days(add_months(period.first, 1)?, 14)?, false),
        Precision::Half => (add_days(add_months(period.first, 3)?, -1)?, false),
        Precision::Year => (add_days(add_months(period.first, 6)?, -1)?, false),
        Precision::Day | Precision::Vague => return None,
    };
    narrowed(reading, Period { last, precision: Precision::Vague, ..period }, sure)
}

pub(super) fn first_half(reading: &Reading) -> Option<Reading> {
    let period = reading.period?;
    let last = match period.precision {
        Precision::Month => add_days(period.first, 14)?,
        Precision::Year => add_days(add_months(period.first, 6)?, -1)?,
        Precision::Week => add_days(period.first, 2)?,
        _ => return None,
    };
    narrowed(reading, Period { last, precision: Precision::Vague, ..period }, true)
}

fn narrowed(reading: &Reading, period: Period, sure: bool) -> Option<Reading> {
    let ambiguous = reading.ambiguous || !sure;
    Some(Reading { period: Some(period), ambiguous, weak: false, ..reading.clone() })
}

/// Weeks of a month count by their Fridays; a Friday on the 1st or 2nd still belongs to the month before.
pub(super) fn nth_week(reading: &Reading, nth: i64) -> Option<Reading> {
    let period = reading.period.filter(|period| {
        matches!(period.precision, Precision::Month | Precision::Year) && (1..=5).contains(&nth)
    })?;
    let first_friday = coming(add_days(period.first, 1)?, 5)?;
    let friday = add_days(first_friday, (nth - 1) * 7)?;
    Some(Reading { period: Period::week(friday), weak: false, ..reading.clone() })
}

/// The week of a Sunday is the one it opens, to those who begin their weeks on it.
pub(super) fn week_of(day: Date) -> Option<Reading> {
    let inside = if is_weekend(day) { add_days(day, 2)? } else { day };
    Reading::by_name(Period::week(inside))
}

pub(super) fn last_week(reading: &Reading) -> Option<Reading> {
    let period = reading.period?;
    let friday = add_days(coming(period.last, 5)?, -7)?;
    Some(Reading { period: Period::week(friday), weak: false, ..reading.clone() })
}

pub(super) fn nth_of(reading: &Reading, nth: i64) -> Option<Reading> {
    let month = month_of(reading)?;
    Some(Reading { period: Some(Period::day(day_of(month, nth)?)), weak: false, ..reading.clone() })
}

pub(super) fn nth_weekday(reading: &Reading, weekday: i64, nth: i64) -> Option<Reading> {
    let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
    let day = month_of(reading)?.first.nth_weekday_of_month(i8::try_from(nth).ok()?, weekday).ok()?;
    Some(Reading { period: Some(Period::day(day)), weak: false, ..reading.clone() })
}

fn month_of(reading: &Reading) -> Option<Period> {
    reading.period.filter(|period| period.precision == Precision::Month)
}

pub(super) fn business_day(reading: &Reading, nth: f64, from_end: bool) -> Option<Reading> {
    let period = reading.period?;
    let steps = (nth.clamp(1.0, 60.0)) as i64 - 1;
    let day = if from_end {
        let last = add_business_days(period.last, 0)?;
        add_days(last, -steps)?
    } else {
        add_business_days(add_days(period.first, -1)?, steps + 1)?
    };
    Some(Reading { period: Some(Period::day(day)), weak: false, ..reading.clone() })
}
