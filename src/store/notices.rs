use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Store, Tx, Value, args};
use crate::handoff::Notice;

impl Store {
    /// Returns the deal and the words of a notice.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn notice(&self, id: Uuid) -> Result<Option<(String, Notice)>, Error> {
        let sql = "SELECT deal_id, body FROM notices WHERE id = $1";
        let row = self.first(sql, args![id.to_string()]).await?;
        row.map(|row| Ok((row.text(0)?, row.json(1)?))).transpose()
    }
}

impl Tx {
    /// Keeps a notice of a deal under `id`, and tells whether it is new.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_notice(
        &mut self,
        id: Uuid,
        deal: &str,
        notice: &Notice,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO notices (id, deal_id, key, body, made_at) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (deal_id, key) DO NOTHING";
        let args = args![id.to_string(), deal, &notice.key, Value::json(notice)?, now];
        Ok(self.run(sql, args).await? > 0)
    }
}
