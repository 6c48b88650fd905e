use serde::Serialize;

use super::words::Words;
use crate::packet::{CallLine, Gap, Item, Line, Section};

#[derive(Debug, Serialize)]
pub(super) struct CallView {
    pub(super) title: String,
    pub(super) date: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct SectionView {
    pub(super) title: &'static str,
    pub(super) items: Vec<ItemView>,
    pub(super) gaps: Vec<Gap>,
}

#[derive(Debug, Serialize)]
pub(super) struct ItemView {
    pub(super) name: Option<String>,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) lines: Vec<Words>,
}

impl From<&CallLine> for CallView {
    fn from(call: &CallLine) -> Self {
        Self { title: call.display().to_owned(), date: call.date.map(|date| date.to_string()) }
    }
}

impl From<&Section> for SectionView {
    fn from(section: &Section) -> Self {
        let items = section.items.iter().map(ItemView::from).collect();
        Self { title: section.title, items, gaps: section.gaps.clone() }
    }
}

impl From<&Item> for ItemView {
    fn from(item: &Item) -> Self {
        let line = |line: &Line| Words { label: line.label(), ..Words::from(&line.words) };
        Self {
            name: item.name.clone(),
            facts: item.facts.iter().map(|fact| (fact.name, fact.value.clone())).collect(),
            lines: item.lines.iter().map(line).collect(),
        }
    }
}
