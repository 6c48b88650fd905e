use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;

use super::{Error, Pipeline};
use crate::access::Viewer;
use crate::ledger::Promise;
use crate::llm;
use crate::packet::{Packet, PromiseRow};
use crate::review::Line;
use crate::store::{Drafted, DraftedPromise};
use crate::transcript::Deal;

/// The promises of a deal's newest draft.
#[derive(Debug)]
pub struct DealPromises {
    /// The deal.
    pub deal: Deal,
    /// What lists show of each.
    pub rows: Vec<PromiseRow>,
    /// All words by which each can be asked for.
    pub told: Vec<Vec<String>>,
}

/// The promises of the drafts that were listed last: to list and count those of all deals, all are looked at. One weighs
/// about a kilobyte.
#[derive(Debug, Default)]
pub(super) struct KeptPromises {
    of_deals: Mutex<HashMap<String, (Drafted, Arc<DealPromises>)>>,
}

impl KeptPromises {
    fn get(&self, deal: &str, drafted: Drafted) -> Option<Arc<DealPromises>> {
        let kept = self.of_deals.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(deal).filter(|(of, _)| *of == drafted).map(|(_, promises)| Arc::clone(promises))
    }

    fn put(&self, deal: &str, drafted: Drafted, promises: &Arc<DealPromises>) {
        let mut kept = self.of_deals.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(deal.to_owned(), (drafted, Arc::clone(promises)));
    }
}

impl Pipeline {
    /// Returns the promises of the drafts of all deals that there are for `viewer`, or of `deal` alone, by account.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn promises(
        &self,
        viewer: Viewer,
        deal: Option<&str>,
    ) -> Result<Vec<Arc<DealPromises>>, Error> {
        let mut all = Vec::new();
        for (deal, drafted) in self.store().drafted(viewer, deal).await? {
            if let Some(promises) = self.kept_promises.get(&deal, drafted) {
                all.push(promises);
                continue;
            }
            let rows = self.store().promise_glances(&deal).await?;
            let Some(stored) = self.store().deal(&deal).await? else { continue };
            let promises = Arc::new(DealPromises::new(stored.deal, rows));
            self.kept_promises.put(&deal, drafted, &promises);
            all.push(promises);
        }
        Ok(all)
    }
}

impl DealPromises {
    fn new(deal: Deal, rows: Vec<PromiseRow>) -> Self {
        let account = if deal.account.is_empty() { &deal.id } else { &deal.account };
        let told = |row: &PromiseRow| {
            let told = [row.words.as_str(), "promise", row.category.as_str(), account];
            told.into_iter().chain(row.due_text.as_deref()).flat_map(llm::words).collect()
        };
        let told = rows.iter().map(told).collect();
        Self { deal, rows, told }
    }
}

/// Returns the promises of a packet as the store keeps them.
pub(super) fn drafted(packet: &Packet) -> Result<Vec<DraftedPromise>, serde_json::Error> {
    let items = packet.sections.iter().flat_map(|section| &section.items);
    let reviews: HashMap<&str, &Line> =
        items.filter_map(|item| Some((item.entry.as_str(), item.review.as_ref()?))).collect();
    let promise = |(row, promise): (PromiseRow, &Promise)| {
        let mut entry = serde_json::to_value(promise)?;
        entry["deal"] = json!(packet.deal.id);
        entry["account"] = json!(packet.deal.account);
        if let Some(review) = reviews.get(row.entry.as_str()) {
            entry["review"] = serde_json::to_value(review)?;
        }
        let glance = serde_json::to_value(&row)?;
        Ok(DraftedPromise { due: row.due, status: row.status, category: row.category, glance, entry })
    };
    packet.promise_rows().into_iter().zip(&packet.ledger.promises).map(promise).collect()
}
