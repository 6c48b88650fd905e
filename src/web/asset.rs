use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::ProblemJson;
use crate::transcript::Digest;

/// A file that pages load. Its address changes with its bytes, so that browsers keep it for good.
pub(super) struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    digest: String,
}

impl Asset {
    fn new(name: &'static str, kind: &'static str, text: &'static str) -> Self {
        Self { name, kind, text, digest: Digest::of(text.as_bytes()).short().to_owned() }
    }

    /// Returns where it is served.
    pub(super) fn address(&self) -> String {
        format!("/assets/{}/{}", self.digest, self.name)
    }
}

/// The style sheet: what all pages share, then what some do.
pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let text = concat!(
        include_str!("assets/style.css"),
        include_str!("assets/packet.css"),
        include_str!("assets/call.css"),
        include_str!("assets/deal.css"),
    );
    Asset::new("style.css", "text/css; charset=utf-8", text)
});

/// The script, put together in the same way; every page works without it.
pub(super) static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let text = concat!(
        include_str!("assets/script.js"),
        include_str!("assets/packet.js"),
        include_str!("assets/call.js"),
        include_str!("assets/upload.js"),
    );
    Asset::new("script.js", "text/javascript; charset=utf-8", text)
});

/// The mark in the browser's tab.
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")));

/// Serves a file under the address that it has in this version, and under no other.
pub(super) async fn get(Path((digest, name)): Path<(String, String)>) -> Result<Response, ProblemJson> {
    let known = [&*STYLE, &*SCRIPT, &*ICON];
    let asset = known.into_iter().find(|asset| asset.digest == digest && asset.name == name);
    let asset = asset.ok_or_else(|| ProblemJson::not_found("file"))?;
    let headers =
        [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.text).into_response())
}
