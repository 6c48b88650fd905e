use serde::{Deserialize, Serialize};

/// How much time a step has, as people write it: `48 hours`, `7 days`, `5 business days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Allowance {
    /// Hours on the clock, weekends and holidays too.
    Hours(u32),
    /// Days of the calendar, each to its end.
    Days(u32),
    /// Days on which people work, each to its end.
    BusinessDays(u32),
}

/// A year and more: longer than any handoff.
const LONGEST_DAYS: u32 = 400;

impl std::str::FromStr for Allowance {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no time such as `48 hours`, `7 days` or `5 business days`");
        let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
        let number: u32 = number.parse().map_err(|_| wrong())?;
        let (allowance, days) = match unit.trim() {
            "hour" | "hours" => (Self::Hours(number), number / 24),
            "day" | "days" => (Self::Days(number), number),
            "business day" | "business days" => (Self::BusinessDays(number), number),
            _ => return Err(wrong()),
        };
        if days > LONGEST_DAYS {
            return Err(format!("`{text}` is longer than {LONGEST_DAYS} days"));
        }
        Ok(allowance)
    }
}

impl TryFrom<String> for Allowance {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Allowance> for String {
    fn from(allowance: Allowance) -> Self {
        let (number, unit) = match allowance {
            Allowance::Hours(number) => (number, "hour"),
            Allowance::Days(number) => (number, "day"),
            Allowance::BusinessDays(number) => (number, "business day"),
        };
        format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}
