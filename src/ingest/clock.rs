use crate::transcript::Timecode;

use super::Row;
use super::problems::{Problems, excerpt};

/// Reads the clock at the start of `text` (`1:02:03.5`, `02:03,500`, `0:0:0.0`) and returns what follows it.
///
/// Hours may be any number; minutes and seconds below them are under 60.
pub(super) fn clock(text: &str) -> Option<(Timecode, &str)> {
    let (first, mut rest) = number(text)?;
    let mut total = first;
    let mut groups = 1;
    while let Some((group, after)) = rest.strip_prefix(':').and_then(number).filter(|_| groups < 3) {
        if group >= 60 {
            return None;
        }
        total = total * 60 + group;
        rest = after;
        groups += 1;
    }
    let (millis, rest) = fraction(rest);
    let ended = !rest.starts_with(|c: char| c.is_alphanumeric() || c == ':');
    (groups > 1 && ended).then_some((Timecode(total * 1000 + millis), rest))
}

/// Reads up to seven digits: no recording has more hours, and no sum below overflows.
fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    if end > 7 {
        return None;
    }
    Some((text[..end].parse().ok()?, &text[end..]))
}

/// Reads `.5`, `,50` or `.500000` as milliseconds.
fn fraction(text: &str) -> (u64, &str) {
    let Some(digits) = text.strip_prefix(['.', ',']) else { return (0, text) };
    let end = digits.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return (0, text);
    }
    let mut millis = 0;
    for place in 0..3 {
        millis = millis * 10 + digits.as_bytes()[..end].get(place).map_or(0, |digit| u64::from(digit - b'0'));
    }
    (millis, &digits[end..])
}

/// Notes where the times of `rows` overlap, run backwards or end before they start; the times stay as they are.
pub(super) fn note_odd_times(rows: &[Row], problems: &mut Problems) {
    let mut before: Option<(Timecode, Option<Timecode>)> = None;
    for row in rows {
        let Some(start) = row.start else { continue };
        if let Some(end) = row.end.filter(|end| *end < start) {
            problems.note("ends-before-it-starts", row.place.clone(), || {
                format!("starts at {start} and ends at {end}; kept as read")
            });
        }
        if before == Some((start, row.end)) {
            continue;
        }
        note_order(row, start, before, problems);
        before = Some((start, row.end));
    }
}

fn note_order(
    row: &Row,
    start: Timecode,
    before: Option<(Timecode, Option<Timecode>)>,
    problems: &mut Problems,
) {
    let Some((earlier, end)) = before else { return };
    if start < earlier {
        problems.note("time-goes-backwards", row.place.clone(), || {
            format!(
                "{} starts at {start}, after a row at {earlier}; kept in the order of the file",
                excerpt(&row.text)
            )
        });
    } else if let Some(end) = end.filter(|end| start < *end) {
        problems.note("overlapping-times", row.place.clone(), || {
            format!("starts at {start}, before the row above ends at {end}; kept as read")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_as_people_and_programs_write_them() {
        for (text, wanted) in [
            ("00:00:04.280 x", Some((4_280, " x"))),
            ("1:02:03", Some((3_723_000, ""))),
            ("0:0:0.0", Some((0, ""))),
            ("02:03,5", Some((123_500, ""))),
            ("00:01.1234567]", Some((1_123, "]"))),
            ("120:00:00", Some((432_000_000, ""))),
            ("90:15", Some((5_415_000, ""))),
            ("12", None),
            ("1:75", None),
            ("1:02:03:04", None),
            ("10:30am", None),
            ("99999999:00:00", None),
        ] {
            let read = clock(text).map(|(time, rest)| (time.as_millis(), rest));
            assert_eq!(read, wanted, "{text}");
        }
    }
}
