use std::pin::Pin;

use sqlx::{Postgres, SqlSafeStr, Sqlite};

use super::{Engine, Error, Row, Value, args};
use crate::handoff::Entry;

/// The work of a transaction, as [`Store::write`](super::Store::write) takes it: `|tx| Box::pin(async move { … })`.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 't>>;

/// A transaction that writes. What its methods do becomes true together, or not at all.
pub struct Tx {
    pub(super) on: Transaction,
    pub(super) persistent: bool,
    /// Whether a job became due, which wakes this process's workers after the commit.
    pub(super) woke: bool,
    /// What the audit trail takes in before the commit.
    pub(super) recorded: Vec<Entry>,
}

pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Binds the values of a statement; a macro, because each engine has its own types.
macro_rules! statement {
    ($sql:expr, $args:expr, $persistent:expr) => {{
        let mut query = sqlx::query($sql).persistent($persistent);
        for value in $args {
            value.check()?;
            query = match value {
                Value::Null => query.bind(None::<String>),
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query
    }};
}
pub(super) use statement;

impl Tx {
    pub(crate) fn engine(&self) -> Engine {
        match self.on {
            Transaction::Sqlite(_) => Engine::Sqlite,
            Transaction::Postgres(_) => Engine::Postgres,
        }
    }

    /// Returns all rows of a statement.
    pub(crate) async fn all(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<Vec<Row>, Error> {
        let rows = match &mut self.on {
            Transaction::Sqlite(tx) => {
                let rows = statement!(sql, args, self.persistent).fetch_all(&mut **tx).await?;
                rows.iter().map(Row::read).collect::<Result<_, _>>()?
            }
            Transaction::Postgres(tx) => {
                let rows = statement!(sql, args, self.persistent).fetch_all(&mut **tx).await?;
                rows.iter().map(Row::read).collect::<Result<_, _>>()?
            }
        };
        Ok(rows)
    }

    /// Returns the first row of a statement, where it has one.
    pub(crate) async fn first(
        &mut self,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
    ) -> Result<Option<Row>, Error> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Runs a statement and returns how many rows it touched.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Result<u64, Error> {
        Ok(match &mut self.on {
            Transaction::Sqlite(tx) => {
                statement!(sql, args, self.persistent).execute(&mut **tx).await?.rows_affected()
            }
            Transaction::Postgres(tx) => {
                statement!(sql, args, self.persistent).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Keeps other transactions that name the same thing waiting until this one ends. SQLite's one writer needs none.
    pub(crate) async fn hold(&mut self, thing: &str) -> Result<(), Error> {
        if self.engine() == Engine::Postgres {
            self.all("SELECT 1::bigint FROM pg_advisory_xact_lock(hashtextextended($1, 0))", args![thing])
                .await?;
        }
        Ok(())
    }

    /// Like [`hold`](Self::hold), but returns `false` at once where somebody else holds it.
    pub(super) async fn try_hold(&mut self, thing: &str) -> Result<bool, Error> {
        if self.engine() == Engine::Sqlite {
            return Ok(true);
        }
        let sql = "SELECT 1::bigint WHERE pg_try_advisory_xact_lock(hashtextextended($1, 0))";
        Ok(self.first(sql, args![thing]).await?.is_some())
    }

    pub(super) async fn commit(self) -> Result<(), Error> {
        match self.on {
            Transaction::Sqlite(tx) => tx.commit().await?,
            Transaction::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
