//! This room turns the packet of a deal and the transcript of its kickoff call into a replay: what we asked although the
//! packet answers it, which promises the customer holds us to that no ledger has, what the call did to the promises, and
//! how the account executive handed over.

mod cast;
mod claim;
mod entries;
mod missed;
mod opening;
mod phrases;
mod question;
mod sentence;

use serde::Serialize;
use utoipa::ToSchema;

use crate::ledger::{self, Citation, Event, ReadCall};
use crate::packet::Packet;
use crate::review::{self, Decision};
use crate::transcript::Deal;

pub use cast::Cast;
pub use claim::{Claim, Earlier};
pub use entries::Answer;
pub use missed::missed;
pub use opening::{LONGEST_OPENING, Opening};
pub use question::Repeated;

use entries::Entries;

/// What a kickoff call shows of the handoff before it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Replay {
    /// The kickoff call's id.
    pub call: String,
    /// Who was who on our side.
    pub cast: Cast,
    /// How the account executive opened.
    pub opening: Opening,
    /// Questions that our side, the account executive aside, asked.
    pub asked: usize,
    /// Those that the packet answers.
    pub repeated: Vec<Repeated>,
    /// What the customer says that we said; those without an entry are misses.
    pub claims: Vec<Claim>,
    /// What the call did to the promises. `None` where nobody knows when it took place: it would be read as the first.
    pub moves: Option<Vec<Move>>,
}

/// What some words of the kickoff did to a promise.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Move {
    /// The promise.
    pub entry: String,
    /// What became of it.
    #[schema(value_type = String)]
    pub event: Event,
    /// The words.
    #[schema(value_type = Object)]
    pub words: Citation,
    /// How likely the words are news of this promise, 0 to 1.
    pub confidence: f64,
}

/// Returns what `kickoff` shows beside `packet`, the packet of `deal` after the calls `before` and people's `decisions`.
pub fn replay(
    deal: &Deal,
    packet: &Packet,
    before: &[ReadCall],
    decisions: &[Decision],
    kickoff: ReadCall,
) -> Replay {
    let transcript = kickoff.transcript;
    let cast = Cast::new(deal, transcript);
    let entries = Entries::new(packet);
    let (asked, repeated) = question::repeated(transcript, &cast, &entries);
    Replay {
        call: transcript.call.id.clone(),
        opening: Opening::new(transcript, &cast),
        asked,
        repeated,
        claims: claim::claims(deal, transcript, &entries, before),
        moves: transcript.call.started_at.map(|_| moves(deal, before, decisions, kickoff)),
        cast,
    }
}

fn moves(deal: &Deal, before: &[ReadCall], decisions: &[Decision], kickoff: ReadCall) -> Vec<Move> {
    let calls: Vec<_> = before.iter().copied().chain([kickoff]).collect();
    let reviewed = review::apply(&ledger::fold(deal, &calls), &calls, decisions);
    let mut moves = Vec::new();
    for promise in reviewed.ledger.promises {
        let here = promise.said.into_iter().filter(|said| said.words.call == kickoff.transcript.call.id);
        moves.extend(here.map(|said| Move {
            entry: promise.id.clone(),
            event: said.event,
            words: said.words,
            confidence: said.confidence,
        }));
    }
    moves
}

impl Replay {
    /// Returns what the customer holds us to and the ledger does not have.
    pub fn misses(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().filter(|claim| claim.entry.is_none())
    }
}
