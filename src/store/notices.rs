use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Store, Tx, Value, args};
use crate::handoff::{NEWS, Notice};
use crate::notify::Channel;

impl Store {
    /// Returns the deal and the words of a notice, and when it was kept.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn notice(&self, id: Uuid) -> Result<Option<(String, Notice, Timestamp)>, Error> {
        let sql = "SELECT deal_id, body, made_at FROM notices WHERE id = $1";
        let row = self.first(sql, args![id.to_string()]).await?;
        row.map(|row| Ok((row.text(0)?, row.json(1)?, row.time(2)?))).transpose()
    }
}

impl Tx {
    /// Notes that this process has a channel.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_channel(&mut self, channel: Channel, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO channels (name, seen_at) VALUES ($1, $2)
                   ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at";
        self.run(sql, args![channel.as_str(), now]).await.map(drop)
    }

    /// Returns the channels that processes on this store have. One that none has had for longer than anything is news is
    /// not waited for.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn channels(&mut self, now: Timestamp) -> Result<Vec<Channel>, Error> {
        let since = now.checked_sub(NEWS).unwrap_or(Timestamp::MIN);
        let rows = self.all("SELECT name FROM channels WHERE seen_at >= $1", args![since]).await?;
        let names = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        Ok(names.iter().filter_map(|name| Channel::named(name)).collect())
    }

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
