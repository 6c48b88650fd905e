//! This room turns a packet and an occasion into papers: packet, red-flag page, plan for the customer, mails, agendas
//! and reports, each drawn from one template as Markdown, HTML, DOCX, PDF, mail or calendar entry.
//!
//! A paper says what the calls say, in their words, and what the occasion adds. What neither holds is a blank with
//! the question to ask. A paper that a customer may read is read by the [`Guard`] first, every time it is drawn.

mod columns;
mod context;
mod document;
mod docx;
mod guard;
mod html;
mod mail;
mod markup;
mod md;
mod meeting;
mod occasion;
mod paper;
mod pdf;
mod templates;
mod text;

pub use document::{Blank, Block, Document, Run, Style};
pub use guard::{Guard, Leak, Secret, SecretKind};
pub use occasion::{
    Cadence, Colleague, Contract, Day30, Involvement, Meeting, Milestone, Occasion, PartnerHandoff,
};
pub use paper::{Form, Paper, Readers};
pub use templates::{TemplateError, Templates};

use crate::ledger::Ledger;
use crate::packet::{self, Packet};
use crate::review::Reviewed;
use crate::transcript::Deal;

/// Why a paper could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// The template does not fit.
    #[error("failed to {0}")]
    Template(#[from] TemplateError),
    /// It would tell the customer what is not for the customer.
    #[error("{paper} is refused: {}", told(leaks))]
    Leak {
        /// The paper.
        paper: Paper,
        /// Each line that tells too much.
        leaks: Vec<Leak>,
    },
    /// The form needs what nobody has said.
    #[error("{what} is not known: set `{field}` of the occasion")]
    Missing {
        /// The occasion's field.
        field: &'static str,
        /// What it is.
        what: &'static str,
    },
    /// A value of the occasion is no such thing.
    #[error("`{field}` of the occasion: {message}")]
    Wrong {
        /// The occasion's field.
        field: &'static str,
        /// What is wrong.
        message: String,
    },
    /// The paper cannot be had in this form.
    #[error("{paper} cannot be had as {}; it can as {}", form.as_str(), forms(*paper))]
    NoSuchForm {
        /// The paper.
        paper: Paper,
        /// The form that was asked for.
        form: Form,
    },
    /// The file could not be written.
    #[error("failed to draw the file: {0}")]
    Form(String),
}

impl From<askama::Error> for DrawError {
    fn from(error: askama::Error) -> Self {
        Self::Form(error.to_string())
    }
}

fn told(leaks: &[Leak]) -> String {
    leaks.iter().map(Leak::to_string).collect::<Vec<_>>().join("; ")
}

fn forms(paper: Paper) -> String {
    paper.forms().iter().map(|form| form.as_str()).collect::<Vec<_>>().join(", ")
}

/// Returns a paper as a document.
///
/// # Errors
/// Where the template does not fit, and where a paper for the customer would tell what is not for the customer.
pub fn compose(
    paper: Paper,
    packet: &Packet,
    occasion: &Occasion,
    templates: &Templates,
) -> Result<Document, DrawError> {
    match paper.readers() {
        Readers::Internal => Ok(templates.fill(paper, &context::internal(packet, occasion))?),
        Readers::RedFlags => Ok(templates.fill(paper, &context::red_flags(packet, occasion))?),
        Readers::Customer => {
            let guard = Guard::new(packet, occasion, &bare(paper, templates)?);
            let document = templates.fill(paper, &context::shared(packet, occasion, &guard))?;
            let leaks = guard.leaks(&document.lines());
            if leaks.is_empty() { Ok(document) } else { Err(DrawError::Leak { paper, leaks }) }
        }
    }
}

/// Returns the lines that a template writes by itself, for whatever deal.
fn bare(paper: Paper, templates: &Templates) -> Result<Vec<String>, DrawError> {
    let (packet, occasion) =
        (packet::draft(&Deal::default(), &[], &Reviewed::default(), &Ledger::default()), Occasion::default());
    let context = context::shared(&packet, &occasion, &Guard::default());
    Ok(templates.fill(paper, &context)?.lines())
}

/// Draws `document`, which is `paper`, in a form.
///
/// # Errors
/// Where the paper cannot be had in that form, or the form needs what nobody has said.
pub fn draw(
    paper: Paper,
    packet: &Packet,
    occasion: &Occasion,
    document: &Document,
    form: Form,
) -> Result<Vec<u8>, DrawError> {
    if !paper.forms().contains(&form) {
        return Err(DrawError::NoSuchForm { paper, form });
    }
    match form {
        Form::Md => Ok(md::markdown(document).into_bytes()),
        Form::Html => Ok(html::html(document)?.into_bytes()),
        Form::Text => Ok(text::text(document).into_bytes()),
        Form::Docx => docx::docx(document).map_err(DrawError::Form),
        Form::Pdf => pdf::pdf(document).map_err(DrawError::Form),
        Form::Eml => mail::eml(paper, packet, occasion, document),
        Form::Ics => meeting::ics(paper, packet, occasion, document),
    }
}

/// Fills every template for `packet`, once with nothing known beside it and once with `occasion`, and returns what is
/// wrong with them.
pub fn check(templates: &Templates, packet: &Packet, occasion: &Occasion) -> Vec<crate::transcript::Problem> {
    let bare = Occasion::default();
    let mut problems = Vec::new();
    for paper in Paper::ALL {
        for occasion in [&bare, occasion] {
            if let Err(DrawError::Template(error)) = compose(paper, packet, occasion, templates) {
                problems.push(error.problem());
                break;
            }
        }
    }
    problems
}
