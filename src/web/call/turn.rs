use std::collections::{BTreeMap, BTreeSet};

use super::View;
use super::mark::Mark;
use crate::packet::visible;
use crate::transcript::Transcript;
use crate::web::frame::{shown, words};
use crate::web::saying::{listen, side, time};

/// Turns that are shown on each side of the one that is looked for.
const AROUND: usize = 3;

/// A turn as the page shows it.
pub(super) struct Turn {
    pub(super) number: usize,
    pub(super) speaker: String,
    /// The index of its speaker.
    pub(super) voice: usize,
    pub(super) side: &'static str,
    pub(super) time: String,
    pub(super) listen: String,
    pub(super) pieces: Vec<Piece>,
}

/// A stretch of a turn with the same marks on it.
pub(super) struct Piece {
    pub(super) texts: Vec<Text>,
    /// Kinds of the marks and what people decided of them, with a space between; empty where nothing was found.
    pub(super) classes: String,
    /// What is told behind the words, because a mark ends here.
    pub(super) ends: Vec<String>,
}

/// Words of a stretch, or characters in it that are shown by their number.
pub(super) struct Text {
    pub(super) text: String,
    /// How many bytes they are in the transcript, where that is not the length of what is shown; else 0.
    pub(super) bytes: usize,
}

/// Returns the turns that `view` asks for.
pub(super) fn turns(transcript: &Transcript, marks: &[Mark], view: &View) -> Vec<Turn> {
    let mut marked: BTreeMap<usize, Vec<&Mark>> = BTreeMap::new();
    for mark in marks.iter().filter(|mark| view.kind.is_none_or(|kind| mark.kind == kind)) {
        marked.entry(mark.span.turn as usize).or_default().push(mark);
    }
    let is_shown = |at: usize| {
        let speaker = &transcript.speakers[transcript.turns[at].speaker.index()];
        view.kind.is_none_or(|_| marked.contains_key(&at))
            && view.side.is_none_or(|side| speaker.side == Some(side))
            && view.around.is_none_or(|middle| at.abs_diff(middle) <= AROUND)
    };
    let turns = transcript.turns.iter().enumerate().filter(|(at, _)| is_shown(*at));
    let turn = |(at, turn): (usize, &crate::transcript::Turn)| {
        let voice = turn.speaker.index();
        let speaker = &transcript.speakers[voice];
        let start = turn.start().map(|start| start.as_millis());
        Turn {
            number: at,
            speaker: shown(speaker.display()),
            voice,
            side: side(speaker.side),
            time: time(start),
            listen: listen(transcript.call.recording_url.as_deref(), start),
            pieces: pieces(&turn.text, marked.get(&at).map_or(&[], Vec::as_slice)),
        }
    };
    turns.map(turn).collect()
}

/// Cuts a turn where marks begin and end. Findings may overlap, elements must not. A mark that does not fit the words is
/// left out, so that every word is shown.
fn pieces(text: &str, marks: &[&Mark]) -> Vec<Piece> {
    let fits = |mark: &&&Mark| text.get(mark.span.range()).is_some();
    let marks: Vec<&Mark> = marks.iter().filter(fits).copied().collect();
    let mut cuts: BTreeSet<usize> = [0, text.len()].into();
    for mark in &marks {
        cuts.extend([mark.span.start as usize, mark.span.end as usize]);
    }
    let cuts: Vec<_> = cuts.into_iter().collect();
    let piece = |ends: &[usize]| {
        let range = ends[0]..ends[1];
        let covers = |mark: &&&Mark| {
            let span = mark.span.range();
            span.start <= range.start && range.end <= span.end
        };
        let on: Vec<&&Mark> = marks.iter().filter(covers).collect();
        let classes = on.iter().flat_map(|mark| [mark.kind.as_str(), class(mark.standing)]);
        let classes: BTreeSet<_> = classes.filter(|class| !class.is_empty()).collect();
        let ends = on.iter().filter(|mark| mark.span.end as usize == range.end).map(|mark| label(mark));
        Piece {
            texts: texts(text.get(range.clone()).unwrap_or_default()),
            classes: classes.into_iter().collect::<Vec<_>>().join(" "),
            ends: ends.collect(),
        }
    };
    cuts.windows(2).map(piece).collect()
}

fn class(standing: &'static str) -> &'static str {
    if standing == "by hand" { "by-hand" } else { standing }
}

fn label(mark: &Mark) -> String {
    let kind = words(mark.kind.as_str());
    if mark.standing.is_empty() { kind } else { format!("{kind}, {}", mark.standing) }
}

/// Cuts text where what is shown is not what stands there, so that a selection in a browser tells its bytes.
fn texts(text: &str) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut letter = [0; 4];
    for c in text.chars() {
        let as_shown = visible(c.encode_utf8(&mut letter)).into_owned();
        let bytes = if as_shown.len() == c.len_utf8() { 0 } else { c.len_utf8() };
        match texts.last_mut().filter(|last| last.bytes == 0 && bytes == 0) {
            Some(last) => last.text.push_str(&as_shown),
            None => texts.push(Text { text: as_shown, bytes }),
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_that_cuts_a_character_blanks_no_words() {
        let text = "Grüße an alle";
        for (range, whole) in [(0..3, 1), (2..99, 1), (6..7, 3), (7..15, 2)] {
            let mark = Mark {
                kind: crate::rules::Kind::Promise,
                span: crate::transcript::Span::new(0, range.clone()),
                standing: "",
            };
            let pieces = pieces(text, &[&mark]);
            let shown: String = pieces.iter().flat_map(|it| &it.texts).map(|it| it.text.as_str()).collect();
            assert_eq!((shown.as_str(), pieces.len()), (text, whole), "{range:?}");
        }
    }

    #[test]
    fn what_is_shown_tells_the_bytes_that_stand_there() {
        let text = "a\u{202E}b\u{2028}ü\n🧗";
        let texts = texts(text);
        let bytes =
            texts.iter().map(|it| if it.bytes == 0 { it.text.len() } else { it.bytes }).sum::<usize>();
        assert_eq!(bytes, text.len());
        let shown: Vec<_> = texts.iter().map(|it| (it.text.as_str(), it.bytes)).collect();
        assert_eq!(shown, [("a", 0), ("[U+202E]", 3), ("b", 0), (" ", 3), ("ü 🧗", 0)]);
    }
}
