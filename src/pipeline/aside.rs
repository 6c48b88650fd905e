use super::error::Panicked;

/// Runs work for the processor away from the tasks that answer requests. A panic ends the work and nothing else; its
/// message may hold words of a call and goes no further.
pub(super) async fn run_aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Panicked> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Panicked)
}
