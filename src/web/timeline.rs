//! What happened to a deal, call by call: a picture and the same as a table.

use super::frame::shown;
use super::saying::{line, turn};
use crate::http::encode;
use crate::packet::{Happening, Stop, Track};

/// Height of a lane, in pixels.
const LANE: usize = 30;

/// Up to so many calls each has its date under it; of more every third one has.
const DATED: usize = 14;

/// Least width of a call's column, in pixels: with its date, and without.
const COLUMNS: (usize, usize) = (46, 18);

/// A deal's timeline.
pub(super) struct Timeline {
    /// Least width of the picture, in pixels.
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) columns: Vec<Column>,
    pub(super) lanes: Vec<Lane>,
    pub(super) marks: Vec<Mark>,
    pub(super) rows: Vec<Row>,
    /// What the picture shows, in a sentence.
    pub(super) summary: String,
}

/// A call.
pub(super) struct Column {
    /// Where its middle is, in percent of the width.
    pub(super) x: String,
    /// Its day, where there is room for it.
    pub(super) date: String,
    /// From where the day is written: at the edge, half of it would be cut off.
    pub(super) anchor: &'static str,
    pub(super) title: String,
}

/// What can happen.
pub(super) struct Lane {
    pub(super) name: String,
    /// Where its middle is, in pixels.
    pub(super) y: usize,
}

/// Things of one kind that happened on one call.
pub(super) struct Mark {
    pub(super) x: String,
    pub(super) y: usize,
    pub(super) kind: &'static str,
    pub(super) number: usize,
    pub(super) title: String,
}

/// One thing that happened.
pub(super) struct Row {
    pub(super) date: String,
    pub(super) call: String,
    pub(super) to_call: String,
    pub(super) what: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) text: String,
    /// The turn on the call's page.
    pub(super) read: String,
    /// The line in the packet.
    pub(super) line: String,
}

impl Timeline {
    /// Draws the timeline of `deal`.
    pub(super) fn new(stops: &[Stop], deal: &str) -> Self {
        let happened = |track: Track| {
            stops.iter().flat_map(|stop| &stop.happenings).filter(|it| it.track == track).count()
        };
        let tracks: Vec<_> = Track::ALL.into_iter().filter(|track| happened(*track) > 0).collect();
        let lane = |(at, track): (usize, &Track)| Lane { name: plural(*track), y: middle(at) };
        let column = if stops.len() <= DATED { COLUMNS.0 } else { COLUMNS.1 };
        let counted = tracks.iter().map(|track| format!("{} {}", happened(*track), plural(*track)));
        Self {
            width: stops.len() * column,
            height: tracks.len() * LANE,
            columns: stops.iter().enumerate().map(|(at, stop)| Column::new(at, stop, stops.len())).collect(),
            lanes: tracks.iter().enumerate().map(lane).collect(),
            marks: marks(stops, &tracks),
            rows: stops.iter().flat_map(|stop| Row::of(stop, deal)).collect(),
            summary: format!("{} calls: {}", stops.len(), counted.collect::<Vec<_>>().join(", ")),
        }
    }
}

/// Returns where a column's middle is, in percent.
fn place(at: usize, columns: usize) -> String {
    format!("{:.2}%", (at as f64 + 0.5) * 100.0 / columns as f64)
}

fn middle(lane: usize) -> usize {
    lane * LANE + LANE / 2
}

fn plural(track: Track) -> String {
    match track.words().split_once(' ') {
        Some(("person", rest)) => format!("people {rest}"),
        Some((noun, rest)) => format!("{noun}s {rest}"),
        None => track.words().to_owned(),
    }
}

fn marks(stops: &[Stop], tracks: &[Track]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (at, stop) in stops.iter().enumerate() {
        for (lane, track) in tracks.iter().enumerate() {
            let number = stop.happenings.iter().filter(|it| it.track == *track).count();
            if number > 0 {
                let date = stop.date.map(|date| format!(" on {date}")).unwrap_or_default();
                let title = format!("{number} × {}{date}, {}", track.words(), shown(&stop.title));
                let x = place(at, stops.len());
                marks.push(Mark { x, y: middle(lane), kind: track.as_str(), number, title });
            }
        }
    }
    marks
}

impl Column {
    fn new(at: usize, stop: &Stop, columns: usize) -> Self {
        let dated = columns <= DATED || at.is_multiple_of(3);
        let date = stop.date.filter(|_| dated).map(|date| date.strftime("%-d %b").to_string());
        let anchor = if at == 0 && columns > DATED { "start" } else { "middle" };
        Self { x: place(at, columns), date: date.unwrap_or_default(), anchor, title: shown(&stop.title) }
    }
}

impl Row {
    fn of<'s>(stop: &'s Stop, deal: &'s str) -> impl Iterator<Item = Self> + 's {
        stop.happenings.iter().map(move |happening| Self::new(stop, happening, deal))
    }

    fn new(stop: &Stop, happening: &Happening, deal: &str) -> Self {
        let words = happening.words.as_ref();
        Self {
            date: stop.date.map(|date| date.to_string()).unwrap_or_default(),
            call: shown(&stop.title),
            to_call: format!("/calls/{}", encode(&stop.call)),
            what: happening.track.words(),
            kind: happening.track.as_str(),
            name: happening.name.as_deref().map(shown).unwrap_or_default(),
            text: words.map(|words| shown(words.quote.text())).unwrap_or_default(),
            read: words.map(|words| turn(&words.call, words.quote.span().turn)).unwrap_or_default(),
            line: line(deal, &happening.entry),
        }
    }
}
