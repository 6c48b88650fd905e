use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::sight::{eyes, seen};
use super::{Cursor, Error, Page, Store, Tx, Value, args};
use crate::access::Viewer;
use crate::rules::Category;

/// What stands for the day of a promise without one.
const NEVER: &str = "never";

/// A promise of a draft, as it is kept beside those of other deals.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftedPromise {
    /// The day by which it is to be kept.
    pub due: Option<Date>,
    /// `open`, `changed`, `withdrawn` or `fulfilled`.
    pub status: String,
    /// What it is about.
    pub category: Category,
    /// What a list shows of it.
    pub glance: Json,
    /// The ledger's entry, with its deal and what people decided about it.
    pub entry: Json,
}

/// Which promises to list.
#[derive(Clone, Debug, Default)]
pub struct PromiseFilter {
    /// Only this deal's.
    pub deal: Option<String>,
    /// Only with this status: `open`, `changed`, `withdrawn`, `fulfilled`.
    pub status: Option<String>,
    /// Only of this category.
    pub category: Option<Category>,
    /// Only those due on or before this day.
    pub due_by: Option<Date>,
}

/// Which draft of a deal is the newest: another one was made at another time, or of a deal that was edited since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drafted {
    /// When it was made.
    pub at: Timestamp,
    /// The deal's revision.
    pub revision: u64,
}

impl Store {
    /// Returns a page of the promises of all deals that there are for `viewer`, each as its ledger has it; those that are
    /// due first come first, those without a day last.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn promises(
        &self,
        viewer: Viewer,
        filter: &PromiseFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<Json>, Error> {
        let sql = concat!(
            "SELECT p.entry, p.due, p.deal_id, p.place FROM promises p JOIN deals d ON d.id = p.deal_id
             WHERE ($3 = '' OR p.deal_id = $3) AND ($4 = '' OR p.status = $4) AND ($5 = '' OR p.category = $5)
             AND ($6 = '' OR p.due <= $6) AND (p.due, p.deal_id, p.place) > ($7, $8, $9) AND ",
            seen!("$1", "$2"),
            " ORDER BY p.due, p.deal_id, p.place LIMIT $10"
        );
        let (kind, user) = eyes(viewer);
        let PromiseFilter { deal, status, category, due_by } = filter;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let category = category.map(|category| category.as_str()).unwrap_or_default();
        let due_by = due_by.map(|day| day.to_string()).unwrap_or_default();
        let (due, (place, id)) = match after {
            Some(cursor) => (cursor.key(), cursor.id().split_once(' ').ok_or(Error::Cursor)?),
            None => ("", ("-1", "")),
        };
        let place: i64 = place.parse().map_err(|_| Error::Cursor)?;
        let rows = Page::<Json>::rows(limit);
        let args = args![kind, user, text(deal), text(status), category, due_by, due, id, place, rows];
        let rows = self.all(sql, args).await?;
        let read = |row: &super::Row| {
            let cursor = Cursor::new(row.text(1)?, format!("{} {}", row.number::<i64>(3)?, row.text(2)?));
            Ok((row.json(0)?, cursor))
        };
        let found = rows.iter().map(read).collect::<Result<Vec<(Json, Cursor)>, Error>>()?;
        let Page { items, next } = Page::cut(found, limit, |(_, cursor)| cursor.clone());
        Ok(Page { items: items.into_iter().map(|(entry, _)| entry).collect(), next })
    }

    /// Returns which draft is the newest of each deal that there is for `viewer`, or of `deal` alone, by account.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drafted(&self, viewer: Viewer, deal: Option<&str>) -> Result<Vec<(String, Drafted)>, Error> {
        let sql = concat!(
            "SELECT d.id, r.made_at, d.revision FROM drafts r JOIN deals d ON d.id = r.deal_id
             WHERE ($3 = '' OR d.id = $3) AND ",
            seen!("$1", "$2"),
            " ORDER BY d.account, d.id"
        );
        let (kind, user) = eyes(viewer);
        let rows = self.all(sql, args![kind, user, deal.unwrap_or_default()]).await?;
        let read =
            |row: &super::Row| Ok((row.text(0)?, Drafted { at: row.time(1)?, revision: row.number(2)? }));
        rows.iter().map(read).collect()
    }

    /// Returns what lists show of the promises of a deal's draft, in the order of its ledger.
    ///
    /// # Errors
    /// Those of the database, and where a row is no `G`.
    pub async fn promise_glances<G: DeserializeOwned>(&self, deal: &str) -> Result<Vec<G>, Error> {
        let sql = "SELECT glance FROM promises WHERE deal_id = $1 ORDER BY place";
        self.all(sql, args![deal]).await?.iter().map(|row| row.json(0)).collect()
    }
}

impl Tx {
    /// Puts the promises of a new draft in place of those of the one before.
    pub(super) async fn put_promises(
        &mut self,
        deal: &str,
        promises: &[DraftedPromise],
    ) -> Result<(), Error> {
        self.run("DELETE FROM promises WHERE deal_id = $1", args![deal]).await?;
        let sql = "INSERT INTO promises (deal_id, place, due, status, category, glance, entry)
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        for (place, promise) in promises.iter().enumerate() {
            let DraftedPromise { due, status, category, glance, entry } = promise;
            let due = due.map_or_else(|| NEVER.to_owned(), |day| day.to_string());
            let (glance, entry) = (Value::json(glance)?, Value::json(entry)?);
            self.run(sql, args![deal, place as i64, due, status, category.as_str(), glance, entry]).await?;
        }
        Ok(())
    }
}
