use jiff::Timestamp;

use super::{Error, Store, Tx, Value, args};
use crate::papers::Occasion;

/// An occasion as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredOccasion {
    /// What papers need beside the calls.
    pub occasion: Occasion,
    /// Rises with every edit; 0 where nobody has said anything yet.
    pub revision: u64,
}

impl Store {
    /// Returns what was said of a deal's occasion; nothing known where nobody has.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn occasion(&self, deal: &str) -> Result<StoredOccasion, Error> {
        let sql = "SELECT body, revision FROM occasions WHERE deal_id = $1";
        match self.first(sql, args![deal]).await? {
            Some(row) => Ok(StoredOccasion { occasion: row.json(0)?, revision: row.number(1)? }),
            None => Ok(StoredOccasion { occasion: Occasion::default(), revision: 0 }),
        }
    }
}

impl Tx {
    /// Writes a deal's occasion and returns its new revision, if nobody else has edited it since `expected` (0: only if
    /// nobody has said anything yet).
    ///
    /// # Errors
    /// [`Error::Stale`] where somebody has.
    pub async fn put_occasion(
        &mut self,
        deal: &str,
        occasion: &Occasion,
        expected: u64,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let sql = "INSERT INTO occasions (deal_id, body, revision, updated_at)
                   SELECT $1, $2, 1, $3
                   WHERE $4 = 0 OR EXISTS (SELECT 1 FROM occasions WHERE deal_id = $1)
                   ON CONFLICT (deal_id) DO UPDATE SET body = excluded.body,
                       revision = occasions.revision + 1, updated_at = excluded.updated_at
                   WHERE occasions.revision = $4
                   RETURNING revision";
        let row = self.first(sql, args![deal, Value::json(occasion)?, now, expected as i64]).await?;
        row.ok_or_else(|| Error::Stale { what: "occasion", id: deal.to_owned() })?.number(0)
    }
}
