use super::Row;
use super::problems::{Problems, excerpt};

/// Words from which a repetition is the recorder's and not the speaker's: people do say "okay, okay".
const WORDS: usize = 4;

/// Notes captions that repeat the one before, as live captions do; the words stay as they are.
pub(super) fn note_repeats(rows: &[Row], problems: &mut Problems) {
    for pair in rows.windows(2) {
        let [before, row] = pair else { continue };
        if before.label != row.label || row.text.split_whitespace().nth(WORDS - 1).is_none() {
            continue;
        }
        if before.text == row.text {
            problems.note("repeated-caption", row.place.clone(), || {
                format!("{} is said in the row above too; both are kept", excerpt(&row.text))
            });
        } else if rolls_on(&before.text, &row.text) {
            problems.note("rolling-captions", row.place.clone(), || {
                format!("{} begins with the end of the row above; its words stand twice", excerpt(&row.text))
            });
        }
    }
}

/// Tells whether `text` begins with the last [`WORDS`] words of `before` or with the whole of it.
fn rolls_on(before: &str, text: &str) -> bool {
    let Some((at, _)) = before.rmatch_indices(' ').nth(WORDS - 1) else { return false };
    let tail = &before[at + 1..];
    // The tail may stand anywhere in the first `before.len()` bytes: what precedes it must end `before` as well.
    let window = text.get(..before.len().min(text.len())).unwrap_or(text);
    window.find(tail).is_some_and(|found| {
        let overlap = &text[..found + tail.len()];
        before.ends_with(overlap) && text[overlap.len()..].chars().next().is_none_or(char::is_whitespace)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(texts: &[&str]) -> Vec<String> {
        let row = |text: &&str| Row { text: (*text).to_owned(), ..Row::default() };
        let rows: Vec<Row> = texts.iter().map(row).collect();
        let mut problems = Problems::default();
        note_repeats(&rows, &mut problems);
        problems.finish().into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn rolling_captions_are_told_from_people_who_repeat_themselves() {
        assert_eq!(
            codes(&["so the pilot starts in May", "so the pilot starts in May and then we see how it goes"]),
            ["rolling-captions"],
        );
        assert_eq!(
            codes(&["well the pilot starts in May", "pilot starts in May and then"]),
            ["rolling-captions"],
        );
        assert_eq!(codes(&["we start on the first", "we start on the first"]), ["repeated-caption"]);
        assert!(codes(&["Okay.", "Okay."]).is_empty());
        assert!(codes(&["let us do it in May", "in May we do it all again"]).is_empty());
    }
}
