use std::path::PathBuf;

use reqwest::{StatusCode, Url};

use super::Message;
use super::mail::Spool;
use super::post::{Poster, Signer};

/// Where messages go, as it is set; what is empty is not used.
#[derive(Clone, Default)]
pub struct Places {
    /// Address of a webhook.
    pub webhook: String,
    /// What the webhook's messages are signed with.
    pub secret: String,
    /// Address of an incoming webhook of Slack.
    pub slack: String,
    /// Folder of a mail spool.
    pub mail: PathBuf,
    /// Whom mail comes from.
    pub from: String,
    /// Where browsers find the service; messages lead there.
    pub public_url: String,
}

/// One way for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// JSON to an address, signed as Standard Webhooks has it.
    Webhook,
    /// Text to a channel of Slack.
    Slack,
    /// A file for each recipient, for a mail program to send.
    Mail,
}

/// Why a message did not reach a channel; it is tried again.
#[derive(Debug, thiserror::Error)]
pub enum NotTold {
    /// Nobody answered; the address is left out, because it may hold a secret.
    #[error("reach the address: {0}")]
    Unreachable(reqwest::Error),
    /// The answer was no.
    #[error("be heard: the answer was {0}")]
    Refused(StatusCode),
    /// The file could not be written.
    #[error("write the mail: {0}")]
    Spool(#[from] std::io::Error),
    /// This process has no such channel.
    #[error("be told by {}: this process has no such channel", .0.as_str())]
    NotSet(Channel),
    /// The message could not be put into the channel's form.
    #[error("write the message: {0}")]
    Form(String),
}

/// Every way that is set.
pub struct Channels {
    poster: Poster,
    webhook: Option<(Url, Signer)>,
    slack: Option<Url>,
    mail: Option<Spool>,
    public_url: Option<Url>,
}

impl Channel {
    const ALL: [Self; 3] = [Self::Webhook, Self::Slack, Self::Mail];

    /// Returns the word for it in jobs and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Mail => "mail",
        }
    }

    /// Tells whether others read along than those who are told.
    pub fn is_shared(self) -> bool {
        self == Self::Slack
    }

    /// Returns the channel of a word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

impl Channels {
    /// Makes ready what is set; `None` where nothing is.
    ///
    /// # Errors
    /// A sentence that names the setting that is wrong.
    pub fn new(places: &Places) -> Result<Option<Self>, String> {
        let Places { webhook, secret, slack, mail, from, public_url } = places;
        let webhook = match webhook.is_empty() {
            true => None,
            false if secret.is_empty() => {
                return Err("notify.webhook_secret must be set, so that the receiver knows us".to_owned());
            }
            false => Some((address("notify.webhook_url", webhook)?, Signer::new(secret)?)),
        };
        let slack = match slack.is_empty() {
            true => None,
            false => Some(address("notify.slack_url", slack)?),
        };
        let mail = match mail.as_os_str().is_empty() {
            true => None,
            false => Some(Spool::new(mail, from)?),
        };
        // Read, and refused where it is none, by whoever serves there.
        let public_url = public_url.parse().ok();
        let is_set = webhook.is_some() || slack.is_some() || mail.is_some();
        let poster = Poster::new()?;
        Ok(is_set.then_some(Self { poster, webhook, slack, mail, public_url }))
    }

    /// Returns the channels that are set.
    pub fn set(&self) -> impl Iterator<Item = Channel> {
        let set = |channel: &Channel| match channel {
            Channel::Webhook => self.webhook.is_some(),
            Channel::Slack => self.slack.is_some(),
            Channel::Mail => self.mail.is_some(),
        };
        Channel::ALL.into_iter().filter(set)
    }

    /// Returns where the packet of a deal can be read.
    pub fn link(&self, deal: &str) -> Option<String> {
        let mut link = self.public_url.clone()?;
        link.path_segments_mut().ok()?.clear().extend(["deals", deal]);
        Some(link.into())
    }

    /// Sends a message by a channel.
    ///
    /// # Errors
    /// Where it was not taken.
    pub async fn send(&self, channel: Channel, message: &Message) -> Result<(), NotTold> {
        match (channel, &self.webhook, &self.slack, &self.mail) {
            (Channel::Webhook, Some((address, signer)), ..) => {
                self.poster.signed(address, signer, message).await
            }
            (Channel::Slack, _, Some(address), _) => self.poster.slack(address, message).await,
            (Channel::Mail, .., Some(spool)) => spool.put(message),
            _ => Err(NotTold::NotSet(channel)),
        }
    }
}

/// Reads an address; who stands behind it learns of our customers, so that only this machine is spoken to in the clear.
fn address(setting: &str, text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{setting}: {error}"))?;
    let host = url.host_str().unwrap_or_default();
    let near = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match url.scheme() {
        "https" => Ok(url),
        "http" if near => Ok(url),
        _ => Err(format!("{setting} must begin with https://")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_wrong_is_named_and_nothing_set_is_nothing() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let refused = |places: Places| Channels::new(&places).err().unwrap_or_default();
        let webhook = |url: &str, secret: &str| Places {
            webhook: url.to_owned(),
            secret: secret.to_owned(),
            ..Places::default()
        };
        assert!(Channels::new(&Places::default()).is_ok_and(|channels| channels.is_none()));
        assert!(refused(webhook("https://a.example", "")).contains("notify.webhook_secret"));
        assert!(refused(webhook("http://a.example", "s")).contains("notify.webhook_url"));
        assert!(refused(webhook("https://a.example", "whsec_?")).contains("notify.webhook_secret"));
        assert!(refused(webhook("https://a.example", "whsec_")).contains("notify.webhook_secret"));
        let mail = Places { mail: "spool".into(), from: "nobody".to_owned(), ..Places::default() };
        assert!(refused(mail).contains("notify.mail_from"));
    }
}
