use crate::transcript::{CallTime, Place, Timecode};

use super::clock::note_odd_times;
use super::head::{Head, after_time, lone_clock};
use super::labels::{Labels, looks_like_name};
use super::lines::Line;
use super::notice::Notice;
use super::preamble::Preamble;
use super::problems::{Problems, excerpt};
use super::{Format, Limits, Recording, Row, Unreadable};

/// Lines of a text in which one speaker is enough to call it a transcript.
const SHORT: usize = 20;

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A text file, `forced` where somebody says that it is a transcript of that format.
    Text {
        /// The format that was asked for.
        forced: Option<Format>,
    },
    /// The paragraphs of a word processor's document.
    Document,
}

impl Source {
    fn place(self, line: Line<'_>) -> Place {
        match self {
            Self::Text { .. } => Place::Line(line.number),
            Self::Document => Place::Paragraph(line.number),
        }
    }
}

/// Reads a text in which speakers are named, in any of the ways in which people and recorders write them.
///
/// # Errors
/// Where nobody is named and no time is given, or [`Limits`] are exceeded.
pub(super) fn read(lines: &[Line<'_>], source: Source, problems: Problems) -> Result<Recording, Unreadable> {
    let mut shown = shown(lines);
    let started_at = wall_times(&mut shown);
    let labels = Labels::of(shown.iter().map(|line| (after_time(line.text), line.begins)));
    let forced = matches!(source, Source::Text { forced: Some(_) });
    let first = first_of_speech(&shown, &labels).or(forced.then_some(0));
    let Some(first) = first else {
        return Err(Unreadable::no_transcript("text in which no speaker is named"));
    };
    let mut reading = Reading {
        source,
        labels,
        problems,
        rows: Vec::new(),
        block: None,
        open: false,
        tally: Tally::default(),
    };
    let mut preamble = reading.preamble(&shown[..first]);
    preamble.call.started_at = preamble.call.started_at.or(started_at);
    for (index, line) in shown.iter().enumerate().skip(first) {
        reading.line(*line, shown.get(index + 1).copied())?;
    }
    let few = reading.tally.heads < 2 && reading.tally.clocks < 2 && shown.len() > SHORT;
    if few && !forced && source != Source::Document {
        return Err(Unreadable::no_transcript("text in which no speaker is named"));
    }
    let format = match source {
        Source::Document => Format::Docx,
        Source::Text { forced } => forced.unwrap_or_else(|| reading.tally.format(preamble.has_people)),
    };
    Ok(reading.finish(format, preamble))
}

/// A line that shows something.
#[derive(Clone, Copy, Debug)]
struct Shown<'a> {
    line: Line<'a>,
    /// Without Markdown's line break and outer blanks.
    text: &'a str,
    /// Whether it begins a paragraph.
    begins: bool,
    /// Whether a blank line stands above it.
    apart: bool,
    /// When it was written, counted from the first line, where each line begins with a date and time.
    time: Option<Timecode>,
}

fn shown<'a>(lines: &[Line<'a>]) -> Vec<Shown<'a>> {
    let mut shown: Vec<Shown<'a>> = Vec::with_capacity(lines.len());
    let mut apart = true;
    let mut blanks = 0;
    for line in lines {
        let text = line.text.trim().trim_end_matches('\\').trim_end();
        if text.is_empty() {
            (apart, blanks) = (true, blanks + 1);
        } else {
            shown.push(Shown { line: *line, text, begins: apart, apart, time: None });
            apart = false;
        }
    }
    // Where hardly a line is blank, each line is a paragraph.
    if blanks * 4 < lines.len() {
        shown.iter_mut().for_each(|line| line.begins = true);
    }
    shown
}

/// Takes the `[2026-03-12T15:58:32Z]` off the lines of a chat log, and returns when the log begins.
fn wall_times(shown: &mut [Shown<'_>]) -> Option<CallTime> {
    let mut start: Option<CallTime> = None;
    for line in shown {
        let Some((stamp, rest)) = line.text.strip_prefix('[').and_then(|inner| inner.split_once(']')) else {
            continue;
        };
        let Some(time) = stamp.parse::<CallTime>().ok().filter(|_| stamp.contains('T')) else { continue };
        let since =
            time.timestamp().as_millisecond() - start.get_or_insert(time).timestamp().as_millisecond();
        line.text = rest.trim();
        line.time = u64::try_from(since).ok().map(Timecode);
        line.begins = true;
    }
    start
}

/// Returns the index of the first line that a speaker or a time heads.
fn first_of_speech(shown: &[Shown<'_>], labels: &Labels<'_>) -> Option<usize> {
    let front = match shown.first() {
        Some(line) if line.text == "---" => {
            shown.iter().skip(1).position(|line| line.text == "---").map_or(0, |at| at + 2)
        }
        _ => 0,
    };
    (front..shown.len()).find(|index| {
        let line = shown[*index];
        let named = || Head::of(line.text, labels, line.begins).is_some();
        let next = shown.get(index + 1).copied();
        Notice::of(line.text).is_none()
            && (lone_clock(line.text).is_some() || named() || name_above_clock(line, next).is_some())
    })
}

/// Reads a name on one line with its time on the next.
fn name_above_clock<'a>(line: Shown<'a>, next: Option<Shown<'a>>) -> Option<&'a str> {
    let next = next.filter(|next| !next.apart && line.apart)?;
    let timed = lone_clock(next.text).is_some() && !line.text.ends_with(['.', '?', '!', ',', ':']);
    (timed && looks_like_name(line.text) && super::labels::could_be_label(line.text)).then_some(line.text)
}

/// Tells whether `line` is a heading, a rule or a stage direction (`**Break**: 12:40`) and nobody's words.
fn is_heading(line: &str) -> bool {
    /// Bytes of the longest stage direction.
    const SHORT: usize = 60;
    let direction = line.starts_with("**") && line.len() < SHORT && line.contains(':');
    direction || line.starts_with('#') || line.chars().all(|c| matches!(c, '-' | '*' | '_' | '='))
}

/// What was seen of each kind, which tells one recorder from another.
#[derive(Default)]
struct Tally {
    heads: usize,
    spaced: usize,
    clocks: usize,
    notice: Option<Format>,
    /// Rows that a speaker heads without a time.
    untimed: Vec<usize>,
}

impl Tally {
    fn format(&self, people: bool) -> Format {
        match self.notice {
            Some(format) => format,
            None if people && self.clocks > 0 => Format::GoogleMeet,
            None if self.spaced * 2 > self.heads => Format::Otter,
            None => Format::Plain,
        }
    }
}

struct Reading<'a> {
    source: Source,
    labels: Labels<'a>,
    problems: Problems,
    rows: Vec<Row>,
    /// The time heading under which the next row stands.
    block: Option<Timecode>,
    /// Whether the next line still belongs to the row above.
    open: bool,
    tally: Tally,
}

impl<'a> Reading<'a> {
    fn preamble(&mut self, shown: &[Shown<'a>]) -> Preamble {
        let mut preamble = Preamble::default();
        for line in shown {
            if line.apart {
                preamble.blank();
            }
            self.tally.notice = self.tally.notice.or(Notice::of(line.text).and_then(|notice| notice.format));
            preamble.line(line.text, self.source.place(line.line), &mut self.problems);
        }
        preamble
    }

    fn line(&mut self, line: Shown<'a>, next: Option<Shown<'a>>) -> Result<(), Unreadable> {
        self.open &= !line.apart;
        let place = self.source.place(line.line);
        if let Some(notice) = Notice::of(line.text) {
            self.tally.notice = self.tally.notice.or(notice.format);
            self.open = false;
        } else if let Some(time) = lone_clock(line.text) {
            self.clock(time);
        } else if let Some(label) = name_above_clock(line, next) {
            self.head(Head { label, time: None, words: "", spaced: false }, place)?;
        } else if let Some(head) = Head::of(line.text, &self.labels, line.begins) {
            self.head(Head { time: head.time.or(line.time), ..head }, place)?;
        } else if is_heading(line.text) {
            self.heading(line.text, place);
        } else {
            self.words(line.text, place)?;
        }
        Ok(())
    }

    /// A time on its own line is that of the name above it or of the row below it.
    fn clock(&mut self, time: Timecode) {
        match self.rows.last_mut().filter(|row| self.open && row.text.is_empty() && row.start.is_none()) {
            Some(row) => row.start = Some(time),
            None => {
                self.tally.clocks += 1;
                self.block = Some(time);
                self.open = false;
            }
        }
    }

    fn head(&mut self, head: Head<'_>, place: Place) -> Result<(), Unreadable> {
        self.tally.heads += 1;
        self.tally.spaced += usize::from(head.spaced);
        self.drop_empty_row();
        if head.time.is_none() {
            self.tally.untimed.push(self.rows.len());
        }
        self.push(Some(head.label.to_owned()), head.words, head.time, place)
    }

    fn words(&mut self, words: &str, place: Place) -> Result<(), Unreadable> {
        let unheaded = self.block.is_some() && self.tally.heads == 0;
        match self.rows.last_mut().filter(|row| !unheaded && (self.open || row.text.is_empty())) {
            Some(row) => {
                if row.text.is_empty() {
                    row.place = place;
                } else {
                    row.text.push(' ');
                }
                row.text.push_str(words);
                self.open = true;
                if row.text.len() > Limits::ROW_BYTES { Err(Unreadable::row_too_long()) } else { Ok(()) }
            }
            None => {
                let label = self.rows.last().and_then(|row| row.label.clone());
                self.push(label, words, None, place)
            }
        }
    }

    fn push(
        &mut self,
        label: Option<String>,
        words: &str,
        time: Option<Timecode>,
        place: Place,
    ) -> Result<(), Unreadable> {
        if self.rows.len() >= Limits::ROWS {
            return Err(Unreadable::too_many_rows());
        }
        if words.len() > Limits::ROW_BYTES {
            return Err(Unreadable::row_too_long());
        }
        let start = time.or(self.block.take());
        self.rows.push(Row { label, text: words.to_owned(), start, place, ..Row::default() });
        self.open = true;
        Ok(())
    }

    fn heading(&mut self, heading: &str, place: Place) {
        self.open = false;
        if heading.contains(char::is_alphanumeric) {
            self.problems
                .note("heading-left-out", place, || format!("{} is a heading, not speech", excerpt(heading)));
        }
    }

    /// Drops a row whose speaker says nothing before the next one begins.
    fn drop_empty_row(&mut self) {
        let Some(row) = self.rows.pop_if(|row| row.text.is_empty()) else { return };
        self.tally.untimed.pop_if(|index| *index == self.rows.len());
        self.problems.note("empty-turn", row.place, || {
            format!("{} is named and says nothing", excerpt(row.label.as_deref().unwrap_or_default()))
        });
    }

    fn finish(mut self, format: Format, preamble: Preamble) -> Recording {
        self.drop_empty_row();
        if self.tally.clocks > 0 && self.tally.heads > 0 {
            self.problems.note(
                "coarse-times",
                Place::Whole,
                || "times stand between the turns; only the first row below each has one",
            );
        } else {
            self.note_missing_times();
        }
        note_odd_times(&self.rows, &mut self.problems);
        Recording { format, rows: self.rows, call: preamble.call, problems: self.problems.finish() }
    }

    fn note_missing_times(&mut self) {
        let missing: Vec<usize> =
            self.tally.untimed.iter().copied().filter(|index| self.rows[*index].start.is_none()).collect();
        if missing.len() * 2 >= self.tally.heads {
            return;
        }
        for index in missing {
            let row = &self.rows[index];
            self.problems.note("missing-time", row.place.clone(), || "no time, unlike most rows of the file");
        }
    }
}
