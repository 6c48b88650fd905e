use jiff::Timestamp;

use super::{Error, Store, Tx, Value, args};
use crate::detect::CallRecord;
use crate::ingest::Format;
use crate::transcript::Digest;

/// What the rules found in one version of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The call's id.
    pub call: String,
    /// The version that was read.
    pub version: u32,
    /// The format that was recognised.
    pub format: Format,
    /// Digest of the rule set.
    pub rules: Digest,
    /// The findings.
    pub record: CallRecord,
}

/// A reading as the program holds it, packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldReading {
    /// The call's id.
    pub call: String,
    /// The version that was read.
    pub version: u32,
    /// Digest of all that the reading rests on.
    pub inputs: Digest,
    /// The reading.
    pub packed: Vec<u8>,
}

impl Store {
    /// Returns the packed reading of `version` of a call, where it rests on `inputs`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn held_reading(
        &self,
        call: &str,
        version: u32,
        inputs: &Digest,
    ) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT held FROM readings WHERE call_id = $1 AND version = $2 AND inputs = $3";
        self.first(sql, args![call, version, inputs]).await?.map(|row| row.bytes(0)).transpose()
    }

    /// Returns what was found in `version` of a call.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn reading(&self, call: &str, version: u32) -> Result<Option<Reading>, Error> {
        let sql = "SELECT r.rules, r.record, v.format FROM readings r
                   JOIN call_versions v ON v.call_id = r.call_id AND v.version = r.version
                   WHERE r.call_id = $1 AND r.version = $2";
        let Some(row) = self.first(sql, args![call, version]).await? else { return Ok(None) };
        let rules = serde_json::from_value(row.text(0)?.into())
            .map_err(|_| Error::Damaged("a digest is none".to_owned()))?;
        let (record, format) = (row.json(1)?, row.json(2)?);
        Ok(Some(Reading { call: call.to_owned(), version, format, rules, record }))
    }
}

impl Tx {
    /// Keeps a reading, in place of one by other rules, and returns the number of the change. A reading of a version
    /// that is no longer the newest is kept too, and changes nothing else.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such version: the call was erased meanwhile.
    pub async fn put_reading(&mut self, reading: &Reading, now: Timestamp) -> Result<u64, Error> {
        let missing =
            || Error::Missing { what: "version", id: format!("{}/{}", reading.call, reading.version) };
        self.hold(&reading.call).await?;
        // Whoever began to read before an erasure still has the words.
        let sql = "SELECT source FROM call_versions JOIN sources ON sources.digest = call_versions.source
                   WHERE call_id = $1 AND version = $2 AND length(sources.bytes) = 0";
        if self.first(sql, args![&reading.call, reading.version]).await?.is_some() {
            return Err(Error::Erased {
                what: "version",
                id: format!("{}/{}", reading.call, reading.version),
            });
        }
        let sql = "UPDATE call_versions SET format = $3 WHERE call_id = $1 AND version = $2";
        let format = Value::json(&reading.format)?;
        if self.run(sql, args![&reading.call, reading.version, format]).await? == 0 {
            return Err(missing());
        }
        let sql =
            "INSERT INTO readings (call_id, version, rules, record, read_at) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (call_id, version) DO UPDATE
                   SET rules = excluded.rules, record = excluded.record, read_at = excluded.read_at";
        let record = Value::json(&reading.record)?;
        self.run(sql, args![&reading.call, reading.version, &reading.rules, record, now]).await?;
        let sql = "UPDATE calls SET state = 'read', reason = NULL, revision = revision + 1
                   WHERE id = $1 AND version = $2";
        self.run(sql, args![&reading.call, reading.version]).await?;
        self.touch(&reading.call).await
    }

    /// Keeps a packed reading beside what was found in that version of the call, and tells whether there is such.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hold_reading(&mut self, held: HeldReading) -> Result<bool, Error> {
        let sql = "UPDATE readings SET inputs = $3, held = $4 WHERE call_id = $1 AND version = $2";
        let HeldReading { call, version, inputs, packed } = held;
        Ok(self.run(sql, args![call, version, &inputs, packed]).await? > 0)
    }
}
