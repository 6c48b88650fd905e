use jiff::Timestamp;

use super::sight::{eyes, seen};
use super::{Cursor, Error, Page, Row, Store, Tx, Value, args};
use crate::access::Viewer;
use crate::transcript::Deal;

/// A deal as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDeal {
    /// What is known of it.
    pub deal: Deal,
    /// Rises with every edit.
    pub revision: u64,
    /// When it was first heard of.
    pub created_at: Timestamp,
    /// When it was last edited.
    pub updated_at: Timestamp,
}

impl Store {
    /// Returns the deal `id`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn deal(&self, id: &str) -> Result<Option<StoredDeal>, Error> {
        let sql = "SELECT meta, revision, created_at, updated_at FROM deals WHERE id = $1";
        self.first(sql, args![id]).await?.as_ref().map(StoredDeal::read).transpose()
    }

    /// Returns a page of the deals that there are for `viewer`, by account.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn deals(
        &self,
        viewer: Viewer,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<StoredDeal>, Error> {
        let sql = concat!(
            "SELECT meta, revision, created_at, updated_at FROM deals d WHERE (account, id) > ($1, $2) AND ",
            seen!("$4", "$5"),
            " ORDER BY account, id LIMIT $3"
        );
        // No deal has an empty id, so that the empty pair stands before the first.
        let (account, id) = after.map_or(("", ""), |cursor| (cursor.key(), cursor.id()));
        let (kind, user) = eyes(viewer);
        let values = args![account, id, Page::<StoredDeal>::rows(limit), kind, user];
        let rows = self.all(sql, values).await?;
        let deals = rows.iter().map(StoredDeal::read).collect::<Result<_, _>>()?;
        Ok(Page::cut(deals, limit, |last: &StoredDeal| Cursor::new(&last.deal.account, &last.deal.id)))
    }
}

impl Tx {
    /// Writes what is known of a deal and returns its new revision. With `expected`, only if nobody else has edited it
    /// since that revision (0: only if there is none yet).
    ///
    /// # Errors
    /// [`Error::Stale`] where somebody has.
    pub async fn put_deal(
        &mut self,
        deal: &Deal,
        expected: Option<u64>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        if deal.id.is_empty() {
            return Err(Error::Missing { what: "deal", id: String::new() });
        }
        let sql = "INSERT INTO deals (id, account, meta, revision, created_at, updated_at)
                   SELECT $1, $2, $3, 1, $4, $4
                   WHERE $5 <= 0 OR EXISTS (SELECT 1 FROM deals WHERE id = $1)
                   ON CONFLICT (id) DO UPDATE SET account = excluded.account, meta = excluded.meta,
                       revision = deals.revision + 1, updated_at = excluded.updated_at
                   WHERE $5 = -1 OR deals.revision = $5
                   RETURNING revision";
        let only = expected.map_or(-1, |revision| revision as i64);
        let row = self.first(sql, args![&deal.id, &deal.account, Value::json(deal)?, now, only]).await?;
        let row = row.ok_or_else(|| Error::Stale { what: "deal", id: deal.id.clone() })?;
        self.touch_calls_of(&deal.id).await?;
        row.number(0)
    }

    /// Fills what nobody has said of a deal yet with what a delivery says, and returns the ids of the deal's calls, which
    /// rest on it: none where nothing changed. What a person or an earlier delivery said stays.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn learn_deal(&mut self, deal: &Deal, now: Timestamp) -> Result<Vec<String>, Error> {
        self.hold(&deal.id).await?;
        let row = self.first("SELECT meta FROM deals WHERE id = $1", args![&deal.id]).await?;
        let known = row.map(|row| row.json::<Deal>(0)).transpose()?.unwrap_or_default();
        let filled = known.clone().filled_from(deal);
        if filled == known {
            return Ok(Vec::new());
        }
        self.put_deal(&filled, None, now).await?;
        let rows = self.all("SELECT id FROM calls WHERE deal_id = $1 ORDER BY id", args![&deal.id]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }

    /// Makes a deal of which only the id is known, where there is none.
    pub(super) async fn make_deal(&mut self, id: &str, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO deals (id, account, meta, revision, created_at, updated_at)
                   VALUES ($1, '', $2, 1, $3, $3) ON CONFLICT (id) DO NOTHING";
        let meta = Value::json(&Deal { id: id.to_owned(), ..Deal::default() })?;
        self.run(sql, args![id, meta, now]).await.map(drop)
    }

    /// Lets indexes and drafts follow an edit of the deal.
    async fn touch_calls_of(&mut self, deal: &str) -> Result<(), Error> {
        for row in self.all("SELECT id FROM calls WHERE deal_id = $1 ORDER BY id", args![deal]).await? {
            self.touch(&row.text(0)?).await?;
        }
        Ok(())
    }
}

impl StoredDeal {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            deal: row.json(0)?,
            revision: row.number(1)?,
            created_at: row.time(2)?,
            updated_at: row.time(3)?,
        })
    }
}
