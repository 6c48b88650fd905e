use crate::transcript::{Call, Place};

use super::account::Account;
use super::clock::note_odd_times;
use super::cue::{Timing, is_number, looks_like_id, quoted_name};
use super::cue_text::{CueText, Voice};
use super::labels::Labels;
use super::lines::{Line, lines};
use super::problems::{Problems, excerpt};
use super::repeats::note_repeats;
use super::{Format, Limits, Recording, Row, Unreadable, webvtt};

/// A timed caption as written.
#[derive(Debug)]
struct Caption<'a> {
    /// The name of the cue, where somebody's name stands in it.
    named: Option<&'a str>,
    timing: Timing,
    /// The words with their markup and line breaks.
    body: String,
    place: Place,
}

/// Reads WebVTT or SubRip, however it is written: the timing lines are the frame, all else is sorted around them.
///
/// # Errors
/// Where there are more rows, or longer ones, than [`Limits`] allow.
pub(super) fn read(text: &str, format: Format, mut problems: Problems) -> Result<Recording, Unreadable> {
    let lines = lines(text)?;
    let mut sorting = Sorting::of(&lines, format, &mut problems);
    sorting.run();
    let Sorting { captions, account, call, .. } = sorting;
    account.close(&lines, &mut problems);
    let cues: Vec<CueText> = captions.iter().map(|caption| CueText::of(&caption.body)).collect();
    let rows = rows(&captions, cues, &mut problems)?;
    note_odd_times(&rows, &mut problems);
    note_repeats(&rows, &mut problems);
    Ok(Recording { format, rows, call, problems: problems.finish() })
}

/// Sorts the lines of a file into captions and what stands around them.
struct Sorting<'a, 'p> {
    lines: &'p [Line<'a>],
    format: Format,
    problems: &'p mut Problems,
    account: Account,
    captions: Vec<Caption<'a>>,
    call: Call,
}

impl<'a, 'p> Sorting<'a, 'p> {
    fn of(lines: &'p [Line<'a>], format: Format, problems: &'p mut Problems) -> Self {
        let (account, call) = (Account::of(lines), Call::default());
        Self { lines, format, problems, account, captions: Vec::new(), call }
    }

    fn run(&mut self) {
        let timings: Vec<(usize, Timing)> = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(index, line)| Some((index, Timing::of(line.text)?)))
            .collect();
        let header = match self.format {
            Format::WebVtt => webvtt::header(self.lines, &mut self.call, &mut self.account, self.problems),
            _ => 0,
        };
        let first = timings.iter().position(|(index, _)| *index >= header).unwrap_or(timings.len());
        let timings = &timings[first..];
        let end_of_front = timings.first().map_or(self.lines.len(), |(index, _)| *index);
        let mut id = self.around(header, end_of_front, !timings.is_empty());
        for (number, (index, timing)) in timings.iter().enumerate() {
            let next = timings.get(number + 1).map(|(next, _)| *next);
            self.open(*index, *timing, id);
            id = self.around(index + 1, next.unwrap_or(self.lines.len()), next.is_some());
        }
    }

    fn open(&mut self, index: usize, timing: Timing, id: Option<usize>) {
        let Line { number, text } = self.lines[index];
        self.account.claim(index);
        let place = Place::Line(number);
        if timing.start.is_none() || timing.end.is_none() {
            self.problems.note("unreadable-time", place.clone(), || {
                format!("no two clocks in {}; what is missing stays missing", excerpt(text))
            });
        }
        let named = id.and_then(|id| quoted_name(self.lines[id].text));
        self.captions.push(Caption { named, timing, body: String::new(), place });
    }

    /// Sorts the lines from `from` to `end`, which is the next timing line or, where not `timed`, the end of the
    /// file. Returns where the next caption's name stands.
    fn around(&mut self, from: usize, end: usize, timed: bool) -> Option<usize> {
        let id = self.id_above(from, end).filter(|_| timed);
        let end = id.unwrap_or(end);
        let mut at = from;
        while at < end {
            let block = at + self.lines[at..end].iter().take_while(|line| !line.is_blank()).count();
            if block > at {
                self.block(at, block, at > from || self.captions.is_empty());
            }
            at = block + 1;
        }
        if let Some(id) = id {
            self.account.claim(id);
        }
        id
    }

    /// Returns the line above `end` where it names the next caption.
    fn id_above(&mut self, from: usize, end: usize) -> Option<usize> {
        let above = end.checked_sub(1).filter(|above| *above >= from)?;
        let line = self.lines[above];
        if line.is_blank() {
            return None;
        }
        let alone = above == from || self.lines[above - 1].is_blank();
        if above == from && !self.captions.is_empty() {
            // Directly below a timing line stand its words, but a number there counts the next caption.
            return is_number(line.text).then_some(above);
        }
        if (alone && looks_like_id(line.text)) || is_number(line.text) {
            return Some(above);
        }
        if !alone || self.format != Format::WebVtt {
            return None;
        }
        if line.text.trim().contains(char::is_whitespace) {
            self.problems.note("words-in-cue-id", Place::Line(line.number), || {
                format!("{} names the caption below it; not taken as words", excerpt(line.text))
            });
        }
        Some(above)
    }

    /// Sorts one block of lines between blank ones, `detached` from the timing line above by a blank line.
    fn block(&mut self, at: usize, end: usize, detached: bool) {
        if detached && self.format == Format::WebVtt && webvtt::is_aside(&self.lines[at..end], &mut self.call)
        {
            (at..end).for_each(|index| self.account.claim(index));
        } else if detached && end - at > 1 && is_number(self.lines[at].text) {
            self.untimed(at, end);
        } else if !self.captions.is_empty() {
            self.words(at, end, detached);
        }
    }

    fn words(&mut self, at: usize, end: usize, detached: bool) {
        let Some(caption) = self.captions.last_mut() else { return };
        if detached {
            self.problems.note(
                "text-after-blank-line",
                Place::Line(self.lines[at].number),
                || "words after a blank line inside a caption; taken as its words",
            );
        }
        for index in at..end {
            if !caption.body.is_empty() {
                caption.body.push('\n');
            }
            caption.body.push_str(self.lines[index].text.trim_end());
            self.account.claim(index);
        }
    }

    /// Opens a caption that is counted but not timed.
    fn untimed(&mut self, at: usize, end: usize) {
        let place = Place::Line(self.lines[at].number);
        self.problems.note("missing-time", place.clone(), || "a numbered caption without its timing line");
        let words: Vec<&str> = self.lines[at + 1..end].iter().map(|line| line.text.trim_end()).collect();
        let timing = Timing { start: None, end: None };
        let named = quoted_name(self.lines[at].text);
        self.captions.push(Caption { named, timing, body: words.join("\n"), place });
        (at..end).for_each(|index| self.account.claim(index));
    }
}

/// Makes rows of captions: one a voice, one a `Name:` line.
fn rows(
    captions: &[Caption<'_>],
    cues: Vec<CueText>,
    problems: &mut Problems,
) -> Result<Vec<Row>, Unreadable> {
    let unnamed = cues.iter().flat_map(|cue| &cue.voices).filter(|voice| voice.name.is_none());
    let lines = unnamed.flat_map(|voice| voice.text.trim_start().lines().enumerate());
    let labels = Labels::of(lines.map(|(index, line)| (line, index == 0)));
    let mut rows = Vec::with_capacity(captions.len());
    for (caption, cue) in captions.iter().zip(&cues) {
        if !cue.ruby.is_empty() {
            problems.note("ruby-left-out", caption.place.clone(), || {
                format!("{} is a reading aid, not speech; left out", excerpt(&cue.ruby))
            });
        }
        let before = rows.len();
        for voice in &cue.voices {
            voice_rows(caption, voice, &labels, &mut rows);
        }
        if rows.len() == before {
            problems.note("empty-caption", caption.place.clone(), || "a caption without words");
        }
        if rows.len() > Limits::ROWS {
            return Err(Unreadable::too_many_rows());
        }
        if rows[before..].iter().any(|row| row.text.len() > Limits::ROW_BYTES) {
            return Err(Unreadable::row_too_long());
        }
    }
    Ok(rows)
}

fn voice_rows(caption: &Caption<'_>, voice: &Voice, labels: &Labels<'_>, rows: &mut Vec<Row>) {
    let row = |label: Option<&str>| Row {
        label: label.map(str::to_owned),
        text: String::new(),
        start: caption.timing.start,
        end: caption.timing.end,
        language: None,
        place: caption.place.clone(),
    };
    let first = rows.len();
    for line in voice.text.trim().lines() {
        let labelled = match voice.name {
            Some(_) => None,
            None if rows.len() == first => labels.split(line),
            None => labels.split_known(line),
        };
        match labelled {
            Some((label, _)) => rows.push(row(Some(label))),
            None if rows.len() == first => rows.push(row(voice.name.as_deref().or(caption.named))),
            None => {}
        }
        let words = labelled.map_or(line, |(_, words)| words).trim();
        if let Some(row) = rows.last_mut() {
            if !row.text.is_empty() && !words.is_empty() {
                row.text.push(' ');
            }
            row.text.push_str(words);
        }
    }
    let mut said = rows.split_off(first);
    said.retain(|row| !row.text.is_empty());
    rows.append(&mut said);
}
