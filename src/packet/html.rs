use std::borrow::Cow;

use askama::Template;

use crate::ledger::Citation;
use crate::transcript::Timecode;

use super::note::{self, Note};
use super::visible::{visible, web_link};
use super::{Audience, CallLine, Item, Line, Packet, Section, item};

/// The packet as one page that needs nothing else: no script, no style sheet, no image from elsewhere.
#[derive(Template)]
#[template(path = "packet.html")]
struct Page<'a> {
    packet: &'a Packet,
}

/// Returns the packet as one self-contained HTML document.
///
/// # Errors
/// Where the template cannot be written, which a string does not cause.
pub fn html(packet: &Packet) -> Result<String, askama::Error> {
    Page { packet }.render()
}

impl Page<'_> {
    fn account(&self) -> Cow<'_, str> {
        let account = self.packet.deal.account.as_str();
        visible(if account.is_empty() { "account UNKNOWN" } else { account })
    }

    fn closed(&self) -> String {
        self.packet
            .deal
            .closed_at
            .map_or("close date UNKNOWN".to_owned(), |time| format!("closed {}", time.date()))
    }

    fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        visible(text)
    }

    fn call_title<'c>(&'c self, words: &'c Citation) -> Cow<'c, str> {
        visible(words.call_title.as_deref().unwrap_or(&words.call))
    }

    fn time(&self, words: &Citation) -> Option<String> {
        words.start_ms.map(|ms| Timecode(ms).to_string())
    }

    /// Returns where the words can be heard, where the recording has a page; players that know media fragments
    /// start there.
    fn listen(&self, words: &Citation) -> Option<String> {
        let link = self.recording(self.packet.call(&words.call)?)?;
        let seconds = words.start_ms.filter(|_| !link.contains('#')).map(|ms| format!("#t={}", ms / 1000));
        Some(format!("{link}{}", seconds.unwrap_or_default()))
    }

    fn recording<'c>(&self, call: &'c CallLine) -> Option<&'c str> {
        call.recording_url.as_deref().and_then(web_link)
    }

    fn is_red(&self, audience: &Audience) -> bool {
        *audience == Audience::RedFlags
    }

    fn notes(&self, item: &Item) -> Vec<Note> {
        item.review.iter().flat_map(note::notes).collect()
    }

    fn answers(&self, section: &Section) -> Vec<Note> {
        section.answers.iter().flat_map(note::answered).collect()
    }

    fn set_aside(&self) -> Vec<Note> {
        let rejected = self.packet.rejected.iter().flat_map(|line| {
            let words = line.was.words.first().map(|words| format!("“{}”", words.quote.text()));
            let text = words.or_else(|| line.was.name.clone()).unwrap_or_default();
            let what = Note { tone: "", label: item::words(line.was.kind.as_str()), text };
            std::iter::once(what).chain(note::notes(&line.review))
        });
        rejected.chain(self.packet.lost.iter().map(note::lost)).collect()
    }

    fn label(&self, line: &Line) -> &'static str {
        line.label().unwrap_or_default()
    }
}
