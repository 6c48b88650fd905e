use crate::ingest::Row;
use crate::transcript::{Language, Place, Timecode};

/// A silence in milliseconds after which one speaker's words begin a new row, so that quotes keep a near timecode.
const PAUSE: u64 = 2_000;

/// Milliseconds after which a row without a sentence end is closed all the same, for the same reason.
const LONG: u64 = 15_000;

/// One word of a recorder that delivers words alone.
#[derive(Default)]
pub(super) struct Word {
    pub(super) label: Option<String>,
    /// The word with whatever punctuation the recorder attached to it.
    pub(super) text: String,
    /// The word stands directly behind the one before it: punctuation, or a recorder that delivers spaces itself.
    pub(super) glued: bool,
    pub(super) start: Option<Timecode>,
    pub(super) end: Option<Timecode>,
    pub(super) language: Option<Language>,
    pub(super) place: Place,
}

/// Joins words into rows: a row ends where the speaker changes, a sentence ends, or time passes.
pub(super) fn rows(words: impl IntoIterator<Item = Word>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for word in words {
        match rows.last_mut().filter(|row| goes_on(row, &word)) {
            Some(row) => append(row, word),
            None => rows.push(begin(word)),
        }
    }
    for row in &mut rows {
        row.text = row.text.trim().to_owned();
    }
    rows
}

fn goes_on(row: &Row, word: &Word) -> bool {
    if row.label != word.label || row.language != word.language {
        return false;
    }
    if word.glued {
        let only_punctuation = !word.text.chars().any(char::is_alphanumeric);
        return only_punctuation || !ends_sentence(&row.text);
    }
    let pause = row.end.or(row.start).zip(word.start).map_or(0, |(end, start)| start.0.saturating_sub(end.0));
    let length = row.start.zip(word.start).map_or(0, |(start, now)| now.0.saturating_sub(start.0));
    !ends_sentence(&row.text) && pause < PAUSE && length < LONG
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end().ends_with(['.', '?', '!', '…', '。', '？', '！'])
}

fn begin(word: Word) -> Row {
    let Word { label, text, start, end, language, place, .. } = word;
    Row { label, text, start, end, language, place }
}

fn append(row: &mut Row, word: Word) {
    if !word.glued && !row.text.is_empty() {
        row.text.push(' ');
    }
    row.text.push_str(&word.text);
    row.start = row.start.or(word.start);
    row.end = word.end.or(row.end);
}

/// Orders the rows of several channels by their start; rows without one stay behind the row before them.
pub(super) fn interleave(rows: &mut Vec<Row>) {
    let mut latest = None;
    let mut keyed: Vec<_> = std::mem::take(rows)
        .into_iter()
        .map(|row| {
            latest = row.start.or(latest);
            (latest, row)
        })
        .collect();
    keyed.sort_by_key(|(start, _)| *start);
    rows.extend(keyed.into_iter().map(|(_, row)| row));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(label: &str, text: &str, start: u64) -> Word {
        let text = text.to_owned();
        let (start, end) = (Some(Timecode(start)), Some(Timecode(start + 300)));
        Word { label: Some(label.to_owned()), text, start, end, ..Word::default() }
    }

    fn texts(words: Vec<Word>) -> Vec<String> {
        rows(words).into_iter().map(|row| row.text).collect()
    }

    #[test]
    fn a_row_ends_with_the_sentence_the_speaker_or_a_silence() {
        let words = vec![
            word("0", "Right.", 0),
            word("0", "so", 400),
            word("1", "mhm", 800),
            word("0", "the", 1200),
            word("0", "invoice", 5000),
        ];
        assert_eq!(texts(words), ["Right.", "so", "mhm", "the", "invoice"]);
    }

    #[test]
    fn punctuation_stands_behind_its_word() {
        let mut stop = word("0", "?", 700);
        stop.glued = true;
        assert_eq!(texts(vec![word("0", "which", 0), word("0", "one", 300), stop]), ["which one?"]);
    }
}
