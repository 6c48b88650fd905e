use serde::Serialize;
use utoipa::ToSchema;

use crate::ledger::Citation;
use crate::llm::{Wanted, words, words_of};
use crate::packet::{Item, Line, Packet, Part};

/// An entry is meant where it has at least this share of what the words weigh that ask for it …
const ENOUGH: f64 = 0.3;
/// … and this many of them, …
const WORDS: usize = 2;
/// … or where one word is this much of the whole.
const ONE_WORD: f64 = 0.5;

/// An entry of the packet with the words of it that answer.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Answer {
    /// The ledger entry's id.
    pub entry: String,
    /// What it is: a kind of finding, or `stakeholder`.
    pub kind: &'static str,
    /// The words that answer best.
    #[schema(value_type = Object)]
    pub words: Citation,
}

/// The entries of a packet that have words, each with all by which it can be asked for.
pub(super) struct Entries<'p> {
    items: Vec<&'p Item>,
    texts: Vec<Vec<String>>,
}

impl<'p> Entries<'p> {
    pub(super) fn new(packet: &'p Packet) -> Self {
        let all = packet.sections.iter().flat_map(|section| &section.items);
        let items: Vec<_> = all.filter(|item| said(item).next().is_some()).collect();
        Self { texts: items.iter().map(|item| words_of(item)).collect(), items }
    }

    /// Returns the entry among `kinds` (all, where there are none) that is about `asked`, and how much of it is there;
    /// with `least`, at any likeness. Without an entry, the share is that of the one that came nearest.
    pub(super) fn about(&self, asked: Vec<String>, kinds: &[&str], least: bool) -> (Option<Answer>, f64) {
        let wanted = Wanted::among(asked, &self.texts);
        let mut best: Option<(f64, usize, &Item)> = None;
        for (item, text) in self.items.iter().zip(&self.texts) {
            let (share, held) = wanted.share(text);
            let fits = kinds.is_empty() || kinds.contains(&item.kind);
            if fits && best.is_none_or(|(most, ..)| share > most) {
                best = Some((share, held, item));
            }
        }
        let Some((share, held, item)) = best else { return (None, 0.0) };
        let enough = (share >= ENOUGH && held >= WORDS) || share >= ONE_WORD || least;
        (enough.then(|| answer(item, &wanted)).flatten(), share)
    }
}

fn said(item: &Item) -> impl Iterator<Item = &Line> {
    item.lines.iter().filter(|line| matches!(line.part, Part::Said | Part::Evidence))
}

fn answer(item: &Item, wanted: &Wanted) -> Option<Answer> {
    let share = |line: &Line| wanted.share(&words(line.words.quote.text())).0;
    // The latest of equals: it is what stands.
    let line = said(item).max_by(|one, other| share(one).total_cmp(&share(other)))?;
    Some(Answer { entry: item.entry.clone(), kind: item.kind, words: line.words.clone() })
}
