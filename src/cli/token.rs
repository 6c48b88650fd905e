use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::args::Token;
use super::deployment::Deployment;
use super::{Outcome, Screen, note};
use crate::http::Role;
use crate::settings::Settings;
use crate::store::{NewToken, Store};
use crate::transcript::Digest;

/// What a token begins with, so that a scanner for leaked secrets knows it.
const MARK: &str = "rbk_";

/// A token as it is listed; never its secret.
#[derive(Serialize)]
struct Listed {
    id: Uuid,
    name: String,
    role: String,
    created_at: Timestamp,
    used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// Creates, lists and revokes tokens.
pub(super) async fn run(settings: &Settings, command: &Token) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open(settings).await?;
    let store = deployment.store();
    let mut screen = Screen::new();
    match command {
        Token::Create { name, role } => {
            let secret = create(store, name, *role).await?;
            note(&format!("token `{name}` with role {role}; it is shown this once"));
            screen.line(&secret)?;
        }
        Token::List => list(store, &mut screen).await?,
        Token::Revoke { id } => {
            let id: Uuid = id.parse()?;
            let revoked = store
                .write(move |tx| Box::pin(async move { tx.revoke_token(id, Timestamp::now()).await }))
                .await?;
            anyhow::ensure!(revoked, "there is no token {id} in force");
            note(&format!("revoked {id}"));
        }
    }
    store.close().await;
    Ok(Outcome::Done)
}

/// Makes a token of 256 random bits, of which the store keeps the digest alone, and returns it.
pub(super) async fn create(store: &Store, name: &str, role: Role) -> anyhow::Result<String> {
    let mut bits = [0u8; 32];
    getrandom::fill(&mut bits).map_err(|error| anyhow::anyhow!("failed to draw random bits: {error}"))?;
    let hex: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
    let secret = format!("{MARK}{hex}");
    let token = NewToken {
        id: Uuid::now_v7(),
        digest: Digest::of(secret.as_bytes()),
        name: name.to_owned(),
        role: role.as_str().to_owned(),
    };
    store.write(move |tx| Box::pin(async move { tx.add_token(&token, Timestamp::now()).await })).await?;
    Ok(secret)
}

async fn list(store: &Store, screen: &mut Screen) -> anyhow::Result<()> {
    let tokens = store.tokens().await?.into_iter().map(|token| Listed {
        id: token.id,
        name: token.name,
        role: token.role,
        created_at: token.created_at,
        used_at: token.used_at,
        revoked_at: token.revoked_at,
    });
    let tokens: Vec<_> = tokens.collect();
    let when = |time: &Option<Timestamp>| time.map(|time| format!("{time:.0}")).unwrap_or_default();
    let row = |token: &Listed| {
        vec![
            token.id.to_string(),
            token.name.clone(),
            token.role.clone(),
            format!("{:.0}", token.created_at),
            when(&token.used_at),
            when(&token.revoked_at),
        ]
    };
    let header = ["id", "name", "role", "created", "last used", "revoked"];
    Ok(screen.table(&header, tokens.iter().map(row), &tokens)?)
}
