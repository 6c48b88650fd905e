use std::collections::HashSet;

use crate::detect::Says;
use crate::review::LineKind;
use crate::rules::{Attitude, Kind};

use super::{Audience, Item, Packet};

impl Packet {
    /// Returns the packet for a reader who may not see red flags (S-079): without that section, its questions, the
    /// risks and the stances of people.
    #[must_use]
    pub fn without_red_flags(mut self) -> Self {
        let hidden = |section: &super::Section| section.audience == Audience::RedFlags;
        let sections: HashSet<_> =
            self.sections.iter().filter(|section| hidden(section)).map(|section| section.id).collect();
        let risk = Kind::Risk.as_str();
        self.ledger.risks.clear();
        self.ledger.doubted.retain(|doubted| doubted.kind != Kind::Risk);
        self.sections.iter_mut().for_each(|section| section.items.retain(|item| item.kind != risk));
        self.absences.clear();
        self.sections.retain(|section| !sections.contains(section.id));
        self.gaps.retain(|gap| !sections.contains(gap.section));
        self.changed.retain(|change| change.audience != Audience::RedFlags);
        let tells = |kind: LineKind| matches!(kind, LineKind::Found(Kind::Risk) | LineKind::Stakeholder);
        self.rejected.retain(|line| !tells(line.was.kind));
        self.lost.retain(|lost| lost.kind.is_some_and(|kind| !tells(kind)));
        self.sections.iter_mut().flat_map(|section| &mut section.items).for_each(hide_stance);
        for contact in &mut self.ledger.stakeholders {
            contact.attitude = Attitude::Unknown;
            contact.attitudes.clear();
            contact.testified.retain(|heard| !heard.says.is_stance());
            contact.strength = None;
        }
        self
    }

    /// Tells whether all that people ask about an entry is for a reader of this packet
    /// [without red flags](Self::without_red_flags): neither what is asked about a person, nor about a line that it lacks.
    pub fn is_open(&self, entry: &str) -> bool {
        let mut items = self.sections.iter().flat_map(|section| &section.items);
        items.any(|item| item.entry == entry && item.kind != LineKind::Stakeholder.as_str())
            || self.rejected.iter().any(|line| line.was.entry == entry)
    }
}

/// Takes away what people said of how a person stands, and what they remarked on that person.
fn hide_stance(item: &mut Item) {
    item.facts.retain(|fact| !fact.is_red_flag());
    for line in item.lines.iter_mut().filter(|line| line.testified.iter().any(Says::is_stance)) {
        line.testified.retain(|says| !says.is_stance());
        line.provenance.take_if(|_| line.testified.is_empty());
    }
    if let Some(line) = item.review.as_mut().filter(|line| line.kind == LineKind::Stakeholder) {
        line.fields.retain(|field, _| !field.is_red_flag());
        line.thread.clear();
        line.stated = None;
    }
}
