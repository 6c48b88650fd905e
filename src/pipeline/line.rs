//! The pipeline: delivered → durable → read → drafted → indexed. Each step is a job or a follower of the store's
//! change sequence, so that it can be cut off anywhere and goes on where it was.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Notify;
use uuid::Uuid;

use super::Error;
use super::kept::KeptReadings;
use super::promises::KeptPromises;
use crate::handoff::Timeline;
use crate::llm::Listener;
use crate::notify::Channels;
use crate::rules::RuleSet;
use crate::search::QuoteIndex;
use crate::store::{Engine, Store};

/// The way of a call through the rooms, with everything it needs.
pub struct Pipeline {
    pub(super) store: Store,
    pub(super) index: Arc<dyn QuoteIndex>,
    pub(super) rules: Arc<RuleSet>,
    timeline: Timeline,
    pub(super) kept: KeptReadings,
    pub(super) kept_promises: KeptPromises,
    pub(super) worker: String,
    pub(super) index_is_behind: Notify,
    pub(super) listener: Option<Listener>,
    pub(super) channels: Option<Channels>,
}

impl Pipeline {
    /// Puts the rooms in line.
    pub fn new(store: Store, index: Arc<dyn QuoteIndex>, rules: Arc<RuleSet>, timeline: Timeline) -> Self {
        let worker = match store.engine() {
            Engine::Sqlite => "this machine".to_owned(),
            Engine::Postgres => Uuid::now_v7().to_string(),
        };
        Self {
            store,
            index,
            rules,
            timeline,
            kept: KeptReadings::default(),
            kept_promises: KeptPromises::default(),
            worker,
            index_is_behind: Notify::new(),
            listener: None,
            channels: None,
        }
    }

    /// Has a model heard about each call, after the rules.
    #[must_use]
    pub fn with_listener(mut self, listener: Option<Listener>) -> Self {
        self.listener = listener;
        self
    }

    /// Takes back at once what a killed process left half done on this machine. Only for whoever holds the data
    /// directory alone; on PostgreSQL such work may belong to another replica, and waits for its lease to run out.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn take_back(&self) -> Result<(), Error> {
        Ok(self.store.expire_leases(&self.worker, Timestamp::now()).await?)
    }

    /// Returns the store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the index.
    pub fn index(&self) -> &dyn QuoteIndex {
        &*self.index
    }

    /// Lets go of what is held in memory of a call.
    pub(super) fn forget_reading(&self, call: &str) {
        self.kept.forget(call);
    }

    /// Returns when the steps of a handoff are due.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// Returns the rules in force.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    pub(super) fn shared_rules(&self) -> Arc<RuleSet> {
        Arc::clone(&self.rules)
    }
}
