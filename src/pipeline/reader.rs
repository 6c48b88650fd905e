use std::sync::Arc;

use super::aside::run_aside;
use super::kept::ReadingKey;
use super::{Error, Pipeline, Reading};
use crate::ingest::Correction;
use crate::packet::Packet;
use crate::store::{self, StoredCall};
use crate::transcript::{Call, Deal, Digest, Participant};

/// What reads: another source may read the same words in another way (`build.rs`).
const READER: &str = env!("READBACK_READER");

impl Pipeline {
    /// Returns the newest transcript of a call with what is found in it.
    ///
    /// # Errors
    /// Those of the store, and where the bytes cannot be read.
    pub async fn reading(&self, stored: &StoredCall) -> Result<Arc<Reading>, Error> {
        let deal = self.deal_read(stored).await?;
        self.reading_in(stored, deal).await
    }

    /// Returns the reading of a call of `deal`, whose people are known.
    async fn reading_in(&self, stored: &StoredCall, deal: Deal) -> Result<Arc<Reading>, Error> {
        let hearing = self.hearing(stored).await?;
        let (call, corrections) = (stored.call.clone(), self.corrections(&stored.call.id).await?);
        let heard = hearing.as_ref().map(|hearing| (&hearing.model, &hearing.keys, &hearing.failure));
        let inputs = serde_json::to_vec(&(
            &call,
            &deal,
            &deal.known_people,
            &corrections,
            self.rules.digest(),
            heard,
            READER,
        ))
        .map_err(|error| Error::Odd(error.to_string()))?;
        let key = ReadingKey { call: call.id.clone(), version: stored.version, inputs: Digest::of(&inputs) };
        if let Some(reading) = self.kept.get(&key) {
            return Ok(reading);
        }
        if let Some(reading) = self.held(&key).await?.map(Arc::new) {
            self.kept.put(key, Arc::clone(&reading), true);
            return Ok(reading);
        }
        let mut reading = self.read_anew(stored, call, &deal, corrections).await?;
        if let (Some(hearing), Some(listener)) = (hearing, &self.listener) {
            let replies = self.store.replies(&hearing.keys).await?;
            let kept = hearing.keys.into_iter().zip(replies).collect();
            reading = self.with_kept(listener, reading, deal, kept, hearing.failure).await?;
        }
        let reading = Arc::new(reading);
        self.kept.put(key, Arc::clone(&reading), false);
        Ok(reading)
    }

    /// Returns what the reading of a call rests on beside its words and the rules.
    pub(super) async fn inputs(&self, stored: &StoredCall) -> Result<(Call, Deal, Vec<Correction>), Error> {
        let deal = self.deal_read(stored).await?;
        Ok((stored.call.clone(), deal, self.corrections(&stored.call.id).await?))
    }

    /// Returns the deal of a call with the people of all its calls.
    async fn deal_read(&self, stored: &StoredCall) -> Result<Deal, Error> {
        let mut deal = self.deal_of(stored).await?;
        if let Some(id) = &stored.deal {
            deal.known_people = people(&self.store.calls_of(id).await?);
        }
        Ok(deal)
    }

    async fn corrections(&self, call: &str) -> Result<Vec<Correction>, Error> {
        let read = |stored: store::Correction| {
            serde_json::from_value(stored.body).map_err(|error| Error::Odd(format!("a correction: {error}")))
        };
        self.store.corrections(call).await?.into_iter().map(read).collect()
    }

    /// Reads a call by the rules alone.
    pub(super) async fn read_anew(
        &self,
        stored: &StoredCall,
        call: Call,
        deal: &Deal,
        corrections: Vec<Correction>,
    ) -> Result<Reading, Error> {
        let bytes = self.store.source(&call.id, stored.version).await?;
        let (rules, deal) = (Arc::clone(&self.rules), deal.clone());
        Ok(run_aside(move || Reading::new(&bytes, call, &deal, &corrections, &rules)).await??)
    }

    /// Drafts the packet of a deal from the calls and decisions that are in the store now.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn packet(&self, deal: &str) -> Result<Packet, Error> {
        let Some(sitting) = self.sitting(deal).await? else {
            return Err(store::Error::Missing { what: "deal", id: deal.to_owned() }.into());
        };
        let draft = move || {
            let (packet, reviewed) = sitting.drafted();
            packet.confirmed(sitting.confirmations, &reviewed)
        };
        Ok(run_aside(draft).await?)
    }

    /// Returns the calls of a deal as they are read; one that cannot be is logged and left out.
    pub(super) async fn readings(&self, deal: &str) -> Result<Vec<Arc<Reading>>, Error> {
        let calls = self.store.calls_of(deal).await?;
        let mut of_deal = self.store.deal(deal).await?.map(|stored| stored.deal).unwrap_or_default();
        of_deal.known_people = people(&calls);
        let mut readings = Vec::new();
        for call in calls {
            if call.state == store::CallState::Unreadable {
                continue;
            }
            match self.reading_in(&call, of_deal.clone()).await {
                Ok(reading) => readings.push(reading),
                Err(error) if error.is_of_the_call() => {
                    tracing::error!(call = call.call.id, %error, "failed to read a call; the packet is drafted without it");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(readings)
    }

    pub(super) async fn deal_of(&self, stored: &StoredCall) -> Result<Deal, Error> {
        let Some(id) = &stored.deal else { return Ok(Deal::default()) };
        Ok(self.store.deal(id).await?.map(|stored| stored.deal).unwrap_or_default())
    }
}

/// Returns the people who take part in calls.
fn people(calls: &[StoredCall]) -> Vec<Participant> {
    calls.iter().flat_map(|stored| stored.call.participants.clone()).collect()
}
