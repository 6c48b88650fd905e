use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Vouched};
use crate::store::{self, Store, User};

/// Returns the person that a provider vouches for, with the role that their groups have today; makes an account at
/// the first time.
///
/// An account that an administrator made without a password for a mail address waits for whoever proves the address.
/// Any other account with the same login stays whose it is.
///
/// # Errors
/// [`Error::NoRole`], [`Error::Closed`], [`Error::Taken`]; those of the store.
pub async fn by_provider(
    store: &Store,
    issuer: &str,
    vouched: Vouched,
    now: Timestamp,
) -> Result<User, Error> {
    let role = vouched.role.ok_or(Error::NoRole)?;
    let Vouched { subject, login, login_is_proven, name, .. } = vouched;
    let known = store::Known { issuer: issuer.to_owned(), subject, login_is_proven };
    let user = User { id: Uuid::now_v7(), login, name, role, created_at: now, disabled_at: None };
    let work = store.write(move |tx| Box::pin(async move { tx.admit_user(&known, &user).await }));
    let user = work.await.map_err(|error| match error {
        store::Error::Taken { id, .. } => Error::Taken(id),
        other => other.into(),
    })?;
    if user.disabled_at.is_some() { Err(Error::Closed) } else { Ok(user) }
}
