use anyhow::Context;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::args::Token;
use super::deployment::Deployment;
use super::{ACTOR, Outcome, Screen, note};
use crate::access::Role;
use crate::settings::Settings;
use crate::sign_in::{self, Holder, TokenWish};
use crate::store::Store;

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
            let person = user.clone().map(Holder::Person);
            let holder = person.or(role.map(Holder::Machine)).context("name a --role or a --user")?;
            let wish = TokenWish { name: name.clone(), holder, scopes: scope.clone(), days: *days };
            let (_, secret) = sign_in::make_token(store, wish, ACTOR, Timestamp::now()).await?;
            note(&format!("token `{name}`; it is shown this once"));
            screen.line(secret.as_str())?;
        }
        Token::List => list(store, &mut screen).await?,
        Token::Revoke { id } => {
            let id: Uuid = id.parse()?;
            sign_in::revoke_token(store, id, ACTOR, Timestamp::now()).await?;
            note(&format!("revoked {id}"));
        }
    }
    store.close().await;
    Ok(Outcome::Done)
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
