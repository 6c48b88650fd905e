use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Row, Store, Tx, args};
use crate::transcript::Digest;

/// A paper attached to a deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// A UUIDv7: attachments stand in the order of their ids.
    pub id: Uuid,
    /// The deal's id.
    pub deal: String,
    /// The file's name as it was given.
    pub name: String,
    /// Digest of its bytes.
    pub source: Digest,
    /// The text that was read out of it.
    pub content: String,
    /// Who attached it.
    pub author: String,
    /// When.
    pub attached_at: Timestamp,
}

impl Store {
    /// Returns the papers of a deal in the order in which they were attached; those that were taken off are not there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn attachments(&self, deal: &str) -> Result<Vec<Attachment>, Error> {
        let sql = "SELECT id, deal_id, name, source, content, author, attached_at FROM attachments
                   WHERE deal_id = $1 AND removed_at IS NULL ORDER BY id";
        self.all(sql, args![deal]).await?.iter().map(Attachment::read).collect()
    }

    /// Returns the bytes of a paper.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such paper, or it was taken off.
    pub async fn attached_bytes(&self, deal: &str, id: Uuid) -> Result<Vec<u8>, Error> {
        let sql = "SELECT s.bytes FROM attachments a JOIN sources s ON s.digest = a.source
                   WHERE a.deal_id = $1 AND a.id = $2 AND a.removed_at IS NULL";
        let row = self.first(sql, args![deal, id.to_string()]).await?;
        row.ok_or_else(|| Error::Missing { what: "attachment", id: id.to_string() })?.bytes(0)
    }

    /// Returns the files of a deal's papers by their digests, those that were taken off too; emptied ones are left out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn papers_of(&self, deal: &str) -> Result<Vec<(Digest, Vec<u8>)>, Error> {
        let sql = "SELECT s.digest, s.bytes FROM sources s WHERE length(s.bytes) > 0
                   AND s.digest IN (SELECT source FROM attachments WHERE deal_id = $1)";
        self.all(sql, args![deal]).await?.iter().map(|row| Ok((row.digest(0)?, row.bytes(1)?))).collect()
    }
}

impl Tx {
    /// Attaches a paper and its bytes; returns the paper that stands, which is an earlier one where these bytes are
    /// attached already.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such deal; [`Error::Erased`] where somebody was erased from these bytes.
    pub async fn attach(&mut self, paper: &Attachment, bytes: Vec<u8>) -> Result<Attachment, Error> {
        self.hold(&paper.deal).await?;
        let known = "SELECT id FROM deals WHERE id = $1";
        if self.all(known, args![&paper.deal]).await?.is_empty() {
            return Err(Error::Missing { what: "deal", id: paper.deal.clone() });
        }
        self.refuse_emptied("paper", &paper.source).await?;
        self.seal(&paper.source, bytes, paper.attached_at).await?;
        let sql = "INSERT INTO attachments (id, deal_id, name, source, content, author, attached_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let id = paper.id.to_string();
        let args = args![
            id,
            &paper.deal,
            &paper.name,
            &paper.source,
            &paper.content,
            &paper.author,
            paper.attached_at
        ];
        self.run(sql, args).await?;
        let sql = "SELECT id, deal_id, name, source, content, author, attached_at FROM attachments
                   WHERE deal_id = $1 AND source = $2 AND removed_at IS NULL";
        let row = self.first(sql, args![&paper.deal, &paper.source]).await?;
        Attachment::read(&row.ok_or_else(|| Error::Missing { what: "attachment", id: paper.id.to_string() })?)
    }

    /// Takes a paper off its deal.
    ///
    /// # Errors
    /// [`Error::Missing`] where it is not attached.
    pub async fn detach(&mut self, deal: &str, id: Uuid, now: Timestamp) -> Result<(), Error> {
        let sql =
            "UPDATE attachments SET removed_at = $3 WHERE deal_id = $1 AND id = $2 AND removed_at IS NULL";
        match self.run(sql, args![deal, id.to_string(), now]).await? {
            0 => Err(Error::Missing { what: "attachment", id: id.to_string() }),
            _ => Ok(()),
        }
    }
}

impl Attachment {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.parsed(0)?,
            deal: row.text(1)?,
            name: row.text(2)?,
            source: row.digest(3)?,
            content: row.text(4)?,
            author: row.text(5)?,
            attached_at: row.time(6)?,
        })
    }
}
