use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::Deserialize;

use super::Allowance;

/// Which days are business days, and where.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    weekend: Vec<Weekday>,
    holidays: BTreeSet<Date>,
}

/// A calendar's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    /// Days of the week on which nobody works; Saturday and Sunday where it is left out.
    #[serde(default)]
    weekend: Option<Vec<String>>,
    /// Days on which nobody works.
    #[serde(default)]
    holidays: Vec<Date>,
}

impl Calendar {
    /// Returns a calendar without holidays, in the zone `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, weekend: vec![Weekday::Saturday, Weekday::Sunday], holidays: BTreeSet::new() }
    }

    /// Reads a calendar's file.
    ///
    /// # Errors
    /// Where it is no such TOML, names an unknown day, or leaves no day to work on.
    pub fn parse(toml: &str, zone: TimeZone) -> Result<Self, String> {
        let file: CalendarFile = toml::from_str(toml).map_err(|error| error.to_string())?;
        let mut calendar = Self { holidays: file.holidays.into_iter().collect(), ..Self::new(zone) };
        if let Some(days) = file.weekend {
            calendar.weekend = days.iter().map(|day| weekday(day)).collect::<Result<_, _>>()?;
        }
        if calendar.weekend.iter().collect::<std::collections::HashSet<_>>().len() >= 7 {
            return Err("weekend: names every day of the week; some day must be left to work on".to_owned());
        }
        Ok(calendar)
    }

    /// Returns the same calendar in another zone.
    #[must_use]
    pub fn in_zone(&self, zone: TimeZone) -> Self {
        Self { zone, ..self.clone() }
    }

    /// Returns the zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Returns the local date and time of a moment.
    pub fn local(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// Tells whether people work on a day.
    pub fn is_business_day(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// Returns the moment at which `allowance` from `start` is used up; `None` beyond the calendar's years. Hours are
    /// hours; days and business days end with their last second in the calendar's zone, and the day of the start does not
    /// count.
    pub fn after(&self, start: Timestamp, allowance: Allowance) -> Option<Timestamp> {
        match allowance {
            Allowance::Hours(hours) => start.checked_add(i64::from(hours).hours()).ok(),
            Allowance::Days(days) => {
                self.end_of(self.local(start).date().checked_add(i64::from(days).days()).ok()?)
            }
            Allowance::BusinessDays(days) => {
                self.end_of(self.walk(self.local(start).date(), days, Date::tomorrow)?)
            }
        }
    }

    /// Returns the moment by which something must have happened that is to be done `allowance` before `end`.
    pub fn before(&self, end: Timestamp, allowance: Allowance) -> Option<Timestamp> {
        match allowance {
            Allowance::Hours(hours) => end.checked_sub(i64::from(hours).hours()).ok(),
            Allowance::Days(days) => {
                self.end_of(self.local(end).date().checked_sub(i64::from(days).days()).ok()?)
            }
            Allowance::BusinessDays(days) => {
                self.end_of(self.walk(self.local(end).date(), days, Date::yesterday)?)
            }
        }
    }

    /// Returns `at` where it falls on a business day, else the end of the next one.
    pub fn rolled(&self, at: Timestamp) -> Option<Timestamp> {
        let day = self.local(at).date();
        if self.is_business_day(day) { Some(at) } else { self.end_of(self.walk(day, 1, Date::tomorrow)?) }
    }

    fn walk(&self, from: Date, days: u32, step: fn(Date) -> Result<Date, jiff::Error>) -> Option<Date> {
        let (mut day, mut left) = (from, days);
        while left > 0 {
            day = step(day).ok()?;
            left -= u32::from(self.is_business_day(day));
        }
        Some(day)
    }

    /// Returns the last second of a day, which is not always the 86,400th.
    fn end_of(&self, day: Date) -> Option<Timestamp> {
        Some(day.at(23, 59, 59, 0).to_zoned(self.zone.clone()).ok()?.timestamp())
    }
}

fn weekday(name: &str) -> Result<Weekday, String> {
    const DAYS: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];
    let day = DAYS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, day)| *day);
    day.ok_or_else(|| format!("weekend: `{name}` is no day of the week, such as `saturday`"))
}
