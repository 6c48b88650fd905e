use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Error, Store, Tx, Value, args};

/// What a person said about who speaks on a call and for whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// A UUIDv7: corrections count in the order of their ids.
    pub id: Uuid,
    /// The call's id.
    pub call: String,
    /// Who made it.
    pub author: String,
    /// What it says.
    pub body: Json,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Store {
    /// Returns the corrections of a call in the order in which they were made.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn corrections(&self, call: &str) -> Result<Vec<Correction>, Error> {
        let sql = "SELECT id, author, body, made_at FROM corrections WHERE call_id = $1 ORDER BY id";
        let rows = self.all(sql, args![call]).await?;
        let correction = |row: &super::Row| {
            Ok(Correction {
                id: row.parsed(0)?,
                call: call.to_owned(),
                author: row.text(1)?,
                body: row.json(2)?,
                made_at: row.time(3)?,
            })
        };
        rows.iter().map(correction).collect()
    }
}

impl Tx {
    /// Appends a correction and returns the number of the change.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such call.
    pub async fn correct(&mut self, correction: &Correction) -> Result<u64, Error> {
        let sql = "INSERT INTO corrections (id, call_id, author, body, made_at)
                   SELECT $1, id, $3, $4, $5 FROM calls WHERE id = $2";
        let id = correction.id.to_string();
        let body = Value::json(&correction.body)?;
        let args = args![id, &correction.call, &correction.author, body, correction.made_at];
        if self.run(sql, args).await? == 0 {
            return Err(Error::Missing { what: "call", id: correction.call.clone() });
        }
        self.touch(&correction.call).await
    }
}
