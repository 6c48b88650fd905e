use jiff::civil::Time;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::Offset;

use crate::transcript::CallTime;

/// Dates as recorders write them; `03/04/2026` is left alone, for nobody knows its month.
const DATES: &[&str] = &[
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%A, %B %d, %Y",
    "%a, %b %d, %Y",
    "%B %d, %Y",
    "%b %d, %Y",
    "%A, %d %B %Y",
    "%d %B %Y",
    "%d %b %Y",
    "%d.%m.%Y",
];

const TIMES: &[&str] = &["%I:%M %p", "%I:%M%p", "%H:%M:%S", "%H:%M"];

/// Reads when a call began: a date with or without a time and an offset (`GMT+1`).
///
/// A time without an offset is taken as UTC, so that the local date stays right.
pub(super) fn started_at(text: &str) -> Option<CallTime> {
    let text = text.trim();
    if let Some(exact) = text.parse().ok().filter(|_| text.contains('T')) {
        return Some(exact);
    }
    let (date, rest) = DATES.iter().find_map(|format| prefix(format, text))?;
    // `03/04/2026` reads as a day of the year 3.
    let date = date.to_date().ok().filter(|date| (1990..2100).contains(&date.year()))?;
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '·' | '-'));
    let rest = rest.strip_prefix("at ").unwrap_or(rest);
    let (time, rest) = match TIMES.iter().find_map(|format| prefix(format, rest)) {
        Some((time, rest)) => (time.to_time().ok()?, rest),
        None => (Time::midnight(), rest),
    };
    let offset = offset(rest).unwrap_or(Offset::UTC);
    Some(CallTime::new(offset.to_timestamp(date.to_datetime(time)).ok()?, offset))
}

fn prefix<'t>(format: &str, text: &'t str) -> Option<(BrokenDownTime, &'t str)> {
    let (read, length) = BrokenDownTime::parse_prefix(format, text).ok()?;
    Some((read, text.get(length..)?))
}

/// Reads `GMT+1`, `UTC-05:30` or `Z`.
fn offset(text: &str) -> Option<Offset> {
    let text = text.trim_start();
    let signed = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC"))?.trim_end_matches([')', ' ']);
    let (hours, minutes) = signed.split_once(':').unwrap_or((signed, "0"));
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let minutes = if signed.starts_with('-') { -minutes } else { minutes };
    Offset::from_seconds(hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_recorders_write_them() {
        for (text, wanted) in [
            ("2026-03-12", "2026-03-12T00:00:00+00:00"),
            ("2026-03-12T10:03:00-05:00", "2026-03-12T10:03:00-05:00"),
            ("2026-03-12 10:03 GMT+1", "2026-03-12T10:03:00+01:00"),
            ("2026/03/12 10:03 GMT-03:30", "2026-03-12T10:03:00-03:30"),
            ("March 12, 2026, 10:03AM", "2026-03-12T10:03:00+00:00"),
            ("Thu, Mar 12, 2026 2:03 PM • 45:12", "2026-03-12T14:03:00+00:00"),
            ("12 March 2026", "2026-03-12T00:00:00+00:00"),
            ("12.03.2026", "2026-03-12T00:00:00+00:00"),
        ] {
            assert_eq!(started_at(text).map(|time| time.to_string()), Some(wanted.to_owned()), "{text}");
        }
        assert_eq!(started_at("we start on May 3"), None);
        assert_eq!(started_at("03/04/2026"), None);
    }
}
