use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use uuid::Uuid;

use super::known::{Known, calendar_of};
use super::repeat::answered;
use super::{Dossier, Error, HandoffLine, HandoffView, Pipeline, PromiseView, Repeat};
use crate::access::{Role, Viewer};
use crate::handoff::{self, Act, Action, Entry, Event, Gate, Refusal};
use crate::store::{self, Answer, NewDecision, RequestKey, StoredDeal, StoredDecision};
use crate::transcript::{Deal, Digest};

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

/// The room of the store's decisions that are acts of a handoff.
pub(super) const HANDOFF: &str = "handoff";

/// The status that an act is answered with; what is answered beside it is where the handoff stands by then.
const DONE: u16 = 201;

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person, as the interfaces name them.
    pub name: String,
    /// As what.
    pub role: Role,
}

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The handoff does not allow it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It came with a key that cannot be used.
    #[error(transparent)]
    Repeat(#[from] Repeat),
    /// Store or calls.
    #[error(transparent)]
    Pipeline(#[from] Error),
}

impl From<store::Error> for ActError {
    fn from(error: store::Error) -> Self {
        Self::Pipeline(error.into())
    }
}

impl Pipeline {
    /// Returns the day in a deal's zone.
    pub fn today_of(&self, deal: &Deal, now: Timestamp) -> Date {
        calendar_of(deal, &self.timeline().calendar).local(now).date()
    }

    /// Returns where a deal's handoff stands at `now`; `None` where there is no such deal. Without `red_flags`, it lacks
    /// what was asked about them and about people (S-079); that a gate waits for an answer is told all the same.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn handoff(
        &self,
        deal: &str,
        red_flags: bool,
        now: Timestamp,
    ) -> Result<Option<HandoffView>, Error> {
        let Some(dossier) = self.dossier(deal, now).await? else { return Ok(None) };
        let timeline = self.timeline();
        let gate =
            |gate: Gate| gate.state(&dossier.handoff, &dossier.evidence, &timeline.profile, dossier.today);
        let gates = Gate::ALL.into_iter().map(gate).collect();
        let dossier = if red_flags { dossier } else { dossier.without_red_flags() };
        let Dossier { packet, handoff, evidence, revision, calendar, .. } = dossier;
        let summary = |id: &str| packet.ledger.promises.iter().find(|promise| promise.id == id);
        let promise = |line: &handoff::PromiseLine| {
            let by = |role| handoff.initial(role, &line.id, &line.digest).map(|initial| initial.by.clone());
            PromiseView {
                summary: summary(&line.id).map(|promise| promise.summary.clone()).unwrap_or_default(),
                ae: by(Role::Ae),
                csm: by(Role::Csm),
                id: line.id.clone(),
                digest: line.digest.clone(),
            }
        };
        Ok(Some(HandoffView {
            account: packet.deal.account.clone(),
            revision,
            gates,
            clocks: handoff::clocks(&handoff.events, &timeline.profile, &calendar, now),
            promises: evidence.promises.iter().map(promise).collect(),
            hidden: handoff.hidden().into_iter().map(str::to_owned).collect(),
            changed_since_frozen: handoff.frozen.as_ref().map(|frozen| evidence.changes_since(frozen)),
            packet: evidence.packet,
            deal: packet.deal.id,
            handoff,
        }))
    }

    /// Does an act if the handoff allows it. `expected` is the number of the last decision that the actor has seen. What
    /// was done with `key` before is not done again.
    ///
    /// # Errors
    /// [`ActError::Refused`] where the handoff does not allow it; [`store::Error::Stale`] where somebody else has decided
    /// meanwhile; [`ActError::Repeat`] where the key cannot be used.
    pub async fn act(
        &self,
        deal: &str,
        act: Act,
        actor: Actor,
        expected: Option<u64>,
        key: Option<RequestKey>,
        now: Timestamp,
    ) -> Result<(), ActError> {
        if let Some(key) = key.clone()
            && self.was_done(key, now).await?
        {
            return Ok(());
        }
        let missing = || store::Error::Missing { what: "deal", id: deal.to_owned() };
        let dossier = self.dossier(deal, now).await?.ok_or_else(missing)?;
        let seen = dossier.revision;
        if expected.is_some_and(|expected| expected != seen) {
            return Err(store::Error::Stale { what: "handoff", id: deal.to_owned() }.into());
        }
        let act = act.bound_to(&dossier.evidence);
        dossier.check(&act, &actor, &self.timeline().profile)?;
        let body = serde_json::to_value(&act).map_err(|error| Error::Odd(error.to_string()))?;
        let sealed = Digest::of(body.to_string().as_bytes());
        let (name, role) = (actor.name, actor.role.as_str().to_owned());
        let id = Uuid::now_v7();
        let decision =
            NewDecision { id, deal: deal.to_owned(), room: HANDOFF, author: name.clone(), role, body };
        let entry = Entry::new(Uuid::now_v7(), now, name, Action::Decided, act.name()).of_deal(deal);
        let appended = self.store().write(move |tx| {
            Box::pin(async move {
                if let Some(key) = &key {
                    if answered(tx.replay(key, now).await?)?.is_some() {
                        return Ok(());
                    }
                    tx.remember(key, &Answer { status: DONE, body: String::new() }, now).await?;
                }
                let seq = tx.append_decision(&decision, Some(seen), now).await?;
                Self::owe_telling(tx, &decision.deal, now).await?;
                tx.record(entry.with(json!({ "decision": id, "seq": seq, "digest": sealed })));
                Ok(())
            })
        });
        appended.await
    }

    /// Tells whether a post with `key` was done before.
    async fn was_done(&self, key: RequestKey, now: Timestamp) -> Result<bool, ActError> {
        let known = self.store.write(move |tx| {
            Box::pin(async move { Ok::<_, ActError>(answered(tx.replay(&key, now).await?)?.is_some()) })
        });
        known.await
    }

    /// Returns a deal's handoff as it is listed.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn handoff_line(&self, deal: StoredDeal, now: Timestamp) -> Result<HandoffLine, Error> {
        let decisions = self.store().decisions(&deal.deal.id).await?;
        Ok(self.line_of(Known::new(deal.deal, &decisions, &self.timeline().calendar)?, now))
    }

    /// Returns every handoff that there is for `viewer` as it is listed, by account.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn handoff_lines(&self, viewer: Viewer, now: Timestamp) -> Result<Vec<HandoffLine>, Error> {
        let all = self.all_known(viewer).await?;
        Ok(all.into_iter().map(|known| self.line_of(known, now)).collect())
    }

    fn line_of(&self, known: Known, now: Timestamp) -> HandoffLine {
        let profile = &self.timeline().profile;
        let mut clocks = handoff::clocks(&known.handoff.events, profile, &known.calendar, now);
        clocks.retain(|clock| clock.started_at.is_some());
        HandoffLine {
            disputes: known.handoff.disputed().count(),
            deal: known.deal.id,
            account: known.deal.account,
            stage: known.handoff.stage,
            closed_at: known.handoff.events.get(&Event::ClosedWon).copied(),
            ae: known.handoff.ae,
            csm: known.handoff.csm,
            zone: known.calendar.zone().clone(),
            clocks,
        }
    }

    /// Returns the promises of a deal that no paper for the customer may show; `None` where there is no such deal.
    pub(super) async fn hidden_promises(&self, deal: &str) -> Result<Option<Vec<String>>, Error> {
        let known = self.known(deal).await?;
        Ok(known.map(|known| known.handoff.hidden().into_iter().map(str::to_owned).collect()))
    }

    /// Returns what is known of every handoff that there is for `viewer`, by account.
    pub(super) async fn all_known(&self, viewer: Viewer) -> Result<Vec<Known>, Error> {
        let decisions = self.store().decisions_seen(viewer, HANDOFF).await?;
        let of_deals = decisions.chunk_by(|one, other| one.deal == other.deal);
        let of_deals: HashMap<&str, &[StoredDecision]> =
            of_deals.map(|decisions| (decisions[0].deal.as_str(), decisions)).collect();
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = self.store().deals(viewer, after.as_ref(), ROWS).await?;
            for stored in page.items {
                let decisions = of_deals.get(stored.deal.id.as_str()).copied().unwrap_or_default();
                all.push(Known::new(stored.deal, decisions, &self.timeline().calendar)?);
            }
            after = page.next;
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    pub(super) async fn known(&self, deal: &str) -> Result<Option<Known>, Error> {
        let Some(stored) = self.store().deal(deal).await? else { return Ok(None) };
        let decisions = self.store().decisions(deal).await?;
        Known::new(stored.deal, &decisions, &self.timeline().calendar).map(Some)
    }
}
