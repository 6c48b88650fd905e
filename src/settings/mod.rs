//! Settings: flags win over the environment, the environment over a TOML file, the file over the defaults.
//!
//! Read once in `main` and passed down as values. A key `listen` in section `server` is `server.listen` in the
//! file and `READBACK_SERVER__LISTEN` in the environment; a secret may stand in a file of its own, named by the
//! key with `_FILE` behind it.

mod sections;
mod sources;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use sections::{
    HandoffSettings, LlmSettings, LogSettings, NotifySettings, OidcSettings, PapersSettings,
    RetentionSettings, RulesSettings, ServerSettings, SignInSettings, StoreSettings,
};
pub use sources::{Shown, Sources};

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where things are kept.
    pub store: StoreSettings,
    /// The service.
    pub server: ServerSettings,
    /// How people sign in.
    pub sign_in: SignInSettings,
    /// The OpenID provider.
    pub oidc: OidcSettings,
    /// The rules.
    pub rules: RulesSettings,
    /// Handoffs.
    pub handoff: HandoffSettings,
    /// Where people are told of handoffs.
    pub notify: NotifySettings,
    /// How long calls are kept.
    pub retention: RetentionSettings,
    /// The model, where there is one.
    pub llm: LlmSettings,
    /// The papers.
    pub papers: PapersSettings,
    /// The log.
    pub log: LogSettings,
}

/// Why settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file, the environment or a value is wrong; the text says which key and why.
    #[error("{0}")]
    Wrong(String),
    /// A file that a `…_FILE` variable names cannot be read.
    #[error("read {path}, which {variable} names: {source}")]
    SecretFile {
        /// The environment variable.
        variable: String,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
