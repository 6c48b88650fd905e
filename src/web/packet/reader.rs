use std::collections::HashMap;

use jiff::Timestamp;

use super::whole::Whole;
use crate::access;
use crate::detect::Why;
use crate::handoff::{Act, Clock, Profile, Refusal, clocks};
use crate::http::{Caller, encode};
use crate::ledger::{self, Citation, Ledger};
use crate::pipeline::{Actor, Dossier};
use crate::web::frame::shown;
use crate::web::moment::Moment;
use crate::web::saying::Saying;

/// Who reads a packet, with what they need beside it to see and do something about a line.
pub(super) struct Reader<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) caller: &'a Caller,
    profile: &'a Profile,
    now: Timestamp,
    reasons: HashMap<&'a str, &'a Why>,
    /// What of the packet the page shows.
    pub(super) whole: Whole,
    hidden: HashMap<&'a str, &'static str>,
}

/// Words of a person, with who said them and when.
pub(super) struct Said {
    pub(super) by: String,
    pub(super) at: Moment,
    pub(super) text: String,
}

impl Said {
    pub(super) fn new(by: &str, at: Timestamp, text: &str) -> Self {
        Self { by: shown(by), at: at.into(), text: shown(text) }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        dossier: &'a Dossier,
        caller: &'a Caller,
        profile: &'a Profile,
        now: Timestamp,
        whole: Whole,
    ) -> Self {
        let (reasons, hidden) = (reasons(&dossier.packet.ledger), whole.hidden(&dossier.packet));
        Self { dossier, caller, profile, now, reasons, whole, hidden }
    }

    /// Returns the way to the line of an entry on the packet's page.
    pub(super) fn to(&self, entry: &str) -> String {
        let shows = self.hidden.get(entry).map(|section| self.whole.and(section));
        format!("{}#item-{entry}", shows.unwrap_or_default())
    }

    /// Returns the address of the deal.
    pub(super) fn deal(&self) -> String {
        format!("/deals/{}", encode(&self.dossier.packet.deal.id))
    }

    /// Returns the customer; the deal's id where nobody named one.
    pub(super) fn account(&self) -> String {
        let deal = &self.dossier.packet.deal;
        shown(if deal.account.is_empty() { &deal.id } else { &deal.account })
    }

    /// Returns words of a call as a page shows them.
    pub(super) fn said(&self, words: &Citation) -> Saying {
        let call = self.dossier.packet.call(&words.call);
        Saying::new(words, call.and_then(|call| call.recording_url.as_deref()))
    }

    /// Returns why a finding was made.
    pub(super) fn why(&self, finding: &str) -> Option<&'a Why> {
        self.reasons.get(finding).copied()
    }

    /// Tells whether the reader may do `act` of the handoff now, and if not, why.
    pub(super) fn check(&self, act: &Act) -> Result<(), Refusal> {
        let Caller { name, role, .. } = self.caller;
        self.dossier.check(act, &Actor { name: name.clone(), role: *role }, self.profile)
    }

    /// Returns how each deadline of the handoff stands.
    pub(super) fn clocks(&self) -> Vec<Clock> {
        clocks(&self.dossier.handoff.events, self.profile, &self.dossier.calendar, self.now)
    }

    /// Tells whether the reader may do `act` of the handoff now.
    pub(super) fn may(&self, act: &Act) -> bool {
        self.caller.may(access::Act::HandOff) && self.check(act).is_ok()
    }
}

/// Returns why each finding of the ledger was made.
fn reasons(ledger: &Ledger) -> HashMap<&str, &Why> {
    let mentions = ledger.mentions().into_iter().flat_map(|(_, mentions)| mentions);
    let said = (ledger.promises.iter().flat_map(|it| &it.said))
        .chain(ledger.objections.iter().flat_map(|it| &it.said))
        .chain(ledger.next_steps.iter().flat_map(|it| &it.said))
        .chain(ledger.success_metrics.iter().flat_map(|it| &it.said))
        .chain(mentions.flat_map(|it| &it.said));
    said.filter_map(|saying: &ledger::Saying| Some((saying.finding.as_deref()?, &saying.why))).collect()
}
