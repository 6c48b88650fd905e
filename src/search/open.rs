use std::path::Path;
use std::sync::Arc;

use super::{Error, LocalIndex, PostgresIndex, QuoteIndex};
use crate::store::{Engine, Store};

/// Opens the index that belongs to a store: files in `directory` beside SQLite, a table in PostgreSQL.
///
/// # Errors
/// Where the directory cannot be used, or another process writes to it.
pub async fn open(store: &Store, directory: &Path) -> Result<Arc<dyn QuoteIndex>, Error> {
    Ok(match store.engine() {
        Engine::Sqlite => Arc::new(LocalIndex::open(directory)?),
        Engine::Postgres => Arc::new(PostgresIndex::new(store)?),
    })
}
