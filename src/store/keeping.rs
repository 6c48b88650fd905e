//! Keeping the store itself: copies, checks, and making an erasure final.

use std::path::Path;

use super::{Engine, Error, Store, args};

impl Store {
    /// Writes a consistent copy of a SQLite store to `to`, which must not exist, while calls keep arriving. PostgreSQL
    /// has `pg_dump`.
    ///
    /// # Errors
    /// [`Error::Engine`] on PostgreSQL; [`Error::Place`] where `to` exists or cannot be written.
    pub async fn backup(&self, to: &Path) -> Result<(), Error> {
        if self.engine() == Engine::Postgres {
            return Err(Error::Engine("make a backup: use pg_dump"));
        }
        let place = |source: std::io::Error| Error::Place { path: to.to_owned(), source };
        let unnamable = || place(std::io::Error::other("the path is not UTF-8"));
        // Half a copy must never look like a whole one.
        let partial = to.with_added_extension("partial");
        let name = partial.to_str().ok_or_else(unnamable)?;
        if to.exists() {
            return Err(place(std::io::ErrorKind::AlreadyExists.into()));
        }
        if partial.exists() {
            std::fs::remove_file(&partial).map_err(place)?;
        }
        super::open::make_private(&partial).map_err(place)?;
        self.run_alone("VACUUM INTO $1", args![name]).await?;
        std::fs::File::open(&partial).and_then(|file| file.sync_all()).map_err(place)?;
        std::fs::rename(&partial, to).map_err(place)
    }

    /// Checks the database's own structure and every sealed source, and returns what is wrong with them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn check(&self) -> Result<Vec<String>, Error> {
        let mut complaints = Vec::new();
        if self.engine() == Engine::Sqlite {
            for row in self.all("PRAGMA integrity_check(20)", args![]).await? {
                complaints.extend(Some(row.text(0)?).filter(|line| line != "ok"));
            }
            for row in self.all("PRAGMA foreign_key_check", args![]).await? {
                complaints.push(format!("a row of {} refers to nothing in {}", row.text(0)?, row.text(2)?));
            }
        }
        let mut after = String::new();
        let sql = "SELECT bytes, digest FROM sources WHERE digest > $1 ORDER BY digest LIMIT 1";
        while let Some(row) = self.first(sql, args![&after]).await? {
            after = row.text(1)?;
            match super::calls::unsealed(&row) {
                Ok(_) | Err(Error::Erased { .. }) => {}
                Err(error) => complaints.push(error.to_string()),
            }
        }
        Ok(complaints)
    }

    /// Moves the write-ahead log into the file, so that erased words leave the log as well. PostgreSQL's own
    /// housekeeping does the like.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settle(&self) -> Result<(), Error> {
        if self.engine() == Engine::Sqlite {
            self.run_alone("PRAGMA wal_checkpoint(TRUNCATE)", args![]).await?;
        }
        Ok(())
    }
}
