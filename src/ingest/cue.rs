use crate::transcript::Timecode;

use super::clock::clock;

/// The line that times a cue, of WebVTT and SubRip alike, well written or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timing {
    /// When the cue begins; `None` where no clock can be read.
    pub(super) start: Option<Timecode>,
    /// When it ends.
    pub(super) end: Option<Timecode>,
}

impl Timing {
    /// Reads a timing line: `00:01.000 --> 00:02.000 align:start`, with commas, one arrow dash or a clock missing.
    pub(super) fn of(line: &str) -> Option<Self> {
        // Most lines have no arrow, and looking for one byte is much cheaper than for two.
        let arrow = line.find('>').and_then(|_| line.find("->"))?;
        let left = line[..arrow].trim_matches(|c: char| c == '-' || c == '\u{FFFD}' || c.is_whitespace());
        let right = line[arrow + 2..].trim_start_matches(|c: char| c == '\u{FFFD}' || c.is_whitespace());
        let start = clock(left).filter(|(_, rest)| rest.is_empty()).map(|(time, _)| time);
        let end = clock(right).map(|(time, _)| time);
        let clock_like = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | ',' | ' ');
        let garbled = left.chars().all(clock_like) && (left.contains(':') || end.is_some());
        (start.is_some() || garbled).then_some(Self { start, end })
    }
}

/// Tells whether `line`, which stands above a timing line, is the cue's name and not words: a number, a GUID, one
/// word with a digit, or Zoom's `7 "Dana Whitfield" (16778240)`.
pub(super) fn looks_like_id(line: &str) -> bool {
    let line = line.trim();
    is_number(line)
        || quoted_name(line).is_some()
        || (!line.contains(char::is_whitespace)
            && line.contains(|c: char| c.is_ascii_digit() || c == '-' || c == '_'))
}

/// Tells whether `line` is a number and nothing else.
pub(super) fn is_number(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the name in a cue id of the form `7 "Dana Whitfield" (16778240)`.
pub(super) fn quoted_name(id: &str) -> Option<&str> {
    let (number, rest) = id.trim().split_once(" \"")?;
    let (name, _) = rest.rsplit_once('"')?;
    (is_number(number) && !name.trim().is_empty()).then(|| name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timing_line_is_known_however_it_is_written() {
        let timing = |start, end| Some(Timing { start, end });
        let (one, two) = (Some(Timecode(1_000)), Some(Timecode(2_500)));
        for (line, wanted) in [
            ("00:00:01.000 --> 00:00:02.500 align:start", timing(one, two)),
            ("0:01,000-->0:02,5", timing(one, two)),
            ("00:01.000 -> 00:02.500", timing(one, two)),
            ("00:01.000 -->", timing(one, None)),
            ("00:75.000 --> 00:02.500", timing(None, two)),
            ("--> 00:02.500", timing(None, two)),
            ("then A --> B", None),
            ("we go 3 -> 4 seats", None),
            ("3 -> 4", None),
        ] {
            assert_eq!(Timing::of(line), wanted, "{line}");
        }
    }

    #[test]
    fn a_cue_may_be_named_by_a_person() {
        assert_eq!(quoted_name(r#"7 "Dana Whitfield" (16778240)"#), Some("Dana Whitfield"));
        assert!(looks_like_id("1f1aff76-68d0-1eba-3c91-9c4926364bce/9-0"));
        assert!(!looks_like_id("and that's it"));
    }
}
