//! The points between two steps, where a test may hold the pipeline to kill it.

/// A point at which everything before is durable and nothing after has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Delivered, not read.
    Read,
    /// Read, not drafted.
    Draft,
    /// Read, not indexed.
    Index,
}

/// Marks that `step` is about to begin. A debug build waits here for ever where the environment says
/// `READBACK_HOLD_BEFORE=read|draft|index`, so that a test can kill the process at this very point.
pub(super) async fn reach(step: Step) {
    #[cfg(debug_assertions)]
    if std::env::var("READBACK_HOLD_BEFORE").is_ok_and(|name| name.eq_ignore_ascii_case(&format!("{step:?}")))
    {
        tracing::warn!(?step, "holding, as the environment asks");
        std::future::pending::<()>().await;
    }
    #[cfg(not(debug_assertions))]
    let _ = step;
}
