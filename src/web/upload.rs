//! Handing in transcripts from a browser.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Multipart, Query, State};
use axum::response::Html;
use serde::Deserialize;

use super::frame::{Frame, draw, shown};
use crate::http::{App, Caller, ProblemJson, encode, hand_in};
use crate::pipeline::{Delivery, Receipt};
use crate::transcript::{Call, Deal};

#[derive(Template)]
#[template(path = "pages/upload.html")]
struct Page {
    frame: Frame,
    deal: String,
    account: String,
    results: Vec<Outcome>,
}

/// What became of a file.
struct Outcome {
    name: String,
    kept: bool,
    /// What was wrong, or what was right.
    words: String,
    /// What to do about it.
    way_on: &'static str,
    /// The call's page.
    to: String,
    deal: String,
}

/// The deal that the files belong to, where the page was opened from one.
#[derive(Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    deal: String,
}

/// Asks for files.
pub(super) async fn get(
    Extension(caller): Extension<Caller>,
    wish: Result<Query<Wish>, QueryRejection>,
) -> Result<Html<String>, ProblemJson> {
    let Query(Wish { deal }) = wish?;
    let frame = Frame::new("Add calls", "/upload", &caller);
    draw(&Page { frame, deal, account: String::new(), results: Vec::new() })
}

/// Takes files, each for itself: one that cannot be read keeps no other from being kept.
pub(super) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Html<String>, ProblemJson> {
    let mut form = form?;
    let mut deal = Deal::default();
    let mut files = Vec::new();
    while let Some(part) = form.next_field().await? {
        let (field, name) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
        let bytes = part.bytes().await?;
        let text = || String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
        match field.as_str() {
            "deal" => deal.id = text(),
            "account" => deal.account = text(),
            "file" if !bytes.is_empty() => files.push((name.unwrap_or_default(), bytes.to_vec())),
            _ => {}
        }
    }
    if files.is_empty() {
        return Err(ProblemJson::field("file", "choose at least one transcript that is not empty"));
    }
    let mut results = Vec::new();
    for (name, bytes) in files {
        let title = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let call =
            Call { title: Some(title.to_owned()).filter(|title| !title.is_empty()), ..Call::default() };
        let delivery = Delivery { bytes, call, deal: deal.clone() };
        results.push(Outcome::new(&name, hand_in(&app, &caller, delivery, None).await));
    }
    let frame = Frame::new("Add calls", "/upload", &caller);
    draw(&Page { frame, deal: deal.id, account: deal.account, results })
}

impl Outcome {
    fn new(name: &str, handed_in: Result<Receipt, ProblemJson>) -> Self {
        let name = shown(name);
        match handed_in {
            Ok(receipt) => {
                let words = if receipt.duplicate { "was here already" } else { "is kept" };
                let to = format!("/calls/{}", encode(&receipt.call));
                let deal = format!("/deals/{}", encode(&receipt.deal));
                Self { name, kept: true, words: words.to_owned(), way_on: "", to, deal }
            }
            Err(problem) => {
                let way_on = way_on(&problem.kind);
                let words = format!("was not kept: {}", shown(&problem.detail));
                Self { name, kept: false, words, way_on, to: String::new(), deal: String::new() }
            }
        }
    }
}

/// Returns what to do about a file that was refused.
fn way_on(kind: &str) -> &'static str {
    match kind.trim_start_matches("/problems/") {
        "no-transcript" => {
            "Ask the recorder for the transcript itself (VTT, SRT, DOCX, JSON or text with who speaks); a video, a \
             summary or an invitation holds no words."
        }
        "too-large" => "A transcript of an hour has about a tenth of a megabyte; is this the recording?",
        "erased" => "This call was erased for good, and nobody can bring it back.",
        "not-found" => "The deal is not there for you; ask who works on it, or leave the field empty.",
        "nul-character" => "The file is damaged or no text; export it anew.",
        _ => "Nothing of it was kept; the same file can be sent again.",
    }
}
