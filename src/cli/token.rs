use anyhow::Context;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::args::Token;
use super::deployment::Deployment;
use super::{Outcome, Screen, note, permission_changed};
use crate::access::{Role, Scopes};
use crate::settings::Settings;
use crate::sign_in::Secret;
use crate::store::{NewToken, Store};

/// What a token begins with, so that a scanner for leaked secrets knows it.
const MARK: &str = "rbk_";

/// A token as it is listed; never its secret.
#[derive(Serialize)]
struct Listed {
    id: Uuid,
    name: String,
    role: Role,
    user: Option<String>,
    scopes: String,
    created_at: Timestamp,
    used_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// Creates, lists and revokes tokens.
pub(super) async fn run(settings: &Settings, command: &Token) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open(settings).await?;
    let store = deployment.store();
    let mut screen = Screen::new();
    match command {
        Token::Create { name, role, user, scope, days } => {
            let holder = holder(store, *role, user.as_deref()).await?;
            let scopes = Scopes::only(scope);
            if let Some(act) = scopes.beyond(holder.0) {
                anyhow::bail!("a token of role {} never opens scope `{act}`", holder.0);
            }
            let secret = create(store, name, holder, scopes, *days).await?;
            note(&format!("token `{name}` with role {}; it is shown this once", holder.0));
            screen.line(&secret)?;
        }
        Token::List => list(store, &mut screen).await?,
        Token::Revoke { id } => {
            let id: Uuid = id.parse()?;
            let entry = permission_changed(&id.to_string(), json!({"token": "revoked"}));
            let work = store.write(move |tx| {
                Box::pin(async move {
                    let revoked = tx.revoke_token(id, Timestamp::now()).await?;
                    if revoked {
                        tx.record(entry);
                    }
                    Ok::<_, crate::store::Error>(revoked)
                })
            });
            let revoked = work.await?;
            anyhow::ensure!(revoked, "there is no token {id} in force");
            note(&format!("revoked {id}"));
        }
    }
    store.close().await;
    Ok(Outcome::Done)
}

/// Returns what the holder of a new token is, and who, where it is a person.
async fn holder(
    store: &Store,
    role: Option<Role>,
    login: Option<&str>,
) -> anyhow::Result<(Role, Option<Uuid>)> {
    let Some(login) = login else {
        let role = role.context("name a --role or a --user")?;
        anyhow::ensure!(role != Role::Guest, "a guest opens a shared plan by its link and has no token");
        return Ok((role, None));
    };
    let user = store.user(login).await?.filter(|user| user.disabled_at.is_none());
    let user = user.with_context(|| format!("nobody with the login `{login}` may sign in"))?;
    Ok((user.role, Some(user.id)))
}

/// Makes a token of 256 random bits, of which the store keeps the digest alone, and returns it.
pub(super) async fn create(
    store: &Store,
    name: &str,
    (role, user): (Role, Option<Uuid>),
    scopes: Scopes,
    days: Option<u16>,
) -> anyhow::Result<String> {
    let secret = Secret::new(MARK)?;
    let now = Timestamp::now();
    let token = NewToken {
        id: Uuid::now_v7(),
        digest: secret.digest(),
        name: name.to_owned(),
        role,
        user,
        scopes,
        expires_at: days
            .map(|days| now.checked_add(SignedDuration::from_hours(24 * i64::from(days))))
            .transpose()?,
    };
    let detail = json!({"token": "made", "name": name, "role": role, "scopes": token.scopes.to_string()});
    let entry = permission_changed(&token.id.to_string(), detail);
    let work = store.write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.add_token(&token, now).await
        })
    });
    work.await?;
    Ok(secret.as_str().to_owned())
}

async fn list(store: &Store, screen: &mut Screen) -> anyhow::Result<()> {
    let tokens = store.tokens().await?.into_iter().map(|token| Listed {
        id: token.id,
        name: token.name,
        role: token.role,
        user: token.user.map(|(_, login, _)| login),
        scopes: token.scopes.to_string(),
        created_at: token.created_at,
        used_at: token.used_at,
        expires_at: token.expires_at,
        revoked_at: token.revoked_at,
    });
    let tokens: Vec<_> = tokens.collect();
    let when = |time: &Option<Timestamp>| time.map(|time| format!("{time:.0}")).unwrap_or_default();
    let row = |token: &Listed| {
        vec![
            token.id.to_string(),
            token.name.clone(),
            token.role.to_string(),
            token.user.clone().unwrap_or_default(),
            token.scopes.clone(),
            format!("{:.0}", token.created_at),
            when(&token.used_at),
            when(&token.expires_at),
            when(&token.revoked_at),
        ]
    };
    let header = ["id", "name", "role", "of", "scopes", "created", "last used", "expires", "revoked"];
    Ok(screen.table(&header, tokens.iter().map(row), &tokens)?)
}
