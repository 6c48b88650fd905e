use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::aside::run_aside;
use super::job::enqueue;
use super::repeat::answered;
use super::{Error, Pipeline, Repeat};
use crate::handoff::{Action, Entry};
use crate::review::{self, Act, Decided, Decision, Refusal, Reviewed, Tally};
use crate::store::{self, Answer, NewDecision, RequestKey, StoredDecision};
use crate::transcript::Digest;

/// The room of the store's decisions that are acts of a review.
pub const REVIEW: &str = "review";

/// Who decides, and what they may do.
#[derive(Clone, Debug)]
pub struct Author {
    /// The person.
    pub name: String,
    /// Their role.
    pub role: String,
    /// Whether they may settle lines; others may talk about them and take back what they said.
    pub reviews: bool,
    /// Whether they may see red flags.
    pub red_flags: bool,
}

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// An act that cannot be appended, by its place among those sent.
    #[error("{pointer}: {detail}", pointer = refusal.pointer, detail = refusal.detail)]
    Refused {
        /// Which of the acts, counted from 0.
        at: usize,
        /// What is wrong with it.
        refusal: Refusal,
    },
    /// The author's role settles nothing.
    #[error("{0} is for the account executive of the deal, who completes it in person")]
    NotYours(&'static str),
    /// Others have decided since; these are their decisions.
    #[error("others have decided since")]
    Changed(Vec<StoredDecision>),
    /// It came with a key that cannot be used.
    #[error(transparent)]
    Repeat(#[from] Repeat),
    /// Reading the deal's calls, or the store.
    #[error(transparent)]
    Pipeline(#[from] Error),
}

impl From<store::Error> for DecideError {
    fn from(error: store::Error) -> Self {
        Self::Pipeline(error.into())
    }
}

/// Decisions that were appended, and where that leaves the deal.
pub struct Appended {
    /// The answer, as it was given and is repeated.
    pub answer: Answer,
    /// The number of the last decision.
    pub revision: u64,
}

impl Pipeline {
    /// Returns what people decided in the review of a deal, in order.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn decisions(&self, deal: &str) -> Result<Vec<Decision>, Error> {
        of_review(self.store().decisions(deal).await?)
    }

    /// Returns what stands of a deal, with the number of its last decision; `None` where there is no such deal.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn reviewed(&self, deal: &str) -> Result<Option<(Reviewed, u64)>, Error> {
        let Some(sitting) = self.sitting(deal).await? else { return Ok(None) };
        Ok(Some(run_aside(move || (sitting.reviewed(), sitting.revision)).await?))
    }

    /// Appends what `author` decides about a deal, all of it or nothing, and has the packet drafted again. With
    /// `expected`, only if nobody has decided since that revision. The answer is kept for `key`.
    ///
    /// # Errors
    /// See [`DecideError`].
    pub async fn decide(
        &self,
        deal: &str,
        acts: Vec<Act>,
        author: Author,
        expected: Option<u64>,
        key: Option<RequestKey>,
    ) -> Result<Appended, DecideError> {
        if let Some(appended) = self.decided_before(deal, key.clone()).await? {
            return Ok(appended);
        }
        loop {
            let sitting = self.sitting(deal).await?;
            let missing = || store::Error::Missing { what: "deal", id: deal.to_owned() };
            let sitting = sitting.ok_or_else(missing)?;
            let revision = sitting.revision;
            if expected.is_some_and(|expected| expected != revision) {
                return Err(self.changed_since(deal, expected).await?);
            }
            let (acts, author) = (acts.clone(), author.clone());
            let (decisions, body) = run_aside(move || {
                let (sitting, fresh) = sitting.decide(acts, &author, Timestamp::now())?;
                let fresh = sitting.decisions[sitting.decisions.len() - fresh..].to_vec();
                let body = answer(&fresh, &sitting.reviewed());
                Ok::<_, DecideError>((fresh, body))
            })
            .await
            .map_err(Error::from)??;
            match self.append(deal, decisions, revision, key.clone(), body).await {
                Err(DecideError::Pipeline(Error::Store(store::Error::Stale { .. }))) => {
                    if expected.is_some() {
                        return Err(self.changed_since(deal, expected).await?);
                    }
                    // Somebody was faster, and the author does not mind: decide on what stands now.
                }
                appended => return appended,
            }
        }
    }

    async fn append(
        &self,
        deal: &str,
        decisions: Vec<Decision>,
        revision: u64,
        key: Option<RequestKey>,
        body: String,
    ) -> Result<Appended, DecideError> {
        let (deal, now) = (deal.to_owned(), Timestamp::now());
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(key) = &key
                        && let Some(answer) = answered(tx.replay(key, now).await?)?
                    {
                        return Ok(Appended { answer, revision: tx.hold_decisions(&deal).await? });
                    }
                    let mut revision = revision;
                    for decision in &decisions {
                        let kept = new(decision)?;
                        revision = tx.append_decision(&kept, Some(revision), decision.at).await?;
                        tx.record(audited(decision, &kept));
                    }
                    enqueue(tx, "draft", &deal, now, now).await?;
                    let answer = Answer { status: 201, body };
                    if let Some(key) = &key {
                        tx.remember(key, &answer, now).await?;
                    }
                    Ok(Appended { answer, revision })
                })
            })
            .await
    }

    /// Returns the answer that a post with `key` was given before.
    async fn decided_before(
        &self,
        deal: &str,
        key: Option<RequestKey>,
    ) -> Result<Option<Appended>, DecideError> {
        let Some(key) = key else { return Ok(None) };
        let deal = deal.to_owned();
        self.store()
            .write(move |tx| {
                Box::pin(async move {
                    let Some(answer) = answered(tx.replay(&key, Timestamp::now()).await?)? else {
                        return Ok(None);
                    };
                    Ok(Some(Appended { answer, revision: tx.hold_decisions(&deal).await? }))
                })
            })
            .await
    }

    async fn changed_since(&self, deal: &str, expected: Option<u64>) -> Result<DecideError, Error> {
        let mut since = self.store().decisions(deal).await?;
        since.retain(|decision| decision.seq > expected.unwrap_or_default());
        Ok(DecideError::Changed(since))
    }

    /// Returns what the reviews of all deals say of each rule, as far as they are drafted.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn rule_stats(&self) -> Result<Vec<Tally>, Error> {
        let of_deals: Vec<Vec<Tally>> = self.store().verdicts().await?;
        Ok(review::together(of_deals.into_iter().flatten()))
    }
}

/// Returns what answers a post: the decisions, and what a reader may find lacking in what was typed.
fn answer(decisions: &[Decision], reviewed: &Reviewed) -> String {
    let warnings: Vec<_> = decisions.iter().flat_map(|decision| reviewed.warnings(decision.id)).collect();
    json!({ "decisions": decisions, "warnings": warnings }).to_string()
}

fn new(decision: &Decision) -> Result<NewDecision, store::Error> {
    let body = serde_json::to_value(&decision.decided)
        .map_err(|error| store::Error::Damaged(format!("a decision cannot be written: {error}")))?;
    Ok(NewDecision {
        id: decision.id,
        deal: decision.deal.clone(),
        room: REVIEW,
        author: decision.by.clone(),
        role: decision.role.clone(),
        body,
    })
}

/// Returns the row of the audit trail that proves a decision, without a word of it.
fn audited(decision: &Decision, kept: &NewDecision) -> Entry {
    let sealed = Digest::of(kept.body.to_string().as_bytes());
    let (by, act) = (decision.by.clone(), decision.decided.act.name());
    Entry::new(Uuid::now_v7(), decision.at, by, Action::Decided, act)
        .of_deal(&decision.deal)
        .with(json!({ "decision": decision.id, "seq": decision.seq, "digest": sealed }))
}

pub(super) fn of_review(decisions: Vec<StoredDecision>) -> Result<Vec<Decision>, Error> {
    decisions.into_iter().filter(|decision| decision.room == REVIEW).map(decision).collect()
}

pub(super) fn decision(stored: StoredDecision) -> Result<Decision, Error> {
    let StoredDecision { seq, id, deal, author, role, body, made_at, .. } = stored;
    let decided: Decided = serde_json::from_value(body)
        .map_err(|error| Error::Odd(format!("decision {seq} of `{deal}`: {error}")))?;
    Ok(Decision { seq, id, deal, by: author, role, at: made_at, decided })
}
