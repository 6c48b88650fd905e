use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Error, Store, Tx, Value, args};

/// A drafted packet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The deal's id.
    pub deal: String,
    /// The packet.
    pub packet: Json,
    /// The ledger it was drawn from.
    pub ledger: Json,
    /// The number of the last change that it covers.
    pub through: u64,
}

/// A draft as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDraft {
    /// The draft.
    pub draft: Draft,
    /// Rises with every new draft.
    pub revision: u64,
    /// When it was made.
    pub made_at: Timestamp,
}

impl Store {
    /// Returns the newest draft of a deal.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn draft(&self, deal: &str) -> Result<Option<StoredDraft>, Error> {
        let sql = "SELECT packet, ledger, through, revision, made_at FROM drafts WHERE deal_id = $1";
        let Some(row) = self.first(sql, args![deal]).await? else { return Ok(None) };
        let draft = Draft {
            deal: deal.to_owned(),
            packet: row.json(0)?,
            ledger: row.json(1)?,
            through: row.number(2)?,
        };
        Ok(Some(StoredDraft { draft, revision: row.number(3)?, made_at: row.time(4)? }))
    }
}

impl Tx {
    /// Keeps a draft, and tells whether it did: one that covers less than the draft that is there was overtaken.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_draft(&mut self, draft: &Draft, now: Timestamp) -> Result<bool, Error> {
        let sql = "INSERT INTO drafts (deal_id, packet, ledger, through, revision, made_at)
                   VALUES ($1, $2, $3, $4, 1, $5)
                   ON CONFLICT (deal_id) DO UPDATE SET packet = excluded.packet, ledger = excluded.ledger,
                       through = excluded.through, revision = drafts.revision + 1, made_at = excluded.made_at
                   WHERE drafts.through <= excluded.through";
        let (packet, ledger) = (Value::json(&draft.packet)?, Value::json(&draft.ledger)?);
        Ok(self.run(sql, args![&draft.deal, packet, ledger, draft.through as i64, now]).await? > 0)
    }
}
