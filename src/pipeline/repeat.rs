use crate::store::{Answer, Replay};

/// Why a post with an `Idempotency-Key` is neither done nor answered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Repeat {
    /// The key came with another body before.
    #[error("the Idempotency-Key was used before with another body")]
    OtherBody,
    /// The first request with this key is still under way.
    #[error("a request with this Idempotency-Key is still under way")]
    InFlight,
}

/// Returns the answer that a post was given before; `None` where it is to be done now.
pub(super) fn answered(replay: Replay) -> Result<Option<Answer>, Repeat> {
    match replay {
        Replay::Fresh => Ok(None),
        Replay::Answered(answer) => Ok(Some(answer)),
        Replay::OtherBody => Err(Repeat::OtherBody),
        Replay::InFlight => Err(Repeat::InFlight),
    }
}
