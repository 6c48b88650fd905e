use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, PgPool, SqlSafeStr, SqlitePool};
use tokio::sync::Notify;

use super::tx::{Transaction, statement};
use super::{Error, Row, Tx, Value, Work};

/// The first SQLite without the race that can corrupt a write-ahead log.
const SQLITE_AT_LEAST: [u32; 3] = [3, 51, 3];

/// A writer that has not had its turn by then is told so: a sender that tries again is better off than a queue
/// without an end.
const PATIENCE: Duration = Duration::from_secs(30);

/// The write-ahead log is cut back to this many bytes after a checkpoint, so that one busy hour does not keep the disk.
const LOG_BYTES: &str = "67108864";

/// Readers of SQLite at once. They never wait for the writer; more than this only compete for the page cache.
const READERS: u32 = 8;

/// Which database is behind a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file on this machine.
    Sqlite,
    /// A server that several replicas share.
    Postgres,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether statements stay prepared on their connection. Turn it off behind a PgBouncer that pools by transaction:
    /// with it, every fourth query failed there; without it, none.
    pub persistent: bool,
    /// Connections to PostgreSQL at most.
    pub connections: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { persistent: true, connections: 16 }
    }
}

/// The world on disk. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    persistent: bool,
    jobs_are_due: Arc<Notify>,
}

#[derive(Clone)]
enum Pools {
    Sqlite { read: SqlitePool, write: SqlitePool },
    Postgres(PgPool),
}

impl Store {
    /// Opens the store at a `postgres://` address or a SQLite file, makes it where there is none, and brings its
    /// schema up to date. Several processes may open one store at the same time.
    ///
    /// # Errors
    /// Where the place cannot be used, or a newer program has left a newer schema there.
    pub async fn open(place: &str, options: Options) -> Result<Self, Error> {
        let pools = if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            open_postgres(place, options).await?
        } else {
            let path = place.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
            open_sqlite(Path::new(path.unwrap_or(place))).await?
        };
        Ok(Self { pools, persistent: options.persistent, jobs_are_due: Arc::default() })
    }

    /// Returns which database is behind the store.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs `work` in one transaction and returns once it is durable; where `work` fails, nothing has happened.
    ///
    /// The transaction runs as a task of its own: a caller that goes away (a closed connection, a timeout) leaves
    /// neither half a record nor an open transaction in the pool.
    ///
    /// # Errors
    /// Those of `work`, and those of the database.
    pub async fn write<T, E, W>(&self, work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        W: for<'t> FnOnce(&'t mut Tx) -> Work<'t, T, E> + Send + 'static,
    {
        let store = self.clone();
        let task = tokio::spawn(async move {
            let mut tx = store.begin().await?;
            let done = work(&mut tx).await?;
            tx.append_recorded().await?;
            let woke = tx.woke;
            tx.commit().await?;
            if woke {
                store.jobs_are_due.notify_waiters();
            }
            Ok(done)
        });
        task.await.map_err(|_| Error::Interrupted)?
    }

    /// Waits until this process has committed a job; jobs of other processes are found by asking now and then.
    pub async fn jobs_are_due(&self) {
        self.jobs_are_due.notified().await;
    }

    /// Waits for running transactions and closes all connections.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Returns all rows of a statement that only reads.
    pub(crate) async fn all(&self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        let rows = match &self.pools {
            Pools::Sqlite { read, .. } => {
                let rows = statement!(sql, args, self.persistent).fetch_all(read).await?;
                rows.iter().map(Row::read).collect::<Result<_, _>>()?
            }
            Pools::Postgres(pool) => {
                let rows = statement!(sql, args, self.persistent).fetch_all(pool).await?;
                rows.iter().map(Row::read).collect::<Result<_, _>>()?
            }
        };
        Ok(rows)
    }

    /// Returns the first row of a statement that only reads.
    pub(crate) async fn first(&self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Option<Row>, Error> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Runs a statement outside a transaction, on the connection that writes.
    pub(super) async fn run_alone(&self, sql: &'static str, args: Vec<Value>) -> Result<(), Error> {
        match &self.pools {
            Pools::Sqlite { write, .. } => {
                statement!(sql, args, self.persistent).execute(write).await?;
            }
            Pools::Postgres(pool) => {
                statement!(sql, args, self.persistent).execute(pool).await?;
            }
        }
        Ok(())
    }

    async fn begin(&self) -> Result<Tx, Error> {
        let on = match &self.pools {
            // A transaction that begins as a reader and then writes is refused at once when another wrote meanwhile.
            Pools::Sqlite { write, .. } => Transaction::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        };
        Ok(Tx { on, persistent: self.persistent, woke: false, recorded: Vec::new() })
    }
}

async fn open_sqlite(path: &Path) -> Result<Pools, Error> {
    make_private(path).map_err(|source| Error::Place { path: path.to_owned(), source })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .pragma("journal_size_limit", LOG_BYTES)
        // What is erased must not linger in free pages.
        .pragma("secure_delete", "ON");
    let pool = SqlitePoolOptions::new().acquire_timeout(PATIENCE);
    let write = pool.clone().max_connections(1).connect_with(options.clone()).await?;
    refuse_old_sqlite(&write).await?;
    migrate_sqlite(&write).await?;
    let read = pool.max_connections(READERS).connect_with(options.pragma("query_only", "ON")).await?;
    Ok(Pools::Sqlite { read, write })
}

async fn open_postgres(url: &str, options: Options) -> Result<Pools, Error> {
    let connect: PgConnectOptions = url.parse()?;
    let pool = PgPoolOptions::new()
        .acquire_timeout(PATIENCE)
        .max_connections(options.connections)
        .connect_with(connect)
        .await?;
    migrator(Engine::Postgres).run(&pool).await.map_err(refused)?;
    Ok(Pools::Postgres(pool))
}

/// Makes directory and file so that only their owner may look; SQLite gives its log files the rights of the file.
pub(super) fn make_private(path: &Path) -> std::io::Result<()> {
    let mut directory = std::fs::DirBuilder::new();
    let mut file = std::fs::OpenOptions::new();
    file.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        directory.mode(0o700);
        file.mode(0o600);
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        directory.recursive(true).create(parent)?;
    }
    file.open(path).map(drop)
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<(), Error> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    let version: Vec<u32> = found.split('.').filter_map(|part| part.parse().ok()).collect();
    if version < SQLITE_AT_LEAST.to_vec() { Err(Error::OldEngine { found }) } else { Ok(()) }
}

/// Migrates within one immediate transaction, so that a second process waits and then finds the work done.
async fn migrate_sqlite(pool: &SqlitePool) -> Result<(), Error> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    migrator(Engine::Sqlite).run_direct(None, &mut *tx, false).await.map_err(refused)?;
    tx.commit().await?;
    Ok(())
}

/// The migrations in order: version, name, text, and the only engine it is for.
const MIGRATIONS: &[(i64, &str, &str, Option<Engine>)] = &[
    (1, "calls", include_str!("migrations/0001_calls.sql"), None),
    (2, "turns", include_str!("migrations/0002_turns.postgres.sql"), Some(Engine::Postgres)),
    (3, "decisions", include_str!("migrations/0003_decisions.sql"), None),
    (4, "audit", include_str!("migrations/0004_audit.sql"), None),
    (5, "people", include_str!("migrations/0005_people.sql"), None),
    (6, "shares", include_str!("migrations/0006_shares.sql"), None),
    (7, "llm", include_str!("migrations/0007_llm.sql"), None),
    (8, "attachments", include_str!("migrations/0008_attachments.sql"), None),
    (30, "glances", include_str!("migrations/0030_glances.sql"), None),
    (40, "notices", include_str!("migrations/0040_notices.sql"), None),
    (41, "held readings", include_str!("migrations/0041_held_readings.sql"), None),
    (42, "promises", include_str!("migrations/0042_promises.sql"), None),
    (50, "channels", include_str!("migrations/0050_channels.sql"), None),
];

fn migrator(engine: Engine) -> Migrator {
    let (text, bytes) = match engine {
        Engine::Sqlite => ("TEXT", "BLOB"),
        Engine::Postgres => ("TEXT COLLATE \"C\"", "BYTEA"),
    };
    let migrations = MIGRATIONS.iter().filter(|(.., only)| only.is_none_or(|only| only == engine));
    let migration = |&(version, name, sql, _): &(i64, &'static str, &str, _)| {
        let sql = sql.replace("{{text}}", text).replace("{{bytes}}", bytes);
        let sql = AssertSqlSafe(sql).into_sql_str();
        Migration::new(version, name.into(), MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(migrations.map(migration).collect())
}

fn refused(error: MigrateError) -> Error {
    let known = MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or_default();
    match error {
        MigrateError::VersionMissing(found) if found > known => Error::NewerSchema { found, known },
        MigrateError::Execute(error) => error.into(),
        other => Error::Migrate(other),
    }
}
