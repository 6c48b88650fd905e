use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use reqwest::{RequestBuilder, Url};
use serde_json::json;
use sha2::Sha256;

use super::{Message, NotTold};

/// A receiver that takes longer is tried again later: what it gets can wait, the job's lease cannot.
const PATIENCE: Duration = Duration::from_secs(10);

/// Bytes of a secret that receivers hand out, at least, as Standard Webhooks has it.
const SHORTEST: usize = 24;

/// What signs messages, so that their receiver knows whom they come from.
pub(super) struct Signer(Hmac<Sha256>);

impl Signer {
    /// Takes a secret as it is set: `whsec_` and base64 as receivers hand it out, or any text.
    pub(super) fn new(secret: &str) -> Result<Self, String> {
        let wrong =
            || format!("notify.webhook_secret begins with whsec_ and is no base64 of {SHORTEST} bytes");
        let key = match secret.strip_prefix("whsec_") {
            Some(coded) => {
                STANDARD.decode(coded).ok().filter(|key| key.len() >= SHORTEST).ok_or_else(wrong)?
            }
            None => secret.as_bytes().to_vec(),
        };
        Hmac::new_from_slice(&key).map(Self).map_err(|_| wrong())
    }

    /// Signs id, time and body together: none of them can be changed, and an old message is known by its age.
    fn sign(&self, id: &str, second: i64, body: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(format!("{id}.{second}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// What posts messages.
pub(super) struct Poster(reqwest::Client);

impl Poster {
    pub(super) fn new() -> Result<Self, String> {
        // A redirect could lead what we tell anywhere.
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .no_proxy();
        client.build().map(Self).map_err(|error| format!("failed to set up the connection: {error}"))
    }

    /// Posts a message as Standard Webhooks has it.
    pub(super) async fn signed(
        &self,
        address: &Url,
        signer: &Signer,
        message: &Message,
    ) -> Result<(), NotTold> {
        let kind = format!("handoff.{}", message.kind.as_str());
        let body = json!({ "type": kind, "timestamp": message.at, "data": message }).to_string();
        let (id, second) = (message.id.to_string(), Timestamp::now().as_second());
        let signature = signer.sign(&id, second, &body);
        let request = self.0.post(address.clone()).header("webhook-id", id);
        let request = request.header("webhook-timestamp", second).header("webhook-signature", signature);
        sent(request.header("content-type", "application/json").body(body)).await
    }

    /// Posts a message to a channel of Slack.
    pub(super) async fn slack(&self, address: &Url, message: &Message) -> Result<(), NotTold> {
        // The three signs with which Slack would read a link or a mention.
        let text = message.text().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        sent(self.0.post(address.clone()).json(&json!({ "text": text }))).await
    }
}

async fn sent(request: RequestBuilder) -> Result<(), NotTold> {
    let answer = request.send().await.map_err(|error| NotTold::Unreachable(error.without_url()))?;
    let status = answer.status();
    if status.is_success() { Ok(()) } else { Err(NotTold::Refused(status)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_the_one_that_the_standard_gives_as_its_example() {
        let signer = Signer::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
