use super::{Error, Row, Store, Tx, args};
use crate::handoff::{Body, Entry, Head, Link, Proof, Verifier};

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

    /// Reads the whole audit trail and says what was done to it. `known` are ends of it that somebody noted elsewhere.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn verify_audit(&self, known: &[Head]) -> Result<Proof, Error> {
        let mut verifier = Verifier::default();
        let mut last = 0i64;
        loop {
            let before = last;
            let sql = select_links!("WHERE number > $1 ORDER BY number LIMIT $2");
            for row in self.all(sql, args![last, ROWS]).await? {
                verifier.read(&link(&row)?, known);
                last = row.number(0)?;
            }
            // Read after the rows: what is appended meanwhile is read in the next round, not taken for something forged.
            let end = self.audit_head().await?;
            if last == before || end.number == last as u64 {
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
