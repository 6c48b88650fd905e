use tokio_util::sync::CancellationToken;

use super::step::{Step, reach};
use super::worker::LOOK_EVERY;
use super::{Error, Pipeline};
use crate::search::{CallDocument, Change};
use crate::store;

/// Calls that one commit of the index takes in: a commit costs about as much as a hundred calls.
const BATCH: u32 = 200;

impl Pipeline {
    pub(super) async fn follow(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.index_batch().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::error!(%error, "failed to bring the index up to date"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.index_is_behind.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Brings the next calls that changed into the index with one commit; returns how many there were.
    ///
    /// # Errors
    /// Those of store and index.
    pub async fn index_batch(&self) -> Result<usize, Error> {
        let through = self.index.indexed_through().await?;
        let changes = self.store.changes_after(through, BATCH).await?;
        let Some(last) = changes.last() else { return Ok(0) };
        let mut applied = Vec::new();
        for change in &changes {
            match self.change(&change.call).await {
                Ok(changes) => applied.extend(changes),
                Err(error) if error.is_of_the_call() => {
                    tracing::error!(call = change.call, %error, "failed to read a call; it is not searchable");
                }
                Err(error) => return Err(error),
            }
        }
        reach(Step::Index).await;
        self.index.apply(applied, last.seq).await?;
        Ok(changes.len())
    }

    /// Returns what an index must do about a call: forget it where it is erased, nothing while it is not read yet.
    /// Where somebody was erased from it, what the index held of it goes for good before the rest comes back.
    async fn change(&self, call: &str) -> Result<Vec<Change>, Error> {
        let remove = || Change::Remove(call.to_owned());
        let Some(stored) = self.store.call(call).await? else { return Ok(vec![remove()]) };
        let mut changes = Vec::new();
        if self.store.was_erased_from(call).await? {
            changes.push(remove());
        }
        if stored.state != store::CallState::Read {
            return Ok(changes);
        }
        let deal = self.deal_of(&stored).await?;
        let reading = self.reading(&stored).await?;
        changes.push(Change::Put(CallDocument::new(&reading.transcript, Some(&deal), &reading.record())));
        Ok(changes)
    }
}
