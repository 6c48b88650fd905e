use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::access::Role;

/// Where things are kept.
#[derive(Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StoreSettings {
    /// Data directory: the SQLite database, the search index and the lock.
    pub data: PathBuf,
    /// `postgres://…` to keep calls there instead of in SQLite; empty for SQLite.
    pub url: String,
    /// `false` behind PgBouncer in transaction mode, where prepared statements do not survive.
    pub persistent_statements: bool,
}

/// The service.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Address and port to listen on.
    pub listen: String,
    /// A folder whose files are delivered as calls; empty for none.
    pub watch: PathBuf,
    /// Worker tasks that read, draft and index calls.
    pub workers: usize,
    /// Seconds that calls in progress may take at shutdown.
    pub drain_seconds: u64,
    /// Where browsers find the service, such as `https://readback.example`; empty where it is asked directly.
    pub public_url: String,
    /// Proxies in front of the service, each of which adds to `X-Forwarded-For`.
    pub proxies: usize,
}

/// How people sign in.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SignInSettings {
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends, whatever happens.
    pub session_hours: u32,
}

/// The OpenID provider.
#[derive(Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSettings {
    /// The provider's address, as its discovery document has it; empty for none.
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// How we prove it; empty for a public client.
    pub client_secret: String,
    /// What to ask for beside `openid`, with a space between.
    pub scopes: String,
    /// The claim that holds a person's groups.
    pub groups_claim: String,
    /// What the members of a group are. Of several roles the first counts: admin, ae, csm, manager, cs_manager.
    pub roles: BTreeMap<String, Role>,
}

/// The rules.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RulesSettings {
    /// A folder of rule files to use in place of the built-in ones; empty for those.
    pub dir: PathBuf,
}

/// Handoffs.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HandoffSettings {
    /// When which step is due: a built-in profile (`a` to `e`, after five guides), or a TOML file.
    pub profile: String,
    /// A TOML file with `holidays` and `weekend`; empty for Saturdays and Sundays alone.
    pub calendar: PathBuf,
    /// Time zone of deals that name none.
    pub time_zone: String,
}

/// Where people are told what happens in handoffs; what is empty is not used.
#[derive(Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NotifySettings {
    /// An address that takes signed JSON.
    pub webhook_url: String,
    /// What that JSON is signed with: `whsec_…`, or any text.
    pub webhook_secret: String,
    /// An incoming webhook of Slack.
    pub slack_url: String,
    /// A folder for mails, from which a mail program sends them.
    pub mail_dir: PathBuf,
    /// Whom those mails come from.
    pub mail_from: String,
}

/// How long calls are kept.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    /// Days after which the service erases a call for good; 0 to keep all.
    pub days: u32,
}

/// The model, where there is one.
#[derive(Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LlmSettings {
    /// `openai`, `azure` or `anthropic`; empty for no model.
    pub provider: String,
    /// Base address, such as `http://127.0.0.1:8080/v1`; empty for the provider's own.
    pub base_url: String,
    /// The model's name.
    pub model: String,
    /// The provider's key.
    pub api_key: String,
    /// A proxy for these requests alone; empty for none.
    pub proxy: String,
    /// Seconds for a whole answer.
    pub timeout_seconds: u64,
    /// How often a request is tried again.
    pub retries: u32,
    /// Requests at a time.
    pub concurrency: usize,
    /// Requests a minute.
    pub requests_per_minute: u32,
    /// Tokens for each begun hour of a call.
    pub tokens_per_hour: u64,
    /// Tokens a day; 0 for no limit.
    pub tokens_per_day: u64,
    /// Tokens for all calls of a deal; 0 for no limit.
    pub tokens_per_deal: u64,
    /// Dollars a day; 0 for no limit.
    pub money_per_day: f64,
    /// Dollars for all calls of a deal; 0 for no limit.
    pub money_per_deal: f64,
    /// Dollars for a million tokens sent.
    pub price_input: f64,
    /// Dollars for a million tokens that come back.
    pub price_output: f64,
    /// Whether addresses, long numbers and names are hidden from the model.
    pub mask: bool,
}

/// The papers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PapersSettings {
    /// A folder of templates that stand in for the built-in ones of the same name; empty for none.
    pub dir: PathBuf,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// A tracing filter: `info`, `readback=debug,warn`.
    pub level: String,
    /// `text`, `json`, or `auto`: text on a terminal, JSON elsewhere.
    pub format: String,
}

/// The secret stays one, and whoever knows the addresses can post there.
impl std::fmt::Debug for NotifySettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NotifySettings").field("mail_dir", &self.mail_dir).finish_non_exhaustive()
    }
}

/// The key stays out of logs, and an address may hold one.
impl std::fmt::Debug for LlmSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LlmSettings").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// A database address may hold a password.
impl std::fmt::Debug for StoreSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreSettings").field("data", &self.data).finish_non_exhaustive()
    }
}

/// The secret stays one.
impl std::fmt::Debug for OidcSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}
