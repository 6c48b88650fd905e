use jiff::civil::Date;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::detect::{Provenance, Why};
use crate::transcript::{Quote, Side, Transcript};

/// Words of a call with all that a reader needs to find them again: who, when and where.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Citation {
    /// The call's id.
    pub call: String,
    /// What the meeting was called.
    pub call_title: Option<String>,
    /// The call's local date.
    pub date: Option<Date>,
    /// Who said it.
    pub speaker: String,
    /// On whose side.
    pub side: Option<Side>,
    /// The words and their place; in JSON `quote`, `turn` and `span`.
    #[serde(flatten, serialize_with = "words_and_place")]
    pub quote: Quote,
    /// When the words begin, in milliseconds from the start of the recording.
    pub start_ms: Option<u64>,
}

impl Citation {
    /// Returns the citation of words that stand in `transcript`.
    pub fn new(transcript: &Transcript, quote: &Quote) -> Self {
        let (call, span) = (&transcript.call, quote.span());
        Self {
            call: call.id.clone(),
            call_title: call.title.clone(),
            date: call.started_at.map(|start| start.date()),
            speaker: transcript.speaker(span).display().to_owned(),
            side: transcript.side(span),
            quote: quote.clone(),
            start_ms: transcript.time(span).map(|time| time.as_millis()),
        }
    }
}

fn words_and_place<S: Serializer>(quote: &Quote, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serializer.serialize_struct("Quote", 2)?;
    fields.serialize_field("quote", quote.text())?;
    fields.serialize_field("span", &quote.span())?;
    fields.end()
}

/// What a saying did to its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// It was said for the first time.
    Made,
    /// It was said again, to the same effect.
    Restated,
    /// It was given a date or a value that it lacked.
    Detailed,
    /// Its date, scope or value moved, and the words own up to it.
    Changed,
    /// It differs from what was said before, and nobody settled which holds.
    Contradicted,
    /// It was taken back.
    Withdrawn,
    /// It was reported as kept.
    Fulfilled,
    /// It came up again after it had been settled.
    Reopened,
    /// It was put to rest.
    Settled,
    /// Its condition came true.
    Met,
    /// Its condition can come true no more.
    Lapsed,
    /// Its condition was dropped.
    Waived,
}

impl Event {
    /// Returns the word that the JSON and the packet use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Restated => "restated",
            Self::Detailed => "detailed",
            Self::Changed => "changed",
            Self::Contradicted => "contradicted",
            Self::Withdrawn => "withdrawn",
            Self::Fulfilled => "fulfilled",
            Self::Reopened => "reopened",
            Self::Settled => "settled",
            Self::Met => "met",
            Self::Lapsed => "lapsed",
            Self::Waived => "waived",
        }
    }
}

/// One time that something was said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Saying {
    /// The words.
    #[serde(flatten)]
    pub words: Citation,
    /// What an elliptical answer accepts.
    pub context: Option<Citation>,
    /// What it did to the entry.
    pub event: Event,
    /// What the customer said right after our side moved it or took it back: whether they took note.
    pub reply: Option<Citation>,
    /// The finding's id; `None` for a remark that the ledger itself read as news of an entry.
    pub finding: Option<String>,
    /// Attributes of the finding, as the labelling guide names them.
    pub attrs: Map<String, Value>,
    /// How likely the finding is right, 0 to 1.
    pub confidence: f64,
    /// What the finding rests on.
    pub provenance: Provenance,
    /// Why it was found.
    pub why: Why,
}

impl Saying {
    /// Returns the words that say most: an elliptical answer ("Yep, no problem") leaves that to what it accepts.
    pub fn telling(&self) -> &Citation {
        let answer = self.words.quote.text();
        match &self.context {
            Some(context) if answer.len() < context.quote.text().len() => context,
            _ => &self.words,
        }
    }

    /// Returns the words of this saying and what they answer; a reply is somebody else's.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        std::iter::once(&self.words).chain(&self.context)
    }
}

/// Returns the summary of an entry: the latest words that tell what it is, never words of our own.
pub(super) fn summary(said: &[Saying]) -> String {
    let news = |saying: &&Saying| saying.finding.is_some() && saying.event != Event::Withdrawn;
    let latest = said.iter().rev().find(news).or(said.last());
    latest.map(|saying| saying.telling().quote.text().to_owned()).unwrap_or_default()
}

/// Keeps the sayings whose words stand; tells whether any is left, or never was: a person may state a line.
pub(super) fn retain(said: &mut Vec<Saying>, stands: &mut impl FnMut(&Citation) -> bool) -> bool {
    let stated = said.is_empty();
    said.retain_mut(|saying| {
        saying.context.take_if(|words| !stands(words));
        saying.reply.take_if(|words| !stands(words));
        stands(&saying.words)
    });
    stated || !said.is_empty()
}
