use jiff::Timestamp;
use serde::Serialize;

use super::args::User;
use super::deployment::Deployment;
use super::{ACTOR, Outcome, Screen, note, password};
use crate::access::{Role, Scopes};
use crate::settings::Settings;
use crate::sign_in::{self, Change, NewAccount};
use crate::store::{Store, as_login};

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
    let change = async |login: &str, change: Change| {
        sign_in::change_account(store, login, change, ACTOR, Timestamp::now()).await
    };
    match command {
        User::Create { login, name, role, password } => {
            let hash = password.then(password::ask).transpose()?;
            let (login, name, role, within) = (login.clone(), name.clone(), *role, Scopes::ALL);
            let new = NewAccount { login, name, role, hash, within };
            let made = sign_in::make_account(store, new, ACTOR, Timestamp::now()).await?;
            note(&format!("made an account for {} with role {role}", made.login));
        }
        User::Password { login } => {
            change(login, Change { hash: Some(password::ask()?), ..Change::default() }).await?;
            note(&format!("{login} has another password and is signed out everywhere"));
        }
        User::List => list(store).await?,
        User::Role { login, role } => {
            change(login, Change { role: Some(*role), ..Change::default() }).await?;
            note(&format!("{login} is {role} from now on"));
        }
        User::Team { login, team, leave } => {
            let mut teams = sign_in::teams_of(store, &as_login(login)).await?;
            if *leave {
                teams.remove(team);
            } else {
                teams.insert(team.clone());
            }
            change(login, Change { teams: Some(teams), ..Change::default() }).await?;
            note(&format!("{login} is {} team {team}", if *leave { "no longer in" } else { "in" }));
        }
        User::Disable { login } => {
            change(login, Change { closed: Some(true), ..Change::default() }).await?;
            note(&format!("{login} is signed out everywhere, and their tokens open nothing"));
        }
        User::Enable { login } => {
            change(login, Change { closed: Some(false), ..Change::default() }).await?;
            note(&format!("{login} may sign in again"));
        }
    }
    store.close().await;
    Ok(Outcome::Done)
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
