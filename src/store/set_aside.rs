use jiff::Timestamp;
use uuid::Uuid;

use super::calls::unsealed;
use super::{Cursor, Error, Page, Row, Store, Tx, args};
use crate::transcript::Digest;

/// A file that no reader could read, kept until a person has looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// A UUIDv7.
    pub id: Uuid,
    /// The file's name as it was given; hostile text.
    pub name: String,
    /// Why it could not be read.
    pub reason: String,
    /// When it was set aside.
    pub at: Timestamp,
}

impl Store {
    /// Returns a page of the files that were set aside, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_aside(&self, after: Option<&Cursor>, limit: u32) -> Result<Page<SetAside>, Error> {
        let sql = "SELECT id, name, reason, at FROM set_aside WHERE id < $1 ORDER BY id DESC LIMIT $2";
        // Every UUID sorts before `g`.
        let before = after.map_or("g", Cursor::id);
        let rows = self.all(sql, args![before, Page::<SetAside>::rows(limit)]).await?;
        let files = rows.iter().map(SetAside::read).collect::<Result<_, _>>()?;
        Ok(Page::cut(files, limit, |last: &SetAside| Cursor::new("", last.id.to_string())))
    }

    /// Returns the bytes of a file that was set aside.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such file.
    pub async fn set_aside_bytes(&self, id: Uuid) -> Result<Vec<u8>, Error> {
        let sql =
            "SELECT s.bytes, s.digest FROM sources s JOIN set_aside a ON a.source = s.digest WHERE a.id = $1";
        let row = self.first(sql, args![id.to_string()]).await?;
        unsealed(&row.ok_or_else(|| Error::Missing { what: "file", id: id.to_string() })?)
    }
}

impl Tx {
    /// Sets a file aside.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_aside(&mut self, file: &SetAside, bytes: Vec<u8>) -> Result<(), Error> {
        let digest = Digest::of(&bytes);
        self.seal(&digest, bytes, file.at).await?;
        let sql = "INSERT INTO set_aside (id, name, source, reason, at) VALUES ($1, $2, $3, $4, $5)";
        self.run(sql, args![file.id.to_string(), &file.name, &digest, &file.reason, file.at]).await.map(drop)
    }

    /// Forgets a file that was set aside, because a person has looked, and tells whether it was there.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drop_aside(&mut self, id: Uuid) -> Result<bool, Error> {
        let sql = "DELETE FROM set_aside WHERE id = $1 RETURNING source";
        let Some(row) = self.first(sql, args![id.to_string()]).await? else { return Ok(false) };
        self.drop_source(&row.text(0)?).await?;
        Ok(true)
    }
}

impl SetAside {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self { id: row.parsed(0)?, name: row.text(1)?, reason: row.text(2)?, at: row.time(3)? })
    }
}
