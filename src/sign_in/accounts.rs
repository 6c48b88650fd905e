use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Error;
use crate::access::{Role, Scopes};
use crate::handoff::{Action, Entry};
use crate::store::{self, Store, User, as_login};

/// Characters of a login, a name or a team at most.
const LONGEST: usize = 200;

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// What the person signs in with.
    pub login: String,
    /// As others read it; the login where it is `None`.
    pub name: Option<String>,
    /// What they are.
    pub role: Role,
    /// The hash of their password, in PHC form; `None` for who signs in at the provider.
    pub hash: Option<String>,
    /// What whoever makes it may do; an account that may do more is not made.
    pub within: Scopes,
}

/// What is changed about an account. What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// What the person is.
    pub role: Option<Role>,
    /// The teams that they are in, all of them.
    pub teams: Option<BTreeSet<String>>,
    /// The hash of another password, in PHC form; signs them out everywhere.
    pub hash: Option<String>,
    /// Whether the account is closed.
    pub closed: Option<bool>,
    /// What the person was when `role` was chosen; refused where they are that no more.
    pub was_role: Option<Role>,
    /// The teams that they were in when `teams` were chosen; refused where they are not in just these.
    pub was_teams: Option<BTreeSet<String>>,
    /// What whoever changes it may do: an account that may do more, before or after, they can only close.
    pub within: Scopes,
}

/// Makes an account. `by` is who did it, for the audit trail.
///
/// # Errors
/// [`Error::Impersonal`], [`Error::Word`], [`Error::Wider`], [`Error::Taken`]; those of the store.
pub async fn make_account(store: &Store, new: NewAccount, by: &str, now: Timestamp) -> Result<User, Error> {
    let login = as_login(&new.login);
    let name = new.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| login.clone());
    let role = new.role;
    if !new.within.cover_role(role) {
        return Err(Error::Wider(role));
    }
    let user =
        User { id: Uuid::now_v7(), name, login: login.clone(), role, created_at: now, disabled_at: None };
    check_account(&user)?;
    let entry = permission_changed(&login, json!({"account": "made", "role": role}), by, now);
    let (made, hash) = (user.clone(), new.hash);
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
    work.await.map_err(|error| match error {
        store::Error::Taken { id, .. } => Error::Taken(id),
        other => other.into(),
    })?;
    Ok(made)
}

/// Makes an account as it stood elsewhere, closed where it was, in its teams and without a password, unless somebody has
/// its login here. `by` is who did it, for the audit trail.
///
/// # Errors
/// [`Error::Impersonal`], [`Error::Word`]; those of the store.
pub async fn take_account(
    store: &Store,
    user: User,
    teams: Vec<String>,
    by: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let user = User { login: as_login(&user.login), ..user };
    check_account(&user)?;
    teams.iter().try_for_each(|team| check("team", team))?;
    if store.user(&user.login).await?.is_some() {
        return Ok(());
    }
    let detail = json!({"account": "imported", "role": user.role, "teams": teams});
    let entry = permission_changed(&user.login, detail, by, now);
    let work = store.write(move |tx| {
        Box::pin(async move {
            tx.record(entry);
            tx.add_user(&user).await?;
            for team in &teams {
                tx.set_team(&user.login, team, true).await?;
            }
            if user.disabled_at.is_some() {
                tx.disable_user(&user.login, now).await?;
            }
            Ok::<_, store::Error>(())
        })
    });
    Ok(work.await?)
}

/// Changes an account: all of it or nothing, by what it is at that moment. Nobody takes their own rights away, so that
/// there is always somebody left who can give them back.
///
/// # Errors
/// [`Error::Yourself`], [`Error::Impersonal`], [`Error::Word`], [`Error::Comma`], [`Error::Wider`]; [`Error::Overtaken`]
/// where somebody else has changed the same meanwhile; [`store::Error::Missing`] where nobody has the login.
pub async fn change_account(
    store: &Store,
    login: &str,
    change: Change,
    by: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let (login, by) = (as_login(login), by.to_owned());
    change.role.map_or(Ok(()), refuse_impersonal)?;
    change.teams.iter().flatten().try_for_each(|team| check_team(team))?;
    let work = store.write(move |tx| {
        Box::pin(async move {
            let (user, teams) = tx.held_user(&login).await?;
            change.check(&user, &teams, &by)?;
            let record = |detail: Value| permission_changed(&login, detail, &by, now);
            if let Some(role) = change.role.filter(|role| *role != user.role) {
                tx.record(record(json!({"role": role})));
                tx.set_role(&login, role).await?;
            }
            let wanted = change.teams.as_ref().unwrap_or(&teams);
            for team in wanted.symmetric_difference(&teams) {
                let is_in = wanted.contains(team);
                tx.record(record(json!({"team": team, "in": is_in})));
                tx.set_team(&login, team, is_in).await?;
            }
            if let Some(hash) = &change.hash {
                tx.record(record(json!({"password": "changed"})));
                tx.set_password(&login, hash).await?;
            }
            match change.closed.filter(|closed| *closed != user.disabled_at.is_some()) {
                Some(true) => {
                    tx.record(record(json!({"account": "closed"})));
                    tx.disable_user(&login, now).await?;
                }
                Some(false) => {
                    tx.record(record(json!({"account": "opened"})));
                    tx.enable_user(&login).await?;
                }
                None => {}
            }
            Ok::<_, Error>(())
        })
    });
    work.await
}

impl Change {
    /// Refuses what may not be done by `by` to `user`, who is in `teams`.
    fn check(&self, user: &User, teams: &BTreeSet<String>, by: &str) -> Result<(), Error> {
        let other_role = self.role.filter(|role| *role != user.role);
        if user.login == by && (other_role.is_some() || self.closed == Some(true)) {
            return Err(Error::Yourself);
        }
        let closes =
            self.closed == Some(true) && self.role.is_none() && self.teams.is_none() && self.hash.is_none();
        let roles = [user.role, other_role.unwrap_or(user.role)];
        if let Some(role) = roles.into_iter().find(|role| !closes && !self.within.cover_role(*role)) {
            return Err(Error::Wider(role));
        }
        if self.was_role.is_some_and(|was| was != user.role) {
            return Err(Error::Overtaken("role"));
        }
        if self.teams.is_some() && self.was_teams.as_ref().is_some_and(|was| was != teams) {
            return Err(Error::Overtaken("teams"));
        }
        Ok(())
    }
}

/// Returns the teams of a person.
///
/// # Errors
/// Those of the store.
pub async fn teams_of(store: &Store, login: &str) -> Result<BTreeSet<String>, Error> {
    let login = as_login(login);
    let all = store.teams().await?;
    Ok(all.into_iter().filter(|(_, member)| *member == login).map(|(team, _)| team).collect())
}

fn check_team(team: &str) -> Result<(), Error> {
    check("team", team)?;
    // Where teams are told in one line, a comma parts them.
    if team.contains(',') { Err(Error::Comma) } else { Ok(()) }
}

fn check_account(user: &User) -> Result<(), Error> {
    refuse_impersonal(user.role)?;
    check("login", &user.login)?;
    check("name", &user.name)
}

fn refuse_impersonal(role: Role) -> Result<(), Error> {
    if role.is_personal() { Ok(()) } else { Err(Error::Impersonal(role)) }
}

pub(super) fn check(what: &'static str, word: &str) -> Result<(), Error> {
    let fits = !word.trim().is_empty() && word.chars().count() <= LONGEST && !word.contains(char::is_control);
    if fits { Ok(()) } else { Err(Error::Word(what)) }
}

pub(super) fn permission_changed(target: &str, detail: Value, by: &str, now: Timestamp) -> Entry {
    Entry::new(Uuid::now_v7(), now, by, Action::PermissionChanged, target).with(detail)
}
