//! What nobody said, and where promises stand towards the signed papers, drawn into the sections.

use crate::ledger::{Absence, Held, Proposal};

use super::{Audience, Fact, Item, Section};

/// Draws into the promises the class that is proposed for each and the clause that holds it (S-024, S-044).
pub(super) fn class(sections: &mut [Section], proposals: &[Proposal]) {
    let items = sections.iter_mut().flat_map(|section| &mut section.items);
    for item in items.filter(|item| item.kind == crate::rules::Kind::Promise.as_str()) {
        let Some(proposal) = proposals.iter().find(|proposal| proposal.promise == item.entry) else {
            continue;
        };
        let class = format!("{}: {}", proposal.class.as_str(), proposal.reason);
        item.facts.push(Fact { name: "Class (proposed)", value: class });
        item.facts.extend(clause(proposal).map(|value| Fact { name: "Clause", value }));
    }
}

fn clause(proposal: &Proposal) -> Option<String> {
    match (&proposal.clause, proposal.held) {
        (Some(clause), _) => {
            let number = Some(clause.number.as_str()).filter(|number| !number.is_empty());
            let place = number.map(|number| format!("{number} of ")).unwrap_or_default();
            Some(format!(
                "{place}{}: “{}” (confidence {:.2})",
                clause.contract, clause.clause, clause.confidence
            ))
        }
        (None, Held::NotInContract) => Some("not in the contract".to_owned()),
        (None, _) => None,
    }
}

/// Puts what nobody said before the other red flags, as observations without a quote of their own (S-114, S-153).
pub(super) fn observe(sections: &mut [Section], absences: &[Absence]) {
    let red = sections.iter_mut().find(|section| section.audience == Audience::RedFlags);
    let items = absences.iter().map(Item::from);
    red.into_iter().for_each(|section| drop(section.items.splice(0..0, items.clone())));
}
