use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::aside::run_aside;
use super::handoff::Known;
use super::job::enqueue;
use super::repeat::answered;
use super::{Error, Pipeline, Reading, Repeat};
use crate::handoff::{Action, Entry};
use crate::packet::{self, Confirmation};
use crate::review::{self, Act, Decided, Decision, LineKind, Refusal, Reviewed};
use crate::rules::Kind;
use crate::store::{self, Answer, NewDecision, RequestKey, StoredDecision};
use crate::transcript::{Deal, Digest};
use crate::{ledger, review::Tally};

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

/// Decisions that were appended, and where that leaves the deal.
pub struct Appended {
    /// The answer, as it was given and is repeated.
    pub answer: Answer,
    /// The number of the last decision.
    pub revision: u64,
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

impl Sitting {
    /// Returns what stands of the deal.
    pub fn reviewed(&self) -> Reviewed {
        let calls: Vec<_> = self.readings.iter().map(|reading| reading.as_read()).collect();
        review::apply(&ledger::fold(&self.deal, &calls), &calls, &self.decisions)
    }

    /// Adds what `author` decides at `now`, each act on what stands after the one before, and tells how many they are.
    fn decide(
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

fn of_review(decisions: Vec<StoredDecision>) -> Result<Vec<Decision>, Error> {
    decisions.into_iter().filter(|decision| decision.room == REVIEW).map(decision).collect()
}

pub(super) fn decision(stored: StoredDecision) -> Result<Decision, Error> {
    let StoredDecision { seq, id, deal, author, role, body, made_at, .. } = stored;
    let decided: Decided = serde_json::from_value(body)
        .map_err(|error| Error::Odd(format!("decision {seq} of `{deal}`: {error}")))?;
    Ok(Decision { seq, id, deal, by: author, role, at: made_at, decided })
}
