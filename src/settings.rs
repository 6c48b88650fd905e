//! Settings: flags win over the environment, the environment over a TOML file, the file over the defaults.
//!
//! Read once in `main` and passed down as values. A key `listen` in section `server` is `server.listen` in the
//! file and `READBACK_SERVER__LISTEN` in the environment; a secret may stand in a file of its own, named by the
//! key with `_FILE` behind it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::access::Role;

/// What the environment variables begin with.
const PREFIX: &str = "READBACK_";

/// Settings read from the working directory where neither flag nor environment names a file.
const DEFAULT_FILE: &str = "readback.toml";

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

/// Defaults, in the form of the file, with what each key means: `readback config show` prints from here.
const DEFAULTS: &str = r#"
[store]
data = "readback-data"
url = ""
persistent_statements = true

[server]
listen = "127.0.0.1:7340"
watch = ""
workers = 2
drain_seconds = 10
public_url = ""
proxies = 0

[sign_in]
idle_minutes = 480
session_hours = 168

[oidc]
issuer = ""
client_id = ""
client_secret = ""
scopes = "profile email"
groups_claim = "groups"
roles = {}

[rules]
dir = ""

[handoff]
profile = "b"
calendar = ""
time_zone = "UTC"

[notify]
webhook_url = ""
webhook_secret = ""
slack_url = ""
mail_dir = ""
mail_from = "Readback <readback@localhost>"

[retention]
days = 0

[llm]
provider = ""
base_url = ""
model = ""
api_key = ""
proxy = ""
timeout_seconds = 45
retries = 2
concurrency = 2
requests_per_minute = 60
tokens_per_hour = 6000
tokens_per_day = 2000000
tokens_per_deal = 200000
money_per_day = 0.0
money_per_deal = 0.0
price_input = 0.0
price_output = 0.0
mask = true

[papers]
dir = ""

[log]
level = "info"
format = "auto"
"#;

/// Keys whose value is shown as `***`.
const SECRETS: &[&str] = &[
    "store.url",
    "llm.api_key",
    "llm.proxy",
    "notify.slack_url",
    "notify.webhook_secret",
    "notify.webhook_url",
    "oidc.client_secret",
];

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

/// One key as `readback config show` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// `section.key`.
    pub key: String,
    /// The value in force; `***` for a secret that is set.
    pub value: String,
    /// `flag`, `environment`, the file's path, or `default`.
    pub from: String,
}

/// Where settings come from, each layer as `section.key` to value.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Flags of the command line.
    pub flags: BTreeMap<String, String>,
    /// The environment, all of it.
    pub environment: BTreeMap<String, String>,
    /// The settings file to read; `readback.toml` in the working directory where it exists and none is named.
    pub file: Option<PathBuf>,
}

impl Settings {
    /// Reads all layers.
    ///
    /// # Errors
    /// Where the file cannot be read, a key is unknown or a value has the wrong type.
    pub fn read(sources: &Sources) -> Result<(Self, Vec<Shown>), Error> {
        let file = sources
            .file
            .clone()
            .or_else(|| Path::new(DEFAULT_FILE).is_file().then(|| PathBuf::from(DEFAULT_FILE)));
        let environment = from_environment(&sources.environment)?;
        let wrong = |error: config::ConfigError| Error::Wrong(error.to_string());

        let mut builder =
            config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        if let Some(path) = &file {
            builder = builder.add_source(config::File::from(path.as_path()).format(config::FileFormat::Toml));
        }
        for (key, value) in environment.iter().chain(&sources.flags) {
            builder = builder.set_override(key, value.as_str()).map_err(wrong)?;
        }
        let settings: Self = builder.build().map_err(wrong)?.try_deserialize().map_err(wrong)?;

        let in_file = file.as_deref().map(file_keys).unwrap_or_default();
        let shown = flatten(&settings).into_iter().map(|(key, value)| {
            let from = if sources.flags.contains_key(&key) {
                "flag".to_owned()
            } else if environment.contains_key(&key) {
                "environment".to_owned()
            } else if let (true, Some(path)) = (in_file.contains_key(&key), &file) {
                path.display().to_string()
            } else {
                "default".to_owned()
            };
            let value = match SECRETS.contains(&key.as_str()) && !value.is_empty() {
                true => "***".to_owned(),
                false => value,
            };
            Shown { key, value, from }
        });
        let shown = shown.collect();
        Ok((settings, shown))
    }
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

/// Returns `READBACK_SECTION__KEY` variables as `section.key`, with `…_FILE` variables read. Variables without
/// `__` are not settings (`READBACK_CONFIG` names the file, `READBACK_TOKEN` is the client's).
fn from_environment(environment: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, Error> {
    let mut layer = BTreeMap::new();
    for (variable, value) in environment {
        let Some(name) = variable.strip_prefix(PREFIX).filter(|name| name.contains("__")) else { continue };
        let key = name.to_lowercase().replacen("__", ".", 1);
        match key.strip_suffix("_file").filter(|secret| SECRETS.contains(secret)) {
            Some(secret) => {
                let path = PathBuf::from(value);
                let text = std::fs::read_to_string(&path).map_err(|source| Error::SecretFile {
                    variable: variable.clone(),
                    path,
                    source,
                })?;
                layer.insert(secret.to_owned(), text.trim_end().to_owned());
            }
            None => {
                layer.insert(key, value.clone());
            }
        }
    }
    Ok(layer)
}

fn file_keys(path: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    flatten(&text.parse::<toml::Table>().unwrap_or_default())
}

/// Returns the leaves of `section → key → value` as `section.key`.
fn flatten(settings: &impl Serialize) -> BTreeMap<String, String> {
    let mut leaves = BTreeMap::new();
    let Ok(serde_json::Value::Object(sections)) = serde_json::to_value(settings) else { return leaves };
    for (section, keys) in sections {
        let serde_json::Value::Object(keys) = keys else { continue };
        for (key, value) in keys {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            leaves.insert(format!("{section}.{key}"), value);
        }
    }
    leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        std::fs::write(&file, "[server]\nlisten = \"file:1\"\nworkers = 7\ndrain_seconds = 3\n").unwrap();
        let sources = Sources {
            flags: map(&[("server.listen", "flag:1")]),
            environment: map(&[("READBACK_SERVER__LISTEN", "env:1"), ("READBACK_SERVER__WORKERS", "5")]),
            file: Some(file),
        };
        let (settings, shown) = Settings::read(&sources).unwrap();
        assert_eq!(settings.server.listen, "flag:1");
        assert_eq!(settings.server.workers, 5);
        assert_eq!(settings.server.drain_seconds, 3);
        let from = |key: &str| shown.iter().find(|row| row.key == key).unwrap().from.clone();
        assert_eq!(from("server.workers"), "environment");
        assert_eq!(from("log.level"), "default");
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let sources = Sources { environment: map(&[("READBACK_SERVER__LISTNE", "x")]), ..Sources::default() };
        assert!(Settings::read(&sources).unwrap_err().to_string().contains("listne"));
    }

    #[test]
    fn a_secret_may_stand_in_a_file_and_is_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("url");
        std::fs::write(&secret, "postgres://me:hush@db/readback\n").unwrap();
        let sources = Sources {
            environment: map(&[("READBACK_STORE__URL_FILE", secret.to_str().unwrap())]),
            ..Sources::default()
        };
        let (settings, shown) = Settings::read(&sources).unwrap();
        assert_eq!(settings.store.url, "postgres://me:hush@db/readback");
        assert!(!format!("{settings:?} {shown:?}").contains("hush"));
    }
}
