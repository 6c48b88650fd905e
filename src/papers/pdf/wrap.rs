use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization as _;

use super::super::document::Run;
use super::face::{Cut, Faces};

/// What stands on one line.
pub(super) type Line = Vec<Piece>;

/// Letters of one line in one style.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) cut: Cut,
    pub(super) blank: bool,
    pub(super) link: Option<String>,
    pub(super) width: f32,
}

/// Letters between two spaces; a word may change its style within.
#[derive(Default)]
struct Word {
    pieces: Vec<Piece>,
    width: f32,
}

/// Breaks runs into lines of `width` points; a word that is longer is broken between letters. Letters that the fonts
/// lack become their number and are noted in `missing`.
pub(super) fn wrap(
    runs: &[Run],
    faces: &Faces,
    size: f32,
    width: f32,
    missing: &mut BTreeSet<char>,
) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    let mut used = 0.0;
    let space = faces.width(" ", Cut::Regular, size);
    for word in words(runs, faces, size, missing) {
        let Some(word) = word else {
            lines.push(Line::new());
            used = 0.0;
            continue;
        };
        if used > 0.0 && used + space + word.width > width {
            lines.push(Line::new());
            used = 0.0;
        }
        let pieces = if word.width > width { letters(&word, faces, size) } else { word.pieces };
        let mut first = used > 0.0;
        for mut piece in pieces {
            if used > 0.0 && used + piece.width > width {
                lines.push(Line::new());
                used = 0.0;
                first = false;
            }
            if std::mem::take(&mut first) {
                let shared = lines.last().and_then(|line| line.last());
                // A space belongs to the mark or link that goes on across it.
                let goes_on = shared.is_some_and(|last| last.blank == piece.blank && last.link == piece.link);
                if goes_on {
                    piece.text.insert(0, ' ');
                    piece.width += faces.width(" ", piece.cut, size);
                } else {
                    let gap = Piece {
                        text: " ".to_owned(),
                        cut: Cut::Regular,
                        blank: false,
                        link: None,
                        width: space,
                    };
                    used += gap.width;
                    push(&mut lines, gap);
                }
            }
            used += piece.width;
            push(&mut lines, piece);
        }
    }
    lines
}

/// Adds a piece to the last line, joined to one of the same style.
fn push(lines: &mut [Line], piece: Piece) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(last) if (last.cut, last.blank, &last.link) == (piece.cut, piece.blank, &piece.link) => {
            last.text.push_str(&piece.text);
            last.width += piece.width;
        }
        _ => line.push(piece),
    }
}

/// Returns the words, and `None` for each line break.
fn words(runs: &[Run], faces: &Faces, size: f32, missing: &mut BTreeSet<char>) -> Vec<Option<Word>> {
    let mut words: Vec<Option<Word>> = Vec::new();
    let mut open = false;
    for run in runs {
        if run.text == "\n" {
            words.push(None);
            open = false;
            continue;
        }
        let text = shown(&run.text, faces, missing);
        let cut = match (run.style.bold, run.style.italic) {
            (true, _) => Cut::Bold,
            (false, true) => Cut::Italic,
            (false, false) => Cut::Regular,
        };
        for (at, part) in text.split(' ').enumerate() {
            open &= at == 0;
            if part.is_empty() {
                continue;
            }
            let piece = Piece {
                text: part.to_owned(),
                cut,
                blank: run.style.blank.is_some(),
                link: run.link.clone(),
                width: faces.width(part, cut, size),
            };
            match words.last_mut() {
                Some(Some(word)) if open => {
                    word.width += piece.width;
                    word.pieces.push(piece);
                }
                _ => words.push(Some(Word { width: piece.width, pieces: vec![piece] })),
            }
            open = true;
        }
        open &= !text.ends_with(' ');
    }
    words
}

/// Returns `text` with what the fonts cannot draw as its number: a box would hide whose name it is.
fn shown(text: &str, faces: &Faces, missing: &mut BTreeSet<char>) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_whitespace() {
            shown.push(if c == '\u{A0}' { c } else { ' ' });
        } else if faces.has(c) {
            shown.push(c);
        } else if !matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}') {
            missing.insert(c);
            shown.push_str(&format!("[U+{:04X}]", u32::from(c)));
        }
    }
    shown
}

fn letters(word: &Word, faces: &Faces, size: f32) -> Vec<Piece> {
    let of_piece = |piece: &Piece| {
        let letter = |c: char| Piece {
            text: c.to_string(),
            width: faces.width(c.encode_utf8(&mut [0; 4]), piece.cut, size),
            ..piece.clone()
        };
        piece.text.chars().map(letter).collect::<Vec<_>>()
    };
    word.pieces.iter().flat_map(of_piece).collect()
}
