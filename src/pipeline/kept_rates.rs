use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::{Error, Pipeline};
use crate::access::Viewer;
use crate::handoff::Record;
use crate::ledger::{self, Kept};
use crate::packet::{Glance, PromiseRow};

/// What was kept of what was taken on, over many deals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptRates {
    /// Next steps, side by side (S-007).
    pub steps: Vec<Kept>,
    /// Promises.
    pub promises: usize,
    /// Promises that were kept.
    pub fulfilled: usize,
    /// Promises that were taken back.
    pub withdrawn: usize,
    /// Promises that stand and have time, or no date.
    pub open: usize,
    /// Promises that stand, whose day is over in the deal's zone.
    pub overdue: usize,
}

impl Pipeline {
    /// Returns what was kept in the deals of `records`.
    pub(super) async fn kept_rates(
        &self,
        viewer: Viewer,
        records: &[Record],
        now: Timestamp,
    ) -> Result<KeptRates, Error> {
        let records: BTreeMap<&str, &Record> =
            records.iter().map(|record| (record.deal.as_str(), record)).collect();
        let glances: HashMap<String, Glance> = self.store().glances(viewer).await?;
        let taken = glances.into_iter().filter(|(deal, _)| records.contains_key(deal.as_str()));
        let steps = ledger::together(taken.flat_map(|(_, glance)| glance.kept));
        let mut rates = KeptRates { steps, ..KeptRates::default() };
        for promises in self.promises(viewer, None).await? {
            let Some(record) = records.get(promises.deal.id.as_str()) else { continue };
            let today = record.calendar.local(now).date();
            let is_over = |promise: &PromiseRow| promise.due.is_some_and(|due| due < today);
            promises.rows.iter().for_each(|promise| rates.count(promise, is_over(promise)));
        }
        Ok(rates)
    }
}

impl KeptRates {
    fn count(&mut self, promise: &PromiseRow, day_is_over: bool) {
        self.promises += 1;
        match promise.status.as_str() {
            "fulfilled" => self.fulfilled += 1,
            "withdrawn" => self.withdrawn += 1,
            _ if day_is_over => self.overdue += 1,
            _ => self.open += 1,
        }
    }
}
