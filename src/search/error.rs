use std::path::PathBuf;

use super::QueryError;

/// What keeps an index from doing its work; each text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query cannot be understood.
    #[error("understand the query")]
    Query(#[from] QueryError),
    /// Another process writes to the index. It is never a reason to rebuild.
    #[error("write to the index: another process does")]
    Locked,
    /// The directory of the index cannot be used. It is never a reason to rebuild.
    #[error("open the index at {}", path.display())]
    Place {
        /// The path that was tried.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// Any other trouble with the index on disk.
    #[error("use the index")]
    Index(#[source] tantivy::TantivyError),
    /// Trouble with the index in the database.
    #[error("use the index in the database")]
    Store(#[from] crate::store::Error),
    /// The task that searched ended early.
    #[error("finish a search: its task ended early")]
    Interrupted,
    /// The store has no index of its own: it is one file on one machine.
    #[error("open an index in a database that has none")]
    NoIndex,
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        match error {
            tantivy::TantivyError::LockFailure(..) => Self::Locked,
            other => Self::Index(other),
        }
    }
}
