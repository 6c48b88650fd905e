use super::{Error, Store, Tx, args};

/// A call that changed, and the number of its last change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The call's id. Where the store no longer has it, it was erased.
    pub call: String,
    /// The number; later changes have greater ones.
    pub seq: u64,
}

impl Store {
    /// Returns the number of the last change, 0 where nothing ever happened.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn head(&self) -> Result<u64, Error> {
        let row = self.first("SELECT value FROM heads WHERE name = 'change'", args![]).await?;
        row.map_or(Ok(0), |row| row.number(0))
    }

    /// Returns at most `limit` calls that changed after number `seq`, in the order of their last change.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn changes_after(&self, seq: u64, limit: u32) -> Result<Vec<Change>, Error> {
        let sql = "SELECT call_id, seq FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2";
        let rows = self.all(sql, args![seq as i64, limit]).await?;
        rows.iter().map(|row| Ok(Change { call: row.text(0)?, seq: row.number(1)? })).collect()
    }
}

impl Tx {
    /// Gives the call the next number of the change sequence.
    pub(super) async fn touch(&mut self, call: &str) -> Result<u64, Error> {
        let sql = "UPDATE heads SET value = value + 1 WHERE name = 'change' RETURNING value";
        let head = self.first(sql, args![]).await?;
        let seq: u64 =
            head.ok_or_else(|| Error::Damaged("the change counter is gone".to_owned()))?.number(0)?;
        let sql = "INSERT INTO changes (call_id, seq) VALUES ($1, $2)
                   ON CONFLICT (call_id) DO UPDATE SET seq = excluded.seq";
        self.run(sql, args![call, seq as i64]).await?;
        Ok(seq)
    }
}
