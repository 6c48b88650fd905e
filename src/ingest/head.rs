use crate::transcript::Timecode;

use super::clock::clock;
use super::labels::{Labels, could_be_label, looks_like_name};

/// The beginning of somebody's words in a text: who, when, and what follows on the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'a> {
    /// The label as written, without what sets it off.
    pub(super) label: &'a str,
    /// The time beside the label.
    pub(super) time: Option<Timecode>,
    /// The words on the same line; empty where the label has a line of its own.
    pub(super) words: &'a str,
    /// Whether label and time have a line of their own, two spaces apart and without a leading zero, as Otter writes
    /// them.
    pub(super) spaced: bool,
}

impl<'a> Head<'a> {
    /// Reads the head of `line`; `begins` tells whether the line begins a paragraph.
    pub(super) fn of(line: &'a str, labels: &Labels<'_>, begins: bool) -> Option<Self> {
        let (time, rest) = leading_time(line);
        let found = marked(rest, labels)
            .or_else(|| with_inner_time(rest))
            .or_else(|| alone(rest).filter(|_| time.is_none()))
            .or_else(|| Self::by_label(rest, time.is_some(), labels, begins))?;
        Some(Self { time: time.or(found.time), ..found })
    }

    fn by_label(line: &'a str, timed: bool, labels: &Labels<'_>, begins: bool) -> Option<Self> {
        if timed && let Some((label, words)) = colon(line).filter(|(label, _)| looks_like_name(label)) {
            return Some(Self::new(label, words));
        }
        let (label, words) = if begins { labels.split(line) } else { labels.split_known(line) }?;
        // `Slides: https://…` names a page, not a person.
        let link = words.trim_start_matches('<').starts_with("http");
        (!link).then(|| Self::new(label, words))
    }

    fn new(label: &'a str, words: &'a str) -> Self {
        Self { label: label.trim(), time: None, words: words.trim(), spaced: false }
    }
}

/// Reads a time that has a line of its own, as Google Meet and caption copies write it.
pub(super) fn lone_clock(line: &str) -> Option<Timecode> {
    let bare = line.trim_start_matches('#').trim();
    let bare = bare.strip_prefix(['[', '(']).map_or(bare, |inner| inner.trim_end_matches([']', ')']));
    clock(bare).filter(|(_, rest)| rest.is_empty()).map(|(time, _)| time)
}

/// Returns what `line` says after the time and the `<relay>` it may begin with, for the census of labels.
pub(super) fn after_time(line: &str) -> &str {
    let rest = leading_time(line).1;
    rest.strip_prefix('<').and_then(|inner| inner.split_once('>')).map_or(rest, |(_, words)| words)
}

/// Reads `[00:01:02] …`, `(1:02) …`, `00:01:02 - …` and `1:02 …`.
fn leading_time(line: &str) -> (Option<Timecode>, &str) {
    let inner = line.strip_prefix(['[', '(']);
    let Some((time, rest)) = clock(inner.unwrap_or(line)) else { return (None, line) };
    let rest = match inner {
        Some(_) => rest.strip_prefix([']', ')']),
        None => Some(rest).filter(|rest| rest.starts_with(char::is_whitespace)),
    };
    match rest.map(|rest| rest.trim_start_matches([' ', '\t', '-', '–', '—', '|'])) {
        Some(rest) if !rest.is_empty() => (Some(time), rest),
        _ => (None, line),
    }
}

/// Reads a label that is set off by marks: `**Name:** …`, `**Name**: …`, `[Name]: …`, `<Name> …`.
fn marked<'a>(line: &'a str, labels: &Labels<'_>) -> Option<Head<'a>> {
    let (label, words) = if let Some(inner) = line.strip_prefix("**").or_else(|| line.strip_prefix("__")) {
        let (label, words) = inner.split_once(&line[..2])?;
        match label.trim_end().strip_suffix(':') {
            Some(label) => (label, words),
            None => (label, words.trim_start().strip_prefix(':')?),
        }
    } else if let Some(inner) = line.strip_prefix('[') {
        inner.split_once("]:")?
    } else {
        let (relay, words) = line.strip_prefix('<')?.split_once('>')?;
        // A captioning bot relays what others say under their names.
        labels.split(words).unwrap_or((relay, words))
    };
    let label = label.trim();
    if let Some(head) = with_inner_time_label(label) {
        return Some(Head { words: words.trim(), ..head });
    }
    could_be_label(label).then(|| Head::new(label, words))
}

/// Reads `Name (00:01:02): …` and `Name [1:02] …:`.
fn with_inner_time(line: &str) -> Option<Head<'_>> {
    let close = line.find([')', ']'])?;
    let words = line[close + 1..].trim_start().strip_prefix([':', '：'])?;
    let head = with_inner_time_label(&line[..=close])?;
    Some(Head { words: words.trim(), ..head })
}

fn with_inner_time_label(label: &str) -> Option<Head<'_>> {
    let (name, time) = label.trim_end().strip_suffix([')', ']'])?.rsplit_once(['(', '['])?;
    let (time, rest) = clock(time.trim())?;
    let name = name.trim();
    (rest.is_empty() && could_be_label(name)).then(|| Head { time: Some(time), ..Head::new(name, "") })
}

/// Reads a label and a time that have a line of their own: `Name  0:03`, `Name (0:03)`, `Name: 00:00:03`.
fn alone(line: &str) -> Option<Head<'_>> {
    if let Some(head) = with_inner_time_label(line) {
        return Some(head);
    }
    let line = line.trim_end();
    let at = line.rfind(|c: char| c.is_whitespace() || c == '|')?;
    let (before, written) = line.split_at(at + line[at..].chars().next().map_or(1, char::len_utf8));
    let (time, _) = clock(written).filter(|(_, rest)| rest.is_empty())?;
    let outside = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '|' | '•' | '·');
    let name = before.trim_end_matches(outside);
    let name = match name.strip_suffix(':') {
        // `Dana: 12:30` is an answer; `Dana: 00:12:30` is a head.
        Some(name) => Some(name.trim_end()).filter(|_| written.matches(':').count() == 2)?,
        None => name,
    };
    let gap = &before[name.len()..];
    let spaced = gap.chars().all(char::is_whitespace) && (gap.len() > 1 || gap == "\t");
    let padded = written.starts_with('0') && !written.starts_with("0:");
    (could_be_label(name) && !name.contains(':') && (spaced || looks_like_name(name))).then(|| Head {
        time: Some(time),
        spaced: spaced && !padded,
        ..Head::new(name, "")
    })
}

fn colon(line: &str) -> Option<(&str, &str)> {
    let (label, words) = line.split_once([':', '：'])?;
    (could_be_label(label.trim()) && !words.starts_with("//")).then(|| (label.trim(), words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_begin_a_turn_names_speaker_time_and_words() {
        let labels = Labels::of(["Ama: a", "Ama: b", "Ama: c"].into_iter().map(|line| (line, true)));
        for (line, wanted) in [
            ("Ama: hi there", Some(("Ama", None, "hi there"))),
            ("[00:01:02] Ama Mensah: hi", Some(("Ama Mensah", Some(62), "hi"))),
            ("00:01:02 - Kofi: hi", Some(("Kofi", Some(62), "hi"))),
            ("Ama Mensah (00:01:02): hi", Some(("Ama Mensah", Some(62), "hi"))),
            ("Ama Mensah  1:02", Some(("Ama Mensah", Some(62), ""))),
            ("ama mensah (1:02)", Some(("ama mensah", Some(62), ""))),
            ("Ama Mensah: 00:01:02", Some(("Ama Mensah", Some(62), ""))),
            ("**Ama Mensah**: hi", Some(("Ama Mensah", None, "hi"))),
            ("**Ama Mensah:** hi", Some(("Ama Mensah", None, "hi"))),
            ("**Ama Mensah: **hi", Some(("Ama Mensah", None, "hi"))),
            ("**Ama Mensah (0:05):** hi", Some(("Ama Mensah", Some(5), "hi"))),
            ("[Ama]: hi", Some(("Ama", None, "hi"))),
            ("<Ama> hi", Some(("Ama", None, "hi"))),
            ("<scribe-bot> Ama: hi", Some(("Ama", None, "hi"))),
            ("Slides: https://example.test/deck", None),
            ("Ama: 12:30", Some(("Ama", None, "12:30"))),
            ("see you at 12:30", None),
            ("[00:12] so that was it", None),
            ("Next steps: none", None),
            ("(she laughs): sure", None),
        ] {
            let head = Head::of(line, &labels, true);
            let read = head.map(|h| (h.label, h.time.map(|time| time.as_millis() / 1000), h.words));
            assert_eq!(read, wanted, "{line}");
        }
    }
}
