use std::path::PathBuf;

/// What keeps the store from doing its work; each text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The place cannot be used: missing rights, a file where a directory should be.
    #[error("open the store at {}", path.display())]
    Place {
        /// The path that was tried.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The engine has a fault that loses data.
    #[error("trust SQLite {found}: before 3.51.3 a race of its write-ahead log can corrupt the file")]
    OldEngine {
        /// The version that was linked.
        found: String,
    },
    /// A newer program has been here.
    #[error(
        "open a store of schema {found}: this program knows schemas up to {known}; use the newer program"
    )]
    NewerSchema {
        /// The newest migration in the store.
        found: i64,
        /// The newest migration of this program.
        known: i64,
    },
    /// The schema could not be brought up to date.
    #[error("bring the schema up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// PostgreSQL cannot hold a NUL character in text, so that neither engine may.
    #[error("store a text with a NUL character")]
    Nul,
    /// The database was taken for longer than anybody should wait; trying again is right.
    #[error("get a turn at the database: {0}")]
    Busy(#[source] sqlx::Error),
    /// There is no room left; reads go on.
    #[error("write, the disk is full: {0}")]
    Full(#[source] sqlx::Error),
    /// Any other trouble with the database.
    #[error("query the database: {0}")]
    Database(#[source] sqlx::Error),
    /// What was read back is not what was written.
    #[error("trust the store: {0}")]
    Damaged(String),
    /// There is no such thing.
    #[error("find {what} `{id}`")]
    Missing {
        /// The noun.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// There is one already.
    #[error("add {what} `{id}`: there is one")]
    Taken {
        /// The noun.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// Its words were erased, and stay so.
    #[error("bring back {what} `{id}`: it was erased")]
    Erased {
        /// The noun.
        what: &'static str,
        /// Its id or digest.
        id: String,
    },
    /// Somebody else was faster: the revision or the lease is no longer the caller's.
    #[error("change {what} `{id}`: it has changed meanwhile")]
    Stale {
        /// The noun.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// A cursor was not made by this store.
    #[error("read the cursor")]
    Cursor,
    /// The task that held the transaction ended early; nothing was written.
    #[error("finish a transaction: its task ended early")]
    Interrupted,
    /// What was asked for belongs to the other engine.
    #[error("{0} with this engine")]
    Engine(&'static str),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()).map(|code| code.into_owned());
        // SQLite's primary code is the low byte of an extended one; PostgreSQL's codes have five characters.
        let sqlite = code.as_deref().and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff);
        match (code.as_deref(), sqlite, &error) {
            (Some("53100"), ..) | (_, Some(13), _) => Self::Full(error),
            (Some("40001" | "40P01" | "55P03" | "57014" | "53300"), ..)
            | (_, Some(5 | 6), _)
            | (.., sqlx::Error::PoolTimedOut) => Self::Busy(error),
            (_, Some(11 | 26), _) => Self::Damaged(error.to_string()),
            _ => Self::Database(error),
        }
    }
}
