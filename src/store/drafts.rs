use std::collections::HashMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::sight::{eyes, seen};
use super::{DraftedPromise, Error, Store, Tx, Value, args};
use crate::access::Viewer;

/// What lists of many deals show of a drafted packet. The packet itself is drawn anew whenever it is opened.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The deal's id.
    pub deal: String,
    /// What is looked at of it among many.
    pub glance: Json,
    /// What its review says of each rule.
    pub verdicts: Json,
    /// Its promises, in the order of its ledger.
    pub promises: Vec<DraftedPromise>,
    /// The number of the last change that it covers.
    pub through: u64,
}

impl Store {
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

    /// Returns what the reviews of all deals say of rules, deal by deal.
    ///
    /// # Errors
    /// Those of the database, and where a row is no `V`.
    pub async fn verdicts<V: DeserializeOwned>(&self) -> Result<Vec<V>, Error> {
        let sql = "SELECT verdicts FROM drafts WHERE verdicts <> '[]' ORDER BY deal_id";
        self.all(sql, args![]).await?.iter().map(|row| row.json(0)).collect()
    }

    /// Returns the deals whose drafts an earlier program made, which kept less of them.
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
        let sql = "INSERT INTO drafts (deal_id, glance, verdicts, through, revision, made_at)
                   VALUES ($1, $2, $3, $4, 1, $5)
                   ON CONFLICT (deal_id) DO UPDATE SET glance = excluded.glance, verdicts = excluded.verdicts,
                       through = excluded.through, revision = drafts.revision + 1, made_at = excluded.made_at
                   WHERE drafts.through <= excluded.through";
        let (glance, verdicts) = (Value::json(&draft.glance)?, Value::json(&draft.verdicts)?);
        let values = args![&draft.deal, glance, verdicts, draft.through as i64, now];
        let kept = self.run(sql, values).await? > 0;
        if kept {
            self.put_promises(&draft.deal, &draft.promises).await?;
        }
        Ok(kept)
    }
}
