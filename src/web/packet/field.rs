use serde_json::Value;

use super::reader::Reader;
use crate::access;
use crate::http::ProblemJson;
use crate::review::{Act, Field, Reviewed};
use crate::web::form::Filled;
use crate::web::frame::{shown, words};

/// A field of a line as a form asks for it.
pub(super) struct Setting {
    pub(super) name: &'static str,
    pub(super) label: String,
    /// `select`, `several`, `date` or `text`.
    pub(super) kind: &'static str,
    /// What stands; for a date or text.
    pub(super) value: String,
    pub(super) choices: Vec<Choice>,
}

/// One value that a field can have.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// Returns the fields of the line of an entry as the reader may settle them.
pub(super) fn settings(entry: &str, reader: &Reader) -> Vec<Setting> {
    let reviewed = &reader.dossier.reviewed;
    let Some(seen) = reviewed.seen(entry).filter(|_| reader.caller.may(access::Act::Review)) else {
        return Vec::new();
    };
    let fields = Field::of(seen.kind).iter().copied();
    fields
        .map(|field| Setting::new(field, &field.choices(seen.kind), &reviewed.value(entry, field)))
        .collect()
}

impl Setting {
    fn new(field: Field, choices: &[&str], now: &Value) -> Self {
        let kind = match (field, choices) {
            (Field::Roles, _) => "several",
            (Field::Due, _) => "date",
            (_, []) => "text",
            _ => "select",
        };
        let value = now.as_str().map(str::to_owned).or_else(|| now.as_u64().map(|number| number.to_string()));
        let value = value.unwrap_or_default();
        let of = |choice: &str| now.as_array().is_some_and(|all| all.iter().any(|one| one == choice));
        let mut all: Vec<Choice> = choices
            .iter()
            .map(|choice| Choice {
                value: (*choice).to_owned(),
                name: words(choice),
                chosen: value == *choice || of(choice),
            })
            .collect();
        if kind == "select" && (now.is_null() || field.may_be_empty()) {
            all.insert(
                0,
                Choice { value: String::new(), name: "not said".to_owned(), chosen: now.is_null() },
            );
        }
        Self { name: field.as_str(), label: words(field.as_str()), kind, value: shown(&value), choices: all }
    }
}

/// Returns the acts that settle what a form changes of the line of an entry.
///
/// # Errors
/// Where there is no such line.
pub(super) fn set(entry: &str, filled: &Filled, reviewed: &Reviewed) -> Result<Vec<Act>, ProblemJson> {
    let seen = reviewed.seen(entry).ok_or_else(|| ProblemJson::not_found("line"))?;
    let sent = Field::of(seen.kind).iter().copied().filter(|field| filled.has(field.as_str()));
    let changed = sent.map(|field| (field, value(field, filled)));
    let changed = changed.filter(|(field, value)| !same(value, &reviewed.value(entry, *field)));
    let act = |(field, value)| Act::Set { entry: entry.to_owned(), field, value };
    Ok(changed.map(act).collect())
}

fn value(field: Field, filled: &Filled) -> Value {
    let text = filled.text(field.as_str());
    match field {
        Field::Roles => filled.all(field.as_str()).collect(),
        // What is no number is refused where it is checked.
        Field::Strength => {
            text.map_or(Value::Null, |text| text.parse::<u8>().map_or(text.into(), Value::from))
        }
        _ => text.map_or(Value::Null, Value::String),
    }
}

/// Tells whether two values are one; a form shows hidden characters by their number, and does not settle those.
fn same(sent: &Value, stands: &Value) -> bool {
    sent == stands
        || matches!((sent, stands), (Value::String(sent), Value::String(stands)) if *sent == shown(stands).trim())
}
