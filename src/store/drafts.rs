use std::collections::HashMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::sight::{eyes, seen};
use super::{Error, Store, Tx, Value, args};
use crate::access::Viewer;
use crate::transcript::Deal;

/// A drafted packet.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The deal's id.
    pub deal: String,
    /// The packet.
    pub packet: Json,
    /// The ledger it was drawn from.
    pub ledger: Json,
    /// What lists of many deals show of it.
    pub glance: Json,
    /// Its promises as they are listed among those of all deals.
    pub promises: Json,
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
        let sql =
            "SELECT packet, ledger, coalesce(glance, 'null'), coalesce(promises, '[]'), through, revision,
                       made_at FROM drafts WHERE deal_id = $1";
        let Some(row) = self.first(sql, args![deal]).await? else { return Ok(None) };
        let draft = Draft {
            deal: deal.to_owned(),
            packet: row.json(0)?,
            ledger: row.json(1)?,
            glance: row.json(2)?,
            promises: row.json(3)?,
            through: row.number(4)?,
        };
        Ok(Some(StoredDraft { draft, revision: row.number(5)?, made_at: row.time(6)? }))
    }

    /// Returns what lists show of the drafts of all deals that there are for `viewer`, by the deal's id.
    ///
    /// # Errors
    /// Those of the database, and where a row is no `G`.
    pub async fn glances<G: DeserializeOwned>(&self, viewer: Viewer) -> Result<HashMap<String, G>, Error> {
        let sql = concat!(
            "SELECT r.deal_id, r.glance FROM drafts r JOIN deals d ON d.id = r.deal_id
             WHERE r.glance IS NOT NULL AND ",
            seen!("$1", "$2")
        );
        let (kind, user) = eyes(viewer);
        let rows = self.all(sql, args![kind, user]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.json(1)?))).collect()
    }

    /// Returns the promises of the drafts of all deals that there are for `viewer`, or of `deal` alone: each deal with its
    /// list, by account.
    ///
    /// # Errors
    /// Those of the database, and where a row is no `P`.
    pub async fn drafted_promises<P: DeserializeOwned>(
        &self,
        viewer: Viewer,
        deal: Option<&str>,
    ) -> Result<Vec<(Deal, P)>, Error> {
        let sql = concat!(
            "SELECT d.meta, r.promises FROM drafts r JOIN deals d ON d.id = r.deal_id
             WHERE r.promises IS NOT NULL AND ($3 = '' OR d.id = $3) AND ",
            seen!("$1", "$2"),
            " ORDER BY d.account, d.id"
        );
        let (kind, user) = eyes(viewer);
        let rows = self.all(sql, args![kind, user, deal.unwrap_or_default()]).await?;
        rows.iter().map(|row| Ok((row.json(0)?, row.json(1)?))).collect()
    }

    /// Returns the deals whose drafts an earlier program made, which knew no glances.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drafts_without_glance(&self) -> Result<Vec<String>, Error> {
        let sql = "SELECT deal_id FROM drafts WHERE glance IS NULL ORDER BY deal_id";
        self.all(sql, args![]).await?.iter().map(|row| row.text(0)).collect()
    }
}

impl Tx {
    /// Keeps a draft, and tells whether it did: one that covers less than the draft that is there was overtaken.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_draft(&mut self, draft: &Draft, now: Timestamp) -> Result<bool, Error> {
        let sql = "INSERT INTO drafts (deal_id, packet, ledger, glance, promises, through, revision, made_at)
                   VALUES ($1, $2, $3, $4, $5, $6, 1, $7)
                   ON CONFLICT (deal_id) DO UPDATE SET packet = excluded.packet, ledger = excluded.ledger,
                       glance = excluded.glance, promises = excluded.promises,
                       through = excluded.through, revision = drafts.revision + 1, made_at = excluded.made_at
                   WHERE drafts.through <= excluded.through";
        let (packet, ledger) = (Value::json(&draft.packet)?, Value::json(&draft.ledger)?);
        let (glance, promises) = (Value::json(&draft.glance)?, Value::json(&draft.promises)?);
        let values = args![&draft.deal, packet, ledger, glance, promises, draft.through as i64, now];
        Ok(self.run(sql, values).await? > 0)
    }
}
