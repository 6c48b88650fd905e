use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Error, Row, Store, Tx, args};
use crate::access::Role;

/// A person with an account, without their password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Their id.
    pub id: Uuid,
    /// What they sign in with, in lower case.
    pub login: String,
    /// As others read it.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it stopped opening anything.
    pub disabled_at: Option<Timestamp>,
}

/// Columns of a [`User`], as [`User::read`] expects them.
macro_rules! select_users {
    ($rest:literal) => {
        concat!("SELECT id, login, name, role, created_at, disabled_at FROM users ", $rest)
    };
}

pub(super) use select_users;

/// Returns a login as it is kept: people write their address in any case.
pub fn as_login(typed: &str) -> String {
    typed.trim().to_lowercase()
}

impl Store {
    /// Returns the person with this login.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user(&self, login: &str) -> Result<Option<User>, Error> {
        let row = self.first(select_users!("WHERE login = $1"), args![as_login(login)]).await?;
        row.as_ref().map(User::read).transpose()
    }

    /// Returns everybody, by login.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        self.all(select_users!("ORDER BY login"), args![]).await?.iter().map(User::read).collect()
    }

    /// Returns when a session of each person was last seen, by login; who has none is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn last_seen(&self) -> Result<HashMap<String, Timestamp>, Error> {
        let sql = "SELECT u.login, max(s.seen_at) FROM sessions s JOIN users u ON u.id = s.user_id GROUP BY u.login";
        self.all(sql, args![]).await?.iter().map(|row| Ok((row.text(0)?, row.time(1)?))).collect()
    }

    /// Returns every team with the logins of who is in it, as pairs.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn teams(&self) -> Result<Vec<(String, String)>, Error> {
        let sql = "SELECT t.team, u.login FROM team_members t JOIN users u ON u.id = t.user_id
                   ORDER BY t.team, u.login";
        self.all(sql, args![]).await?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }
}

impl Tx {
    /// Returns a person and their teams, and keeps others from changing the account until this transaction ends.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such person.
    pub async fn held_user(&mut self, login: &str) -> Result<(User, BTreeSet<String>), Error> {
        let login = as_login(login);
        self.hold(&format!("account {login}")).await?;
        let row = self.first(select_users!("WHERE login = $1"), args![&login]).await?;
        let user = User::read(&row.ok_or_else(|| Error::Missing { what: "user", id: login })?)?;
        let teams =
            self.all("SELECT team FROM team_members WHERE user_id = $1", args![user.id.to_string()]).await?;
        Ok((user, teams.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?))
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`Error::Taken`] where the login has one.
    pub async fn add_user(&mut self, user: &User) -> Result<(), Error> {
        let sql = "INSERT INTO users (id, login, name, role, created_at) VALUES ($1, $2, $3, $4, $5)
                   ON CONFLICT (login) DO NOTHING";
        let login = as_login(&user.login);
        let values = args![user.id.to_string(), &login, &user.name, user.role.as_str(), user.created_at];
        match self.run(sql, values).await? {
            0 => Err(Error::Taken { what: "login", id: login }),
            _ => Ok(()),
        }
    }

    /// Says what a person is from now on.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such person.
    pub async fn set_role(&mut self, login: &str, role: Role) -> Result<(), Error> {
        let login = as_login(login);
        let sql = "UPDATE users SET role = $2 WHERE login = $1";
        let changed = self.run(sql, args![&login, role.as_str()]).await?;
        found(changed, &login)
    }

    /// Closes an account: sessions and tokens of the person open nothing from now on.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such person, or the account is closed.
    pub async fn disable_user(&mut self, login: &str, now: Timestamp) -> Result<(), Error> {
        let login = as_login(login);
        let sql = "UPDATE users SET disabled_at = $2 WHERE login = $1 AND disabled_at IS NULL";
        let changed = self.run(sql, args![&login, now]).await?;
        found(changed, &login)?;
        self.close_sessions_of(&login).await
    }

    /// Opens a closed account again.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such person, or the account is open.
    pub async fn enable_user(&mut self, login: &str) -> Result<(), Error> {
        let login = as_login(login);
        let sql = "UPDATE users SET disabled_at = NULL WHERE login = $1 AND disabled_at IS NOT NULL";
        let changed = self.run(sql, args![&login]).await?;
        found(changed, &login)
    }

    /// Puts a person into a team, or takes them out of it.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such person.
    pub async fn set_team(&mut self, login: &str, team: &str, is_in: bool) -> Result<(), Error> {
        let login = as_login(login);
        let row = self.first("SELECT id FROM users WHERE login = $1", args![&login]).await?;
        let user = row.ok_or_else(|| Error::Missing { what: "user", id: login })?.text(0)?;
        let sql = match is_in {
            true => "INSERT INTO team_members (team, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            false => "DELETE FROM team_members WHERE team = $1 AND user_id = $2",
        };
        self.run(sql, args![team, user]).await.map(drop)
    }
}

pub(super) fn found(changed: u64, login: &str) -> Result<(), Error> {
    if changed == 0 { Err(Error::Missing { what: "user", id: login.to_owned() }) } else { Ok(()) }
}

impl User {
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.parsed(0)?,
            login: row.text(1)?,
            name: row.text(2)?,
            role: row.parsed(3)?,
            created_at: row.time(4)?,
            disabled_at: row.maybe_time(5)?,
        })
    }
}
