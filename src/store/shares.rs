use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Row, Store, Tx, args};
use crate::transcript::Digest;

/// A link to be kept.
#[derive(Clone, Debug)]
pub struct NewShare {
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the secret, which itself is kept nowhere.
    pub digest: Digest,
    /// The deal whose plan it opens.
    pub deal: String,
    /// Who made it.
    pub made_by: String,
    /// When it stops opening anything.
    pub expires_at: Timestamp,
}

/// A link under which a customer reads the plan, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: Uuid,
    /// The deal whose plan it opens.
    pub deal: String,
    /// Who made it.
    pub made_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops opening anything.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// How often the plan was opened.
    pub views: u64,
    /// When it was opened last.
    pub viewed_at: Option<Timestamp>,
}

impl Store {
    /// Returns the links of a deal, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn shares(&self, deal: &str) -> Result<Vec<Share>, Error> {
        let sql =
            "SELECT id, deal_id, made_by, created_at, expires_at, revoked_at, views, viewed_at FROM shares
                   WHERE deal_id = $1 ORDER BY created_at, id";
        self.all(sql, args![deal]).await?.iter().map(Share::read).collect()
    }

    /// Returns the link whose secret has this digest, if it opens anything at `now`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn share(&self, digest: &Digest, now: Timestamp) -> Result<Option<Share>, Error> {
        let sql =
            "SELECT id, deal_id, made_by, created_at, expires_at, revoked_at, views, viewed_at FROM shares
                   WHERE digest = $1 AND revoked_at IS NULL AND expires_at > $2";
        self.first(sql, args![digest, now]).await?.as_ref().map(Share::read).transpose()
    }
}

impl Tx {
    /// Keeps a new link.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_share(&mut self, share: &NewShare, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO shares (id, digest, deal_id, made_by, created_at, expires_at, views)
                   VALUES ($1, $2, $3, $4, $5, $6, 0)";
        let id = share.id.to_string();
        let args = args![id, &share.digest, &share.deal, &share.made_by, now, share.expires_at];
        self.run(sql, args).await.map(drop)
    }

    /// Counts a view, and tells whether the link still opens anything: it may have been revoked a moment ago.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn view_share(&mut self, id: Uuid, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE shares SET views = views + 1, viewed_at = $2
                   WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2";
        Ok(self.run(sql, args![id.to_string(), now]).await? > 0)
    }

    /// Stops a link of `deal` from opening anything, and tells whether it did until now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke_share(&mut self, deal: &str, id: Uuid, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE shares SET revoked_at = $3 WHERE id = $1 AND deal_id = $2 AND revoked_at IS NULL";
        Ok(self.run(sql, args![id.to_string(), deal, now]).await? > 0)
    }
}

impl Share {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.parsed(0)?,
            deal: row.text(1)?,
            made_by: row.text(2)?,
            created_at: row.time(3)?,
            expires_at: row.time(4)?,
            revoked_at: row.maybe_time(5)?,
            views: row.number(6)?,
            viewed_at: row.maybe_time(7)?,
        })
    }
}
