use std::collections::HashSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::answer::ERASED;
use super::{Error, StoredDecision, Tx, Value, args};
use crate::transcript::{Call, Digest};

/// What an erasure took away: digests and numbers that prove what stood there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Erased {
    /// The deal whose packet is drafted anew.
    pub deal: Option<String>,
    /// Digests of the transcripts whose words are gone.
    pub sources: Vec<String>,
    /// Numbers of the deal's decisions that lost words.
    pub decisions: Vec<u64>,
}

impl Tx {
    /// Erases a call with every version, finding and correction and the draft that quoted it; what people wrote of it in
    /// decisions is left to [`rewrite_decisions`](Self::rewrite_decisions). Digests stay, and the id in the change sequence: every index hears of it, and a recorder that delivers
    /// the call again is refused.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such call.
    pub async fn erase_call(&mut self, call: &str) -> Result<Erased, Error> {
        let missing = || Error::Missing { what: "call", id: call.to_owned() };
        self.hold(call).await?;
        let row = self.first("SELECT deal_id FROM calls WHERE id = $1", args![call]).await?;
        let deal = row.ok_or_else(missing)?.maybe_text(0)?;
        let versions = self.all("SELECT source FROM call_versions WHERE call_id = $1", args![call]).await?;
        self.run("DELETE FROM corrections WHERE call_id = $1", args![call]).await?;
        self.run("DELETE FROM readings WHERE call_id = $1", args![call]).await?;
        self.forget_replies(call).await?;
        self.run("DELETE FROM call_versions WHERE call_id = $1", args![call]).await?;
        self.run("DELETE FROM calls WHERE id = $1", args![call]).await?;
        self.drop_derived(deal.as_deref()).await?;
        let mut sources = Vec::new();
        for version in versions {
            let source = version.text(0)?;
            if self.empty_source(&source).await? {
                sources.push(source);
            }
        }
        self.touch(call).await?;
        Ok(Erased { deal, sources, decisions: Vec::new() })
    }

    /// Puts a call from which somebody was erased in place of what is known of it, and returns the digests of the
    /// transcripts that `bytes` replaces. They stay as empty versions, so that the same bytes delivered again are known.
    /// Without `bytes`, only the metadata named them.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such call.
    pub async fn replace_words(
        &mut self,
        call: &Call,
        bytes: Option<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Vec<String>, Error> {
        self.hold(&call.id).await?;
        let missing = || Error::Missing { what: "call", id: call.id.clone() };
        let sql = "UPDATE calls SET version = version + $4, title = $2, meta = $3, state = 'received', reason = NULL,
                       revision = revision + 1 WHERE id = $1 RETURNING version";
        let (title, newer) = (call.title.as_deref(), i64::from(bytes.is_some()));
        let row = self.first(sql, args![&call.id, title, Value::json(call)?, newer]).await?;
        let version: u32 = row.ok_or_else(missing)?.number(0)?;
        self.touch(&call.id).await?;
        let Some(bytes) = bytes else { return Ok(Vec::new()) };
        let digest = Digest::of(&bytes);
        let versions =
            self.all("SELECT source FROM call_versions WHERE call_id = $1", args![&call.id]).await?;
        self.run("DELETE FROM readings WHERE call_id = $1", args![&call.id]).await?;
        self.forget_replies(&call.id).await?;
        self.seal(&digest, bytes, now).await?;
        let sql = "INSERT INTO call_versions (call_id, version, source, received_at) VALUES ($1, $2, $3, $4)";
        self.run(sql, args![&call.id, version, &digest, now]).await?;
        let mut sources = Vec::new();
        for row in versions {
            let source = row.text(0)?;
            let sql = "UPDATE sources SET bytes = $2 WHERE digest = $1
                       AND NOT EXISTS (SELECT 1 FROM call_versions WHERE source = $1 AND call_id <> $3)";
            self.run(sql, args![&source, Vec::new(), &call.id]).await?;
            sources.push(source);
        }
        Ok(sources)
    }

    /// Rewrites what is known of a call or said in its corrections, without counting it as an edit.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rewrite_corrections(
        &mut self,
        call: &str,
        mut rewrite: impl FnMut(&mut Json) -> bool + Send,
    ) -> Result<(), Error> {
        let sql = "SELECT id, body FROM corrections WHERE call_id = $1";
        for row in self.all(sql, args![call]).await? {
            let mut body: Json = row.json(1)?;
            if rewrite(&mut body) {
                let sql = "UPDATE corrections SET body = $2 WHERE id = $1";
                self.run(sql, args![row.text(0)?, Value::json(&body)?]).await?;
            }
        }
        Ok(())
    }

    /// Puts other bodies in place of those of a deal's decisions, where `rewrite` has one, and returns their numbers.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rewrite_decisions(
        &mut self,
        deal: &str,
        mut rewrite: impl FnMut(&StoredDecision) -> Option<Json> + Send,
    ) -> Result<Vec<u64>, Error> {
        self.hold_decisions(deal).await?;
        let mut rewritten = Vec::new();
        for decision in self.decisions_of(deal).await? {
            let Some(body) = rewrite(&decision) else { continue };
            let sql = "UPDATE decisions SET body = $3 WHERE deal_id = $1 AND seq = $2";
            self.run(sql, args![deal, decision.seq as i64, Value::json(&body)?]).await?;
            rewritten.push(decision.seq);
        }
        Ok(rewritten)
    }

    /// Rewrites what was said of a deal's occasion, and tells whether anything changed. Its revision rises, so that nobody
    /// writes back what they saw before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rewrite_occasion(
        &mut self,
        deal: &str,
        rewrite: impl FnOnce(&mut Json) -> bool + Send,
    ) -> Result<bool, Error> {
        let row = self.first("SELECT body FROM occasions WHERE deal_id = $1", args![deal]).await?;
        let Some(row) = row else { return Ok(false) };
        let mut body: Json = row.json(0)?;
        let changed = rewrite(&mut body);
        if changed {
            let sql = "UPDATE occasions SET body = $2, revision = revision + 1 WHERE deal_id = $1";
            self.run(sql, args![deal, Value::json(&body)?]).await?;
        }
        Ok(changed)
    }

    /// Puts what `rewrite` leaves of the text of each paper of a deal in place of the paper, those that were taken off too,
    /// and returns the digests of the files that are gone. Of the files in `named`, only the text stays in any case.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn rewrite_attachments(
        &mut self,
        deal: &str,
        rewrite: impl Fn(&str) -> Option<String> + Send + Sync,
        named: &HashSet<Digest>,
        now: Timestamp,
    ) -> Result<Vec<String>, Error> {
        let sql = "SELECT id, name, source, content FROM attachments WHERE deal_id = $1 ORDER BY id";
        let mut gone = Vec::new();
        for row in self.all(sql, args![deal]).await? {
            let (id, name, source, content) = (row.text(0)?, row.text(1)?, row.digest(2)?, row.text(3)?);
            let (new_name, new_content) = (rewrite(&name), rewrite(&content));
            if let Some(name) = new_name {
                self.run("UPDATE attachments SET name = $2 WHERE id = $1", args![&id, name]).await?;
            }
            let in_file = named.contains(&source);
            let Some(content) = new_content.or(in_file.then_some(content)) else { continue };
            let digest = Digest::of(content.as_bytes());
            self.seal(&digest, content.clone().into_bytes(), now).await?;
            // Two papers may say the same once a name is out of both: one of them is enough.
            let sql = "UPDATE attachments SET source = $2, content = $3, removed_at = CASE WHEN EXISTS (
                           SELECT 1 FROM attachments twin WHERE twin.deal_id = $4 AND twin.source = $2
                           AND twin.removed_at IS NULL) THEN coalesce(removed_at, $5) ELSE removed_at END
                       WHERE id = $1";
            self.run(sql, args![&id, &digest, content, deal, now]).await?;
            if self.empty_source(source.as_str()).await? {
                gone.push(source.as_str().to_owned());
            }
        }
        Ok(gone)
    }

    /// Removes what is derived from a deal's calls, and the words of answers, which may repeat what was decided about them;
    /// their keys stay, so that nothing is done twice.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn drop_derived(&mut self, deal: Option<&str>) -> Result<(), Error> {
        self.run("DELETE FROM promises WHERE deal_id = $1", args![deal]).await?;
        self.run("DELETE FROM drafts WHERE deal_id = $1", args![deal]).await?;
        let sql = "UPDATE readings SET inputs = NULL, held = NULL
                   WHERE call_id IN (SELECT id FROM calls WHERE deal_id = $1)";
        self.run(sql, args![deal]).await?;
        self.run("UPDATE answers SET body = $1 WHERE body <> ''", args![ERASED]).await.map(drop)
    }

    /// Empties the rows of the audit trail that `names` says name somebody, and returns their numbers. The erasure that is
    /// recorded afterwards must name them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn empty_audit(
        &mut self,
        deal: &str,
        mut names: impl FnMut(&str) -> bool + Send,
    ) -> Result<Vec<u64>, Error> {
        let sql = "SELECT number, target, detail FROM audit
                   WHERE deal = $1 AND action <> 'erased' AND entry IS NOT NULL ORDER BY number";
        let mut emptied = Vec::new();
        for row in self.all(sql, args![deal]).await? {
            if names(&row.text(1)?) || names(&row.text(2)?) {
                emptied.push(row.number(0)?);
            }
        }
        for number in &emptied {
            let sql = "UPDATE audit SET entry = NULL, actor = NULL, deal = NULL, target = NULL, detail = NULL
                       WHERE number = $1";
            self.run(sql, args![*number as i64]).await?;
        }
        Ok(emptied)
    }

    /// Takes the bytes out of a source that no version and no paper refers to, and tells whether it did. Its digest stays.
    async fn empty_source(&mut self, digest: &str) -> Result<bool, Error> {
        let sql = "UPDATE sources SET bytes = $2 WHERE digest = $1
                   AND NOT EXISTS (SELECT 1 FROM call_versions WHERE source = $1)
                   AND NOT EXISTS (SELECT 1 FROM attachments WHERE source = $1)";
        Ok(self.run(sql, args![digest, Vec::new()]).await? > 0)
    }
}
