use std::io::Read as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::kept::ReadingKey;
use super::{Error, Pipeline, Reading};
use crate::store::{self, HeldReading, Tx};
use crate::transcript::Digest;

impl Reading {
    /// Returns it as the store holds it.
    fn packed(&self) -> Result<Vec<u8>, Error> {
        let odd = |error: std::io::Error| Error::Odd(format!("a reading: {error}"));
        let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
        serde_json::to_writer(&mut packer, self).map_err(|error| odd(error.into()))?;
        packer.finish().map_err(odd)
    }

    /// Returns what the store held; `None` where a quote of it does not stand in its transcript, or it is no reading.
    fn unpacked(packed: &[u8]) -> Option<Self> {
        let mut json = Vec::new();
        ZlibDecoder::new(packed).read_to_end(&mut json).ok()?;
        let reading: Self = serde_json::from_slice(&json).ok()?;
        Some(reading).filter(|reading| reading.detected.stands_in(&reading.transcript))
    }
}

impl Pipeline {
    /// Returns the reading that the store holds under `key`.
    pub(super) async fn held(&self, key: &ReadingKey) -> Result<Option<Reading>, Error> {
        let packed = self.store.held_reading(&key.call, key.version, &key.inputs).await?;
        Ok(packed.and_then(|packed| Reading::unpacked(&packed)))
    }

    /// Returns the readings of `calls` that were read anew and which the store does not hold. Only a job may put them
    /// there, so that no word comes back: an erasure withdraws a draft, and a version that it emptied takes no reading.
    pub(super) fn to_hold<'c>(
        &self,
        calls: impl IntoIterator<Item = &'c str>,
    ) -> Result<Vec<HeldReading>, Error> {
        let held = |(key, reading): (ReadingKey, Arc<Reading>)| {
            let ReadingKey { call, version, inputs } = key;
            Ok(HeldReading { call, version, inputs, packed: reading.packed()? })
        };
        calls.into_iter().filter_map(|call| self.kept.not_stored(call)).map(held).collect()
    }

    /// Has the store hold readings, and returns on what they rest.
    pub(super) async fn hold(tx: &mut Tx, readings: Vec<HeldReading>) -> Result<Vec<Digest>, store::Error> {
        let mut held = Vec::new();
        for reading in readings {
            let inputs = reading.inputs.clone();
            if tx.hold_reading(reading).await? {
                held.push(inputs);
            }
        }
        Ok(held)
    }
}
