use super::{PublicUrl, Throttle};
use crate::sign_in::{Lifetimes, Passwords, Provider};

/// How people come in.
pub struct Door {
    /// Where browsers find the service.
    pub public_url: PublicUrl,
    /// Proxies in front of it, each of which adds to `X-Forwarded-For`.
    pub proxies: usize,
    /// How long a session lasts.
    pub lifetimes: Lifetimes,
    /// How passwords are checked.
    pub passwords: Passwords,
    /// The OpenID provider, where there is one.
    pub provider: Option<Provider>,
    /// How often somebody may try.
    pub throttle: Throttle,
}

impl Door {
    /// Returns the name of the session's cookie. With the prefix a browser takes it by TLS alone, and from no
    /// neighbouring host.
    pub(super) fn cookie(&self) -> &'static str {
        if self.public_url.is_secure() { "__Host-readback" } else { "readback" }
    }

    /// Returns the name of the cookie of a sign-in that is under way at the provider.
    pub(super) fn sign_in_cookie(&self) -> &'static str {
        if self.public_url.is_secure() { "__Host-readback-sign-in" } else { "readback-sign-in" }
    }
}
