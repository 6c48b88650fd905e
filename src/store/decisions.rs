use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::sight::{eyes, seen};
use super::{Cursor, Error, Page, Row, Store, Tx, Value, args};
use crate::access::Viewer;

const LAST: &str = "SELECT coalesce(max(seq), 0) FROM decisions WHERE deal_id = $1";

/// Something that a person decided about a deal, to be appended.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDecision {
    /// A UUIDv7.
    pub id: Uuid,
    /// The deal's id.
    pub deal: String,
    /// Whose act it is: `review` or `handoff`.
    pub room: &'static str,
    /// Who decided.
    pub author: String,
    /// As what.
    pub role: String,
    /// The act, in the shape of its room.
    pub body: Json,
}

/// A decision as the store keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredDecision {
    /// Its number within the deal, from 1, without holes.
    pub seq: u64,
    /// A UUIDv7.
    pub id: Uuid,
    /// The deal's id.
    pub deal: String,
    /// Whose act it is.
    pub room: String,
    /// Who decided.
    pub author: String,
    /// As what.
    pub role: String,
    /// The act.
    pub body: Json,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Columns of a [`StoredDecision`], as [`StoredDecision::read`] expects them.
macro_rules! select_decisions {
    ($rest:literal) => {
        concat!("SELECT seq, id, deal_id, room, author, role, body, made_at FROM decisions ", $rest)
    };
}

/// Every decision about a deal but those that an erasure has emptied.
macro_rules! standing_decisions {
    () => {
        select_decisions!("WHERE deal_id = $1 AND body NOT LIKE '{\"erased\":%' ORDER BY seq")
    };
}

impl Store {
    /// Returns every decision about a deal, of every room, in the order in which they were made; those that an erasure
    /// has emptied are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn decisions(&self, deal: &str) -> Result<Vec<StoredDecision>, Error> {
        self.all(standing_decisions!(), args![deal]).await?.iter().map(StoredDecision::read).collect()
    }

    /// Returns the number of the last decision about a deal, 0 where there is none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn last_decision(&self, deal: &str) -> Result<u64, Error> {
        self.first(LAST, args![deal]).await?.map_or(Ok(0), |row| row.number(0))
    }

    /// Returns a page of the decisions about a deal, in the order in which they were made.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn decisions_page(
        &self,
        deal: &str,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<StoredDecision>, Error> {
        let seq = after.map_or(Ok(0), |cursor| cursor.id().parse::<i64>().map_err(|_| Error::Cursor))?;
        let sql = select_decisions!("WHERE deal_id = $1 AND seq > $2 ORDER BY seq LIMIT $3");
        let rows = self.all(sql, args![deal, seq, Page::<StoredDecision>::rows(limit)]).await?;
        let decisions = rows.iter().map(StoredDecision::read).collect::<Result<_, _>>()?;
        Ok(Page::cut(decisions, limit, |last: &StoredDecision| Cursor::new("", last.seq.to_string())))
    }

    /// Returns what was decided about all deals that there are for `viewer`, deal by deal in the order in which it was
    /// decided, emptied decisions left out. Bodies are those of `room` alone; of other rooms it is told who decided when.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn decisions_seen(&self, viewer: Viewer, room: &str) -> Result<Vec<StoredDecision>, Error> {
        let sql = concat!(
            "SELECT x.seq, x.id, x.deal_id, x.room, x.author, x.role,
                 CASE WHEN x.room = $3 THEN x.body ELSE 'null' END, x.made_at
             FROM decisions x JOIN deals d ON d.id = x.deal_id
             WHERE x.body NOT LIKE '{\"erased\":%' AND ",
            seen!("$1", "$2"),
            " ORDER BY x.deal_id, x.seq"
        );
        let (kind, user) = eyes(viewer);
        self.all(sql, args![kind, user, room]).await?.iter().map(StoredDecision::read).collect()
    }
}

impl Tx {
    /// Returns every decision about a deal, emptied ones left out.
    pub(super) async fn decisions_of(&mut self, deal: &str) -> Result<Vec<StoredDecision>, Error> {
        self.all(standing_decisions!(), args![deal]).await?.iter().map(StoredDecision::read).collect()
    }

    /// Returns the number of the last decision about a deal, 0 where there is none, and keeps others from appending
    /// until the transaction ends.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hold_decisions(&mut self, deal: &str) -> Result<u64, Error> {
        self.hold(&format!("decisions {deal}")).await?;
        self.first(LAST, args![deal]).await?.map_or(Ok(0), |row| row.number(0))
    }

    /// Appends a decision and returns its number. With `expected`, only if that is still the number of the last one: what
    /// its author saw is then what stands.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such deal; [`Error::Stale`] where somebody else has decided meanwhile.
    pub async fn append_decision(
        &mut self,
        decision: &NewDecision,
        expected: Option<u64>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let last = self.hold_decisions(&decision.deal).await?;
        if expected.is_some_and(|expected| expected != last) {
            return Err(Error::Stale { what: "decisions", id: decision.deal.clone() });
        }
        let sql = "INSERT INTO decisions (deal_id, seq, id, room, author, role, body, made_at)
                   SELECT id, $2, $3, $4, $5, $6, $7, $8 FROM deals WHERE id = $1";
        let NewDecision { id, deal, room, author, role, body } = decision;
        let args = args![deal, last as i64 + 1, id.to_string(), *room, author, role, Value::json(body)?, now];
        match self.run(sql, args).await? {
            0 => Err(Error::Missing { what: "deal", id: deal.clone() }),
            _ => Ok(last + 1),
        }
    }
}

impl Tx {
    /// Puts a decision that was made elsewhere where its number says; its deal must be there.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such deal; those of the database where the number is taken.
    pub async fn restore_decision(&mut self, decision: &StoredDecision) -> Result<(), Error> {
        let sql = "INSERT INTO decisions (deal_id, seq, id, room, author, role, body, made_at)
                   SELECT id, $2, $3, $4, $5, $6, $7, $8 FROM deals WHERE id = $1";
        let StoredDecision { seq, id, deal, room, author, role, body, made_at } = decision;
        let body = Value::json(body)?;
        let args = args![deal, *seq as i64, id.to_string(), room, author, role, body, *made_at];
        match self.run(sql, args).await? {
            0 => Err(Error::Missing { what: "deal", id: deal.clone() }),
            _ => Ok(()),
        }
    }
}

impl StoredDecision {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            seq: row.number(0)?,
            id: row.parsed(1)?,
            deal: row.text(2)?,
            room: row.text(3)?,
            author: row.text(4)?,
            role: row.text(5)?,
            body: row.json(6)?,
            made_at: row.time(7)?,
        })
    }
}
