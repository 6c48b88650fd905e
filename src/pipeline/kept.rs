use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::transcript::Digest;

use super::Reading;

/// Readings that are held in memory, because draft, index and pages need each reading again within moments. A reading
/// of a one-hour call weighs about half a megabyte; a deal of sixty calls fits, and others beside it.
const HELD: usize = 128;

/// What a reading depends on: whoever has the same key has the same reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ReadingKey {
    pub(super) call: String,
    pub(super) version: u32,
    /// Digest of metadata, deal, corrections and rules.
    pub(super) inputs: Digest,
}

/// The readings used last.
#[derive(Debug, Default)]
pub(super) struct KeptReadings {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// Rises with every use.
    clock: u64,
    /// Each reading with the clock of its last use.
    readings: HashMap<ReadingKey, (u64, Arc<Reading>)>,
}

impl KeptReadings {
    pub(super) fn get(&self, key: &ReadingKey) -> Option<Arc<Reading>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { clock, readings } = &mut *held;
        *clock += 1;
        let (used, reading) = readings.get_mut(key)?;
        *used = *clock;
        Some(Arc::clone(reading))
    }

    pub(super) fn forget(&self, call: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.readings.retain(|key, _| key.call != call);
    }

    pub(super) fn put(&self, key: ReadingKey, reading: Arc<Reading>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { clock, readings } = &mut *held;
        *clock += 1;
        // Any other reading of the call is out of date.
        readings.retain(|other, _| other.call != key.call);
        if readings.len() >= HELD {
            let oldest = readings.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            oldest.map(|key| readings.remove(&key));
        }
        readings.insert(key, (*clock, reading));
    }
}
