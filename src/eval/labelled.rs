use std::collections::HashMap;

use serde_json::{Map, Value};

use super::speech::Spec;
use super::{CallScore, Label, LabelledNews, Labels, Notation, Rendering, score};
use crate::detect::{CallRecord, detect};
use crate::ingest::{Format, Recording, Row, Unreadable, read, seal};
use crate::rules::RuleSet;
use crate::transcript::{Call, Deal, Digest, Language, Participant, Person, Place, Problem, Transcript};

/// A recorded call with its labels.
#[derive(Clone, Debug)]
pub struct LabelledCall {
    /// What is known of the call beside its words.
    pub call: Call,
    /// What is known of the deal.
    pub deal: Deal,
    /// What was said.
    pub recording: Recording,
    /// What should be found.
    pub labels: Labels,
}

impl LabelledCall {
    /// Returns the call that `text` writes down in the notation. The call's metadata name everybody who speaks, with
    /// their side, as a good calendar does, unless a line `# sides: unknown` says that nobody knows.
    ///
    /// # Errors
    /// All that is broken, each with its line and column.
    pub fn from_notation(text: &str) -> Result<Self, Vec<Problem>> {
        let notation = Notation::parse(text)?;
        let id = notation.header("call").filter(|id| !id.is_empty()).ok_or_else(|| {
            vec![Problem::new("label-broken", Place::Whole, "there is no line `# call: id`")]
        })?;
        let labels = labels(&notation, id);
        let call = call(&notation, id);
        let recording = Recording {
            format: Format::Readback,
            rows: rows(&notation),
            call: Call::default(),
            problems: Vec::new(),
        };
        let labelled = Self { call, deal: deal(&notation, id), recording, labels };
        let unknown = notation.header("sides") == Some("unknown");
        Ok(if unknown { labelled.without_sides() } else { labelled })
    }

    /// Returns the call that a recorder wrote as `bytes`.
    ///
    /// # Errors
    /// Where the bytes are no transcript.
    pub fn from_recording(bytes: &[u8], call: Call, deal: Deal, labels: Labels) -> Result<Self, Unreadable> {
        Ok(Self { call, deal, recording: read(bytes, None)?, labels })
    }

    /// Returns the same call of which nobody knows who is on whose side, as an upload without data is.
    #[must_use]
    pub fn without_sides(mut self) -> Self {
        self.call.participants.clear();
        self.deal = Deal { id: self.deal.id, ..Deal::default() };
        self
    }

    /// Returns the sealed call and its labels, both put down as `rendering` says.
    pub fn rendered(mut self, rendering: Rendering) -> (Transcript, Labels) {
        if rendering != Rendering::AsIs {
            let language = self.seal().language;
            rendering.render(&mut self.recording, &mut self.labels, language.as_ref());
        }
        (self.seal(), self.labels)
    }

    /// Reads the call by `rules`, its words put down as `rendering` says, and scores what is found.
    pub fn score(self, rendering: Rendering, rules: &RuleSet, min_confidence: f64) -> CallScore {
        let deal = self.deal.clone();
        let (transcript, labels) = self.rendered(rendering);
        let found = CallRecord::new(&transcript, &detect(&transcript, &deal, rules), &[]);
        let mut score = score(&labels, &found, min_confidence);
        let stands = |quote: &str, span| transcript.slice(span) == Some(quote);
        score.not_verbatim =
            found.findings.iter().filter(|finding| !stands(&finding.quote, finding.span)).count();
        score
    }

    /// Returns the call as it was put down, sealed.
    pub fn seal(&self) -> Transcript {
        let source = Digest::of_parts(self.recording.rows.iter().map(|row| row.text.as_bytes()));
        seal(self.recording.clone(), source, self.call.clone(), &self.deal, &[]).0
    }
}

fn call(notation: &Notation, id: &str) -> Call {
    let mut participants: Vec<Participant> = Vec::new();
    for speech in &notation.speeches {
        if !participants.iter().any(|known| known.name == speech.name) {
            let side = Some(speech.side);
            participants.push(Participant { name: speech.name.clone(), side, ..Participant::default() });
        }
    }
    Call {
        id: id.to_owned(),
        started_at: notation.header("started_at").and_then(|time| time.parse().ok()),
        language: notation.header("language").map(Language::from_tag),
        participants,
        ..Call::default()
    }
}

fn deal(notation: &Notation, id: &str) -> Deal {
    let text = |key| notation.header(key).unwrap_or_default().to_owned();
    let people = notation.header("our_people").unwrap_or_default().split(';');
    let our_people = people.map(str::trim).filter(|person| !person.is_empty()).map(person).collect();
    Deal {
        id: id.to_owned(),
        account: text("customer"),
        our_company: text("our_company"),
        our_people,
        ..Deal::default()
    }
}

/// Reads `Name (Title)`.
fn person(text: &str) -> Person {
    match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((name, title)) => Person { name: name.trim().to_owned(), title: Some(title.trim().to_owned()) },
        None => Person { name: text.to_owned(), title: None },
    }
}

fn rows(notation: &Notation) -> Vec<Row> {
    let row = |speech: &super::Speech| Row {
        label: Some(speech.name.clone()),
        text: speech.text.clone(),
        place: Place::Line(speech.line),
        ..Row::default()
    };
    notation.speeches.iter().map(row).collect()
}

fn labels(notation: &Notation, id: &str) -> Labels {
    let words: HashMap<_, _> = notation.ids().map(|(id, words, _)| (id, words)).collect();
    let mut findings = Vec::new();
    for speech in &notation.speeches {
        for mark in &speech.marks {
            let quote = speech.words(mark);
            findings.extend(mark.specs().iter().map(|spec| label(spec, &speech.name, quote, &words)));
        }
    }
    let news = notation.ids().filter_map(|(id, quote, _)| news(id, quote)).collect();
    Labels { call: id.to_owned(), findings, stakeholders: notation.people.clone(), news }
}

/// Reads `{{done:entry#2 | words}}`.
fn news(id: &str, quote: &str) -> Option<LabelledNews> {
    let (what, entry) = id.split_once(':')?;
    let entry = entry.split('#').next().unwrap_or(entry);
    Some(LabelledNews { what: what.to_owned(), entry: entry.to_owned(), quote: quote.to_owned() })
}

fn label(spec: &Spec, speaker: &str, quote: &str, words: &HashMap<&str, &str>) -> Label {
    let referred = |name| spec.attr(name).and_then(|id| words.get(id)).map(|words| (*words).to_owned());
    let mut attrs = Map::new();
    for (name, value) in &spec.attrs {
        match name.as_str() {
            "id" | "context" => {}
            "response" => _ = attrs.insert(name.clone(), referred("response").into()),
            _ => _ = attrs.insert(name.clone(), Value::String(value.clone())),
        }
    }
    Label {
        kind: spec.kind,
        speaker: speaker.to_owned(),
        quote: quote.to_owned(),
        context_quote: referred("context"),
        attrs,
    }
}
