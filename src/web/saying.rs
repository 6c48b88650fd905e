use super::frame::shown;
use crate::http::encode;
use crate::ledger::Citation;
use crate::packet::web_link;
use crate::transcript::{Side, Timecode};

/// Words of a call as a page shows them: what was said, who, when, and the ways to hear and read it.
pub(super) struct Saying {
    pub(super) text: String,
    pub(super) speaker: String,
    pub(super) side: &'static str,
    /// The day, empty where nobody knows it.
    pub(super) date: String,
    /// The timecode, empty where the recorder gave none.
    pub(super) time: String,
    /// Where it can be heard, empty where nowhere.
    pub(super) listen: String,
    pub(super) call: String,
    /// The turn on the call's page.
    pub(super) read: String,
}

impl Saying {
    /// Returns `words`, which can be heard at `recording`.
    pub(super) fn new(words: &Citation, recording: Option<&str>) -> Self {
        Self {
            text: shown(words.quote.text()),
            speaker: shown(&words.speaker),
            side: side(words.side),
            date: words.date.map(|date| date.to_string()).unwrap_or_default(),
            time: time(words.start_ms),
            listen: listen(recording, words.start_ms),
            call: shown(words.call_title.as_deref().unwrap_or(&words.call)),
            read: turn(&words.call, words.quote.span().turn),
        }
    }
}

/// Returns a timecode, empty where there is none.
pub(super) fn time(start_ms: Option<u64>) -> String {
    start_ms.map(|ms| Timecode(ms).to_string()).unwrap_or_default()
}

/// Returns what to call a side.
pub(super) fn side(side: Option<Side>) -> &'static str {
    match side {
        Some(Side::Rep) => "us",
        Some(side) => side.as_str(),
        None => "",
    }
}

/// Returns where a recording is heard from a moment on; players that know media fragments start there.
pub(super) fn listen(recording: Option<&str>, start_ms: Option<u64>) -> String {
    let Some(link) = recording.and_then(web_link) else { return String::new() };
    match start_ms.filter(|_| !link.contains('#')) {
        Some(ms) => format!("{link}#t={}", ms / 1000),
        None => link.to_owned(),
    }
}

/// Returns the address of a line in the packet of a deal, which shows the line however long its section is.
pub(super) fn line(deal: &str, entry: &str) -> String {
    let entry = encode(entry);
    format!("/deals/{}?whole={entry}#item-{entry}", encode(deal))
}

/// Returns the address of a turn.
pub(super) fn turn(call: &str, turn: u32) -> String {
    format!("/calls/{}#turn-{turn}", encode(call))
}
