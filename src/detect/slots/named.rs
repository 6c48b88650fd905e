use jiff::civil::Date;

use super::grammar::Bound;
use super::meaning::Meaning;
use super::period::{Period, add_days, coming, day_of};
use super::reading::Reading;
use super::{Anchor, Calendar, Precision};

/// Days, months and years that have a name.
pub(super) fn named(meaning: Meaning, bound: &Bound, calendar: &Calendar<'_>) -> Option<Reading> {
    let call = calendar.call;
    let day = |day: Option<Date>| Reading::from_call(day.map(Period::day));
    match meaning {
        Meaning::Today | Meaning::TodayPart => day(Some(call)),
        Meaning::Tomorrow => day(add_days(call, 1)),
        Meaning::Overmorrow => day(add_days(call, 2)),
        Meaning::Weekday => day(coming(call, bound.weekday?)),
        Meaning::WeekdayNext => next_weekday(call, bound.weekday?),
        Meaning::WeekdayLast => day(add_days(coming(call, bound.weekday?)?, -7)).map(Reading::past),
        Meaning::WeekdayOf => day(weekday_of(bound.periods.first()?.period?, bound.weekday?)),
        Meaning::WeekdayNth => day(weekday_nth(call, bound.weekday?, bound.whole(0)?)),
        Meaning::WeekdayDate => {
            let date = bound.periods.first().filter(|reading| reading.is_day())?;
            Some(Reading { weak: false, ..date.clone() })
        }
        Meaning::WeekLater => day(add_days(bound.periods.first()?.period?.due()?, 7)),
        Meaning::NthDay => {
            let rank = bound.whole(0)?;
            Some(Reading { rank, ..day(nth_day(call, rank))?.weak() })
        }
        Meaning::MonthDay => month_day(call, bound.month?, bound.whole(0)?, bound.year),
        Meaning::DayMonth => month_day(call, bound.whole(1)?, bound.whole(0)?, bound.year),
        Meaning::Figures => Some(bound.figures.clone()?),
        Meaning::Month => month(call, bound),
        Meaning::MonthLast => Some(month(call, bound)?.past()),
        // Farther years are counts: "in 2050 stores".
        Meaning::Year | Meaning::BareYear => Reading::by_name(Period::year(
            bound.year.filter(|year| (-10..=15).contains(&(year - call.year())))?,
        )),
        Meaning::Quarter => part_of_year(calendar, bound.whole(0)?, 3, Precision::Quarter, bound.year),
        Meaning::Half => part_of_year(calendar, bound.whole(0)?, 6, Precision::Half, bound.year),
        Meaning::Holiday => {
            let day = Reading::by_name(bound.holiday?.next(call).map(Period::day))?;
            Some(Reading { holiday: bound.holiday, ..day })
        }
        Meaning::Season => season(call, bound.season?, bound.year),
        Meaning::IsoWeek => Reading::by_name(iso_week(call, bound.whole(0)?)),
        _ => None,
    }
}

/// "Next Friday", said before Friday, is the one of next week to most and the coming one to some.
fn next_weekday(call: Date, weekday: i64) -> Option<Reading> {
    let monday = Period::week(call)?.first;
    let day = Period::day(add_days(monday, 6 + weekday)?);
    let reading = Reading::new(day, Anchor::Call);
    let coming_one = coming(call, weekday)?;
    Some(if coming_one == day.first { reading } else { reading.ambiguous() })
}

fn weekday_of(week: Period, weekday: i64) -> Option<Date> {
    (week.precision == Precision::Week).then(|| add_days(week.first, weekday - 1))?
}

/// The next month in which the weekday and the day of the month agree.
fn weekday_nth(call: Date, weekday: i64, nth: i64) -> Option<Date> {
    let starts = (0..14)
        .filter_map(|ahead| Period::months(call.year(), call.month().into(), ahead, 1, Precision::Month));
    let days = starts.filter_map(|month| day_of(month, nth));
    days.filter(|day| *day > call).find(|day| i64::from(day.weekday().to_monday_one_offset()) == weekday)
}

fn nth_day(call: Date, nth: i64) -> Option<Date> {
    let months = (0..3)
        .filter_map(|ahead| Period::months(call.year(), call.month().into(), ahead, 1, Precision::Month));
    months.filter_map(|month| day_of(month, nth)).find(|day| *day > call)
}

fn month_day(call: Date, month: i64, day: i64, year: Option<i16>) -> Option<Reading> {
    let date = |year: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    let found = match year {
        Some(year) => date(year)?,
        // A leap day may be years away.
        None => (0..=4).filter_map(|ahead| date(call.year() + ahead)).find(|day| *day >= call)?,
    };
    Some(Reading { names_month: true, ..Reading::by_name(Some(Period::day(found)))? })
}

fn month(call: Date, bound: &Bound) -> Option<Reading> {
    let month = bound.month?;
    let period = match bound.year {
        Some(year) => Period::month(year, month),
        None => {
            (0..=1).filter_map(|ahead| Period::month(call.year() + ahead, month)).find(|it| it.last >= call)
        }
    };
    Some(Reading { names_month: true, ..Reading::by_name(period)?.weak() })
}

/// A quarter or half: by the customer's own year where it is known. The first that is not over yet.
fn part_of_year(
    calendar: &Calendar<'_>,
    nth: i64,
    length: i64,
    precision: Precision,
    year: Option<i16>,
) -> Option<Reading> {
    if !(1..=12 / length).contains(&nth) {
        return None;
    }
    let start = calendar.fiscal_year_starts.map_or(1, |date| i64::from(date.month()));
    let part = |year: i16| Period::months(year, start, (nth - 1) * length, length, precision);
    let period = match year {
        Some(year) => part(year),
        None => (-1..=1)
            .filter_map(|ahead| part(calendar.call.year() + ahead))
            .find(|it| it.last >= calendar.call),
    };
    Some(Reading::new(period?, anchor(calendar)))
}

fn anchor(calendar: &Calendar<'_>) -> Anchor {
    if calendar.fiscal_year_starts.is_some() { Anchor::Fiscal } else { Anchor::Calendar }
}

/// Seasons run by whole months, as the weather office counts them; people differ.
fn season(call: Date, season: i64, year: Option<i16>) -> Option<Reading> {
    let start = season * 3;
    let at = |year: i16| Period::months(year, start, 0, 3, Precision::Season);
    let period = match year {
        Some(year) => at(year),
        None => (-1..=1).filter_map(|ahead| at(call.year() + ahead)).find(|it| it.last >= call),
    };
    Some(Reading::by_name(period)?.ambiguous())
}

fn iso_week(call: Date, number: i64) -> Option<Period> {
    let monday = |year: i16| {
        let week = Period::week(Date::new(year, 1, 4).ok()?)?;
        Period::week(add_days(week.first, (number - 1) * 7)?)
    };
    let weeks = (1..=53).contains(&number).then_some(0..=1)?;
    weeks.filter_map(|ahead| monday(call.year() + ahead)).find(|week| week.last >= call)
}
