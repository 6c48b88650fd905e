use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use super::accounts::{check, permission_changed};
use super::{Error, Secret};
use crate::access::{Act, Role, Scopes};
use crate::store::{self, NewToken, Store, as_login};

/// What a token begins with, so that a scanner for leaked secrets knows it.
const MARK: &str = "rbk_";

/// A token to be made.
#[derive(Clone, Debug)]
pub struct TokenWish {
    /// What it is for.
    pub name: String,
    /// Whose it is.
    pub holder: Holder,
    /// What it may be used for; all that the holder may do where there is none.
    pub scopes: Vec<Act>,
    /// Days after which it opens nothing by itself.
    pub days: Option<u16>,
}

/// Whose a token is.
#[derive(Clone, Debug)]
pub enum Holder {
    /// A machine of this role.
    Machine(Role),
    /// The person with this login: what they are and see, the token is and sees.
    Person(String),
}

/// Makes a token of 256 random bits, of which the store keeps the digest alone, and returns its id and the secret, which
/// is shown this once. `by` is who did it, for the audit trail.
///
/// # Errors
/// [`Error::Impersonal`], [`Error::Beyond`], [`Error::Word`], [`Error::NoAccount`], [`Error::Namesake`]; those of the store.
pub async fn make_token(
    store: &Store,
    wish: TokenWish,
    by: &str,
    now: Timestamp,
) -> Result<(Uuid, Secret), Error> {
    check("name", &wish.name)?;
    let (role, user, holder) = match wish.holder {
        Holder::Machine(Role::Guest) => return Err(Error::Impersonal(Role::Guest)),
        Holder::Machine(_) if store.user(&as_login(&wish.name)).await?.is_some() => {
            return Err(Error::Namesake(wish.name));
        }
        Holder::Machine(role) => (role, None, None),
        Holder::Person(login) => {
            let user = store.user(&login).await?.filter(|user| user.disabled_at.is_none());
            let user = user.ok_or(Error::NoAccount(login))?;
            (user.role, Some(user.id), Some(user.login))
        }
    };
    let scopes = Scopes::only(&wish.scopes);
    if let Some(act) = scopes.beyond(role) {
        return Err(Error::Beyond(role, act));
    }
    let ends = |days: u16| now.checked_add(SignedDuration::from_hours(24 * i64::from(days)));
    let secret = Secret::new(MARK)?;
    let token = NewToken {
        id: Uuid::now_v7(),
        digest: secret.digest(),
        name: wish.name,
        role,
        user,
        scopes,
        expires_at: wish.days.map(|days| ends(days).unwrap_or(Timestamp::MAX)),
    };
    let detail = json!({
        "token": "made",
        "name": token.name,
        "role": role,
        "user": holder,
        "scopes": token.scopes.to_string(),
        "days": wish.days,
    });
    let (id, entry) = (token.id, permission_changed(&token.id.to_string(), detail, by, now));
    let work = store.write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.add_token(&token, now).await
        })
    });
    work.await?;
    Ok((id, secret))
}

/// Stops a token from opening anything. `by` is who did it, for the audit trail.
///
/// # Errors
/// [`store::Error::Missing`] where there is no such token in force; those of the store.
pub async fn revoke_token(store: &Store, id: Uuid, by: &str, now: Timestamp) -> Result<(), Error> {
    let entry = permission_changed(&id.to_string(), json!({"token": "revoked"}), by, now);
    let work = store.write(move |tx| {
        Box::pin(async move {
            if !tx.revoke_token(id, now).await? {
                return Err(store::Error::Missing { what: "token in force", id: id.to_string() });
            }
            tx.record(entry);
            Ok(())
        })
    });
    Ok(work.await?)
}
