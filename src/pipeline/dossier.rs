use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::aside::run_aside;
use super::known::Known;
use super::{Actor, Error, Pipeline};
use crate::handoff::{Act, Acted, Calendar, Evidence, Handoff, Profile, Refusal};
use crate::packet::Packet;
use crate::review::Reviewed;

/// All that people look at and decide about a deal, as it stands at one moment.
pub struct Dossier {
    /// The packet.
    pub packet: Packet,
    /// What the packet was drafted from: the ledger with what people decided about it.
    pub reviewed: Reviewed,
    /// Where the handoff stands.
    pub handoff: Handoff,
    /// What was done in the handoff, in order.
    pub acts: Vec<Acted>,
    /// What those who sign the packet see of it.
    pub evidence: Evidence,
    /// The number of the deal's last decision: what the next one rests on.
    pub revision: u64,
    /// The calendar of the deal's zone.
    pub calendar: Calendar,
    /// The day there.
    pub today: Date,
}

impl Dossier {
    /// Returns what is for a reader who may not see red flags (S-079): without them, and without what was asked and
    /// answered about them or about people.
    #[must_use]
    pub fn without_red_flags(mut self) -> Self {
        self.packet = self.packet.without_red_flags();
        let (packet, reviewed) = (&self.packet, &self.reviewed);
        let is_open = |entry: &String| packet.is_open(reviewed.current(entry));
        self.handoff.questions.retain(|asked| asked.entry.as_ref().is_none_or(is_open));
        let left: HashSet<u64> = self.handoff.questions.iter().map(|asked| asked.number).collect();
        self.acts.retain(|acted| match acted.act {
            Act::Ask { .. } => left.contains(&acted.seq),
            Act::Answer { question, .. } => left.contains(&question),
            _ => true,
        });
        self
    }
}

impl Pipeline {
    /// Returns what people look at and decide about a deal at `now`; `None` where there is no such deal. The calls are
    /// folded once for all of it.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn dossier(&self, deal: &str, now: Timestamp) -> Result<Option<Dossier>, Error> {
        // Before all else: a decision that comes in between makes the next one stale, and is never overlooked.
        let revision = self.store().last_decision(deal).await?;
        let (Some(known), Some(sitting)) = (self.known(deal).await?, self.sitting(deal).await?) else {
            return Ok(None);
        };
        let Known { handoff, acts, calendar, .. } = known;
        let today = calendar.local(now).date();
        let confirmations = sitting.confirmations.clone();
        let (packet, reviewed) = run_aside(move || sitting.drafted()).await?;
        let evidence = Evidence::from(&packet);
        let packet = packet.confirmed(confirmations, &reviewed);
        Ok(Some(Dossier { packet, reviewed, handoff, acts, evidence, revision, calendar, today }))
    }
}

impl Dossier {
    /// Tells whether `actor` may do `act` now, and if not, why and what to do.
    ///
    /// # Errors
    /// The refusal.
    pub fn check(&self, act: &Act, actor: &Actor, profile: &Profile) -> Result<(), Refusal> {
        self.handoff.check(act, &actor.name, actor.role, &self.evidence, profile, self.today)
    }
}
