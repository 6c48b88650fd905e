use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::args::User;
use super::deployment::Deployment;
use super::{Outcome, Screen, note, password, permission_changed};
use crate::access::Role;
use crate::settings::Settings;
use crate::store::{self, Store, as_login};

/// A person as they are listed; never a password.
#[derive(Serialize)]
struct Listed {
    login: String,
    name: String,
    role: Role,
    teams: Vec<String>,
    created_at: Timestamp,
    disabled_at: Option<Timestamp>,
}

/// Makes, lists and changes accounts.
pub(super) async fn run(settings: &Settings, command: &User) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open(settings).await?;
    let store = deployment.store();
    match command {
        User::Create { login, name, role, password } => {
            let hash = password.then(password::ask).transpose()?;
            create(store, login, name.as_deref(), *role, hash).await?;
        }
        User::Password { login } => {
            let (who, hash) = (login.clone(), password::ask()?);
            let entry = permission_changed(&as_login(login), json!({"password": "changed"}));
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.record(entry);
                        tx.set_password(&who, &hash).await
                    })
                })
                .await?;
            note(&format!("{login} has another password and is signed out everywhere"));
        }
        User::List => list(store).await?,
        User::Role { login, role } => {
            refuse_impersonal(*role)?;
            let (who, role) = (login.clone(), *role);
            let entry = permission_changed(&as_login(login), json!({"role": role}));
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.record(entry);
                        tx.set_role(&who, role).await
                    })
                })
                .await?;
            note(&format!("{login} is {role} from now on"));
        }
        User::Team { login, team, leave } => {
            let (who, which, is_in) = (login.clone(), team.clone(), !leave);
            let entry = permission_changed(&as_login(login), json!({"team": team, "in": is_in}));
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.record(entry);
                        tx.set_team(&who, &which, is_in).await
                    })
                })
                .await?;
            note(&format!("{login} is {} team {team}", if is_in { "in" } else { "no longer in" }));
        }
        User::Disable { login } => {
            let who = login.clone();
            let now = Timestamp::now();
            let entry = permission_changed(&as_login(login), json!({"account": "closed"}));
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.record(entry);
                        tx.disable_user(&who, now).await
                    })
                })
                .await?;
            note(&format!("{login} is signed out everywhere, and their tokens open nothing"));
        }
        User::Enable { login } => {
            let who = login.clone();
            let entry = permission_changed(&as_login(login), json!({"account": "opened"}));
            store
                .write(move |tx| {
                    Box::pin(async move {
                        tx.record(entry);
                        tx.enable_user(&who).await
                    })
                })
                .await?;
            note(&format!("{login} may sign in again"));
        }
    }
    store.close().await;
    Ok(Outcome::Done)
}

async fn create(
    store: &Store,
    login: &str,
    name: Option<&str>,
    role: Role,
    hash: Option<String>,
) -> anyhow::Result<()> {
    refuse_impersonal(role)?;
    let login = as_login(login);
    anyhow::ensure!(!login.is_empty(), "the login is empty");
    let user = store::User {
        id: Uuid::now_v7(),
        name: name.unwrap_or(&login).to_owned(),
        login: login.clone(),
        role,
        created_at: Timestamp::now(),
        disabled_at: None,
    };
    let entry = permission_changed(&login, json!({"account": "made", "role": role}));
    let work = store.write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.add_user(&user).await?;
            if let Some(hash) = hash {
                tx.set_password(&user.login, &hash).await?;
            }
            Ok::<_, store::Error>(())
        })
    });
    work.await?;
    note(&format!("made an account for {login} with role {role}"));
    Ok(())
}

fn refuse_impersonal(role: Role) -> anyhow::Result<()> {
    anyhow::ensure!(
        role.is_personal(),
        "{role} is no role for a person; recorders have tokens, customers have links to a plan"
    );
    Ok(())
}

async fn list(store: &Store) -> anyhow::Result<()> {
    let teams = store.teams().await?;
    let teams_of = |login: &str| {
        teams.iter().filter(|(_, member)| member == login).map(|(team, _)| team.clone()).collect()
    };
    let users = store.users().await?.into_iter().map(|user| Listed {
        teams: teams_of(&user.login),
        login: user.login,
        name: user.name,
        role: user.role,
        created_at: user.created_at,
        disabled_at: user.disabled_at,
    });
    let users: Vec<_> = users.collect();
    let row = |user: &Listed| {
        vec![
            user.login.clone(),
            user.name.clone(),
            user.role.to_string(),
            user.teams.join(", "),
            format!("{:.0}", user.created_at),
            user.disabled_at.map(|time| format!("{time:.0}")).unwrap_or_default(),
        ]
    };
    let header = ["login", "name", "role", "teams", "created", "disabled"];
    Ok(Screen::new().table(&header, users.iter().map(row), &users)?)
}
