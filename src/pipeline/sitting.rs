use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::known::Known;
use super::review::of_review;
use super::{Author, DecideError, Error, Pipeline, Reading};
use crate::ledger;
use crate::packet::{self, Confirmation, Packet};
use crate::review::{self, Act, Decided, Decision, LineKind, Refusal, Reviewed};
use crate::rules::Kind;
use crate::transcript::Deal;

/// A deal with its calls and what people decided about it.
pub struct Sitting {
    /// What is known of the deal.
    pub deal: Deal,
    /// The number of its last decision, of whatever room.
    pub revision: u64,
    /// The decisions of its review.
    pub decisions: Vec<Decision>,
    /// What the customer said on day 30.
    pub confirmations: Vec<Confirmation>,
    /// Its calls.
    pub readings: Vec<Arc<Reading>>,
}

impl Pipeline {
    /// Returns a deal with its calls and decisions; `None` where there is no such deal.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn sitting(&self, deal: &str) -> Result<Option<Sitting>, Error> {
        let Some(stored) = self.store().deal(deal).await? else { return Ok(None) };
        // Read first: where somebody decides in between, appending on it is refused. The last decision may be one that
        // an erasure has emptied, and counts all the same.
        let revision = self.store().last_decision(deal).await?;
        let decisions = self.store().decisions(deal).await?;
        let known = Known::new(stored.deal, &decisions, &self.timeline().calendar)?;
        let (confirmations, decisions) = (known.confirmations(), of_review(decisions)?);
        let readings = self.readings(deal).await?;
        let deal = Deal { contracts: self.contracts(deal).await?, ..known.deal };
        Ok(Some(Sitting { deal, revision, decisions, confirmations, readings }))
    }
}

impl Sitting {
    /// Returns what stands of the deal.
    pub fn reviewed(&self) -> Reviewed {
        let calls: Vec<_> = self.readings.iter().map(|reading| reading.as_read()).collect();
        review::apply(&ledger::fold(&self.deal, &calls), &calls, &self.decisions)
    }

    /// Returns the packet of the deal, without what the customer said on day 30, and what it is drafted from.
    pub(super) fn drafted(&self) -> (Packet, Reviewed) {
        let calls: Vec<_> = self.readings.iter().map(|reading| reading.as_read()).collect();
        let (ledger, before) = ledger::fold_and_before(&self.deal, &calls);
        let reviewed = review::apply(&ledger, &calls, &self.decisions);
        (packet::draft(&self.deal, &calls, &reviewed, &before), reviewed)
    }

    /// Adds what `author` decides at `now`, each act on what stands after the one before, and tells how many they are.
    pub(super) fn decide(
        mut self,
        acts: Vec<Act>,
        author: &Author,
        now: Timestamp,
    ) -> Result<(Self, usize), DecideError> {
        let calls: Vec<_> = self.readings.iter().map(|reading| reading.as_read()).collect();
        let ledger = ledger::fold(&self.deal, &calls);
        let fresh = acts.len();
        for (at, act) in acts.into_iter().enumerate() {
            let reviewed = review::apply(&ledger, &calls, &self.decisions);
            let refused = |refusal| DecideError::Refused { at, refusal };
            if let Some(entry) = hidden(&act, author, &reviewed) {
                return Err(refused(Refusal::no_line(entry)));
            }
            if !may(&act, author, &self.decisions) {
                return Err(DecideError::NotYours(act.name()));
            }
            known(&act).map_err(refused)?;
            let act = review::check(act, &reviewed, &calls, &self.decisions).map_err(refused)?;
            let seen = act.entries().into_iter().filter_map(|entry| reviewed.seen(entry)).collect();
            self.decisions.push(Decision {
                seq: self.revision + 1 + at as u64,
                id: Uuid::now_v7(),
                deal: self.deal.id.clone(),
                by: author.name.clone(),
                role: author.role.clone(),
                at: now,
                decided: Decided { act, seen },
            });
        }
        Ok((self, fresh))
    }
}

/// Returns the line of `act` that is not for `author` to see.
fn hidden<'a>(act: &'a Act, author: &Author, reviewed: &Reviewed) -> Option<&'a str> {
    let red =
        |entry: &&str| reviewed.seen(entry).is_some_and(|seen| seen.kind == LineKind::Found(Kind::Risk));
    act.entries().into_iter().find(red).filter(|_| !author.red_flags)
}

/// Tells whether `author` may do `act`: whoever settles no lines may talk about them and take back their own words.
fn may(act: &Act, author: &Author, decisions: &[Decision]) -> bool {
    let own = |id: &Uuid| decisions.iter().any(|it| it.id == *id && it.by == author.name);
    author.reviews || act.is_talk() || matches!(act, Act::Undo { decision } if own(decision))
}

/// Refuses fields and sections that no packet has.
fn known(act: &Act) -> Result<(), Refusal> {
    match act {
        Act::Answer { field, .. } if packet::section_of(field).is_none() => {
            let detail = format!("no section asks for `{field}`; the packet's gaps name their fields");
            Err(Refusal { pointer: "/field", detail })
        }
        Act::Assign { section, .. } if !packet::is_section(section) => {
            let detail = format!("there is no section `{section}`; the packet names its sections by `id`");
            Err(Refusal { pointer: "/section", detail })
        }
        _ => Ok(()),
    }
}
