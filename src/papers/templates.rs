use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior};
use rust_embed::RustEmbed;
use serde::Serialize;

use crate::transcript::{Place, Problem};

use super::document::Document;
use super::{Paper, markup};

#[derive(RustEmbed)]
#[folder = "templates/papers"]
struct Embedded;

/// One template for each paper: ours, or one's own in its place.
#[derive(Clone, Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

/// Why a template could not be filled.
#[derive(Debug, thiserror::Error)]
#[error("fill the template of {paper}{}: {message}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TemplateError {
    /// The paper.
    pub paper: Paper,
    /// The line of the template.
    pub line: Option<usize>,
    /// What is wrong with it.
    pub message: String,
}

impl Templates {
    /// Returns the templates that come with Readback.
    pub fn builtin() -> Self {
        Self::with(&BTreeMap::new()).0
    }

    /// Returns the built-in templates with those of `files` (name without `.md`, and text) in their places, and what is
    /// wrong with the files. A broken file leaves ours in its place.
    pub fn with(files: &BTreeMap<String, String>) -> (Self, Vec<Problem>) {
        let mut templates = Self { environment: environment() };
        let mut problems = Vec::new();
        for paper in Paper::ALL {
            let ours = Embedded::get(&format!("{paper}.md"));
            let text = ours.map(|file| String::from_utf8_lossy(&file.data).into_owned()).unwrap_or_default();
            problems.extend(templates.put(paper, text));
        }
        for (name, text) in files {
            match name.parse() {
                Ok(paper) => problems.extend(templates.put(paper, text.clone())),
                Err(message) => problems.push(problem(name, None, message)),
            }
        }
        (templates, problems)
    }

    fn put(&mut self, paper: Paper, text: String) -> Option<Problem> {
        let error = self.environment.add_template_owned(paper.as_str(), text).err()?;
        Some(problem(paper.as_str(), error.line(), reason(&error)))
    }

    /// Fills the template of `paper`.
    ///
    /// # Errors
    /// Where the template asks for what there is not; the error names the line.
    pub(super) fn fill(&self, paper: Paper, context: &impl Serialize) -> Result<Document, TemplateError> {
        let filled = self.environment.get_template(paper.as_str()).and_then(|it| it.render(Serde(context)));
        let text =
            filled.map_err(|error| TemplateError { paper, line: error.line(), message: reason(&error) })?;
        Ok(markup::parse(&text))
    }
}

impl TemplateError {
    /// Returns the error as a problem of the template's file.
    pub fn problem(&self) -> Problem {
        problem(self.paper.as_str(), self.line, self.message.clone())
    }
}

fn problem(name: &str, line: Option<usize>, message: String) -> Problem {
    let place = line.map_or(Place::Whole, |line| Place::Line(line as u32));
    Problem::new("template", place, format!("{name}.md: {message}"))
}

fn reason(error: &Error) -> String {
    match (error.detail(), error.kind()) {
        (Some(detail), _) => detail.to_owned(),
        (None, kind) => kind.to_string(),
    }
}

/// Values come out as text; only what our own filters make is markup. A name that the context lacks is an error and
/// not an empty place: `readback papers check` finds it.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // A line that holds a tag alone leaves nothing behind: tables and lists would break apart.
    let syntax =
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.set_formatter(write);
    environment.remove_filter("safe");
    environment.add_filter("ask", ask);
    environment.add_filter("quote", quote);
    environment.add_filter("inline", inline);
    environment.add_filter("link", link);
    environment
}

fn write(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        let detail =
            "a value is missing here: put `| ask(\"what it is\", \"the question to ask\")` behind it";
        return Err(Error::new(ErrorKind::UndefinedError, detail));
    }
    let text = value.to_string();
    let shown = if value.is_safe() { text } else { markup::literal(&text) };
    Ok(out.write_str(&shown)?)
}

/// `{{ csm.email | ask("CSM's e-mail", "What is the CSM's address?") }}`: the value, or a marked blank.
fn ask(value: Value, field: String, question: String) -> Value {
    let known = !value.is_none() && !value.is_undefined() && value.as_str() != Some("");
    if known { value } else { Value::from_safe_string(markup::blank(&field, &question)) }
}

/// `{{ promise.words | quote }}`: the words as a block of their own with who said them and when.
fn quote(words: Value) -> Result<Value, Error> {
    let label = text(&words, "label")?.map(|label| format!("*{label}:* ")).unwrap_or_default();
    let said = markup::literal(&text(&words, "text")?.unwrap_or_default());
    let by = attribution(&words, true)?;
    Ok(Value::from_safe_string(format!("\n> {label}“{said}”\n>\n> — {by}\n")))
}

/// `{{ promise.words | inline }}`: the words in a line.
fn inline(words: Value) -> Result<Value, Error> {
    let said = markup::literal(&text(&words, "text")?.unwrap_or_default());
    Ok(Value::from_safe_string(format!("“{said}” ({})", attribution(&words, false)?)))
}

/// `{{ packet_url | link("the packet") }}`: a link where the value is the address of a page, else the value.
fn link(address: Value, label: String) -> Value {
    match address.as_str().and_then(crate::packet::web_link) {
        Some(page) => Value::from_safe_string(format!("[{label}]({})", markup::literal(page))),
        None => address,
    }
}

fn attribution(words: &Value, whole: bool) -> Result<String, Error> {
    let mut parts = vec![text(words, "speaker")?.unwrap_or_default()];
    parts.extend(text(words, "date")?);
    if whole {
        parts.extend(text(words, "time")?);
        parts.extend(text(words, "call")?);
    }
    Ok(markup::literal(&parts.join(", ")))
}

fn text(words: &Value, key: &str) -> Result<Option<String>, Error> {
    let value = words.get_attr(key)?;
    if value.is_undefined() {
        return Err(Error::new(ErrorKind::InvalidOperation, "only words of a call can be quoted"));
    }
    Ok(value.as_str().map(str::to_owned))
}
