use std::collections::BTreeMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use serde_json::Value;

use super::whole::Whole;
use crate::http::{App, Caller, Id, ProblemJson, author, encode};
use crate::review::{Act, Answer, Field, Words};
use crate::web::form::Filled;
use crate::web::saying::line;

/// Appends what somebody decided about a line and shows the packet again, at that line.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    headers: HeaderMap,
    filled: Result<Form<Filled>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let Form(filled) = filled?;
    let revision = filled.needed_as("revision")?;
    app.pipeline.decide(&deal, vec![act(&filled)?], author(&caller), Some(revision), None).await?;
    Ok(Redirect::to(&place(&deal, &filled, &headers)))
}

/// Returns where the page is shown again: at the line that the form was about, with as much of the packet as before.
pub(super) fn place(deal: &str, filled: &Filled, headers: &HeaderMap) -> String {
    let packet = format!("/deals/{}", encode(deal));
    let before = Whole::before(headers, &packet).map(|whole| whole.query());
    match (filled.text("entry"), filled.text("section")) {
        (Some(entry), _) if filled.has("back") => format!("{packet}/lines/{}", encode(&entry)),
        (Some(entry), _) => match before {
            Some(before) => format!("{packet}{before}#item-{}", encode(&entry)),
            None => line(deal, &entry),
        },
        (None, Some(section)) => format!("{packet}{}#{}", before.unwrap_or_default(), encode(&section)),
        (None, None) => format!("{packet}{}#review", before.unwrap_or_default()),
    }
}

/// Reads the act that a form sends.
fn act(filled: &Filled) -> Result<Act, ProblemJson> {
    let entry = || filled.needed("entry");
    let text = || filled.needed("text");
    Ok(match filled.needed("act")?.as_str() {
        "accept" => Act::Accept { entry: entry()? },
        "edit" => Act::Edit { entry: entry()?, text: text()? },
        "reject" => Act::Reject { entry: entry()?, reason: text()? },
        "comment" => Act::Comment { entry: entry()?, text: text()? },
        "question" => Act::Question { entry: entry()?, text: text()? },
        "reply" => Act::Reply { to: filled.needed_as("earlier")?, text: text()? },
        "merge" => Act::Merge { into: entry()?, entries: several(filled, "entries")? },
        "split" => Act::Split { entry: entry()?, findings: several(filled, "findings")? },
        "add" => added(filled, quoted(filled)?)?,
        "assign" => {
            let (section, owner) = (filled.needed("section")?, filled.needed("owner")?);
            Act::Assign { section, owner, due: filled.needed_as("due")? }
        }
        "answer" => Act::Answer {
            field: filled.needed("field")?,
            about: filled.text("about"),
            answer: answer(filled)?,
        },
        "undo" => Act::Undo { decision: filled.needed_as("decision")? },
        other => return Err(ProblemJson::field("act", format!("`{other}` is none that a form sends"))),
    })
}

fn several(filled: &Filled, name: &str) -> Result<Vec<String>, ProblemJson> {
    let chosen: Vec<_> = filled.all(name).map(str::to_owned).collect();
    match chosen.is_empty() {
        true => Err(ProblemJson::field(name, "nothing was chosen; tick at least one")),
        false => Ok(chosen),
    }
}

fn answer(filled: &Filled) -> Result<Answer, ProblemJson> {
    Ok(match filled.text("is").as_deref() {
        Some("nothing") => Answer::Nothing { by: filled.needed("by")?, on: filled.needed_as("on")? },
        Some("unknown") => Answer::Unknown { owner: filled.needed("owner")?, due: filled.needed_as("due")? },
        _ => match quoted(filled)? {
            Some(words) => Answer::Quoted { words },
            None => Answer::Stated { text: filled.needed("text")? },
        },
    })
}

/// Returns the words of a call that a form gives, which must stand there to the letter.
fn quoted(filled: &Filled) -> Result<Option<Words>, ProblemJson> {
    let Some(quote) = filled.text("quote") else { return Ok(None) };
    Ok(Some(Words::Given { call: filled.needed("call")?, quote, turn: filled.read("turn")? }))
}

/// Returns the act that adds the line of a form, which rests on `words` or on what its author states.
///
/// # Errors
/// Where the form does not say what the line is.
pub(in crate::web) fn added(filled: &Filled, words: Option<Words>) -> Result<Act, ProblemJson> {
    let given = |field: Field| Some((field, Value::String(filled.text(field.as_str())?)));
    let fields: BTreeMap<Field, Value> =
        [Field::Name, Field::Due, Field::Owner].into_iter().filter_map(given).collect();
    Ok(Act::Add { kind: filled.needed_as("kind")?, text: filled.text("text"), words, fields })
}
