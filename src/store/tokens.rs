use jiff::Timestamp;
use uuid::Uuid;

use super::{Error, Row, Store, Tx, args};
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
    /// What it opens.
    pub role: String,
}

/// A key to the programming interface, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it opens.
    pub role: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last opened something, to the minute or so.
    pub used_at: Option<Timestamp>,
    /// When it stopped opening anything.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Returns the token whose secret has this digest, if it still opens anything.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn token(&self, digest: &Digest) -> Result<Option<Token>, Error> {
        let sql = "SELECT id, name, role, created_at, used_at, revoked_at FROM tokens
                   WHERE digest = $1 AND revoked_at IS NULL";
        self.first(sql, args![digest]).await?.as_ref().map(Token::read).transpose()
    }

    /// Returns all tokens, the oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn tokens(&self) -> Result<Vec<Token>, Error> {
        let sql =
            "SELECT id, name, role, created_at, used_at, revoked_at FROM tokens ORDER BY created_at, id";
        self.all(sql, args![]).await?.iter().map(Token::read).collect()
    }
}

impl Tx {
    /// Keeps a new token.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn add_token(&mut self, token: &NewToken, now: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO tokens (id, digest, name, role, created_at) VALUES ($1, $2, $3, $4, $5)";
        let id = token.id.to_string();
        self.run(sql, args![id, &token.digest, &token.name, &token.role, now]).await.map(drop)
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
        Ok(Self {
            id: row.parsed(0)?,
            name: row.text(1)?,
            role: row.text(2)?,
            created_at: row.time(3)?,
            used_at: row.maybe_time(4)?,
            revoked_at: row.maybe_time(5)?,
        })
    }
}
