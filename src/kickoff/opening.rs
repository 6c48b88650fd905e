use serde::Serialize;
use utoipa::ToSchema;

use super::Cast;
use super::sentence::sentences;
use crate::transcript::{Transcript, Turn};

/// Seconds that the account executive's opening may take (S-083, S-085).
pub const LONGEST_OPENING: u64 = 90;

/// Words that people speak in a minute, where the recorder has no times.
const PACE: u64 = 150;

/// The handover at the start of a kickoff call: until whoever takes over first asks something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Opening {
    /// Seconds for which account executives spoke in it.
    pub account_executive_seconds: u64,
    /// Whether that is more than an opening may take.
    pub too_long: bool,
    /// Whether some of the time is reckoned from words.
    pub estimated: bool,
}

impl Opening {
    pub(super) fn new(transcript: &Transcript, cast: &Cast) -> Self {
        let asked = sentences(transcript).into_iter().find(|it| cast.takes_over(it.speaker) && it.asks());
        let end = asked.map_or(transcript.turns.len(), |question| question.span.turn as usize);
        let (mut millis, mut estimated) = (0, false);
        for turn in transcript.turns[..end].iter().filter(|turn| cast.sells(turn.speaker)) {
            let timed = timed(turn);
            estimated |= timed.is_none();
            millis += timed.unwrap_or_else(|| turn.text.split_whitespace().count() as u64 * 60_000 / PACE);
        }
        let seconds = millis / 1000;
        Self { account_executive_seconds: seconds, too_long: seconds > LONGEST_OPENING, estimated }
    }
}

fn timed(turn: &Turn) -> Option<u64> {
    turn.end()?.as_millis().checked_sub(turn.start()?.as_millis())
}
