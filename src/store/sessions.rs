use jiff::Timestamp;
use uuid::Uuid;

use super::users::found;
use super::{Error, Store, Tx, User, args, as_login};
use crate::transcript::Digest;

/// A session to be kept.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the secret, which stands in the browser's cookie alone.
    pub digest: Digest,
    /// Whose it is.
    pub user: Uuid,
    /// When it ends, whatever happens until then.
    pub ends_at: Timestamp,
}

/// A browser in which somebody has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub user: User,
    /// When a request last came from it, to the minute or so.
    pub seen_at: Timestamp,
}

impl Store {
    /// Returns the session whose secret has this digest, if it was seen after `seen_after`, goes on at `now`, and is
    /// that of an open account.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn session(
        &self,
        digest: &Digest,
        seen_after: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Session>, Error> {
        let sql = "SELECT u.id, u.login, u.name, u.role, u.created_at, u.disabled_at, s.seen_at
                   FROM sessions s JOIN users u ON u.id = s.user_id
                   WHERE s.digest = $1 AND s.seen_at > $2 AND s.ends_at > $3 AND u.disabled_at IS NULL";
        let row = self.first(sql, args![digest, seen_after, now]).await?;
        row.map(|row| Ok(Session { user: User::read(&row)?, seen_at: row.time(6)? })).transpose()
    }

    /// Returns the hash of a person's password; none where they have none, or no open account.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn password(&self, login: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT password FROM users WHERE login = $1 AND disabled_at IS NULL";
        let row = self.first(sql, args![as_login(login)]).await?;
        row.map_or(Ok(None), |row| row.maybe_text(0))
    }
}

impl Tx {
    /// Keeps a new session, and forgets those that have ended.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open_session(&mut self, session: &NewSession, now: Timestamp) -> Result<(), Error> {
        self.run("DELETE FROM sessions WHERE ends_at <= $1", args![now]).await?;
        let sql = "INSERT INTO sessions (digest, user_id, created_at, seen_at, ends_at)
                   VALUES ($1, $2, $3, $3, $4)";
        let values = args![&session.digest, session.user.to_string(), now, session.ends_at];
        self.run(sql, values).await.map(drop)
    }

    /// Notes that a request came from a session. Callers do so once a minute at most, not on every request.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn see_session(&mut self, digest: &Digest, now: Timestamp) -> Result<(), Error> {
        self.run("UPDATE sessions SET seen_at = $2 WHERE digest = $1", args![digest, now]).await.map(drop)
    }

    /// Ends a session, and tells whether there was one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn close_session(&mut self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.run("DELETE FROM sessions WHERE digest = $1", args![digest]).await? > 0)
    }

    /// Ends every session of a person.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn close_sessions_of(&mut self, login: &str) -> Result<(), Error> {
        let sql = "DELETE FROM sessions WHERE user_id IN (SELECT id FROM users WHERE login = $1)";
        self.run(sql, args![as_login(login)]).await.map(drop)
    }

    /// Gives a person another password, of which `hash` is the PHC form, and signs them out everywhere: whoever knew
    /// the old one is out.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such person.
    pub async fn set_password(&mut self, login: &str, hash: &str) -> Result<(), Error> {
        let login = as_login(login);
        let changed =
            self.run("UPDATE users SET password = $2 WHERE login = $1", args![&login, hash]).await?;
        found(changed, &login)?;
        self.close_sessions_of(&login).await
    }
}
