use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::sight::{eyes, seen};
use super::{Cursor, Error, Page, Row, Store, Tx, args, stamp};
use crate::access::Viewer;
use crate::ingest::Format;
use crate::transcript::{Call, Digest};

/// A call as the store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredCall {
    /// What is known of it; the id is always there.
    pub call: Call,
    /// The deal it belongs to.
    pub deal: Option<String>,
    /// The newest version.
    pub version: u32,
    /// When it took place; when it arrived, where nobody knows.
    pub happened_at: Timestamp,
    /// How far it has come.
    pub state: CallState,
    /// Why it is unreadable.
    pub reason: Option<String>,
    /// Rises with every change.
    pub revision: u64,
    /// When it first arrived.
    pub received_at: Timestamp,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CallState {
    /// Kept, not yet read.
    Received,
    /// Read: its findings are there.
    Read,
    /// No reader could make a transcript of it.
    Unreadable,
}

/// One transcript that was delivered for a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Counted from 1.
    pub version: u32,
    /// Digest of the bytes.
    pub source: Digest,
    /// The format, once it was read.
    pub format: Option<Format>,
    /// When it arrived.
    pub received_at: Timestamp,
}

/// Columns of a [`StoredCall`], as [`StoredCall::read`] expects them.
macro_rules! select_calls {
    ($rest:literal) => {
        concat!(
            "SELECT meta, deal_id, version, happened_at, state, reason, revision, received_at FROM calls ",
            $rest
        )
    };
}

/// The condition under which there is a call for a viewer: it belongs to a deal that there is, or to none.
macro_rules! there {
    ($kind:literal, $user:literal) => {
        concat!(
            "(deal_id IS NULL OR EXISTS (SELECT 1 FROM deals d WHERE d.id = calls.deal_id AND ",
            seen!($kind, $user),
            "))"
        )
    };
}

impl Store {
    /// Returns the call `id`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn call(&self, id: &str) -> Result<Option<StoredCall>, Error> {
        let row = self.first(select_calls!("WHERE id = $1"), args![id]).await?;
        row.as_ref().map(StoredCall::read).transpose()
    }

    /// Returns the calls of a deal, the earliest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn calls_of(&self, deal: &str) -> Result<Vec<StoredCall>, Error> {
        let rows =
            self.all(select_calls!("WHERE deal_id = $1 ORDER BY happened_at, id"), args![deal]).await?;
        rows.iter().map(StoredCall::read).collect()
    }

    /// Returns a page of the calls of all deals that there are for `viewer`, or of one of them, the latest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn calls(
        &self,
        viewer: Viewer,
        deal: Option<&str>,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<StoredCall>, Error> {
        let rows = Page::<StoredCall>::rows(limit);
        let (kind, user) = eyes(viewer);
        let mut values = args![deal.unwrap_or_default(), rows, kind, user];
        let rows = match after {
            None => {
                let sql = concat!(
                    select_calls!("WHERE ($1 = '' OR deal_id = $1) AND "),
                    there!("$3", "$4"),
                    " ORDER BY happened_at DESC, id DESC LIMIT $2"
                );
                self.all(sql, values).await?
            }
            Some(cursor) => {
                let sql = concat!(
                    select_calls!("WHERE ($1 = '' OR deal_id = $1) AND (happened_at, id) < ($5, $6) AND "),
                    there!("$3", "$4"),
                    " ORDER BY happened_at DESC, id DESC LIMIT $2"
                );
                values.extend(args![cursor.key(), cursor.id()]);
                self.all(sql, values).await?
            }
        };
        let calls = rows.iter().map(StoredCall::read).collect::<Result<_, _>>()?;
        Ok(Page::cut(calls, limit, |last: &StoredCall| {
            Cursor::new(stamp::text(last.happened_at), &last.call.id)
        }))
    }

    /// Returns the ids of at most `limit` calls that took place before a moment, the earliest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn calls_before(&self, moment: Timestamp, limit: u32) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM calls WHERE happened_at < $1 ORDER BY happened_at, id LIMIT $2";
        self.all(sql, args![moment, limit]).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Tells whether somebody was erased from a call, so that no file may hold what an earlier version said.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn was_erased_from(&self, call: &str) -> Result<bool, Error> {
        let sql = "SELECT v.version FROM call_versions v JOIN sources s ON s.digest = v.source
                   WHERE v.call_id = $1 AND length(s.bytes) = 0 LIMIT 1";
        Ok(self.first(sql, args![call]).await?.is_some())
    }

    /// Returns every version of a call, the first first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn versions(&self, call: &str) -> Result<Vec<Version>, Error> {
        let sql = "SELECT version, source, format, received_at FROM call_versions
                   WHERE call_id = $1 ORDER BY version";
        self.all(sql, args![call]).await?.iter().map(Version::read).collect()
    }

    /// Returns the bytes that were delivered as `version` of a call, checked against the digest they are sealed with.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such version; [`Error::Erased`] where its words are; [`Error::Damaged`] where the bytes are no longer those that
    /// were delivered.
    pub async fn source(&self, call: &str, version: u32) -> Result<Vec<u8>, Error> {
        let sql = "SELECT s.bytes, s.digest FROM sources s JOIN call_versions v ON v.source = s.digest
                   WHERE v.call_id = $1 AND v.version = $2";
        let row = self.first(sql, args![call, version]).await?;
        let row = row.ok_or_else(|| Error::Missing { what: "version", id: format!("{call}/{version}") })?;
        unsealed(&row)
    }
}

/// Returns the bytes in column 0 if their digest is that of column 1. No bytes under another digest than that of nothing
/// are what an erasure leaves.
pub(super) fn unsealed(row: &Row) -> Result<Vec<u8>, Error> {
    let (bytes, digest) = (row.bytes(0)?, row.text(1)?);
    if bytes.is_empty() && digest != Digest::of(b"").as_str() {
        return Err(Error::Erased { what: "transcript", id: digest });
    }
    if Digest::of(&bytes).as_str() != digest {
        return Err(Error::Damaged(format!(
            "the bytes kept under {digest} are not those that were delivered"
        )));
    }
    Ok(bytes)
}

impl Tx {
    /// Moves a call to a deal (one that nobody has heard of is made), or out of any.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such call.
    pub async fn move_call(&mut self, call: &str, deal: Option<&str>, now: Timestamp) -> Result<(), Error> {
        if let Some(deal) = deal {
            self.make_deal(deal, now).await?;
        }
        let sql = "UPDATE calls SET deal_id = $2, revision = revision + 1 WHERE id = $1";
        self.must_touch(sql, args![call, deal], call).await
    }

    /// Says that no reader could make a transcript of this version of a call.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such call, or a newer version has come meanwhile.
    pub async fn mark_unreadable(&mut self, call: &str, version: u32, reason: &str) -> Result<(), Error> {
        let sql = "UPDATE calls SET state = 'unreadable', reason = $3, revision = revision + 1
                   WHERE id = $1 AND version = $2";
        self.must_touch(sql, args![call, version, reason], call).await
    }

    /// Removes sealed bytes that nothing refers to any more.
    pub(super) async fn drop_source(&mut self, digest: &str) -> Result<(), Error> {
        let sql = "DELETE FROM sources WHERE digest = $1
                   AND NOT EXISTS (SELECT 1 FROM call_versions WHERE source = $1)
                   AND NOT EXISTS (SELECT 1 FROM set_aside WHERE source = $1)
                   AND NOT EXISTS (SELECT 1 FROM attachments WHERE source = $1)";
        self.run(sql, args![digest]).await?;
        Ok(())
    }

    async fn must_touch(
        &mut self,
        sql: &'static str,
        args: Vec<super::Value>,
        call: &str,
    ) -> Result<(), Error> {
        if self.run(sql, args).await? == 0 {
            return Err(Error::Missing { what: "call", id: call.to_owned() });
        }
        self.touch(call).await.map(drop)
    }
}

impl StoredCall {
    fn read(row: &Row) -> Result<Self, Error> {
        let state = match row.text(4)?.as_str() {
            "received" => CallState::Received,
            "read" => CallState::Read,
            "unreadable" => CallState::Unreadable,
            other => return Err(Error::Damaged(format!("a call is `{other}`"))),
        };
        Ok(Self {
            call: row.json(0)?,
            deal: row.maybe_text(1)?,
            version: row.number(2)?,
            happened_at: row.time(3)?,
            state,
            reason: row.maybe_text(5)?,
            revision: row.number(6)?,
            received_at: row.time(7)?,
        })
    }
}

impl Version {
    fn read(row: &Row) -> Result<Self, Error> {
        let format = row.maybe_text(2)?.map(|_| row.json(2)).transpose()?;
        Ok(Self { version: row.number(0)?, source: row.parsed(1)?, format, received_at: row.time(3)? })
    }
}
