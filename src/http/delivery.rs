//! A call as it arrives over HTTP: an envelope, a form, or the file alone.

use axum::RequestExt;
use axum::body::Bytes;
use axum::extract::{Multipart, Query, Request};
use axum::http::{HeaderMap, header};
use base64::Engine as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use super::{ProblemJson, idempotency};
use crate::pipeline::Delivery;
use crate::store::RequestKey;
use crate::transcript::{Call, Deal, Digest};

/// A call as JSON.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Envelope {
    /// What is known of the call.
    #[serde(default)]
    call: Call,
    /// What is known of the deal; its id is enough.
    #[serde(default)]
    deal: Deal,
    /// The recorder's file: a string for a text format, the JSON itself for a JSON format.
    #[schema(value_type = Option<Object>)]
    transcript: Option<Box<RawValue>>,
    /// The recorder's file in Base64, for any format.
    transcript_base64: Option<String>,
}

/// A call as a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form; its parts are read one by one")]
pub(super) struct Form {
    /// The recorder's file.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
    /// What is known of the call, as JSON.
    call: Option<Call>,
    /// What is known of the deal, as JSON, or its id alone.
    deal: Option<Deal>,
}

/// What is known of a call that arrives as a file alone.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct FileParams {
    /// The recorder's id of the call.
    id: Option<String>,
    /// What the meeting was called.
    title: Option<String>,
    /// When the recording began, RFC 3339 with offset.
    started_at: Option<String>,
    /// The language, as the recorder states it.
    language: Option<String>,
    /// The deal's id.
    deal: Option<String>,
}

/// Reads a delivery and, where the sender wants to be safe against repeating, its key.
pub(super) async fn read(
    request: Request,
    caller: &Caller,
) -> Result<(Delivery, Option<RequestKey>), ProblemJson> {
    let headers = request.headers().clone();
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let delivery = match kind.as_str() {
        "application/json" => envelope(&body(request).await?)?,
        "multipart/form-data" => form(request).await?,
        _ => file(request).await?,
    };
    if delivery.bytes.is_empty() {
        return Err(ProblemJson::field("/transcript", "is empty: send the recorder's file"));
    }
    let key = key(&headers, caller, &delivery)?;
    Ok((delivery, key))
}

async fn body(request: Request) -> Result<Bytes, ProblemJson> {
    Ok(request.extract::<Bytes, _>().await?)
}

fn envelope(body: &[u8]) -> Result<Delivery, ProblemJson> {
    let Envelope { call, deal, transcript, transcript_base64 } = json("body", body)?;
    let bytes = match (transcript, transcript_base64) {
        (Some(transcript), None) => match serde_json::from_str::<String>(transcript.get()) {
            Ok(text) => text.into_bytes(),
            Err(_) => transcript.get().as_bytes().to_vec(),
        },
        (None, Some(text)) => base64::engine::general_purpose::STANDARD
            .decode(text.trim())
            .map_err(|error| ProblemJson::field("/transcript_base64", error.to_string()))?,
        _ => {
            let detail = "give the recorder's file as `transcript` or as `transcript_base64`, one of both";
            return Err(ProblemJson::field("/transcript", detail));
        }
    };
    Ok(Delivery { bytes, call, deal })
}

async fn form(request: Request) -> Result<Delivery, ProblemJson> {
    let mut form = request.extract::<Multipart, _>().await?;
    let mut delivery = Delivery { bytes: Vec::new(), call: Call::default(), deal: Deal::default() };
    while let Some(part) = form.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await?;
        match name.as_str() {
            "file" => delivery.bytes = bytes.to_vec(),
            "call" => delivery.call = json("call", &bytes)?,
            "deal" if !bytes.trim_ascii_start().starts_with(b"{") => {
                delivery.deal.id = String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
            }
            "deal" => delivery.deal = json("deal", &bytes)?,
            other => {
                let detail = format!("there is no part `{other}`; the parts are file, call and deal");
                return Err(ProblemJson::field("form", detail));
            }
        }
    }
    Ok(delivery)
}

async fn file(mut request: Request) -> Result<Delivery, ProblemJson> {
    let Query(params) = request.extract_parts::<Query<FileParams>>().await?;
    let wrong = |error: String| ProblemJson::field("started_at", error);
    let call = Call {
        id: params.id.unwrap_or_default(),
        title: params.title,
        started_at: params.started_at.map(|text| text.parse().map_err(wrong)).transpose()?,
        language: params.language.map(Into::into),
        ..Call::default()
    };
    let deal = Deal { id: params.deal.unwrap_or_default(), ..Deal::default() };
    let bytes = body(request).await?.to_vec();
    Ok(Delivery { bytes, call, deal })
}

fn json<T: DeserializeOwned>(part: &str, bytes: &[u8]) -> Result<T, ProblemJson> {
    serde_json::from_slice(bytes).map_err(|error| ProblemJson::field(part, error.to_string()))
}

/// Returns what makes a repeated post the same post. The body counts as what it says, not as how it was framed: a
/// form's boundary differs each time.
fn key(headers: &HeaderMap, caller: &Caller, delivery: &Delivery) -> Result<Option<RequestKey>, ProblemJson> {
    let said = serde_json::to_vec(&(&delivery.call, &delivery.deal)).unwrap_or_default();
    let body = Digest::of_parts([said.as_slice(), delivery.bytes.as_slice()]);
    idempotency::key(headers, caller, "POST /v1/calls", body)
}
