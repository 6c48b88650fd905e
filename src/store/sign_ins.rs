use jiff::{SignedDuration, Timestamp};

use super::users::select_users;
use super::{Error, Tx, User, args, as_login};
use crate::transcript::Digest;

/// A sign-in that is under way at an OpenID provider: what the answer must match.
#[derive(Clone, PartialEq, Eq)]
pub struct SignIn {
    /// What the provider's token must hold.
    pub nonce: String,
    /// PKCE: proves to the provider that we are who asked.
    pub verifier: String,
    /// Where the browser goes afterwards: a path of ours.
    pub next: String,
}

impl SignIn {
    /// How long a person may take at the provider.
    pub const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
}

/// How a provider knows a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The provider.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
    /// Whether their login is a mail address that the provider has seen to be theirs.
    pub login_is_proven: bool,
}

impl Tx {
    /// Keeps a sign-in under the digest of its state, and forgets those that took too long.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn begin_sign_in(&mut self, state: &Digest, it: &SignIn, now: Timestamp) -> Result<(), Error> {
        self.run("DELETE FROM sign_ins WHERE started_at <= $1", args![oldest(now)]).await?;
        let sql =
            "INSERT INTO sign_ins (state, nonce, verifier, next, started_at) VALUES ($1, $2, $3, $4, $5)";
        self.run(sql, args![state, &it.nonce, &it.verifier, &it.next, now]).await.map(drop)
    }

    /// Returns the sign-in with this state, once.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn take_sign_in(&mut self, state: &Digest, now: Timestamp) -> Result<Option<SignIn>, Error> {
        let sql = "DELETE FROM sign_ins WHERE state = $1 AND started_at > $2 RETURNING nonce, verifier, next";
        let Some(row) = self.first(sql, args![state, oldest(now)]).await? else { return Ok(None) };
        Ok(Some(SignIn { nonce: row.text(0)?, verifier: row.text(1)?, next: row.text(2)? }))
    }

    /// Returns the account of a person that a provider vouches for, with name and role as in `user`: the one that the
    /// provider opened before; else one that waits for their proven address, without a password and a provider; else
    /// `user` as a new one.
    ///
    /// # Errors
    /// [`Error::Taken`] where another account has the login.
    pub async fn admit_user(&mut self, known: &Known, user: &User) -> Result<User, Error> {
        let login = as_login(&user.login);
        self.hold(&format!("user {login}")).await?;
        let Known { issuer, subject, login_is_proven } = known;
        let sql = "UPDATE users SET name = $3, role = $4 WHERE issuer = $1 AND subject = $2";
        let mut admitted = self.run(sql, args![issuer, subject, &user.name, user.role.as_str()]).await?;
        if admitted == 0 && *login_is_proven {
            let sql = "UPDATE users SET issuer = $1, subject = $2, name = $3, role = $4
                       WHERE login = $5 AND issuer IS NULL AND password IS NULL";
            admitted = self.run(sql, args![issuer, subject, &user.name, user.role.as_str(), &login]).await?;
        }
        if admitted == 0 {
            self.add_user(user).await?;
            let sql = "UPDATE users SET issuer = $1, subject = $2 WHERE login = $3";
            self.run(sql, args![issuer, subject, &login]).await?;
        }
        let sql = select_users!("WHERE issuer = $1 AND subject = $2");
        let row = self.first(sql, args![issuer, subject]).await?;
        User::read(&row.ok_or_else(|| Error::Missing { what: "user", id: login })?)
    }
}

fn oldest(now: Timestamp) -> Timestamp {
    now.checked_sub(SignIn::PATIENCE).unwrap_or(Timestamp::MIN)
}
