//! The one place from which a prompt leaves the machine.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{StatusCode, Url};
use tokio::sync::Semaphore;

use super::breaker::Breaker;
pub use super::wire::Provider;
use super::{Completion, Model, NotHeard, Prompt, Reply};

/// No honest answer to a prompt of ours is larger; what goes beyond is not read.
const LARGEST: usize = 1 << 20;
/// The first wait before a retry; it doubles, and half of it is drawn.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// Who asks for a longer wait is asked again by the next job, not by this request.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// A connection that is not there by then will not come.
const CONNECT: Duration = Duration::from_secs(10);

/// How a provider is reached.
#[derive(Clone)]
pub struct Connection {
    /// Its family.
    pub provider: Provider,
    /// Base address (`http://127.0.0.1:8080/v1`); the provider's own where empty.
    pub base_url: String,
    /// The model's name.
    pub model: String,
    /// The key; none where empty.
    pub api_key: String,
    /// Proxy for these requests; none where empty, whatever the environment says.
    pub proxy: String,
    /// Longest time for an answer, from connecting to its last byte.
    pub timeout: Duration,
    /// How often a request is tried again.
    pub retries: u32,
    /// Requests at a time.
    pub concurrency: usize,
    /// Requests a minute.
    pub requests_per_minute: u32,
}

/// The key stays out of logs and messages.
impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("provider", &self.provider)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

/// A provider over HTTP.
pub struct Client {
    connection: Connection,
    address: Url,
    http: reqwest::Client,
    slots: Semaphore,
    pace: Mutex<Instant>,
    breaker: Mutex<Breaker>,
}

impl Client {
    /// Makes ready to ask; nothing is sent yet.
    ///
    /// # Errors
    /// A sentence that names the setting that is wrong.
    pub fn new(connection: Connection) -> Result<Self, String> {
        let Connection { provider, base_url, .. } = &connection;
        let base = match (base_url.is_empty(), provider.base()) {
            (false, _) => base_url.as_str(),
            (true, Some(base)) => base,
            (true, None) => return Err("llm.base_url must be set for this provider".to_owned()),
        };
        let address = format!("{}/{}", base.trim_end_matches('/'), provider.path());
        let address: Url = address.parse().map_err(|error| format!("llm.base_url: {error}"))?;
        if !matches!(address.scheme(), "https" | "http") {
            return Err("llm.base_url must begin with https:// or http://".to_owned());
        }
        if address.scheme() == "http" && !connection.api_key.is_empty() && !is_near(&address) {
            return Err("llm.base_url would send the key unencrypted; use https://".to_owned());
        }
        if connection.model.is_empty() {
            return Err("llm.model must name a model".to_owned());
        }
        // A redirect could lead the words of a call anywhere.
        let mut http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT.min(connection.timeout))
            .timeout(connection.timeout)
            .no_proxy();
        if !connection.proxy.is_empty() {
            let proxy = reqwest::Proxy::all(&connection.proxy);
            http = http.proxy(proxy.map_err(|_| "llm.proxy is no address of a proxy".to_owned())?);
        }
        let http = http.build().map_err(|error| format!("failed to set up the connection: {error}"))?;
        let slots = Semaphore::new(connection.concurrency.max(1));
        let (pace, breaker) = (Mutex::new(Instant::now()), Mutex::default());
        Ok(Self { connection, address, http, slots, pace, breaker })
    }

    async fn ask(&self, prompt: &Prompt) -> Result<Completion, NotHeard> {
        let Ok(_slot) = self.slots.acquire().await else { return Err(NotHeard::LeftAlone) };
        let mut attempt = 0;
        loop {
            if !self.breaker().lets_pass(Instant::now()) {
                return Err(NotHeard::LeftAlone);
            }
            self.keep_pace().await;
            // Beside the client's own deadline, because a body may drip for ever behind quick headers.
            let asked = tokio::time::timeout(self.connection.timeout, self.try_once(prompt)).await;
            let failure = match asked.unwrap_or(Err(NotHeard::TooSlow)) {
                Ok(completion) => {
                    self.breaker().succeeded();
                    return Ok(completion);
                }
                Err(failure) => failure,
            };
            if failure.concerns_all() {
                self.breaker().failed(Instant::now());
            }
            let wait = failure.wait().unwrap_or_else(|| jittered(FIRST_WAIT * 2u32.pow(attempt.min(6))));
            if attempt >= self.connection.retries || !failure.may_pass() || wait > LONGEST_WAIT {
                return Err(failure);
            }
            tokio::time::sleep(wait).await;
            attempt += 1;
        }
    }

    async fn try_once(&self, prompt: &Prompt) -> Result<Completion, NotHeard> {
        let Connection { provider, model, api_key, .. } = &self.connection;
        let mut request = self.http.post(self.address.clone()).json(&provider.body(model, prompt));
        for (name, value) in provider.headers(api_key) {
            request = request.header(name, value);
        }
        let mut response = request.send().await.map_err(|error| failure(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(refusal(status, response.headers()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(NotHeard::TooLarge(LARGEST));
            }
            body.extend_from_slice(&chunk);
        }
        provider.read(&body, prompt)
    }

    /// Waits until another request may be made this minute.
    async fn keep_pace(&self) {
        let between = Duration::from_secs(60) / self.connection.requests_per_minute.max(1);
        let at = {
            let mut next = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            let at = (*next).max(Instant::now());
            *next = at + between;
            at
        };
        tokio::time::sleep_until(at.into()).await;
    }

    fn breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Model for Client {
    fn name(&self) -> &str {
        &self.connection.model
    }

    fn answer<'a>(&'a self, prompt: &'a Prompt) -> Reply<'a> {
        Box::pin(self.ask(prompt))
    }
}

/// Tells whether an address is on this machine.
fn is_near(address: &Url) -> bool {
    let host = address.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// What the error says may hold an address with a secret in it, and is not repeated.
fn failure(error: &reqwest::Error) -> NotHeard {
    if error.is_timeout() {
        NotHeard::TooSlow
    } else if error.is_body() || error.is_decode() {
        NotHeard::CutOff
    } else {
        NotHeard::Unreachable
    }
}

fn refusal(status: StatusCode, headers: &reqwest::header::HeaderMap) -> NotHeard {
    let wait = headers.get("retry-after").and_then(|value| value.to_str().ok());
    let wait = wait.and_then(|seconds| seconds.trim().parse().ok()).map(Duration::from_secs);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => NotHeard::Unauthorized(status.as_u16()),
        StatusCode::TOO_MANY_REQUESTS => NotHeard::TooOften { wait },
        _ => NotHeard::Status { status: status.as_u16(), wait },
    }
}

/// Takes up to half of a wait away, so that many who failed together do not come back together.
fn jittered(wait: Duration) -> Duration {
    let drawn = getrandom::u32().unwrap_or_default();
    wait - wait.mul_f64(f64::from(drawn) / f64::from(u32::MAX) / 2.0)
}
