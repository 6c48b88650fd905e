use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Tx, Value, args};
use crate::transcript::{Call, Digest};

/// A transcript as it arrived, with what its sender said about it.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// What is known of the call. An empty id means that the recorder gave none.
    pub call: Call,
    /// The deal it belongs to, where the sender knows; one that nobody has heard of is made.
    pub deal: Option<String>,
    /// The delivered bytes, to the letter.
    pub bytes: Vec<u8>,
    /// The id of the call if it turns out to be new and has none: a UUIDv7.
    pub fresh: Uuid,
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The call's id.
    pub call: String,
    /// The version that holds these bytes.
    pub version: u32,
    /// Whether these bytes had been delivered for this call before; then nothing was written.
    pub duplicate: bool,
    /// The deal that the call belongs to now.
    pub deal: Option<String>,
}

impl Tx {
    /// Keeps a delivered transcript: a new call, a new version of a call the recorder has corrected, or nothing new.
    ///
    /// The same recorder id is the same call. Without one, the same bytes are the same call. An old version that comes
    /// again (senders repeat themselves, and late) is a duplicate and does not push aside the newer one.
    ///
    /// # Errors
    /// [`Error::Erased`] where the call or its words were; [`Error::Nul`] where id, title or deal hold a NUL character; those of the database.
    pub async fn accept(&mut self, delivery: Delivery, now: Timestamp) -> Result<Accepted, Error> {
        let digest = Digest::of(&delivery.bytes);
        let known = delivery.call.id.as_str();
        self.hold(if known.is_empty() { digest.as_str() } else { known }).await?;
        if let Some(before) = self.delivered_before(known, &digest).await? {
            return Ok(before);
        }
        self.refuse_erased(known, &digest).await?;
        let id = if known.is_empty() { delivery.fresh.to_string() } else { known.to_owned() };
        let call = Call { id, ..delivery.call };
        if let Some(deal) = &delivery.deal {
            self.make_deal(deal, now).await?;
        }
        self.seal(&digest, delivery.bytes, now).await?;
        let (version, deal) = self.put_call(&call, delivery.deal, now).await?;
        let sql = "INSERT INTO call_versions (call_id, version, source, received_at) VALUES ($1, $2, $3, $4)";
        self.run(sql, args![&call.id, version, &digest, now]).await?;
        self.touch(&call.id).await?;
        Ok(Accepted { call: call.id, version, duplicate: false, deal })
    }

    /// Keeps bytes under their digest.
    pub(super) async fn seal(
        &mut self,
        digest: &Digest,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO sources (digest, bytes, received_at) VALUES ($1, $2, $3)
                   ON CONFLICT (digest) DO NOTHING";
        self.run(sql, args![digest, bytes, now]).await?;
        Ok(())
    }

    /// Refuses a call that was erased, by its id or by its words: recorders repeat themselves.
    async fn refuse_erased(&mut self, id: &str, digest: &Digest) -> Result<(), Error> {
        let sql = "SELECT call_id FROM changes WHERE call_id = $1
                   AND NOT EXISTS (SELECT 1 FROM calls WHERE id = $1)";
        if self.first(sql, args![id]).await?.is_some() {
            return Err(Error::Erased { what: "call", id: id.to_owned() });
        }
        self.refuse_emptied("transcript", digest).await
    }

    /// Refuses bytes that an erasure has emptied.
    pub(super) async fn refuse_emptied(&mut self, what: &'static str, digest: &Digest) -> Result<(), Error> {
        let sql = "SELECT digest FROM sources WHERE digest = $1 AND length(bytes) = 0";
        match self.first(sql, args![digest]).await? {
            Some(_) => Err(Error::Erased { what, id: digest.as_str().to_owned() }),
            None => Ok(()),
        }
    }

    async fn delivered_before(&mut self, id: &str, digest: &Digest) -> Result<Option<Accepted>, Error> {
        let sql = "SELECT v.call_id, v.version, c.deal_id FROM call_versions v JOIN calls c ON c.id = v.call_id
                   WHERE v.source = $1 AND ($2 = '' OR v.call_id = $2) ORDER BY v.received_at, v.call_id LIMIT 1";
        let Some(row) = self.first(sql, args![digest, id]).await? else { return Ok(None) };
        let (call, version, deal) = (row.text(0)?, row.number(1)?, row.maybe_text(2)?);
        Ok(Some(Accepted { call, version, duplicate: true, deal }))
    }

    /// Writes the call's row and returns its version and deal. A correction that does not name the deal keeps it.
    async fn put_call(
        &mut self,
        call: &Call,
        deal: Option<String>,
        now: Timestamp,
    ) -> Result<(u32, Option<String>), Error> {
        let happened_at = call.started_at.map_or(now, |time| time.timestamp());
        let sql =
            "INSERT INTO calls (id, deal_id, version, title, happened_at, meta, state, revision, received_at)
                   VALUES ($1, $2, 1, $3, $4, $5, 'received', 1, $6)
                   ON CONFLICT (id) DO UPDATE SET
                       deal_id = coalesce(excluded.deal_id, calls.deal_id), version = calls.version + 1,
                       title = excluded.title, happened_at = excluded.happened_at, meta = excluded.meta,
                       state = 'received', reason = NULL, revision = calls.revision + 1
                   RETURNING version, deal_id";
        let args = args![&call.id, deal, call.title.as_deref(), happened_at, Value::json(call)?, now];
        let rows = self.all(sql, args).await?;
        let row = rows.first().ok_or_else(|| Error::Damaged("an insert returned no row".to_owned()))?;
        Ok((row.number(0)?, row.maybe_text(1)?))
    }
}
