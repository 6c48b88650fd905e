use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::detect::Attrs;
use crate::rules::{CompetitorStatus, Kind};
use crate::transcript::Name;

use super::heard::Heard;
use super::{Event, Saying, citation};

/// Something that was said and stands by itself; named things (competitors, tools) gather all that was said of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention {
    /// The id of the first finding.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// The name of the vendor or tool.
    pub name: Option<String>,
    /// The latest words.
    pub summary: String,
    /// Attributes as last said.
    pub attrs: Map<String, Value>,
    /// Every time it was said, in order.
    pub said: Vec<Saying>,
}

/// The mentions so far, in the order in which they came up.
#[derive(Default)]
pub(super) struct Book {
    mentions: Vec<Mention>,
    doubted: Vec<Mention>,
    by_name: HashMap<(Kind, Vec<String>), usize>,
}

impl Book {
    /// Reads a call.
    pub(super) fn read(&mut self, call: &Heard) {
        for finding in call.findings.iter().filter(|finding| stands_by_itself(finding.kind())) {
            let (kind, saying, name) =
                (finding.kind(), call.saying(finding, Event::Made), name(&finding.attrs));
            let called = name.map(|name| Name::new(name).words().to_vec()).filter(|words| !words.is_empty());
            let called = called.map(|words| (kind, words));
            let known = called.as_ref().and_then(|called| self.by_name.get(called)).copied();
            let at = known.unwrap_or(self.mentions.len());
            if known.is_none() {
                self.mentions.push(Mention::new(kind, name, &saying));
                self.by_name.extend(called.map(|called| (called, at)));
            }
            self.mentions[at].say(saying, &finding.attrs);
        }
        let doubted = call.read.detected.doubted.iter();
        for finding in doubted.filter(|finding| call.transcript.holds(&finding.quote)) {
            let saying = call.saying(finding, Event::Made);
            let mut mention = Mention::new(finding.kind(), name(&finding.attrs), &saying);
            mention.say(saying, &finding.attrs);
            self.doubted.push(mention);
        }
    }

    /// Returns the mentions of a kind.
    pub(super) fn of(&self, kind: Kind) -> Vec<Mention> {
        self.mentions.iter().filter(|mention| mention.kind == kind).cloned().collect()
    }

    /// Returns what the rules found and a model talked us out of.
    pub(super) fn doubted(&self) -> &[Mention] {
        &self.doubted
    }
}

fn stands_by_itself(kind: Kind) -> bool {
    !matches!(kind, Kind::Promise | Kind::Objection | Kind::NextStep | Kind::SuccessMetric)
}

fn name(attrs: &Attrs) -> Option<&str> {
    match attrs {
        Attrs::Competitor { name, .. } | Attrs::TechEnvironment { name, .. } => name.as_deref(),
        _ => None,
    }
}

impl Mention {
    fn new(kind: Kind, name: Option<&str>, saying: &Saying) -> Self {
        let id = saying.finding.clone().unwrap_or_default();
        let (name, attrs) = (name.map(str::to_owned), saying.attrs.clone());
        Self { id, kind, name, summary: String::new(), attrs, said: Vec::new() }
    }

    /// Adds a saying; a passing mention of a competitor tells nothing new of what they are.
    fn say(&mut self, mut saying: Saying, attrs: &Attrs) {
        let in_passing = matches!(attrs, Attrs::Competitor { status: CompetitorStatus::Mentioned, .. });
        if !self.said.is_empty() {
            saying.event =
                if !in_passing && saying.attrs != self.attrs { Event::Changed } else { Event::Restated };
        }
        if !in_passing {
            self.attrs.clone_from(&saying.attrs);
        }
        self.said.push(saying);
        self.summary = citation::summary(&self.said);
    }
}
