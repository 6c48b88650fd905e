use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// Returns the digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self::of_parts([bytes])
    }

    /// Returns the digest of `parts`, each preceded by its length, so that no two lists collide by joining.
    /// A single part is hashed alone and equals what `sha256sum` prints.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let parts: Vec<_> = parts.into_iter().collect();
        let mut hash = Sha256::new();
        for part in &parts {
            if parts.len() > 1 {
                hash.update((part.len() as u64).to_be_bytes());
            }
            hash.update(part);
        }
        Self::of_hash(hash.finalize().into())
    }

    /// Returns the digest that a SHA-256 hash is.
    pub fn of_hash(hash: [u8; 32]) -> Self {
        Self(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Returns the 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first 16 digits, enough to tell things of one deployment apart.
    pub fn short(&self) -> &str {
        &self.0[..self.0.len().min(16)]
    }
}

impl std::str::FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        match text.len() == 64 && digits {
            true => Ok(Self(text.to_owned())),
            false => Err(format!("`{text}` is no SHA-256 of 64 lower-case hexadecimal digits")),
        }
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_the_one_that_sha256sum_prints() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").as_str(), empty);
    }

    #[test]
    fn parts_do_not_run_together() {
        let one: [&[u8]; 2] = [b"ab", b"c"];
        let other: [&[u8]; 2] = [b"a", b"bc"];
        assert_ne!(Digest::of_parts(one), Digest::of_parts(other));
    }
}
