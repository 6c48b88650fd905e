use jiff::tz::TimeZone;

use super::Error;
use super::handoff::HANDOFF;
use crate::handoff::{self, Act, Acted, Calendar, Confirmed, Event, Handoff};
use crate::packet::Confirmation;
use crate::store::StoredDecision;
use crate::transcript::Deal;

/// What is known of a handoff at one moment.
pub(super) struct Known {
    pub(super) deal: Deal,
    pub(super) handoff: Handoff,
    /// What was done, in order.
    pub(super) acts: Vec<Acted>,
    pub(super) calendar: Calendar,
}

impl Known {
    pub(super) fn new(deal: Deal, decisions: &[StoredDecision], calendar: &Calendar) -> Result<Self, Error> {
        let acts = acts_of(decisions)?;
        let mut handoff = handoff::fold(&acts);
        if let Some(closed) = deal.closed_at {
            handoff.events.insert(Event::ClosedWon, closed.timestamp());
        }
        let calendar = calendar_of(&deal, calendar);
        Ok(Self { deal, handoff, acts, calendar })
    }
}

impl Known {
    /// Returns what the customer said on day 30.
    pub(super) fn confirmations(&self) -> Vec<Confirmation> {
        let told = self.handoff.confirmed.iter().map(|(entry, Confirmed { met, said })| Confirmation {
            entry: entry.clone(),
            met: *met,
            words: said.text.clone(),
            by: said.by.clone(),
            on: self.calendar.local(said.at).date(),
        });
        told.collect()
    }
}

/// Returns the calendar of a deal's zone; that of the service where the deal has none.
pub(super) fn calendar_of(deal: &Deal, calendar: &Calendar) -> Calendar {
    let zone = deal.time_zone.as_deref().and_then(|zone| TimeZone::get(zone).ok());
    zone.map_or_else(|| calendar.clone(), |zone| calendar.in_zone(zone))
}

/// Returns the acts among decisions. The first decision of an AE's review begins the review.
pub(super) fn acts_of(decisions: &[StoredDecision]) -> Result<Vec<Acted>, Error> {
    let mut acts = Vec::new();
    for decision in decisions {
        let Ok(role) = decision.role.parse() else { continue };
        let act = match decision.room.as_str() {
            HANDOFF => serde_json::from_value(decision.body.clone()).map_err(|error| {
                Error::Odd(format!("decision {} of {}: {error}", decision.seq, decision.deal))
            })?,
            _ => Act::BeginReview,
        };
        acts.push(Acted { seq: decision.seq, by: decision.author.clone(), role, at: decision.made_at, act });
    }
    Ok(acts)
}
