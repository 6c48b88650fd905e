use std::collections::HashSet;

use crate::rules::{Attitude, Kind};

use super::{Audience, Packet};

impl Packet {
    /// Returns the packet for a reader who may not see red flags (S-079): without that section, its questions, the
    /// risks and the stances of people.
    #[must_use]
    pub fn without_red_flags(mut self) -> Self {
        let hidden = |section: &super::Section| section.audience == Audience::RedFlags;
        let sections: HashSet<_> =
            self.sections.iter().filter(|section| hidden(section)).map(|section| section.id).collect();
        let risks: HashSet<_> = self.ledger.risks.drain(..).map(|risk| risk.id).collect();
        let risk = Kind::Risk.as_str();
        self.ledger.doubted.retain(|doubted| doubted.kind != Kind::Risk);
        self.sections.iter_mut().for_each(|section| section.items.retain(|item| item.kind != risk));
        self.sections.retain(|section| !sections.contains(section.id));
        self.gaps.retain(|gap| !sections.contains(gap.section));
        self.changed.retain(|change| !change.entry.as_ref().is_some_and(|entry| risks.contains(entry)));
        for contact in &mut self.ledger.stakeholders {
            contact.attitude = Attitude::Unknown;
            contact.attitudes.clear();
        }
        self
    }
}
