use crate::transcript::{Call, Language, Place};

use super::account::Account;
use super::cue::Timing;
use super::lines::Line;
use super::problems::Problems;

/// Reads the header of a WebVTT file into `call` and returns the index of the line after it.
pub(super) fn header(
    lines: &[Line<'_>],
    call: &mut Call,
    account: &mut Account,
    problems: &mut Problems,
) -> usize {
    let first = lines.iter().position(|line| !line.is_blank()).unwrap_or(0);
    let Some(title) = lines.get(first).and_then(|line| signature(line.text)) else {
        problems.note(
            "no-webvtt-line",
            Place::Line(1),
            || "the line `WEBVTT` is missing; read as WebVTT all the same",
        );
        return 0;
    };
    if !title.is_empty() && Timing::of(title).is_none() {
        call.title = Some(title.to_owned());
    }
    account.claim(first);
    let mut at = first + 1;
    while let Some(line) = lines.get(at).filter(|line| !line.is_blank() && Timing::of(line.text).is_none()) {
        if is_metadata(line.text) {
            language(line.text, call);
            account.claim(at);
        }
        at += 1;
    }
    at
}

/// Returns what follows `WEBVTT` on the first line: a title, if anything.
pub(super) fn signature(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("WEBVTT")?;
    let ended = rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '-');
    ended.then(|| rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '#')))
}

/// Tells whether a header line is `Key: value` or `X-KEY=value`.
fn is_metadata(line: &str) -> bool {
    let key = line.split([':', '=']).next().unwrap_or_default();
    key.len() < line.len() && !key.trim().is_empty() && !key.trim().contains(char::is_whitespace)
}

/// Tells whether `block` is a comment, a style sheet or a region, none of which is speech.
pub(super) fn is_aside(block: &[Line<'_>], call: &mut Call) -> bool {
    let Some(first) = block.first().map(|line| line.text.trim_end()) else { return false };
    let comment = first.strip_prefix("NOTE").filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    for line in comment.iter().copied().chain(block.iter().skip(1).map(|line| line.text)) {
        if comment.is_some() {
            language(line, call);
        }
    }
    comment.is_some() || matches!(first, "STYLE" | "REGION")
}

/// Takes `Language: en` from a header line or a comment.
fn language(line: &str, call: &mut Call) {
    let Some((key, value)) = line.trim().split_once(':') else { return };
    let tag = value.trim();
    let is_tag = (2..=12).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if key.trim().eq_ignore_ascii_case("language") && is_tag {
        call.language = Some(Language::from_tag(tag));
    }
}
