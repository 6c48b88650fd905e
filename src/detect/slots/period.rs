use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::Precision;

/// Days from the first to the last, both included, and how finely they were named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Period {
    /// The first day.
    pub(super) first: Date,
    /// The last day.
    pub(super) last: Date,
    /// How finely it was named.
    pub(super) precision: Precision,
}

impl Period {
    pub(super) fn day(day: Date) -> Self {
        Self { first: day, last: day, precision: Precision::Day }
    }

    /// Returns the week of `day`, Monday to Sunday.
    pub(super) fn week(day: Date) -> Option<Self> {
        let since_monday = i64::from(day.weekday().to_monday_zero_offset());
        let first = add_days(day, -since_monday)?;
        Some(Self { first, last: add_days(first, 6)?, precision: Precision::Week })
    }

    /// Returns `months` months from the first of the month that is `offset` months after `year`-`month`.
    pub(super) fn months(
        year: i16,
        month: i64,
        offset: i64,
        length: i64,
        precision: Precision,
    ) -> Option<Self> {
        let index = i64::from(year) * 12 + month - 1 + offset;
        let first = month_start(index)?;
        let last = add_days(month_start(index + length)?, -1)?;
        Some(Self { first, last, precision })
    }

    pub(super) fn month(year: i16, month: i64) -> Option<Self> {
        Self::months(year, month, 0, 1, Precision::Month)
    }

    pub(super) fn year(year: i16) -> Option<Self> {
        Self::months(year, 1, 0, 12, Precision::Year)
    }

    /// Returns the last day that keeps a word given for this period; a week ends on its Friday.
    pub(super) fn due(&self) -> Option<Date> {
        if self.precision == Precision::Week { add_days(self.first, 4) } else { Some(self.last) }
    }

    /// Returns the same days `years` later.
    pub(super) fn shifted(&self, years: i16) -> Option<Self> {
        let shift = |day: Date| day.checked_add(i64::from(years).years()).ok();
        let last = match self.precision {
            Precision::Day => shift(self.last)?,
            _ => add_days(shift(self.last.tomorrow().ok()?)?, -1)?,
        };
        Some(Self { first: shift(self.first)?, last, ..*self })
    }
}

/// Returns the day `days` after `day`; `None` outside the calendar.
pub(super) fn add_days(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Returns the day `months` later, or the month's last where it is shorter.
pub(super) fn add_months(day: Date, months: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_months(months).ok()?).ok()
}

/// Returns the day that is `days` working days after `day`; public holidays are not known here.
pub(super) fn add_business_days(day: Date, days: i64) -> Option<Date> {
    let (weeks, mut left) = (days.div_euclid(5), days.rem_euclid(5));
    let mut at = day;
    while is_weekend(at) {
        at = at.yesterday().ok()?;
    }
    at = add_days(at, weeks * 7)?;
    while left > 0 {
        at = at.tomorrow().ok()?;
        left -= i64::from(!is_weekend(at));
    }
    Some(at)
}

/// Returns the first day after `day` on the weekday (Monday is 1).
pub(super) fn coming(day: Date, weekday: i64) -> Option<Date> {
    let ahead = (weekday - i64::from(day.weekday().to_monday_one_offset())).rem_euclid(7);
    add_days(day, if ahead == 0 { 7 } else { ahead })
}

/// Returns the day of `month` by its number; `None` for a thirty-first that the month has not.
pub(super) fn day_of(month: Period, nth: i64) -> Option<Date> {
    Date::new(month.first.year(), month.first.month(), i8::try_from(nth).ok()?).ok()
}

/// Whether the day is a Saturday or a Sunday.
pub(super) fn is_weekend(day: Date) -> bool {
    day.weekday().to_monday_one_offset() > 5
}

fn month_start(index: i64) -> Option<Date> {
    let year = i16::try_from(index.div_euclid(12)).ok().filter(|year| (1..9999).contains(year))?;
    let month = i8::try_from(index.rem_euclid(12) + 1).ok()?;
    Some(date(year, month, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_business_days_are_two_weeks() {
        assert_eq!(add_business_days(date(2026, 8, 12), 10), Some(date(2026, 8, 26)));
        assert_eq!(add_business_days(date(2026, 8, 14), 1), Some(date(2026, 8, 17)));
        assert_eq!(add_business_days(date(2026, 8, 15), 1), Some(date(2026, 8, 17)));
    }

    #[test]
    fn a_quarter_that_crosses_the_year_ends_in_the_next() {
        let period = Period::months(2026, 11, 0, 3, Precision::Quarter).unwrap();
        assert_eq!((period.first, period.last), (date(2026, 11, 1), date(2027, 1, 31)));
    }
}
