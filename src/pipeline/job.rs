use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Error;
use crate::store::{self, Job, NewJob, Tx};

/// The kind of the jobs that wait for a model; the store hands them out apart from the others.
pub(super) const LISTEN: &str = "listen";

/// The kind of the jobs that look at a handoff for what people are to be told.
pub(super) const TELL: &str = "tell";

/// What the kinds of the jobs begin with that send one message by the channel of the word behind it; the store hands out
/// each channel's apart from the others.
pub(super) const NOTIFY: &str = "notify_";

/// After so many attempts, crashes of the worker included, a job waits for a person: about three hours, the waits
/// between them doubling to a quarter of one.
const ATTEMPTS: u32 = 20;

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

/// Takes a job away from whoever does it: what they made of what they read before is refused. Before all else in a
/// transaction, in the order in which whoever finishes a job writes.
pub(super) async fn withdraw(tx: &mut Tx, kind: &str, about: &str) -> Result<(), store::Error> {
    tx.withdraw(&format!("{kind} {about}")).await
}

pub(super) fn subject(job: &Job) -> Result<String, Error> {
    let about = job.payload.get("about").and_then(Value::as_str);
    about.map(str::to_owned).ok_or_else(|| Error::Odd(format!("a job about {}", job.payload)))
}
