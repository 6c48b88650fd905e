//! A model that knows the labels of a call, and lies as often as it is told to.

use readback::eval::{Generator, LabelledCall, Labels, Rendering};
use readback::llm::{Completion, Model, Prompt, Reply, Usage};
use readback::rules::{Attitude, Kind};
use readback::transcript::{Deal, Transcript};
use serde_json::{Value, json};

/// A labelled call with its transcript.
pub(super) struct Known {
    pub(super) deal: Deal,
    pub(super) transcript: Transcript,
    pub(super) labels: Labels,
}

impl Known {
    pub(super) fn held_out(name: &str) -> Self {
        let path = crate::support::service::fixture(&format!("held-out/{name}.txt"));
        let call = LabelledCall::from_notation(&std::fs::read_to_string(path).unwrap()).unwrap();
        let deal = call.deal.clone();
        let (transcript, labels) = call.rendered(Rendering::AsIs);
        Self { deal, transcript, labels }
    }

    /// Returns turn and first byte of each label, with its kind.
    fn places(&self) -> Vec<(usize, usize, usize, Kind)> {
        let place = |label: &readback::eval::Label| {
            let turns = self.transcript.turns.iter().enumerate();
            let (turn, start) =
                turns.filter_map(|(at, turn)| Some((at, turn.text.find(&label.quote)?))).next()?;
            Some((turn, start, start + label.quote.len(), label.kind))
        };
        self.labels.findings.iter().filter_map(place).collect()
    }
}

/// The model.
pub(super) struct Witness<'k> {
    known: &'k Known,
    /// The share of answers that are lies.
    lies: f64,
}

impl<'k> Witness<'k> {
    pub(super) fn new(known: &'k Known, lies: f64) -> Self {
        Self { known, lies }
    }

    /// Returns what the witness says of whoever speaks `turn`: the labels, or the opposite of any stance.
    fn of_speaker(&self, turn: usize, lies: bool) -> Vec<String> {
        let transcript = &self.known.transcript;
        let name = transcript.speakers[transcript.turns[turn].speaker.index()].display();
        let mut people = self.known.labels.stakeholders.iter();
        let Some(person) = people.find(|person| person.name.as_deref() == Some(name)) else {
            return Vec::new();
        };
        let stance = match (lies, person.attitude) {
            (false, stance) => stance,
            (true, Some(Attitude::Supportive)) => Some(Attitude::Opposed),
            (true, _) => Some(Attitude::Supportive),
        };
        let roles = person.roles.iter().filter(|_| !lies).map(|role| format!("role={role}"));
        roles.chain(stance.map(|stance| format!("stance={stance}"))).collect()
    }

    fn says(&self, prompt: &Prompt) -> Value {
        let user: Value = serde_json::from_str(&prompt.user).unwrap();
        let seed = u64::from_str_radix(prompt.digest().short(), 16).unwrap();
        let mut generator = Generator::new(seed);
        let lies = self.lies;
        let mut draw = move |most: usize| generator.below(most);
        let mut lie = {
            let mut generator = Generator::new(!seed);
            move || (generator.below(1000) as f64) < lies * 1000.0
        };
        let (places, mut answers, mut asked) = (self.known.places(), Vec::new(), Vec::new());
        for question in user["questions"].as_array().unwrap() {
            let turn = question["turn"].as_u64().unwrap() as usize;
            let (quote, kind) = (question["quote"].as_str().unwrap(), question["kind"].as_str().unwrap());
            let text = &self.known.transcript.turns[turn].text;
            let start = text.find(quote).unwrap();
            let end = text[start + quote.len()..].find(['.', '?', '!']);
            let end = end.map_or(text.len(), |at| start + quote.len() + at);
            let truth = places
                .iter()
                .any(|(at, from, to, of)| *at == turn && *from < end && start < *to && of.as_str() == kind);
            asked.push((turn, start, end, kind.to_owned()));
            let holds = truth != lie();
            let labels = self.of_speaker(turn, lie());
            answers
                .push(json!({"turn": turn, "quote": quote, "kind": kind, "holds": holds, "labels": labels}));
        }
        let turns = user["turns"].as_array().unwrap();
        for (turn, from, to, kind) in places {
            let words = &self.known.transcript.turns[turn].text[from..to];
            let shown =
                turns.iter().any(|it| it["turn"] == turn && it["said"].as_str().unwrap().contains(words));
            let known = |it: &(usize, usize, usize, String)| {
                it.0 == turn && it.1 < to && from < it.2 && it.3 == kind.as_str()
            };
            if !shown || asked.iter().any(known) {
                continue;
            }
            if lie() {
                let other = &turns[draw(turns.len())];
                let kind = Kind::ALL[draw(Kind::ALL.len())];
                answers
                    .push(json!({"turn": other["turn"], "quote": other["said"], "kind": kind, "holds": true,
                                    "labels": []}));
            } else {
                answers
                    .push(json!({"turn": turn, "quote": words, "kind": kind, "holds": true, "labels": []}));
            }
        }
        json!({"answers": answers})
    }
}

impl Model for Witness<'_> {
    fn name(&self) -> &str {
        "witness"
    }

    fn answer<'a>(&'a self, prompt: &'a Prompt) -> Reply<'a> {
        Box::pin(async move {
            let text = self.says(prompt).to_string();
            let usage = Usage { input: prompt.user.len() as u64 / 4, output: text.len() as u64 / 4 };
            Ok(Completion { text, usage })
        })
    }
}
