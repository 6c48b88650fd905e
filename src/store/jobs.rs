use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use crate::notify::Channel;

use super::{Cursor, Engine, Error, Page, Row, Store, Tx, Value, args};

/// The first wait after a failure; it doubles with every further one, up to [`LONGEST_WAIT`].
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);

/// A job that keeps failing is tried every quarter of an hour: a fault that has ended is noticed in time.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// Work to be done.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// A UUIDv7.
    pub id: Uuid,
    /// What kind of work.
    pub kind: String,
    /// What it is about.
    pub payload: Json,
    /// Where a job with this key already waits, this one at most brings it forward. Two with one key never run at once
    /// either.
    pub dedupe_key: Option<String>,
    /// Not before.
    pub run_at: Timestamp,
    /// After so many attempts, crashes of the worker included, the job is left to a person.
    pub max_attempts: u32,
}

/// A job that a worker has taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The right to finish it.
    pub lease: Lease,
    /// What kind of work.
    pub kind: String,
    /// What it is about.
    pub payload: Json,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

/// The right to finish a job, until it runs out and somebody else takes the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The job's id.
    pub job: Uuid,
    /// The fencing token: a worker that slept past its lease holds an old one.
    pub token: u64,
}

/// What becomes of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It is tried again at this time.
    Again(Timestamp),
    /// A younger job with its key waits already and will do the work.
    Superseded,
    /// It is left to a person.
    Dead,
}

/// A job as an operator sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct JobState {
    /// The job's id.
    pub id: Uuid,
    /// What kind of work.
    pub kind: String,
    /// What it is about.
    pub payload: Json,
    /// `ready`, `running` or `dead`.
    pub state: String,
    /// How often it was taken.
    pub attempts: u32,
    /// Not before.
    pub run_at: Timestamp,
    /// What went wrong the last time.
    pub last_error: Option<String>,
}

/// Which work a worker takes: what waits for others keeps nothing of our own waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Work of our own.
    Own,
    /// Work that waits for a model (kind `listen`).
    Model,
    /// Looks at handoffs for what people are to be told (kind `tell`), for who has a channel.
    Telling,
    /// Messages that wait for the receivers of one channel (kind `notify_` and its word).
    Messages(Channel),
}

impl Lane {
    /// Returns its number in `claim!`.
    fn number(self) -> i64 {
        match self {
            Self::Own => 0,
            Self::Model => 1,
            Self::Telling => 2,
            Self::Messages(Channel::Webhook) => 3,
            Self::Messages(Channel::Slack) => 4,
            Self::Messages(Channel::Mail) => 5,
        }
    }
}

/// Takes due jobs and those whose lease ran out; the last part differs, because PostgreSQL has many writers.
macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_token = lease_token + 1,
                 lease_owner = $1, lease_until = $2
             WHERE id IN (
                 SELECT id FROM jobs j
                 WHERE (CASE kind WHEN 'listen' THEN 1 WHEN 'tell' THEN 2 WHEN 'notify_webhook' THEN 3
                    WHEN 'notify_slack' THEN 4 WHEN 'notify_mail' THEN 5 ELSE 0 END) = $5 AND (
                    (state = 'running' AND lease_until <= $3)
                    OR (state = 'ready' AND run_at <= $3 AND NOT EXISTS (
                        SELECT 1 FROM jobs twin WHERE twin.dedupe_key = j.dedupe_key AND twin.state = 'running')))
                 ORDER BY run_at, id LIMIT $4 ",
            $lock,
            ") RETURNING id, kind, payload, attempts, lease_token"
        )
    };
}

impl Tx {
    /// Adds a job to this transaction, or brings the one that waits with its key forward; tells whether it did either.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enqueue(&mut self, job: &NewJob, now: Timestamp) -> Result<bool, Error> {
        let sql = "INSERT INTO jobs (id, kind, payload, dedupe_key, state, run_at, attempts, max_attempts,
                       lease_token, created_at)
                   VALUES ($1, $2, $3, $4, 'ready', $5, 0, $6, 0, $7)
                   ON CONFLICT (dedupe_key) WHERE state = 'ready'
                   DO UPDATE SET run_at = excluded.run_at WHERE jobs.run_at > excluded.run_at";
        let (id, payload) = (job.id.to_string(), Value::json(&job.payload)?);
        let key = job.dedupe_key.as_deref();
        let args = args![id, &job.kind, payload, key, job.run_at, job.max_attempts, now];
        let added = self.run(sql, args).await? > 0;
        self.woke |= added;
        Ok(added)
    }

    /// Finishes a job within the transaction that holds what it did.
    ///
    /// # Errors
    /// [`Error::Stale`] where the lease ran out and somebody else took the job: then nothing of this transaction may
    /// stand.
    pub async fn complete(&mut self, lease: &Lease) -> Result<(), Error> {
        let sql = "DELETE FROM jobs WHERE id = $1 AND lease_token = $2 AND state = 'running'";
        let done = self.run(sql, args![lease.job.to_string(), lease.token as i64]).await?;
        if done == 0 { Err(lease.lost()) } else { Ok(()) }
    }

    /// Takes the running job of a key away from its worker, who can no longer finish it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn withdraw(&mut self, dedupe_key: &str) -> Result<(), Error> {
        let sql = "DELETE FROM jobs WHERE dedupe_key = $1 AND state = 'running'";
        self.run(sql, args![dedupe_key]).await.map(drop)
    }

    async fn claim(
        &mut self,
        worker: &str,
        limit: u32,
        until: Timestamp,
        (lane, now): (Lane, Timestamp),
    ) -> Result<Vec<Job>, Error> {
        // A job whose worker died at every attempt most likely killed it.
        let sql =
            "UPDATE jobs SET state = 'dead', last_error = coalesce(last_error, 'its worker died every time')
                   WHERE state = 'running' AND lease_until <= $1 AND attempts >= max_attempts";
        self.run(sql, args![now]).await?;
        let sql = match self.engine() {
            Engine::Sqlite => claim!(""),
            Engine::Postgres => claim!("FOR UPDATE SKIP LOCKED"),
        };
        let rows = self.all(sql, args![worker, until, now, limit, lane.number()]).await?;
        rows.iter().map(Job::read).collect()
    }

    async fn fail(
        &mut self,
        lease: &Lease,
        error: &str,
        jitter: f64,
        now: Timestamp,
    ) -> Result<Failed, Error> {
        let (job, token) = (lease.job.to_string(), lease.token as i64);
        let sql = "SELECT attempts, max_attempts, dedupe_key FROM jobs
                   WHERE id = $1 AND lease_token = $2 AND state = 'running'";
        let row = self.first(sql, args![&job, token]).await?.ok_or_else(|| lease.lost())?;
        let (attempts, most): (u32, u32) = (row.number(0)?, row.number(1)?);
        let key = row.maybe_text(2)?;
        let sql = "SELECT id FROM jobs WHERE dedupe_key = $1 AND state = 'ready'";
        if key.is_some() && self.first(sql, args![key]).await?.is_some() {
            self.complete(lease).await?;
            return Ok(Failed::Superseded);
        }
        let (state, run_at) =
            if attempts >= most { ("dead", now) } else { ("ready", after(attempts, jitter, now)) };
        let sql =
            "UPDATE jobs SET state = $3, run_at = $4, last_error = $5, lease_owner = NULL, lease_until = NULL
                   WHERE id = $1 AND lease_token = $2 AND state = 'running'";
        if self.run(sql, args![job, token, state, run_at, error.replace('\0', " ")]).await? == 0 {
            return Err(lease.lost());
        }
        Ok(if state == "dead" { Failed::Dead } else { Failed::Again(run_at) })
    }
}

impl Store {
    /// Takes at most `limit` due jobs for `worker`, which may finish them until `until`. No job is ever handed to two
    /// workers whose leases both hold.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim(
        &self,
        worker: &str,
        limit: u32,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Job>, Error> {
        let worker = worker.to_owned();
        let lane = (Lane::Own, now);
        self.write(move |tx| Box::pin(async move { tx.claim(&worker, limit, until, lane).await })).await
    }

    /// Takes a due job of a lane that [`claim`](Self::claim) leaves alone.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim_of(
        &self,
        lane: Lane,
        worker: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Job>, Error> {
        let (worker, lane) = (worker.to_owned(), (lane, now));
        let claimed = self.write(move |tx| Box::pin(async move { tx.claim(&worker, 1, until, lane).await }));
        Ok(claimed.await?.pop())
    }

    /// Lets the leases of `worker` run out now: whoever starts under the name of a worker that was killed need not wait
    /// for them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn expire_leases(&self, worker: &str, now: Timestamp) -> Result<(), Error> {
        let worker = worker.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE jobs SET lease_until = $2 WHERE lease_owner = $1 AND state = 'running'";
                tx.run(sql, args![worker, now]).await.map(drop)
            })
        })
        .await
    }

    /// Keeps a job whose work takes longer than its lease.
    ///
    /// # Errors
    /// [`Error::Stale`] where somebody else has taken it.
    pub async fn renew(&self, lease: &Lease, until: Timestamp) -> Result<(), Error> {
        let lease = lease.clone();
        let work = async move |tx: &mut Tx| {
            let sql =
                "UPDATE jobs SET lease_until = $3 WHERE id = $1 AND lease_token = $2 AND state = 'running'";
            let kept = tx.run(sql, args![lease.job.to_string(), lease.token as i64, until]).await?;
            if kept == 0 { Err(lease.lost()) } else { Ok(()) }
        };
        self.write(move |tx| Box::pin(async move { work(tx).await })).await
    }

    /// Gives a failed job back. `jitter`, from 0 to 1, spreads the retries of many jobs that failed together.
    ///
    /// # Errors
    /// [`Error::Stale`] where somebody else has taken it.
    pub async fn fail(
        &self,
        lease: &Lease,
        error: &str,
        jitter: f64,
        now: Timestamp,
    ) -> Result<Failed, Error> {
        let (lease, error) = (lease.clone(), error.to_owned());
        self.write(move |tx| Box::pin(async move { tx.fail(&lease, &error, jitter, now).await })).await
    }

    /// Returns a page of the jobs that are owed or dead, in the order in which they were written.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn jobs(&self, after: Option<&Cursor>, limit: u32) -> Result<Page<JobState>, Error> {
        let sql = "SELECT id, kind, payload, state, attempts, run_at, last_error FROM jobs
                   WHERE id > $1 ORDER BY id LIMIT $2";
        let rows = self.all(sql, args![after.map_or("", Cursor::id), Page::<JobState>::rows(limit)]).await?;
        let jobs = rows.iter().map(JobState::read).collect::<Result<_, _>>()?;
        Ok(Page::cut(jobs, limit, |last: &JobState| Cursor::new("", last.id.to_string())))
    }

    /// Returns the jobs in a `state` (`ready` or `dead`) of which something went wrong, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn failed_jobs(&self, state: &str, limit: u32) -> Result<Vec<JobState>, Error> {
        let sql = "SELECT id, kind, payload, state, attempts, run_at, last_error FROM jobs
                   WHERE state = $1 AND last_error IS NOT NULL ORDER BY run_at DESC, id DESC LIMIT $2";
        self.all(sql, args![state, limit]).await?.iter().map(JobState::read).collect()
    }

    /// Tries a dead job again, and tells whether there was one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revive(&self, job: Uuid, now: Timestamp) -> Result<bool, Error> {
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE jobs SET state = 'ready', attempts = 0, run_at = $2
                           WHERE id = $1 AND state = 'dead' AND NOT EXISTS (
                               SELECT 1 FROM jobs twin
                               WHERE twin.dedupe_key = jobs.dedupe_key AND twin.state = 'ready')";
                let revived = tx.run(sql, args![job.to_string(), now]).await? > 0;
                tx.woke |= revived;
                Ok(revived)
            })
        })
        .await
    }
}

/// Returns when to try again: a wait that doubles, of which jitter takes up to half away.
fn after(attempts: u32, jitter: f64, now: Timestamp) -> Timestamp {
    let doubled = FIRST_WAIT.as_secs_f64() * 2f64.powi(attempts.min(30) as i32 - 1);
    let wait = doubled.min(LONGEST_WAIT.as_secs_f64()) * (1.0 - jitter.clamp(0.0, 1.0) / 2.0);
    now.checked_add(SignedDuration::from_millis((wait * 1000.0) as i64)).unwrap_or(Timestamp::MAX)
}

impl Lease {
    fn lost(&self) -> Error {
        Error::Stale { what: "job", id: self.job.to_string() }
    }
}

impl Job {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            lease: Lease { job: row.parsed(0)?, token: row.number(4)? },
            kind: row.text(1)?,
            payload: row.json(2)?,
            attempt: row.number(3)?,
        })
    }
}

impl JobState {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.parsed(0)?,
            kind: row.text(1)?,
            payload: row.json(2)?,
            state: row.text(3)?,
            attempts: row.number(4)?,
            run_at: row.time(5)?,
            last_error: row.maybe_text(6)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_quarter_of_an_hour() {
        let now = Timestamp::UNIX_EPOCH;
        let seconds = |attempts, jitter| after(attempts, jitter, now).as_second();
        assert_eq!([1, 2, 3, 10, 4_000_000_000].map(|n| seconds(n, 0.0)), [1, 2, 4, 512, 900]);
        assert_eq!(seconds(3, 1.0), 2);
    }
}
