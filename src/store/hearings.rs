//! What a model said about calls, and what it cost.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Error, Row, Store, Tx, Value, args};
use crate::llm::{Completion, Refused, Spent, Usage};
use crate::transcript::Digest;

/// How a model was heard about a version of a call.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Hearing {
    /// The call's id.
    pub call: String,
    /// The version.
    pub version: u32,
    /// The model's name.
    pub model: String,
    /// Keys of the replies that the reading rests on.
    #[serde(skip)]
    pub keys: Vec<Digest>,
    /// Why some reply is missing.
    pub failure: Option<String>,
    /// Answers whose words stand in the call.
    pub grounded: u32,
    /// Answers that were refused.
    pub refused: Vec<Refused>,
}

/// Something that was paid for.
#[derive(Clone, Debug, PartialEq)]
pub struct Spending {
    /// A UUIDv7.
    pub id: Uuid,
    /// The deal it was for.
    pub deal: Option<String>,
    /// The model's name.
    pub model: String,
    /// The tokens.
    pub usage: Usage,
    /// Millionths of a dollar.
    pub micros: u64,
}

/// What a model cost on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DaySpent {
    /// The day, by UTC.
    pub day: String,
    /// The model's name.
    pub model: String,
    /// How often it was paid for.
    pub requests: u64,
    /// Tokens that were sent.
    pub input_tokens: u64,
    /// Tokens that came back.
    pub output_tokens: u64,
    /// Millionths of a dollar.
    pub micros: u64,
}

impl Store {
    /// Returns the replies that are kept under `keys`, each in its place.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn replies(&self, keys: &[Digest]) -> Result<Vec<Option<Completion>>, Error> {
        let mut replies = Vec::new();
        for key in keys {
            let sql = "SELECT text, input_tokens, output_tokens FROM llm_replies WHERE key = $1";
            let row = self.first(sql, args![key]).await?;
            let reply = |row: Row| {
                let usage = Usage { input: row.number(1)?, output: row.number(2)? };
                Ok::<_, Error>(Completion { text: row.text(0)?, usage })
            };
            replies.push(row.map(reply).transpose()?);
        }
        Ok(replies)
    }

    /// Returns how the model was heard about a version of a call.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hearing(&self, call: &str, version: u32) -> Result<Option<Hearing>, Error> {
        let sql = "SELECT call_id, version, model, keys, failure, grounded, refused FROM llm_hearings
                   WHERE call_id = $1 AND version = $2";
        self.first(sql, args![call, version]).await?.map(|row| Hearing::read(&row)).transpose()
    }

    /// Returns the newest hearings that failed or of which an answer was refused, the newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn odd_hearings(&self, limit: u32) -> Result<Vec<Hearing>, Error> {
        let sql = "SELECT call_id, version, model, keys, failure, grounded, refused FROM llm_hearings
                   WHERE failure IS NOT NULL OR refused <> '[]' ORDER BY heard_at DESC, call_id LIMIT $1";
        self.all(sql, args![limit]).await?.iter().map(Hearing::read).collect()
    }

    /// Returns what was spent since `from`, for one deal or for all.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn spent(&self, from: Timestamp, deal: Option<&str>) -> Result<Spent, Error> {
        let sql = "SELECT CAST(coalesce(sum(input_tokens + output_tokens), 0) AS BIGINT),
                          CAST(coalesce(sum(micros), 0) AS BIGINT)
                   FROM llm_spending WHERE spent_at >= $1 AND ($2 = '' OR deal_id = $2)";
        let row = self.first(sql, args![from, deal.unwrap_or_default()]).await?;
        let Some(row) = row else { return Ok(Spent::default()) };
        Ok(Spent { tokens: row.number(0)?, micros: row.number(1)? })
    }

    /// Returns what each model cost day by day since `from`, the newest day first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn spent_by_day(&self, from: Timestamp) -> Result<Vec<DaySpent>, Error> {
        let sql = "SELECT substr(spent_at, 1, 10), model, CAST(count(*) AS BIGINT),
                          CAST(sum(input_tokens) AS BIGINT), CAST(sum(output_tokens) AS BIGINT),
                          CAST(sum(micros) AS BIGINT)
                   FROM llm_spending WHERE spent_at >= $1
                   GROUP BY substr(spent_at, 1, 10), model
                   ORDER BY substr(spent_at, 1, 10) DESC, model";
        self.all(sql, args![from]).await?.iter().map(DaySpent::read).collect()
    }
}

impl Tx {
    /// Keeps a reply under its key; one that is there already stays.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keep_reply(
        &mut self,
        key: &Digest,
        call: &str,
        reply: &Completion,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO llm_replies (key, call_id, text, input_tokens, output_tokens, made_at)
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key) DO NOTHING";
        // PostgreSQL holds no NUL, and a model may write one.
        let text = reply.text.replace('\0', " ");
        let Usage { input, output } = reply.usage;
        self.run(sql, args![key, call, text, input as i64, output as i64, now]).await?;
        Ok(())
    }

    /// Keeps how a model was heard about a call, in place of the hearing before. To be done first where replies are kept
    /// too: what was erased meanwhile must not come back.
    ///
    /// # Errors
    /// [`Error::Missing`] where the version is not the newest any more, or the call was erased.
    pub async fn put_hearing(&mut self, hearing: &Hearing, now: Timestamp) -> Result<(), Error> {
        let Hearing { call, version, model, failure, grounded, .. } = hearing;
        self.hold(call).await?;
        let sql = "SELECT id FROM calls WHERE id = $1 AND version = $2";
        if self.first(sql, args![call, *version]).await?.is_none() {
            return Err(Error::Missing { what: "version", id: format!("{call}/{version}") });
        }
        let sql = "INSERT INTO llm_hearings (call_id, version, model, keys, failure, grounded, refused, heard_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                   ON CONFLICT (call_id, version) DO UPDATE
                   SET model = excluded.model, keys = excluded.keys, failure = excluded.failure,
                       grounded = excluded.grounded, refused = excluded.refused, heard_at = excluded.heard_at";
        let (keys, refused) = (Value::json(&hearing.keys)?, Value::json(&hearing.refused)?);
        self.run(sql, args![call, *version, model, keys, failure.as_deref(), *grounded, refused, now])
            .await?;
        Ok(())
    }

    /// Notes what was spent.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn spend(&mut self, spending: &Spending, now: Timestamp) -> Result<(), Error> {
        let sql =
            "INSERT INTO llm_spending (id, deal_id, model, input_tokens, output_tokens, micros, spent_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let Usage { input, output } = spending.usage;
        let (id, deal, micros) = (spending.id.to_string(), spending.deal.as_deref(), spending.micros as i64);
        self.run(sql, args![id, deal, &spending.model, input as i64, output as i64, micros, now]).await?;
        Ok(())
    }

    /// Forgets what a model said about a call.
    pub(super) async fn forget_replies(&mut self, call: &str) -> Result<(), Error> {
        self.run("DELETE FROM llm_replies WHERE call_id = $1", args![call]).await?;
        self.run("DELETE FROM llm_hearings WHERE call_id = $1", args![call]).await?;
        Ok(())
    }
}

impl Hearing {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            call: row.text(0)?,
            version: row.number(1)?,
            model: row.text(2)?,
            keys: row.json(3)?,
            failure: row.maybe_text(4)?,
            grounded: row.number(5)?,
            refused: row.json(6)?,
        })
    }
}

impl DaySpent {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            day: row.text(0)?,
            model: row.text(1)?,
            requests: row.number(2)?,
            input_tokens: row.number(3)?,
            output_tokens: row.number(4)?,
            micros: row.number(5)?,
        })
    }
}
