//! The replay of a kickoff call: what it shows of the handoff before it.

use std::sync::Arc;

use super::aside::run_aside;
use super::{Error, Pipeline, Reading};
use crate::kickoff::{self, Replay};
use crate::ledger::ReadCall;
use crate::review::Decision;
use crate::transcript::Deal;

/// Replays `kickoff` against the packet of `deal` as its calls before and people's `decisions` make it; without
/// `red_flags`, against what of it stands on no red-flag page.
pub fn replay<'r>(
    deal: &Deal,
    readings: impl IntoIterator<Item = &'r Reading>,
    decisions: &[Decision],
    kickoff: &'r Reading,
    red_flags: bool,
) -> Replay {
    let before: Vec<_> = readings.into_iter().filter(|reading| is_before(reading, kickoff)).collect();
    let packet = super::draft(deal, before.iter().copied(), decisions);
    let packet = if red_flags { packet } else { packet.without_red_flags() };
    kickoff::replay(deal, &packet, &as_read(&before), decisions, kickoff.as_read())
}

/// Tells whether a call came before a kickoff; one without a time did, unless it is the kickoff itself.
pub fn is_before(reading: &Reading, kickoff: &Reading) -> bool {
    let (call, kickoff) = (&reading.transcript.call, &kickoff.transcript.call);
    let later = call.started_at.zip(kickoff.started_at).is_some_and(|(call, kickoff)| call > kickoff);
    call.id != kickoff.id && !later
}

/// Returns readings as the kickoff's misses are looked for in them.
pub fn as_read<'r>(readings: &[&'r Reading]) -> Vec<ReadCall<'r>> {
    readings.iter().map(|reading| reading.as_read()).collect()
}

impl Pipeline {
    /// Replays the call `call` as the kickoff of `deal`; `None` where the deal has no such call.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn replay(&self, deal: &str, call: &str, red_flags: bool) -> Result<Option<Replay>, Error> {
        let Some(sitting) = self.sitting(deal).await? else { return Ok(None) };
        let kickoff = sitting.readings.iter().find(|reading| reading.transcript.call.id == call);
        let Some(kickoff) = kickoff.map(Arc::clone) else { return Ok(None) };
        let replayed = move || {
            let readings = sitting.readings.iter().map(|reading| &**reading);
            replay(&sitting.deal, readings, &sitting.decisions, &kickoff, red_flags)
        };
        Ok(Some(run_aside(replayed).await?))
    }
}
