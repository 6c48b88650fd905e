use super::password;
use crate::access::{Act, Role};
use crate::store;

/// What keeps somebody from signing in who may; each text completes "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system gave no randomness.
    #[error("draw random bits: {0}")]
    Random(#[from] getrandom::Error),
    /// The password is too easy or too long.
    #[error("take the password: it must have {} to {} characters", password::SHORTEST, password::LONGEST)]
    Unfit,
    /// The password could not be hashed.
    #[error("hash a password: {0}")]
    Hash(#[from] argon2::password_hash::Error),
    /// The hashing ended early.
    #[error("hash a password: its task ended early")]
    Interrupted,
    /// None of the person's groups has a role here.
    #[error("let in who has no role here")]
    NoRole,
    /// The account was closed.
    #[error("open an account that was closed")]
    Closed,
    /// Another account has the login.
    #[error("make an account for `{0}`: another one has this login")]
    Taken(String),
    /// A role that no person can have, or no token.
    #[error(
        "make somebody a {0}: recorders have tokens and no account, customers links to a plan and neither"
    )]
    Impersonal(Role),
    /// A login, name or team that is empty, too long, or holds control characters.
    #[error("take the {0}: it must have 1 to 200 characters, none of them a control character")]
    Word(&'static str),
    /// A team with a comma in its name.
    #[error("take the team: a comma parts one team from the next and can be in none")]
    Comma,
    /// Another administrator was faster.
    #[error("change the account: another administrator has changed its {0} meanwhile; look at it again")]
    Overtaken(&'static str),
    /// Somebody's own rights.
    #[error("take your own rights away: another administrator must")]
    Yourself,
    /// A scope that the holder's role never opens.
    #[error("make a token of role {0} for `{1}`, which nobody of that role may do")]
    Beyond(Role, Act),
    /// An account that may do more than the narrowed token by which it is made or changed.
    #[error(
        "make or change an account of role {0} by a token that was narrowed to less: it takes one with every scope of that role"
    )]
    Wider(Role),
    /// A machine under a person's login, which would stand for them in the audit trail.
    #[error("name a machine `{0}`: somebody signs in with it")]
    Namesake(String),
    /// Nobody with this login may sign in.
    #[error("find an open account with the login `{0}`")]
    NoAccount(String),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
}
