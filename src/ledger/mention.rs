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

/// Returns the mentions of `kind` in all calls.
pub(super) fn gather(calls: &[Heard], kind: Kind) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = Vec::new();
    let mut by_name: HashMap<Vec<String>, usize> = HashMap::new();
    for call in calls {
        for finding in call.findings.iter().filter(|finding| finding.kind() == kind) {
            let saying = call.saying(finding, Event::Made);
            let name = name(&finding.attrs);
            let entry = name.map(|name| Name::new(name).words().to_vec()).filter(|words| !words.is_empty());
            let known = entry.as_ref().and_then(|words| by_name.get(words)).copied();
            let at = known.unwrap_or(mentions.len());
            if known.is_none() {
                mentions.push(Mention::new(kind, name, &saying));
                by_name.extend(entry.map(|words| (words, at)));
            }
            mentions[at].say(saying, &finding.attrs);
        }
    }
    mentions
}

/// Returns what the rules found in all calls and a model talked us out of.
pub(super) fn doubted(calls: &[Heard]) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for call in calls {
        let read = &call.read.detected.doubted;
        for finding in read.iter().filter(|finding| call.transcript.holds(&finding.quote)) {
            let saying = call.saying(finding, Event::Made);
            let mut mention = Mention::new(finding.kind(), name(&finding.attrs), &saying);
            mention.say(saying, &finding.attrs);
            mentions.push(mention);
        }
    }
    mentions
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
