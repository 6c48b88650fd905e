//! Handing in transcripts from a browser.

use askama::Template;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Extension, Multipart, State};
use axum::response::Html;

use super::frame::{Frame, draw, shown};
use crate::http::{App, Caller, ProblemJson, encode, hand_in};
use crate::pipeline::Delivery;
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
    /// The call's page.
    to: String,
    deal: String,
}

/// Asks for files.
pub(super) async fn get(Extension(caller): Extension<Caller>) -> Result<Html<String>, ProblemJson> {
    let (deal, account) = (String::new(), String::new());
    draw(&Page { frame: Frame::new("Add calls", "/upload", &caller), deal, account, results: Vec::new() })
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
    fn new(name: &str, handed_in: Result<crate::pipeline::Receipt, ProblemJson>) -> Self {
        let name = shown(name);
        match handed_in {
            Ok(receipt) => {
                let words = if receipt.duplicate { "was here already" } else { "is kept" };
                let to = format!("/calls/{}", encode(&receipt.call));
                let deal = format!("/deals/{}", encode(&receipt.deal));
                Self { name, kept: true, words: words.to_owned(), to, deal }
            }
            Err(problem) => {
                Self { name, kept: false, words: problem.detail, to: String::new(), deal: String::new() }
            }
        }
    }
}
