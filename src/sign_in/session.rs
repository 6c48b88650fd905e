use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::{Error, Secret};
use crate::handoff::{Action, Entry};
use crate::store::{NewSession, Session, Store, User};
use crate::transcript::Digest;

/// How stale the last sight of a session may be before it is written again.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Without a request.
    pub idle: SignedDuration,
    /// Whatever happens.
    pub whole: SignedDuration,
}

/// Opens a session for `user` and returns its secret. The session that the browser had before, `old`, ends with it: a
/// secret that somebody planted there opens nothing. `by` goes into the audit trail: how they proved who they are.
///
/// # Errors
/// Those of the store.
pub async fn open(
    store: &Store,
    user: &User,
    by: &'static str,
    old: Option<Digest>,
    lifetimes: Lifetimes,
    now: Timestamp,
) -> Result<Secret, Error> {
    let secret = Secret::new("")?;
    let session = NewSession {
        digest: secret.digest(),
        user: user.id,
        ends_at: now.checked_add(lifetimes.whole).unwrap_or(Timestamp::MAX),
    };
    let entry = Entry::new(Uuid::now_v7(), now, &user.login, Action::SignedIn, "session");
    let entry = entry.with(json!({"by": by}));
    let work = store.write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            if let Some(old) = old {
                tx.close_session(&old).await?;
            }
            tx.open_session(&session, now).await
        })
    });
    work.await.map_err(|error: crate::store::Error| error)?;
    Ok(secret)
}

/// Returns the session whose secret has this digest, if it still opens anything.
///
/// # Errors
/// Those of the store.
pub async fn find(
    store: &Store,
    digest: &Digest,
    lifetimes: Lifetimes,
    now: Timestamp,
) -> Result<Option<Session>, Error> {
    let seen_after = now.checked_sub(lifetimes.idle).unwrap_or(Timestamp::MIN);
    let Some(session) = store.session(digest, seen_after, now).await? else { return Ok(None) };
    if now.duration_since(session.seen_at) > NOTE_EVERY {
        let digest = digest.clone();
        let seen = store.write(move |tx| Box::pin(async move { tx.see_session(&digest, now).await })).await;
        if let Err(error) = seen {
            // Reads go on when nothing can be written.
            let error: crate::store::Error = error;
            tracing::warn!(%error, "failed to note the use of a session");
        }
    }
    Ok(Some(session))
}
