use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, Store, Tx, args};
use crate::transcript::Digest;

/// What was erased from a store: ids and digests by which it is known when it comes again, and no words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Erasures {
    /// Ids of calls.
    pub calls: BTreeSet<String>,
    /// Digests of transcripts and papers.
    pub sources: BTreeSet<Digest>,
}

impl Store {
    /// Returns what was erased.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn erasures(&self) -> Result<Erasures, Error> {
        let calls = "SELECT call_id FROM changes WHERE call_id NOT IN (SELECT id FROM calls)";
        let calls = self.all(calls, args![]).await?;
        let sources = self.all("SELECT digest FROM sources WHERE length(bytes) = 0", args![]).await?;
        Ok(Erasures {
            calls: calls.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?,
            sources: sources.iter().map(|row| row.digest(0)).collect::<Result<_, _>>()?,
        })
    }
}

impl Tx {
    /// Keeps what was erased elsewhere, so that none of it is taken here, and returns what of it is new here, and the calls
    /// that are here and stay: erasing them is for a person.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn keep_erasures(
        &mut self,
        erasures: &Erasures,
        now: Timestamp,
    ) -> Result<(Erasures, BTreeSet<String>), Error> {
        let (mut new, mut stay) = (Erasures::default(), BTreeSet::new());
        for call in &erasures.calls {
            self.hold(call).await?;
            if self.first("SELECT id FROM calls WHERE id = $1", args![call]).await?.is_some() {
                stay.insert(call.clone());
            } else if self.first("SELECT seq FROM changes WHERE call_id = $1", args![call]).await?.is_none() {
                self.touch(call).await?;
                new.calls.insert(call.clone());
            }
        }
        for source in &erasures.sources {
            if self.first("SELECT digest FROM sources WHERE digest = $1", args![source]).await?.is_none() {
                self.seal(source, Vec::new(), now).await?;
                new.sources.insert(source.clone());
            }
        }
        Ok((new, stay))
    }
}
