use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Error, Settings};

/// What the environment variables begin with.
const PREFIX: &str = "READBACK_";

/// Settings read from the working directory where neither flag nor environment names a file.
const DEFAULT_FILE: &str = "readback.toml";

/// Defaults, in the form of the file.
const DEFAULTS: &str = include_str!("defaults.toml");

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
