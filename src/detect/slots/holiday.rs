use jiff::civil::{Date, Weekday, date};
use serde::Deserialize;

use super::period::add_days;

/// Public holidays and days of trade that people reckon by, each with the rule that sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Holiday {
    NewYear,
    NewYearsEve,
    Epiphany,
    MartinLutherKing,
    Valentine,
    Presidents,
    SaintPatrick,
    GoodFriday,
    Easter,
    EasterMonday,
    LabourDay,
    VictoryDay,
    EarlyMay,
    Memorial,
    SpringBank,
    Ascension,
    WhitMonday,
    CorpusChristi,
    Juneteenth,
    CanadaDay,
    IndependenceDay,
    BastilleDay,
    Assumption,
    SummerBank,
    LaborDay,
    GermanUnity,
    Columbus,
    HispanicDay,
    Halloween,
    AllSaints,
    Veterans,
    Armistice,
    Thanksgiving,
    BlackFriday,
    CyberMonday,
    SaintNicholas,
    ConstitutionDay,
    Immaculate,
    ChristmasEve,
    Christmas,
    BoxingDay,
}

impl Holiday {
    /// Returns the first such day after `call`.
    pub(super) fn next(self, call: Date) -> Option<Date> {
        (0..=1).find_map(|ahead| self.on(call.year().checked_add(ahead)?).filter(|day| *day > call))
    }

    /// Returns the day in a year.
    pub(super) fn on(self, year: i16) -> Option<Date> {
        if let Some((month, day)) = self.fixed() {
            return Date::new(year, month, day).ok();
        }
        if let Some(offset) = self.days_after_easter() {
            return add_days(easter(year)?, offset);
        }
        let month = |month: i8| Date::new(year, month, 1).ok();
        let nth = |first: Option<Date>, nth: i8, day| first?.nth_weekday_of_month(nth, day).ok();
        match self {
            Self::MartinLutherKing => nth(month(1), 3, Weekday::Monday),
            Self::Presidents => nth(month(2), 3, Weekday::Monday),
            Self::EarlyMay => nth(month(5), 1, Weekday::Monday),
            Self::Memorial | Self::SpringBank => nth(month(5), -1, Weekday::Monday),
            Self::SummerBank => nth(month(8), -1, Weekday::Monday),
            Self::LaborDay => nth(month(9), 1, Weekday::Monday),
            Self::Columbus => nth(month(10), 2, Weekday::Monday),
            Self::Thanksgiving => nth(month(11), 4, Weekday::Thursday),
            Self::BlackFriday => add_days(Self::Thanksgiving.on(year)?, 1),
            Self::CyberMonday => add_days(Self::Thanksgiving.on(year)?, 4),
            _ => None,
        }
    }

    fn fixed(self) -> Option<(i8, i8)> {
        Some(match self {
            Self::NewYear => (1, 1),
            Self::Epiphany => (1, 6),
            Self::Valentine => (2, 14),
            Self::SaintPatrick => (3, 17),
            Self::LabourDay => (5, 1),
            Self::VictoryDay => (5, 8),
            Self::Juneteenth => (6, 19),
            Self::CanadaDay => (7, 1),
            Self::IndependenceDay => (7, 4),
            Self::BastilleDay => (7, 14),
            Self::Assumption => (8, 15),
            Self::GermanUnity => (10, 3),
            Self::HispanicDay => (10, 12),
            Self::Halloween => (10, 31),
            Self::AllSaints => (11, 1),
            Self::Veterans | Self::Armistice => (11, 11),
            Self::SaintNicholas | Self::ConstitutionDay => (12, 6),
            Self::Immaculate => (12, 8),
            Self::ChristmasEve => (12, 24),
            Self::Christmas => (12, 25),
            Self::BoxingDay => (12, 26),
            Self::NewYearsEve => (12, 31),
            _ => return None,
        })
    }

    fn days_after_easter(self) -> Option<i64> {
        Some(match self {
            Self::GoodFriday => -2,
            Self::Easter => 0,
            Self::EasterMonday => 1,
            Self::Ascension => 39,
            Self::WhitMonday => 50,
            Self::CorpusChristi => 60,
            _ => return None,
        })
    }
}

/// Returns Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    Some(date(year, i8::try_from(n / 31).ok()?, i8::try_from(n % 31 + 1).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_the_church_says() {
        let wanted =
            [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)];
        for day in wanted {
            assert_eq!(easter(day.year()), Some(day));
        }
    }

    #[test]
    fn every_holiday_comes_within_a_year() {
        for name in ["thanksgiving", "labor-day", "good-friday", "christmas", "summer-bank", "cyber-monday"] {
            let holiday: Holiday = serde_json::from_value(name.into()).unwrap();
            let next = holiday.next(date(2026, 11, 26)).unwrap();
            assert!(next > date(2026, 11, 26) && next <= date(2027, 11, 30), "{name}: {next}");
        }
    }
}
