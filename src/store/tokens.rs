use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Row, Store, Tx, args};
use crate::access::{Role, Scopes};
use crate::transcript::Digest;

/// A key to be kept.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the secret, which itself is kept nowhere.
    pub digest: Digest,
    /// What people call it.
    pub name: String,
    /// What its holder is. Of a person's token the person's role of the day counts.
    pub role: Role,
    /// The person whose token it is; none for a machine's.
    pub user: Option<Uuid>,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it stops opening anything by itself.
    pub expires_at: Option<Timestamp>,
}

/// A key to the programming interface, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What its holder is today.
    pub role: Role,
    /// The person whose token it is: id, login and name.
    pub user: Option<(Uuid, String, String)>,
    /// What it may be used for.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last opened something, to the minute or so.
    pub used_at: Option<Timestamp>,
    /// When it stops opening anything by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Columns of a [`Token`], as [`Token::read`] expects them.
macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.name, coalesce(u.role, t.role), t.user_id, u.login, u.name, t.scopes, t.created_at,
                 t.used_at, t.expires_at, t.revoked_at FROM tokens t LEFT JOIN users u ON u.id = t.user_id ",
            $rest
        )
    };
}

impl Store {
    /// Returns the token whose secret has this digest, if it still opens anything at `now`.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn token(&self, digest: &Digest, now: Timestamp) -> Result<Option<Token>, Error> {
        let sql = select_tokens!(
            "WHERE t.digest = $1 AND t.revoked_at IS NULL AND u.disabled_at IS NULL
             AND (t.expires_at IS NULL OR t.expires_at > $2)"
        );
        self.first(sql, args![digest, now]).await?.as_ref().map(Token::read).transpose()
    }

    /// Returns all tokens, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tokens(&self) -> Result<Vec<Token>, Error> {
        let rows = self.all(select_tokens!("ORDER BY t.created_at, t.id"), args![]).await?;
        rows.iter().map(Token::read).collect()
    }
}

impl Tx {
    /// Keeps a new token.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_token(&mut self, token: &NewToken, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO tokens (id, digest, name, role, user_id, scopes, created_at, expires_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let user = token.user.map(|user| user.to_string());
        let (id, scopes, role) = (token.id.to_string(), token.scopes.to_string(), token.role.as_str());
        let values = args![id, &token.digest, &token.name, role, user, scopes, now, token.expires_at];
        self.run(sql, values).await.map(drop)
    }

    /// Notes that a token opened something. Callers do so once a minute at most, not on every request.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn use_token(&mut self, id: Uuid, now: Timestamp) -> Result<(), Error> {
        self.run("UPDATE tokens SET used_at = $2 WHERE id = $1", args![id.to_string(), now]).await.map(drop)
    }

    /// Stops a token from opening anything, and tells whether it did until now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn revoke_token(&mut self, id: Uuid, now: Timestamp) -> Result<bool, Error> {
        let sql = "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
        Ok(self.run(sql, args![id.to_string(), now]).await? > 0)
    }
}

impl Token {
    fn read(row: &Row) -> Result<Self, Error> {
        let user = match row.maybe_text(3)? {
            Some(_) => Some((row.parsed(3)?, row.text(4)?, row.text(5)?)),
            None => None,
        };
        Ok(Self {
            id: row.parsed(0)?,
            name: row.text(1)?,
            role: row.parsed(2)?,
            user,
            scopes: row.parsed(6)?,
            created_at: row.time(7)?,
            used_at: row.maybe_time(8)?,
            expires_at: row.maybe_time(9)?,
            revoked_at: row.maybe_time(10)?,
        })
    }
}
