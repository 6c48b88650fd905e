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
    /// Digest of metadata, deal, corrections, rules and program.
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
    readings: HashMap<ReadingKey, Kept>,
}

#[derive(Debug)]
struct Kept {
    reading: Arc<Reading>,
    /// The clock of its last use.
    used: u64,
    /// Whether the store holds it, too.
    stored: bool,
}

impl KeptReadings {
    pub(super) fn get(&self, key: &ReadingKey) -> Option<Arc<Reading>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { clock, readings } = &mut *held;
        *clock += 1;
        let kept = readings.get_mut(key)?;
        kept.used = *clock;
        Some(Arc::clone(&kept.reading))
    }

    pub(super) fn forget(&self, call: &str) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.readings.retain(|key, _| key.call != call);
    }

    /// Returns the reading of a call that the store does not hold.
    pub(super) fn not_stored(&self, call: &str) -> Option<(ReadingKey, Arc<Reading>)> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, kept) = held.readings.iter().find(|(key, kept)| key.call == call && !kept.stored)?;
        Some((key.clone(), Arc::clone(&kept.reading)))
    }

    /// Takes note that the store holds what rests on these inputs.
    pub(super) fn is_stored(&self, inputs: &Digest) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let known = held.readings.iter_mut().filter(|(key, _)| key.inputs == *inputs);
        known.for_each(|(_, kept)| kept.stored = true);
    }

    /// Keeps a reading, which is `stored` or not.
    pub(super) fn put(&self, key: ReadingKey, reading: Arc<Reading>, stored: bool) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { clock, readings } = &mut *held;
        *clock += 1;
        // Any other reading of the call is out of date.
        readings.retain(|other, _| other.call != key.call);
        if readings.len() >= HELD {
            let oldest = readings.iter().min_by_key(|(_, kept)| kept.used).map(|(key, _)| key.clone());
            oldest.map(|key| readings.remove(&key));
        }
        readings.insert(key, Kept { reading, used: *clock, stored });
    }
}
