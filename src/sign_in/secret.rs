use super::Error;
use crate::transcript::Digest;

/// 256 random bits that open something. Shown once; what is kept is their digest.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Draws a secret that begins with `mark`, so that a scanner for leaked secrets knows it.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn new(mark: &str) -> Result<Self, Error> {
        let mut bits = [0u8; 32];
        getrandom::fill(&mut bits)?;
        let hex: String = bits.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!("{mark}{hex}")))
    }

    /// Returns the secret itself, for whoever is to have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what is kept of it.
    pub fn digest(&self) -> Digest {
        Digest::of(self.0.as_bytes())
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}
