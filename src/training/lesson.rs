use std::collections::BTreeSet;

use serde_json::Value;

use crate::detect::{Key, Outline, Sample, samples};
use crate::eval::{Label, LabelledCall, Rendering};
use crate::rules::{Kind, RuleSet};
use crate::transcript::Transcript;

/// The attributes whose values are learned.
const ATTRIBUTES: [(Kind, &str); 10] = [
    (Kind::Promise, "category"),
    (Kind::Promise, "firmness"),
    (Kind::NextStep, "side"),
    (Kind::Objection, "type"),
    (Kind::Objection, "status"),
    (Kind::Competitor, "status"),
    (Kind::Pricing, "type"),
    (Kind::Pricing, "direction"),
    (Kind::Risk, "type"),
    (Kind::TechEnvironment, "type"),
];

/// A labelled call as weights are learned from it.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The call's id; its copies share it.
    pub call: String,
    /// The language of most of it.
    pub language: String,
    /// Whether it is another lesson once more, put down otherwise: learned from, and not counted.
    pub copy: bool,
    pub(super) utterances: Vec<Taught>,
    /// What is measured of them.
    pub(super) outlines: Vec<Outline>,
    labels: usize,
}

/// An utterance and what should be found in it.
#[derive(Clone, Debug)]
pub(super) struct Taught {
    pub(super) evidence: Vec<Key>,
    pub(super) around: Vec<Key>,
    pub(super) aftermath: Vec<Key>,
    /// Kind and number of each label that stands in it.
    pub(super) labels: BTreeSet<(Kind, usize)>,
    /// Whether one of them began before it.
    pub(super) continues: bool,
    /// Whether one of them is understood only with what it answers.
    pub(super) answers: bool,
    /// `kind.attribute` and value of each label whose attribute is learned.
    pub(super) values: Vec<(String, String)>,
}

impl Lesson {
    /// Returns what `call` teaches when its words are put down as `rendering` says.
    pub fn new(call: LabelledCall, rendering: Rendering, rules: &RuleSet) -> Self {
        let (transcript, labels) = call.rendered(rendering);
        let samples = samples(&transcript, rules);
        let language = transcript.language.as_ref().map_or("en", |language| language.as_str()).to_owned();
        // A speaker of another language is read by that language's weights.
        let own = samples.into_iter().filter(|sample| sample.language == language);
        let mut utterances: Vec<(Sample, Taught)> = own.map(taught).collect();
        for (number, label) in labels.findings.iter().enumerate() {
            teach(&mut utterances, &transcript, number, label);
        }
        Self {
            call: transcript.call.id.clone(),
            language,
            copy: false,
            outlines: utterances.iter_mut().map(|(sample, _)| std::mem::take(&mut sample.outline)).collect(),
            utterances: utterances.into_iter().map(|(_, taught)| taught).collect(),
            labels: labels.findings.len(),
        }
    }

    /// Returns the lesson as a copy of another.
    #[must_use]
    pub fn copy(self) -> Self {
        Self { copy: true, ..self }
    }

    /// Returns how many labels the call has.
    pub fn findings(&self) -> usize {
        self.labels
    }
}

fn taught(mut sample: Sample) -> (Sample, Taught) {
    let taught = Taught {
        evidence: std::mem::take(&mut sample.evidence),
        around: std::mem::take(&mut sample.around),
        aftermath: std::mem::take(&mut sample.aftermath),
        labels: BTreeSet::new(),
        continues: false,
        answers: false,
        values: Vec::new(),
    };
    (sample, taught)
}

/// Notes `label` in the utterances in which its quote stands: those of which it is the better half, and those that
/// are the better half of it.
fn teach(utterances: &mut [(Sample, Taught)], transcript: &Transcript, number: usize, label: &Label) {
    let Some(place) = label.place(transcript) else { return };
    let (turn, start, end) = (place.turn, place.start as usize, place.end as usize);
    let mut began = false;
    for (sample, taught) in utterances.iter_mut().filter(|(sample, _)| sample.turn == turn) {
        let (from, to) = (sample.range.start as usize, sample.range.end as usize);
        let shared = to.min(end).saturating_sub(from.max(start));
        if shared == 0 || (shared * 2 < to - from && shared * 2 < label.quote.len()) {
            continue;
        }
        taught.labels.insert((label.kind, number));
        taught.continues |= began;
        taught.answers |= label.context_quote.is_some() && !began;
        for (_, attribute) in ATTRIBUTES.iter().filter(|(kind, _)| *kind == label.kind) {
            if let Some(Value::String(value)) = label.attrs.get(*attribute) {
                taught.values.push((format!("{}.{attribute}", label.kind), value.clone()));
            }
        }
        began = true;
    }
}
