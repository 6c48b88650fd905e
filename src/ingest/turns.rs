use crate::transcript::{Mark, Place, Problem, SpeakerId, Turn};

use super::{Format, Row};

/// Gives rows that name nobody to the speaker before them, where the file plainly names only changes of speaker.
///
/// Some recorders write the name once and leave it off until somebody else speaks. Such a file never names one
/// speaker in two rows running, and leaves at least one row in five without a name. Everywhere else a row without
/// a name stays nobody's, above all where the recorder tells voices apart and could not: a promise laid into the
/// wrong mouth is worse than one without an owner.
pub(super) fn carry_labels_on(format: Format, rows: &mut [Row], problems: &mut Vec<Problem>) {
    let unnamed = rows.iter().filter(|row| row.label.is_none()).count();
    if unnamed == 0 || unnamed == rows.len() {
        return;
    }
    let repeats = rows.windows(2).any(|pair| pair[0].label.is_some() && pair[0].label == pair[1].label);
    let captions = matches!(format, Format::WebVtt | Format::SubRip);
    if !captions || repeats || unnamed * 5 < rows.len() {
        let first = rows.iter().find(|row| row.label.is_none()).map(|row| row.place.clone());
        let message = format!("rows that name nobody were kept apart as an unknown speaker: {unnamed}");
        problems.push(Problem::new("row-without-speaker", first.unwrap_or_default(), message));
        return;
    }
    let mut current = None;
    for row in rows.iter_mut() {
        match &row.label {
            Some(label) => current = Some(label.clone()),
            None => row.label.clone_from(&current),
        }
    }
    let message = format!(
        "names stand only where the speaker changes; {unnamed} rows were given to the speaker before"
    );
    problems.push(Problem::new("speaker-carried-on", Place::Whole, message));
}

/// Joins neighbouring rows of one speaker with one space; each row leaves a mark where it begins.
pub(super) fn join(rows: &[Row], speaker_of: impl Fn(&Row) -> SpeakerId) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for row in rows.iter().filter(|row| !row.text.is_empty()) {
        let speaker = speaker_of(row);
        match turns.last_mut().filter(|turn| turn.speaker == speaker && fits(turn, row)) {
            Some(turn) => {
                turn.text.push(' ');
                turn.marks.push(mark(turn.text.len(), row));
                turn.text.push_str(&row.text);
            }
            None => turns.push(Turn {
                speaker,
                text: row.text.clone(),
                marks: vec![mark(0, row)],
                language: None,
            }),
        }
    }
    turns
}

/// Tells whether byte offsets still fit 32 bits once `row` is joined.
fn fits(turn: &Turn, row: &Row) -> bool {
    u32::try_from(turn.text.len() + row.text.len() + 1).is_ok()
}

fn mark(at: usize, row: &Row) -> Mark {
    Mark { at: at as u32, start: row.start, end: row.end }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(label: Option<&str>, text: &str) -> Row {
        Row { label: label.map(str::to_owned), text: text.to_owned(), ..Row::default() }
    }

    fn labels(rows: &[Row]) -> Vec<Option<&str>> {
        rows.iter().map(|row| row.label.as_deref()).collect()
    }

    #[test]
    fn a_file_that_names_only_changes_of_speaker_carries_the_name_on() {
        let mut rows =
            [row(None, "hi"), row(Some("Dana"), "hello"), row(None, "so"), row(Some("Kofi"), "yes")];
        let mut problems = Vec::new();
        carry_labels_on(Format::WebVtt, &mut rows, &mut problems);
        assert_eq!(labels(&rows), [None, Some("Dana"), Some("Dana"), Some("Kofi")]);
        assert_eq!(problems[0].code, "speaker-carried-on");
    }

    #[test]
    fn in_any_other_file_a_row_without_a_name_is_nobody_s() {
        let mut rows =
            [row(Some("Dana"), "hello"), row(Some("Dana"), "so"), row(None, "yes"), row(Some("Kofi"), "no")];
        let mut problems = Vec::new();
        carry_labels_on(Format::WebVtt, &mut rows, &mut problems);
        assert_eq!(labels(&rows)[2], None);
        assert_eq!(problems[0].code, "row-without-speaker");
    }
}
