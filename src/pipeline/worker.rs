use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::job::{LISTEN, NOTIFY, TELL, enqueue, subject};
use super::step::{Step, reach};
use super::{Error, Pipeline, promises};
use crate::notify::Channel;
use crate::review;
use crate::store::{self, Draft, Job, Lane};

/// How long a worker may take for a job before another one takes it: a hundred times what a long call needs.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// How long hearing a model about a call may take, retries and waits included, before another worker takes it up.
const LISTENING: SignedDuration = SignedDuration::from_mins(10);

/// Longest pause between two looks for work of which no notice arrives: another replica's, or work that waits.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long a draft waits after a call was read: what arrives together is read and indexed first, and drafted once.
const GATHERING: SignedDuration = SignedDuration::from_millis(150);

impl Pipeline {
    /// Works until `stop` is cancelled: `workers` tasks take jobs, one keeps the index abreast of the store.
    pub async fn run(self: Arc<Self>, workers: usize, stop: CancellationToken) {
        if let Err(error) = self.redraft_without_glance().await {
            tracing::error!(%error, "failed to have deals drafted again; lists show less of them");
        }
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..workers.max(1) {
            let (pipeline, stop) = (Arc::clone(&self), stop.clone());
            tasks.spawn(async move { pipeline.take_jobs(&stop).await });
        }
        // Each channel by itself: one whose receiver is out of order keeps no other waiting.
        for lane in self.lanes_of_messages() {
            let (pipeline, stop) = (Arc::clone(&self), stop.clone());
            tasks.spawn(async move { pipeline.take_others(lane, LEASE, &stop).await });
        }
        let (pipeline, stopped) = (Arc::clone(&self), stop.clone());
        tasks.spawn(async move { pipeline.keep_channels(&stopped).await });
        for _ in 0..self.listener.as_ref().map_or(0, |listener| listener.concurrency.max(1)) {
            let (pipeline, stop) = (Arc::clone(&self), stop.clone());
            tasks.spawn(async move { pipeline.take_others(Lane::Model, LISTENING, &stop).await });
        }
        tasks.spawn(async move { self.follow(&stop).await });
        while tasks.join_next().await.is_some() {}
    }

    /// Has deals drafted again whose drafts an earlier program made.
    async fn redraft_without_glance(&self) -> Result<(), Error> {
        let (deals, now) = (self.store.drafts_without_glance().await?, Timestamp::now());
        if deals.is_empty() {
            return Ok(());
        }
        let owed = self.store.write(move |tx| {
            Box::pin(async move {
                for deal in deals {
                    enqueue(tx, "draft", &deal, now, now).await?;
                }
                Ok::<_, store::Error>(())
            })
        });
        Ok(owed.await?)
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

    async fn take_others(&self, lane: Lane, lease: SignedDuration, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let now = Timestamp::now();
            let until = now.checked_add(lease).unwrap_or(Timestamp::MAX);
            match self.store.claim_of(lane, &self.worker, until, now).await {
                Ok(Some(job)) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        _ = self.work(job) => {}
                    }
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "failed to look for work that waits for others"),
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
            TELL => self.tell(&job).await,
            other => match other.strip_prefix(NOTIFY).and_then(Channel::named) {
                Some(channel) => self.notify(&job, channel).await,
                None => Err(Error::Odd(format!("a job of kind `{other}`"))),
            },
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
        let to_hold = self.to_hold([call.as_str()])?;
        let held = self
            .store
            .write(move |tx| {
                Box::pin(async move {
                    let mut held = Vec::new();
                    match read {
                        Ok(reading) => {
                            if listens {
                                enqueue(tx, LISTEN, &call, now, now).await?;
                            }
                            let (call, version) = (call.clone(), stored.version);
                            let (format, record) = (reading.format, reading.record());
                            let reading = store::Reading { call, version, format, rules, record };
                            tx.put_reading(&reading, now).await?;
                            held = Self::hold(tx, to_hold).await?;
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
                    Ok(held)
                })
            })
            .await?;
        held.iter().for_each(|inputs| self.kept.is_stored(inputs));
        self.index_is_behind.notify_one();
        Ok(())
    }

    /// Drafts the packet of a deal.
    async fn draft(&self, job: &Job) -> Result<(), Error> {
        let deal = subject(job)?;
        reach(Step::Draft).await;
        // Read before the calls are, so that the draft never claims to cover what it has not seen.
        let through = self.store.head().await?;
        let verdicts = review::tally(&self.decisions(&deal).await?);
        let packet = self.packet(&deal).await?;
        let odd = |error: serde_json::Error| Error::Odd(format!("a packet: {error}"));
        let glance = serde_json::to_value(packet.glance()).map_err(odd)?;
        let verdicts = serde_json::to_value(verdicts).map_err(odd)?;
        let calls: Vec<_> = packet.calls.iter().map(|call| call.id.clone()).collect();
        let promises = promises::drafted(&packet).map_err(odd)?;
        let to_hold = self.to_hold(calls.iter().map(String::as_str))?;
        let draft = Draft { deal, glance, verdicts, promises, through };
        let lease = job.lease.clone();
        let now = Timestamp::now();
        let work = self.store.write(move |tx| {
            Box::pin(async move {
                // First: an erasure that withdraws the job holds it before it removes the draft.
                tx.complete(&lease).await?;
                tx.put_draft(&draft, now).await?;
                Ok::<_, Error>(Self::hold(tx, to_hold).await?)
            })
        });
        work.await?.iter().for_each(|inputs| self.kept.is_stored(inputs));
        Ok(())
    }

    pub(super) async fn complete(&self, job: &Job) -> Result<(), Error> {
        let lease = job.lease.clone();
        self.store.write(move |tx| Box::pin(async move { Ok(tx.complete(&lease).await?) })).await
    }
}
