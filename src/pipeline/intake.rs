use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::aside::run_aside;
use super::job::enqueue;
use super::repeat::answered;
use super::{DeliverError, Delivery, Pipeline, Receipt};
use crate::handoff::{Action, Entry};
use crate::ingest::{self, Correction};
use crate::store::{self, Answer, RequestKey, Tx};
use crate::transcript::Deal;

impl Pipeline {
    /// Keeps a transcript, and returns once it is durable. What is no transcript is refused.
    ///
    /// # Errors
    /// See [`DeliverError`].
    pub async fn deliver(
        &self,
        delivery: Delivery,
        key: Option<RequestKey>,
    ) -> Result<Receipt, DeliverError> {
        delivery.check()?;
        let Delivery { bytes, call, deal } = delivery;
        let bytes = run_aside(move || ingest::read(&bytes, None).map(|_| bytes)).await??;
        let fresh = Uuid::now_v7();
        let own_deal = if call.id.is_empty() { fresh.to_string() } else { call.id.clone() };
        let known = !call.id.is_empty() && self.store.call(&call.id).await?.is_some();
        let deal_id = match deal.id.is_empty() {
            false => Some(deal.id.clone()),
            // A correction that names no deal leaves the call where it is.
            true => (!known).then_some(own_deal),
        };
        let now = Timestamp::now();
        let arriving = store::Delivery { call, deal: deal_id, bytes, fresh };
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(key) = &key
                        && let Some(answer) = answered(tx.replay(key, now).await?)?
                    {
                        return receipt_of(&answer);
                    }
                    let accepted = tx.accept(arriving, now).await?;
                    if !accepted.duplicate {
                        learn_deal(tx, &deal, now).await?;
                        if !deal.id.is_empty() {
                            Self::owe_telling(tx, &deal.id, now).await?;
                        }
                        enqueue(tx, "read", &accepted.call, now, now).await?;
                    }
                    let receipt = Receipt {
                        deal: accepted.deal.unwrap_or_else(|| accepted.call.clone()),
                        call: accepted.call,
                        version: accepted.version,
                        duplicate: accepted.duplicate,
                    };
                    if let Some(key) = &key {
                        tx.remember(key, &answer_of(&receipt), now).await?;
                    }
                    Ok(receipt)
                })
            })
            .await
    }

    /// Writes what is known of a deal and has its calls read again, because sides and names rest on it.
    ///
    /// # Errors
    /// [`store::Error::Stale`] where somebody else edited it since revision `expected`.
    pub async fn edit_deal(
        &self,
        deal: Deal,
        expected: Option<u64>,
        author: &str,
    ) -> Result<u64, store::Error> {
        let calls = self.store.calls_of(&deal.id).await?;
        let now = Timestamp::now();
        let author = author.to_owned();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let revision = tx.put_deal(&deal, expected, now).await?;
                    Self::owe_telling(tx, &deal.id, now).await?;
                    let edit = Entry::new(Uuid::now_v7(), now, author, Action::DealEdited, &deal.id);
                    tx.record(edit.of_deal(&deal.id).with(json!({ "revision": revision })));
                    for call in calls {
                        enqueue(tx, "read", &call.call.id, now, now).await?;
                    }
                    Ok(revision)
                })
            })
            .await
    }

    /// Keeps a person's correction of a speaker and has the call read again.
    ///
    /// # Errors
    /// [`store::Error::Missing`] where there is no such call.
    pub async fn correct(
        &self,
        call: &str,
        correction: &Correction,
        author: &str,
    ) -> Result<(), store::Error> {
        let body = serde_json::to_value(correction)
            .map_err(|error| store::Error::Damaged(format!("a correction cannot be written: {error}")))?;
        let now = Timestamp::now();
        let (call, author) = (call.to_owned(), author.to_owned());
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let id = Uuid::now_v7();
                    let entry = Entry::new(Uuid::now_v7(), now, &author, Action::SpeakerCorrected, &call);
                    let stored = store::Correction { id, call: call.clone(), author, body, made_at: now };
                    tx.correct(&stored).await?;
                    tx.record(entry.with(json!({ "correction": id })));
                    enqueue(tx, "read", &call, now, now).await?;
                    Ok(())
                })
            })
            .await
    }
}

/// Writes what a delivery says of its deal and nobody has said yet, and has the deal's other calls read again where
/// that is news.
async fn learn_deal(tx: &mut Tx, deal: &Deal, now: Timestamp) -> Result<(), store::Error> {
    if deal.id.is_empty() {
        return Ok(());
    }
    for call in tx.learn_deal(deal, now).await? {
        enqueue(tx, "read", &call, now, now).await?;
    }
    Ok(())
}

fn answer_of(receipt: &Receipt) -> Answer {
    Answer { status: 201, body: json!(receipt).to_string() }
}

fn receipt_of(answer: &Answer) -> Result<Receipt, DeliverError> {
    serde_json::from_str(&answer.body)
        .map_err(|error| store::Error::Damaged(format!("a kept answer: {error}")).into())
}
