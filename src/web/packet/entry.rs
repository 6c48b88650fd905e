use std::collections::HashSet;

use super::promise::Marks;
use super::reader::Reader;
use super::thread::{Thread, threads};
use crate::handoff::Act;
use crate::packet::{self, Item, Line, Note, Section};
use crate::review::Verdict;
use crate::web::frame::{shown, words};
use crate::web::saying::Saying;

/// A line of the packet: what was said, what is known, what people decided and said about it.
pub(super) struct Entry {
    /// The element's id: `item-` and the ledger entry, where the entry is shown first.
    pub(super) id: String,
    pub(super) entry: String,
    /// The section and the line's place in it, for those who hear the page.
    pub(super) label: String,
    pub(super) name: String,
    pub(super) verdict: &'static str,
    pub(super) facts: Vec<Fact>,
    pub(super) lines: Vec<Quoted>,
    pub(super) notes: Vec<Note>,
    pub(super) threads: Vec<Thread>,
    /// What the author of an edit starts from.
    pub(super) text: String,
    /// Whether people review it; what is known of the deal itself is edited elsewhere.
    pub(super) reviewed: bool,
    /// Whether a question of the reader is one for which the approval waits.
    pub(super) asks: bool,
    pub(super) marks: Option<Marks>,
}

pub(super) struct Fact {
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) tone: &'static str,
}

pub(super) struct Quoted {
    pub(super) part: &'static str,
    pub(super) label: &'static str,
    pub(super) saying: Saying,
    pub(super) reasons: Vec<(&'static str, String)>,
    /// The finding, empty where the words are none.
    pub(super) finding: String,
}

impl Entry {
    /// Returns line `number` of a section; `seen` are the entries that were shown before.
    pub(super) fn new(
        section: &Section,
        number: usize,
        item: &Item,
        seen: &mut HashSet<String>,
        reader: &Reader,
    ) -> Self {
        let id = match seen.insert(item.entry.clone()) {
            true => format!("item-{}", item.entry),
            false => format!("item-{}-{}", section.id, item.entry),
        };
        let fact =
            |fact: &packet::Fact| Fact { name: fact.name, value: shown(&fact.value), tone: fact.tone() };
        let line = item.review.as_ref();
        let asked = Act::Ask { question: "…".to_owned(), entry: Some(item.entry.clone()) };
        let remarks = line.map_or(&[][..], |line| &line.thread);
        Self {
            id,
            entry: item.entry.clone(),
            label: format!("{}: line {number}", section.title),
            name: item.name.as_deref().map(shown).unwrap_or_default(),
            verdict: line.map_or(Verdict::Open, |line| line.verdict).as_str(),
            facts: item.facts.iter().map(fact).collect(),
            lines: item.lines.iter().map(|line| Quoted::new(line, reader)).collect(),
            notes: line.into_iter().flat_map(packet::standing).map(visible).collect(),
            threads: threads(remarks, Some(&item.entry), reader),
            text: line.and_then(|line| line.stated.as_ref()).map(|it| it.text.clone()).unwrap_or_default(),
            reviewed: item.is_reviewed(),
            asks: reader.may(&asked),
            marks: Marks::new(&item.entry, reader),
        }
    }
}

/// Returns a note as a page shows it.
pub(super) fn visible(note: Note) -> Note {
    Note { tone: note.tone, label: shown(&note.label), text: shown(&note.text) }
}

impl Quoted {
    fn new(line: &Line, reader: &Reader) -> Self {
        let why = line.finding.as_deref().and_then(|finding| reader.why(finding));
        let mut told = Vec::new();
        if let Some(why) = why {
            told.extend(why.features.iter().map(|feature| ("noticed", shown(feature))));
            told.push(("held on to", shown(&why.cue)));
        }
        told.extend(line.testified.iter().map(|says| ("model says", words(&says.to_string()))));
        told.extend(line.confidence.map(|sure| ("confidence", format!("{:.0} %", sure * 100.0))));
        if let Some(origin) = &line.provenance {
            let rules = origin.rules.as_ref();
            told.extend(rules.map(|by| ("rule", format!("{} ({})", by.rule, by.rule_digest.short()))));
            let model = origin.model.as_ref();
            told.extend(model.map(|by| ("model", format!("{} ({})", shown(&by.model), by.prompt.short()))));
            told.push(("transcript", origin.transcript.short().to_owned()));
        }
        told.retain(|(_, value)| !value.is_empty());
        Self {
            part: line.part.as_str(),
            label: line.label().unwrap_or_default(),
            saying: reader.said(&line.words),
            reasons: told,
            finding: line.finding.clone().unwrap_or_default(),
        }
    }
}
