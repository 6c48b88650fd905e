use std::time::Duration;

use anyhow::Context;
use reqwest::{Method, RequestBuilder};
use serde::Serialize;
use serde_json::Value;

use super::args::Remote;

/// Where a token is looked for when no file is named.
const TOKEN: &str = "READBACK_TOKEN";

/// Time for a whole answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Asks a running server for `path`, and returns its JSON.
pub(super) async fn get(remote: &Remote, path: &str, query: &impl Serialize) -> anyhow::Result<Value> {
    send(remote, Method::GET, path, |request| request.query(query)).await
}

/// Posts `body` to a running server, on whatever stands there, and returns its JSON.
pub(super) async fn post(remote: &Remote, path: &str, body: &impl Serialize) -> anyhow::Result<Value> {
    send(remote, Method::POST, path, |request| request.header("If-Match", "*").json(body)).await
}

async fn send(
    remote: &Remote,
    method: Method,
    path: &str,
    with: impl FnOnce(RequestBuilder) -> RequestBuilder,
) -> anyhow::Result<Value> {
    let server = remote.server.as_deref().unwrap_or_default().trim_end_matches('/');
    let token = match &remote.token_file {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("failed to read the token in {}", path.display()))?,
        None => {
            std::env::var(TOKEN).with_context(|| format!("name a token with --token-file or in {TOKEN}"))?
        }
    };
    let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
    let request = with(client.request(method, format!("{server}{path}")).bearer_auth(token.trim()));
    let response = request.send().await.with_context(|| format!("failed to reach {server}"))?;
    let status = response.status();
    let answer: Value = response.json().await.with_context(|| format!("{server} did not answer in JSON"))?;
    let detail = answer.get("detail").and_then(Value::as_str).unwrap_or("no reason given");
    anyhow::ensure!(status.is_success(), "{server} answered {status}: {detail}");
    Ok(answer)
}

/// Returns `text` as one segment of a path.
pub(super) fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let coded = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(coded).collect()
}
