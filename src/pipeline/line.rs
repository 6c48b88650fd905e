//! The pipeline: delivered → durable → read → drafted → indexed. Each step is a job or a follower of the store's
//! change sequence, so that it can be cut off anywhere and goes on where it was.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::kept::{KeptReadings, ReadingKey};
use super::step::{Step, reach};
use super::{DeliverError, Delivery, Reading, Receipt};
use crate::handoff::{Action, Entry, Timeline};
use crate::ingest::{self, Correction, Unreadable};
use crate::llm::{Listener, NotHeard};
use crate::packet::Packet;
use crate::rules::RuleSet;
use crate::search::{CallDocument, Change, QuoteIndex};
use crate::store::{self, Answer, Draft, Engine, Job, NewJob, Replay, RequestKey, Store, StoredCall, Tx};
use crate::transcript::{Call, Deal, Digest};

/// How long a worker may take for a job before another one takes it: a hundred times what a long call needs.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How long hearing a model about a call may take, retries and waits included, before another worker takes it up.
const LISTENING: SignedDuration = SignedDuration::from_mins(10);

/// The kind of the jobs that wait for a model; the store hands them out apart from the others.
pub(super) const LISTEN: &str = "listen";

/// After so many attempts, crashes of the worker included, a job waits for a person: about three hours, the waits
/// between them doubling to a quarter of one.
const ATTEMPTS: u32 = 20;

/// Longest pause between two looks for work of which no notice arrives: another replica's, or work that waits.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a draft waits after a call was read: what arrives together is read and indexed first, and drafted once.
const GATHERING: SignedDuration = SignedDuration::from_millis(150);

/// Calls that one commit of the index takes in: a commit costs about as much as a hundred calls.
const BATCH: u32 = 200;

/// The way of a call through the rooms, with everything it needs.
pub struct Pipeline {
    store: Store,
    index: Arc<dyn QuoteIndex>,
    rules: Arc<RuleSet>,
    timeline: Timeline,
    kept: KeptReadings,
    worker: String,
    pub(super) index_is_behind: Notify,
    pub(super) listener: Option<Listener>,
}

/// Why a step of the pipeline failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The index.
    #[error(transparent)]
    Index(#[from] crate::search::Error),
    /// The bytes that were accepted are no transcript for this version of the program.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A job or a stored value makes no sense.
    #[error("make sense of {0}")]
    Odd(String),
    /// The reading of a call panicked.
    #[error(transparent)]
    Panicked(#[from] Panicked),
    /// The model was not heard.
    #[error("hear the model: {0}")]
    NotHeard(#[from] NotHeard),
}

/// Work that ended in a panic.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("finish reading: it panicked")]
pub struct Panicked;

impl Error {
    /// Tells whether the fault lies in one call, so that the others must not wait for it.
    fn is_of_the_call(&self) -> bool {
        matches!(
            self,
            Self::Unreadable(_) | Self::Odd(_) | Self::Panicked(_) | Self::Store(store::Error::Damaged(_))
        )
    }
}

impl Pipeline {
    /// Puts the rooms in line.
    pub fn new(store: Store, index: Arc<dyn QuoteIndex>, rules: Arc<RuleSet>, timeline: Timeline) -> Self {
        let worker = match store.engine() {
            Engine::Sqlite => "this machine".to_owned(),
            Engine::Postgres => Uuid::now_v7().to_string(),
        };
        let (kept, index_is_behind) = (KeptReadings::default(), Notify::new());
        Self { store, index, rules, timeline, kept, worker, index_is_behind, listener: None }
    }

    /// Has a model heard about each call, after the rules.
    #[must_use]
    pub fn with_listener(mut self, listener: Option<Listener>) -> Self {
        self.listener = listener;
        self
    }

    /// Takes back at once what a killed process left half done on this machine. Only for whoever holds the data
    /// directory alone; on PostgreSQL such work may belong to another replica, and waits for its lease to run out.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn take_back(&self) -> Result<(), Error> {
        Ok(self.store.expire_leases(&self.worker, Timestamp::now()).await?)
    }

    /// Returns the store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the index.
    pub fn index(&self) -> &dyn QuoteIndex {
        &*self.index
    }

    /// Lets go of what is held in memory of a call.
    pub(super) fn forget_reading(&self, call: &str) {
        self.kept.forget(call);
    }

    /// Returns when the steps of a handoff are due.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Returns the rules in force.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    pub(super) fn shared_rules(&self) -> Arc<RuleSet> {
        Arc::clone(&self.rules)
    }

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
                    if let Some(key) = &key {
                        match tx.replay(key, now).await? {
                            Replay::Fresh => {}
                            Replay::Answered(answer) => return receipt_of(&answer),
                            Replay::OtherBody => return Err(DeliverError::OtherBody),
                            Replay::InFlight => return Err(DeliverError::InFlight),
                        }
                    }
                    let accepted = tx.accept(arriving, now).await?;
                    if !accepted.duplicate {
                        learn_deal(tx, &deal, now).await?;
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

    /// Returns the newest transcript of a call with what is found in it.
    ///
    /// # Errors
    /// Those of the store, and where the bytes cannot be read.
    pub async fn reading(&self, stored: &StoredCall) -> Result<Arc<Reading>, Error> {
        let hearing = self.hearing(stored).await?;
        let (call, deal, corrections) = self.inputs(stored).await?;
        let heard = hearing.as_ref().map(|hearing| (&hearing.model, &hearing.keys, &hearing.failure));
        let inputs =
            serde_json::to_vec(&(&call, &deal, &deal.known_people, &corrections, self.rules.digest(), heard))
                .map_err(|error| Error::Odd(error.to_string()))?;
        let key = ReadingKey { call: call.id.clone(), version: stored.version, inputs: Digest::of(&inputs) };
        if let Some(reading) = self.kept.get(&key) {
            return Ok(reading);
        }
        let mut reading = self.read_anew(stored, call, &deal, corrections).await?;
        if let (Some(hearing), Some(listener)) = (hearing, &self.listener) {
            let replies = self.store.replies(&hearing.keys).await?;
            let kept = hearing.keys.into_iter().zip(replies).collect();
            reading = self.with_kept(listener, reading, deal, kept, hearing.failure).await?;
        }
        let reading = Arc::new(reading);
        self.kept.put(key, Arc::clone(&reading));
        Ok(reading)
    }

    /// Returns what the reading of a call rests on beside its words and the rules.
    pub(super) async fn inputs(&self, stored: &StoredCall) -> Result<(Call, Deal, Vec<Correction>), Error> {
        let call = stored.call.clone();
        let mut deal = self.deal_of(stored).await?;
        if let Some(id) = &stored.deal {
            let calls = self.store.calls_of(id).await?;
            deal.known_people = calls.into_iter().flat_map(|stored| stored.call.participants).collect();
        }
        let mut corrections = Vec::new();
        for correction in self.store.corrections(&call.id).await? {
            let body = serde_json::from_value::<Correction>(correction.body);
            corrections.push(body.map_err(|error| Error::Odd(format!("a correction: {error}")))?);
        }
        Ok((call, deal, corrections))
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
            let readings = sitting.readings.iter().map(|reading| &**reading);
            super::draft(&sitting.deal, readings, &sitting.decisions)
        };
        Ok(run_aside(draft).await?)
    }

    /// Returns the calls of a deal as they are read; one that cannot be is logged and left out.
    pub(super) async fn readings(&self, deal: &str) -> Result<Vec<Arc<Reading>>, Error> {
        let mut readings = Vec::new();
        for call in self.store.calls_of(deal).await? {
            if call.state == store::CallState::Unreadable {
                continue;
            }
            match self.reading(&call).await {
                Ok(reading) => readings.push(reading),
                Err(error) if error.is_of_the_call() => {
                    tracing::error!(call = call.call.id, %error, "failed to read a call; the packet is drafted without it");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(readings)
    }

    /// Works until `stop` is cancelled: `workers` tasks take jobs, one keeps the index abreast of the store.
    pub async fn run(self: Arc<Self>, workers: usize, stop: CancellationToken) {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..workers.max(1) {
            let (pipeline, stop) = (Arc::clone(&self), stop.clone());
            tasks.spawn(async move { pipeline.take_jobs(&stop).await });
        }
        for _ in 0..self.listener.as_ref().map_or(0, |listener| listener.concurrency.max(1)) {
            let (pipeline, stop) = (Arc::clone(&self), stop.clone());
            tasks.spawn(async move { pipeline.take_listening(&stop).await });
        }
        tasks.spawn(async move { self.follow(&stop).await });
        while tasks.join_next().await.is_some() {}
    }

    /// Does all work that is due and returns when none is left; returns how many jobs failed.
    ///
    /// # Errors
    /// Those of store and index.
    pub async fn catch_up(&self, mut progress: impl FnMut()) -> Result<usize, Error> {
        let (mut failed, mut waited) = (0, false);
        loop {
            if let Some(job) = self.next_job().await? {
                failed += usize::from(!self.work(job).await);
                waited = false;
                progress();
            } else if waited {
                break;
            } else {
                // What was just read is drafted once it has gathered.
                tokio::time::sleep(GATHERING.unsigned_abs()).await;
                waited = true;
            }
        }
        while self.index_batch().await? > 0 {}
        Ok(failed)
    }

    async fn take_jobs(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.next_job().await {
                Ok(Some(job)) => {
                    self.work(job).await;
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "failed to look for work"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.store.jobs_are_due() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn next_job(&self) -> Result<Option<Job>, Error> {
        let now = Timestamp::now();
        let until = now.checked_add(LEASE).unwrap_or(Timestamp::MAX);
        Ok(self.store.claim(&self.worker, 1, until, now).await?.pop())
    }

    async fn take_listening(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let now = Timestamp::now();
            let until = now.checked_add(LISTENING).unwrap_or(Timestamp::MAX);
            match self.store.claim_listening(&self.worker, until, now).await {
                Ok(Some(job)) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        _ = self.work(job) => {}
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "failed to look for calls to hear the model about"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.store.jobs_are_due() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Does a job and tells whether it is done; one that failed is given back to be tried again.
    async fn work(&self, job: Job) -> bool {
        let done = match job.kind.as_str() {
            "read" => self.read(&job).await,
            "draft" => self.draft(&job).await,
            LISTEN => self.listen(&job).await,
            other => Err(Error::Odd(format!("a job of kind `{other}`"))),
        };
        let Err(error) = done else { return true };
        let (about, attempt) = (job.payload.to_string(), job.attempt);
        tracing::error!(kind = job.kind, about, attempt, %error, "failed to do a job");
        let jitter = f64::from(Timestamp::now().subsec_nanosecond() % 1000) / 1000.0;
        let text = error.to_string();
        if let Err(error) = self.store.fail(&job.lease, &text, jitter, Timestamp::now()).await {
            tracing::error!(about, %error, "failed to give a job back");
        }
        false
    }

    /// Reads a call and keeps what was found; the draft of its deal is then due.
    async fn read(&self, job: &Job) -> Result<(), Error> {
        let call = subject(job)?;
        reach(Step::Read).await;
        let Some(stored) = self.store.call(&call).await? else { return self.complete(job).await };
        let read = self.reading(&stored).await;
        let lease = job.lease.clone();
        let now = Timestamp::now();
        let rules = self.rules.digest().clone();
        let listens = self.listener.is_some();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    match read {
                        Ok(reading) => {
                            if listens {
                                enqueue(tx, LISTEN, &call, now, now).await?;
                            }
                            let (call, version) = (call.clone(), stored.version);
                            let (format, record) = (reading.format, reading.record());
                            let reading = store::Reading { call, version, format, rules, record };
                            tx.put_reading(&reading, now).await?;
                        }
                        Err(Error::Unreadable(error)) => {
                            tx.mark_unreadable(&call, stored.version, &error.to_string()).await?;
                        }
                        Err(error) => return Err(error),
                    }
                    if let Some(deal) = &stored.deal {
                        enqueue(tx, "draft", deal, now + GATHERING, now).await?;
                    }
                    tx.complete(&lease).await?;
                    Ok(())
                })
            })
            .await?;
        self.index_is_behind.notify_one();
        Ok(())
    }

    /// Drafts the packet of a deal.
    async fn draft(&self, job: &Job) -> Result<(), Error> {
        let deal = subject(job)?;
        reach(Step::Draft).await;
        // Read before the calls are, so that the draft never claims to cover what it has not seen.
        let through = self.store.head().await?;
        let json = serde_json::to_value(self.packet(&deal).await?);
        let json = json.map_err(|error| Error::Odd(format!("a packet: {error}")))?;
        let ledger = json.get("ledger").cloned().unwrap_or(Value::Null);
        let draft = Draft { deal, packet: json, ledger, through };
        let lease = job.lease.clone();
        let now = Timestamp::now();
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    tx.put_draft(&draft, now).await?;
                    tx.complete(&lease).await?;
                    Ok::<_, Error>(())
                })
            })
            .await
    }

    pub(super) async fn complete(&self, job: &Job) -> Result<(), Error> {
        let lease = job.lease.clone();
        self.store.write(move |tx| Box::pin(async move { Ok(tx.complete(&lease).await?) })).await
    }

    async fn follow(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.index_batch().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::error!(%error, "failed to bring the index up to date"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.index_is_behind.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Brings the next calls that changed into the index with one commit; returns how many there were.
    ///
    /// # Errors
    /// Those of store and index.
    pub async fn index_batch(&self) -> Result<usize, Error> {
        let through = self.index.indexed_through().await?;
        let changes = self.store.changes_after(through, BATCH).await?;
        let Some(last) = changes.last() else { return Ok(0) };
        let mut applied = Vec::new();
        for change in &changes {
            match self.change(&change.call).await {
                Ok(changes) => applied.extend(changes),
                Err(error) if error.is_of_the_call() => {
                    tracing::error!(call = change.call, %error, "failed to read a call; it is not searchable");
                }
                Err(error) => return Err(error),
            }
        }
        reach(Step::Index).await;
        self.index.apply(applied, last.seq).await?;
        Ok(changes.len())
    }

    /// Returns what an index must do about a call: forget it where it is erased, nothing while it is not read yet.
    /// Where somebody was erased from it, what the index held of it goes for good before the rest comes back.
    async fn change(&self, call: &str) -> Result<Vec<Change>, Error> {
        let remove = || Change::Remove(call.to_owned());
        let Some(stored) = self.store.call(call).await? else { return Ok(vec![remove()]) };
        let mut changes = Vec::new();
        if self.store.was_erased_from(call).await? {
            changes.push(remove());
        }
        if stored.state != store::CallState::Read {
            return Ok(changes);
        }
        let deal = self.deal_of(&stored).await?;
        let reading = self.reading(&stored).await?;
        changes.push(Change::Put(CallDocument::new(&reading.transcript, Some(&deal), &reading.record())));
        Ok(changes)
    }

    pub(super) async fn deal_of(&self, stored: &StoredCall) -> Result<Deal, Error> {
        let Some(id) = &stored.deal else { return Ok(Deal::default()) };
        Ok(self.store.deal(id).await?.map(|stored| stored.deal).unwrap_or_default())
    }
}

/// Runs work for the processor away from the tasks that answer requests. A panic ends the work and nothing else; its
/// message may hold words of a call and goes no further.
pub(super) async fn run_aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Panicked)
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

/// Writes a job that is due at `run_at`.
pub(super) async fn enqueue(
    tx: &mut Tx,
    kind: &str,
    about: &str,
    run_at: Timestamp,
    now: Timestamp,
) -> Result<(), store::Error> {
    let job = NewJob {
        id: Uuid::now_v7(),
        kind: kind.to_owned(),
        payload: json!({ "about": about }),
        dedupe_key: Some(format!("{kind} {about}")),
        run_at,
        max_attempts: ATTEMPTS,
    };
    tx.enqueue(&job, now).await?;
    Ok(())
}

pub(super) fn subject(job: &Job) -> Result<String, Error> {
    let about = job.payload.get("about").and_then(Value::as_str);
    about.map(str::to_owned).ok_or_else(|| Error::Odd(format!("a job about {}", job.payload)))
}

fn answer_of(receipt: &Receipt) -> Answer {
    Answer { status: 201, body: json!(receipt).to_string() }
}

fn receipt_of(answer: &Answer) -> Result<Receipt, DeliverError> {
    serde_json::from_str(&answer.body)
        .map_err(|error| store::Error::Damaged(format!("a kept answer: {error}")).into())
}
