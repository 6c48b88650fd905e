use serde_json::Value;

use crate::ingest::Row;
use crate::ingest::problems::Problems;
use crate::transcript::{CallTime, Timecode};

use super::node::Node;

/// Milliseconds of a week: no recording lasts longer, so a later time is a wall clock or an error.
const LONGEST: f64 = 7.0 * 86_400_000.0;

/// Returns the moment `millis` after the start, unless it is before it, past [`LONGEST`] or no number.
pub(super) fn millis(millis: f64) -> Option<Timecode> {
    (0.0..=LONGEST).contains(&millis).then(|| Timecode(millis.round() as u64))
}

/// Reads `H:MM:SS`, `MM:SS`, each with or without a fraction behind a dot or a comma.
pub(super) fn clock(text: &str) -> Option<Timecode> {
    let text = text.trim().replace(',', ".");
    let mut parts = text.rsplit(':');
    let seconds: f64 = parts.next()?.parse().ok()?;
    let minutes: u32 = parts.next()?.parse().ok()?;
    let hours: u32 = parts.next().map_or(Ok(0), str::parse).ok()?;
    if parts.next().is_some() || !(0.0..60.0).contains(&seconds) || minutes > 59 {
        return None;
    }
    millis((f64::from(hours) * 3600.0 + f64::from(minutes) * 60.0 + seconds) * 1000.0)
}

/// Returns how long after `from` the moment `to` is.
pub(super) fn since(from: CallTime, to: CallTime) -> Option<Timecode> {
    millis((to.timestamp().as_millisecond() - from.timestamp().as_millisecond()) as f64)
}

/// Returns the moment that field `key` gives as RFC 3339 or as milliseconds since 1970.
pub(super) fn of_call(node: &Node<'_>, key: &str) -> Option<CallTime> {
    let field = node.get(key)?;
    let moment = match field.value() {
        Value::Number(number) => call_time(number.as_f64()? as i64),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    if moment.is_none() {
        field.note("bad-time", || "a date that cannot be read was left out");
    }
    moment
}

/// Returns the call time `epoch_millis` after 1970, in UTC.
fn call_time(epoch_millis: i64) -> Option<CallTime> {
    let timestamp = jiff::Timestamp::from_millisecond(epoch_millis).ok()?;
    Some(CallTime::new(timestamp, jiff::tz::Offset::UTC))
}

/// Notes rows whose times run backwards; an end before its start is left out, the order stays the recorder's.
pub(super) fn check(rows: &mut [Row], problems: &mut Problems) {
    let mut latest = None;
    for row in rows {
        if row.start.zip(row.end).is_some_and(|(start, end)| end < start) {
            problems.note(
                "ends-before-start",
                row.place.clone(),
                || "a row's end before its start was left out",
            );
            row.end = None;
        }
        if row.start.is_some() && row.start < latest {
            let message = || "a row begins before the row above it; the order of the file was kept";
            problems.note("time-goes-backwards", row.place.clone(), message);
        }
        latest = latest.max(row.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_read_with_and_without_hours_and_fraction() {
        assert_eq!(clock("00:01:02,500"), Some(Timecode(62_500)));
        assert_eq!(clock("1:02"), Some(Timecode(62_000)));
        for bad in ["", "62", "1:62:00", "00:00:99", "a:b", "-1:00", "1:2:3:4", "0:NaN"] {
            assert_eq!(clock(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_time_that_no_recording_has_is_none() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 1e308] {
            assert_eq!(millis(bad), None, "{bad}");
        }
        assert_eq!(millis(0.4), Some(Timecode(0)));
    }
}
