use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use jiff::tz::TimeZone;

use super::{llm, rule_set};
use crate::handoff::{Calendar, Profile, Timeline};
use crate::notify::{Channels, Places};
use crate::pipeline::Pipeline;
use crate::search::{self, QuoteIndex};
use crate::settings::{HandoffSettings, NotifySettings, Settings};
use crate::store::{Options, Store};

/// A data directory, or a PostgreSQL with the index beside it, opened.
pub(super) struct Deployment {
    settings: Settings,
    store: Store,
}

impl Deployment {
    /// Opens the store that the settings name; one that is not there is an error.
    pub(super) async fn open_existing(settings: &Settings) -> anyhow::Result<Self> {
        let file = database(&settings.store.data);
        anyhow::ensure!(
            !settings.store.url.is_empty() || file.exists(),
            "there is no store at {}; `serve`, `import` and `token create` make one, --data names another place",
            file.display()
        );
        Self::open(settings).await
    }

    /// Opens the store that the settings name; a new one is made where there is none.
    pub(super) async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let url = &settings.store.url;
        let known = ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        anyhow::ensure!(url.is_empty() || known, "store.url must begin with postgres:// or postgresql://");
        let place = match url.is_empty() {
            true => database(&settings.store.data).display().to_string(),
            false => url.clone(),
        };
        let options = Options { persistent: settings.store.persistent_statements, ..Options::default() };
        let store = Store::open(&place, options).await.context("failed to open the store")?;
        Ok(Self { settings: settings.clone(), store })
    }

    /// Returns the store.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Returns where the store is, for people; never a password.
    pub(super) fn place(&self) -> String {
        match self.settings.store.url.is_empty() {
            true => database(&self.settings.store.data).display().to_string(),
            false => "PostgreSQL".to_owned(),
        }
    }

    /// Returns the index that belongs to the store.
    pub(super) async fn index(&self) -> anyhow::Result<Arc<dyn QuoteIndex>> {
        let folder = self.settings.store.data.join("index");
        search::open(&self.store, &folder).await.context("failed to open the index")
    }

    /// Returns the pipeline over store, index and the rules in force.
    pub(super) async fn pipeline(&self) -> anyhow::Result<Arc<Pipeline>> {
        let dir = &self.settings.rules.dir;
        let rules = rule_set((!dir.as_os_str().is_empty()).then_some(dir.as_path()))?;
        let timeline = timeline(&self.settings.handoff)?;
        let listener = llm::listener(&self.settings.llm)?;
        let pipeline = Pipeline::new(self.store.clone(), self.index().await?, rules, timeline);
        let channels = channels(&self.settings)?;
        Ok(Arc::new(pipeline.with_listener(listener).with_channels(channels)))
    }

    /// Takes the data directory for one service: a second one on the same SQLite is refused.
    pub(super) fn lock(&self) -> anyhow::Result<Option<File>> {
        if !self.settings.store.url.is_empty() {
            return Ok(None);
        }
        let path = self.settings.store.data.join("service.lock");
        let file = File::create(&path).with_context(|| format!("failed to open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another readback serves {}; stop it first, or use PostgreSQL for several",
                self.settings.store.data.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("failed to lock {}", path.display()))
            }
        }
    }
}

/// Returns the channels that the settings name.
fn channels(settings: &Settings) -> anyhow::Result<Option<Channels>> {
    let NotifySettings { webhook_url, webhook_secret, slack_url, mail_dir, mail_from } =
        settings.notify.clone();
    let places = Places {
        webhook: webhook_url,
        secret: webhook_secret,
        slack: slack_url,
        mail: mail_dir,
        from: mail_from,
        public_url: settings.server.public_url.clone(),
    };
    Channels::new(&places).map_err(anyhow::Error::msg)
}

/// Returns the profile and the calendar that the settings name.
fn timeline(settings: &HandoffSettings) -> anyhow::Result<Timeline> {
    let name = &settings.profile;
    let profile = match name.ends_with(".toml") {
        true => std::fs::read_to_string(name)
            .map_err(|error| error.to_string())
            .and_then(|toml| Profile::parse(&toml)),
        false => Profile::builtin(name),
    };
    let profile = profile.map_err(|error| anyhow::anyhow!("handoff.profile: {name}: {error}"))?;
    let zone = TimeZone::get(&settings.time_zone).with_context(|| {
        format!("handoff.time_zone: `{}` is no zone such as Europe/Berlin", settings.time_zone)
    })?;
    let path = &settings.calendar;
    let calendar = match path.as_os_str().is_empty() {
        true => Ok(Calendar::new(zone)),
        false => std::fs::read_to_string(path)
            .map_err(|error| error.to_string())
            .and_then(|toml| Calendar::parse(&toml, zone)),
    };
    let calendar =
        calendar.map_err(|error| anyhow::anyhow!("handoff.calendar: {}: {error}", path.display()))?;
    Ok(Timeline { profile, calendar })
}

/// Returns where SQLite keeps the store of a data directory.
pub(super) fn database(data: &Path) -> PathBuf {
    data.join("readback.sqlite")
}
