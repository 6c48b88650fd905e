use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Row, Store, Tx, args};
use crate::handoff::{Action, Body, Entry, Head, Link, Proof, Verifier};
use crate::transcript::Digest;

/// Rows that are read at a time.
const ROWS: u32 = 1000;

/// Columns of a [`Link`], as [`link`] expects them.
macro_rules! select_links {
    ($rest:literal) => {
        concat!(
            "SELECT number, at, action, entry, actor, deal, target, detail, sealed, previous, digest FROM audit ",
            $rest
        )
    };
}

/// Which rows of the trail to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only what was done to this deal.
    pub deal: Option<String>,
    /// Only what was done by this person.
    pub actor: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// Only rows before this number.
    pub before: Option<u64>,
}

impl Store {
    /// Returns rows of the audit trail, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit(&self, filter: &AuditFilter, limit: u32) -> Result<Vec<Link>, Error> {
        let sql = select_links!(
            "WHERE number < $1 AND ($2 = '' OR deal = $2) AND ($3 = '' OR actor = $3) AND ($4 = '' OR action = $4)
             ORDER BY number DESC LIMIT $5"
        );
        let before = filter.before.map_or(i64::MAX, |before| before.try_into().unwrap_or(i64::MAX));
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let args = args![before, text(&filter.deal), text(&filter.actor), text(&filter.action), limit];
        self.all(sql, args).await?.iter().map(link).collect()
    }

    /// Returns the end of the audit trail as the store has noted it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_head(&self) -> Result<Head, Error> {
        let row = self.first("SELECT value, digest FROM heads WHERE name = 'audit'", args![]).await?;
        head(row.as_ref())
    }

    /// Tells whether a row since `since` says that `actor` opened the packet of a deal as it stands: of the same sources
    /// and the same edit of the deal, with nothing decided since but by themselves.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_opened(
        &self,
        deal: &str,
        actor: &str,
        (sources, edit): (&Digest, u64),
        since: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "SELECT detail FROM audit WHERE deal = $1 AND actor = $2 AND action = $3 AND at >= $4
                   ORDER BY number DESC LIMIT 1";
        let args = args![deal, actor, Action::PacketViewed.as_str(), since];
        let Some(row) = self.first(sql, args).await? else { return Ok(false) };
        let detail: serde_json::Value = row.json(0)?;
        let number = |name: &str| detail.get(name).and_then(serde_json::Value::as_u64);
        let same = detail["sources"] == sources.as_str() && number("edit") == Some(edit);
        let (true, Some(decision)) = (same, number("decision")) else { return Ok(false) };
        let sql = "SELECT seq FROM decisions WHERE deal_id = $1 AND seq > $2 AND author <> $3 LIMIT 1";
        Ok(self.first(sql, args![deal, decision as i64, actor]).await?.is_none())
    }

    /// Returns rows of the audit trail behind row `number`, the earliest first, as many as are read at a time; none where
    /// it ends.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_after(&self, number: u64) -> Result<Vec<Link>, Error> {
        let sql = select_links!("WHERE number > $1 ORDER BY number LIMIT $2");
        self.all(sql, args![number as i64, ROWS]).await?.iter().map(link).collect()
    }

    /// Keeps in the audit trail that a copy of it is taken, and returns its end, that row included.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn record_audit_copy(&self, by: &str, now: Timestamp) -> Result<Head, Error> {
        let entry = Entry::new(Uuid::now_v7(), now, by, Action::Exported, "audit");
        let recorded = self.write(move |tx| {
            tx.record(entry);
            Box::pin(async { Ok::<_, Error>(()) })
        });
        recorded.await?;
        self.audit_head().await
    }

    /// Reads the whole audit trail and says what was done to it. `known` are ends of it that somebody noted elsewhere.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn verify_audit(&self, known: &[Head]) -> Result<Proof, Error> {
        let mut verifier = Verifier::default();
        let mut last = 0;
        loop {
            let before = last;
            for link in self.audit_after(last).await? {
                verifier.read(&link, known);
                last = link.number;
            }
            // Read after the rows: what is appended meanwhile is read in the next round, not taken for something forged.
            let end = self.audit_head().await?;
            if last == before || end.number == last {
                return Ok(verifier.finish(&end, known));
            }
        }
    }
}

impl Tx {
    /// Has `entry` appended to the audit trail as the last act of the transaction: it stands if the rest does. Last,
    /// because the end of the trail is held until commit, and nobody should wait for it longer than must be.
    pub fn record(&mut self, entry: Entry) {
        self.recorded.push(entry);
    }

    /// Appends what was recorded.
    pub(super) async fn append_recorded(&mut self) -> Result<(), Error> {
        let entries = std::mem::take(&mut self.recorded);
        if entries.is_empty() {
            return Ok(());
        }
        // An update that changes nothing, to hold the row: SQLite knows no other way to say so.
        let sql = "UPDATE heads SET value = value WHERE name = 'audit' RETURNING value, digest";
        let mut end = head(self.first(sql, args![]).await?.as_ref())?;
        for entry in &entries {
            let link = Link::after(&end, entry);
            end = link.head();
            self.append(&link).await?;
        }
        let sql = "UPDATE heads SET value = $1, digest = $2 WHERE name = 'audit'";
        self.run(sql, args![end.number as i64, &end.digest]).await.map(drop)
    }

    async fn append(&mut self, link: &Link) -> Result<(), Error> {
        let Some(body) = &link.body else { return Ok(()) };
        let sql = "INSERT INTO audit (number, at, action, entry, actor, deal, target, detail, sealed, previous, digest)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let args = args![
            link.number as i64,
            link.at,
            &link.action,
            &body.id,
            &body.actor,
            body.deal.as_deref().unwrap_or_default(),
            &body.target,
            &body.detail,
            &link.sealed,
            &link.previous,
            &link.digest,
        ];
        self.run(sql, args).await.map(drop)
    }
}

fn head(row: Option<&Row>) -> Result<Head, Error> {
    let row = row.ok_or_else(|| Error::Damaged("the end of the audit trail is gone".to_owned()))?;
    Ok(Head { number: row.number(0)?, digest: row.parsed(1)? })
}

fn link(row: &Row) -> Result<Link, Error> {
    let body = match (row.maybe_text(3)?, row.maybe_text(4)?, row.maybe_text(6)?, row.maybe_text(7)?) {
        (Some(id), Some(actor), Some(target), Some(detail)) => {
            let deal = row.maybe_text(5)?.filter(|deal| !deal.is_empty());
            Some(Body { id, actor, deal, target, detail })
        }
        _ => None,
    };
    Ok(Link {
        number: row.number(0)?,
        at: row.time(1)?,
        action: row.text(2)?,
        body,
        sealed: row.parsed(8)?,
        previous: row.parsed(9)?,
        digest: row.parsed(10)?,
    })
}
