use jiff::Timestamp;

use super::{Error, Pipeline};
use crate::packet::Packet;
use crate::papers::Occasion;

/// What the papers of a deal are drawn from.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The packet, red flags and all.
    pub packet: Packet,
    /// What papers need beside the calls.
    pub occasion: Occasion,
}

impl Pipeline {
    /// Returns what the papers of a deal are drawn from at `now`: its packet, and `told` in place of the occasion that is
    /// kept, with what AE and CSM dispute or let go, which is not for the customer (S-094). `None` where there is no
    /// such deal.
    ///
    /// # Errors
    /// Those of the store, and where a call cannot be read.
    pub async fn desk(
        &self,
        deal: &str,
        told: Option<Occasion>,
        now: Timestamp,
    ) -> Result<Option<Desk>, Error> {
        let Some(hidden) = self.hidden_promises(deal).await? else { return Ok(None) };
        let mut occasion = match told {
            Some(occasion) => occasion,
            None => self.store.occasion(deal).await?.occasion,
        };
        occasion.written_at.get_or_insert(now);
        occasion.disputed.extend(hidden);
        Ok(Some(Desk { packet: self.packet(deal).await?, occasion }))
    }
}
