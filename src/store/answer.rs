use jiff::{SignedDuration, Timestamp};

use super::{Error, Tx, args};
use crate::transcript::Digest;

/// How long an answer is repeated to a sender who asks again.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What makes two posts one: who asked, where, and the `Idempotency-Key` they sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestKey {
    /// Id of the sender's token; empty where none was needed.
    pub token: String,
    /// Method and route.
    pub route: String,
    /// The key.
    pub key: String,
    /// Digest of the body that came with it.
    pub body: Digest,
}

/// The answer that a post was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: String,
}

/// What is known of a request key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replay {
    /// Nobody has used it: go ahead, then [`Tx::remember`] the answer in the same transaction.
    Fresh,
    /// It was answered; give the same answer and do nothing.
    Answered(Answer),
    /// It was answered for another body, which is a mistake of the sender.
    OtherBody,
    /// The first request is still under way elsewhere.
    InFlight,
}

/// What stands in place of an answer whose words were erased; no answer reads so.
pub(super) const ERASED: &str = "erased";

impl Tx {
    /// Tells what is known of `key`, and holds it until the transaction ends.
    ///
    /// # Errors
    /// [`Error::Erased`] where it was answered and an erasure took the words of the answer; those of the database.
    pub async fn replay(&mut self, key: &RequestKey, now: Timestamp) -> Result<Replay, Error> {
        if !self.try_hold(&format!("answer {} {} {}", key.token, key.route, key.key)).await? {
            return Ok(Replay::InFlight);
        }
        let sql = "SELECT body_digest, status, body FROM answers
                   WHERE token = $1 AND route = $2 AND key = $3 AND made_at > $4";
        let args = args![&key.token, &key.route, &key.key, oldest(now)];
        let Some(row) = self.first(sql, args).await? else { return Ok(Replay::Fresh) };
        if row.text(0)? != key.body.as_str() {
            return Ok(Replay::OtherBody);
        }
        let body = row.text(2)?;
        if body == ERASED {
            return Err(Error::Erased { what: "the answer to", id: key.key.clone() });
        }
        Ok(Replay::Answered(Answer { status: row.number(1)?, body }))
    }

    /// Keeps the answer to `key`, and forgets answers that are older than a day.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn remember(&mut self, key: &RequestKey, answer: &Answer, now: Timestamp) -> Result<(), Error> {
        self.run("DELETE FROM answers WHERE made_at <= $1", args![oldest(now)]).await?;
        let sql = "INSERT INTO answers (token, route, key, body_digest, status, body, made_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let status = i64::from(answer.status);
        self.run(sql, args![&key.token, &key.route, &key.key, &key.body, status, &answer.body, now]).await?;
        Ok(())
    }
}

fn oldest(now: Timestamp) -> Timestamp {
    now.checked_sub(KEPT).unwrap_or(Timestamp::MIN)
}
