use askama::Template;

use super::document::{Block, Document};

#[derive(Template)]
#[template(path = "paper.html")]
struct Page<'a> {
    document: &'a Document,
    /// Whether the title stands on the page: a mail's stands in its subject.
    titled: bool,
}

/// Draws a document as a page that needs nothing beside it: no script, no picture, no other file.
///
/// # Errors
/// Those of the template engine.
pub(super) fn html(document: &Document) -> Result<String, askama::Error> {
    Page { document, titled: true }.render()
}

/// Draws a mail's body.
///
/// # Errors
/// Those of the template engine.
pub(super) fn body(document: &Document) -> Result<String, askama::Error> {
    Page { document, titled: false }.render()
}
