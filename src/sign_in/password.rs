use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use super::{Error, Secret};

/// Characters of a password at least: length is what guessing costs, and other rules only annoy (NIST SP 800-63B).
pub(super) const SHORTEST: usize = 12;

/// Characters at most, so that hashing has a bound.
pub(super) const LONGEST: usize = 256;

/// Passwords that are checked at a time. Each takes 19 MiB and a processor for a while: more at once would let anybody
/// who can reach the door take the machine.
const AT_A_TIME: usize = 2;

/// How passwords are checked.
#[derive(Clone)]
pub struct Passwords {
    turn: Arc<Semaphore>,
    /// The hash of a password that nobody has, so that an unknown login takes as long as a wrong password.
    decoy: Arc<str>,
}

impl Passwords {
    /// Returns a way to check passwords.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn new() -> Result<Self, Error> {
        let decoy = hashed(Secret::new("")?.as_str())?;
        Ok(Self { turn: Arc::new(Semaphore::new(AT_A_TIME)), decoy: decoy.into() })
    }

    /// Tells whether `typed` is the password behind the hash `kept`; never, and no sooner, where nothing is kept.
    ///
    /// # Errors
    /// Where the check could not be made.
    pub async fn matches(&self, typed: String, kept: Option<String>) -> Result<bool, Error> {
        let _turn = self.turn.acquire().await.map_err(|_| Error::Interrupted)?;
        let decoy = Arc::clone(&self.decoy);
        let work = move || {
            let hash = kept.as_deref().unwrap_or(&decoy);
            let fits = typed.chars().count() <= LONGEST;
            let typed = if fits { typed.as_bytes() } else { b"" };
            let hash = PasswordHash::new(hash).map_err(|_| Error::Interrupted)?;
            Ok(Argon2::default().verify_password(typed, &hash).is_ok() && fits && kept.is_some())
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Interrupted)?
    }
}

/// Returns the argon2id hash of a password that somebody chose, in PHC form.
///
/// # Errors
/// [`Error::Unfit`] where the password is too easy or too long.
pub fn hashed(password: &str) -> Result<String, Error> {
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        return Err(Error::Unfit);
    }
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_what_it_closed_and_nothing_else() {
        let passwords = Passwords::new().unwrap();
        let kept = hashed("correct horse battery").unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(passwords.matches("correct horse battery".to_owned(), Some(kept.clone())).await.unwrap());
        assert!(!passwords.matches("correct horse batterz".to_owned(), Some(kept)).await.unwrap());
        assert!(!passwords.matches("correct horse battery".to_owned(), None).await.unwrap());
        assert!(!passwords.matches(String::new(), None).await.unwrap());
        assert!(matches!(hashed("short"), Err(Error::Unfit)));
        assert!(matches!(hashed(&"x".repeat(257)), Err(Error::Unfit)));
    }
}
