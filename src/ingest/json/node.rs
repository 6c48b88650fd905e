use std::cell::RefCell;

use serde_json::Value;

use crate::ingest::problems::Problems;
use crate::transcript::{Language, Place, Timecode};

use super::time;

/// A value of a document with its JSON pointer. Fields that are absent or `null` are `None` in silence; fields of a
/// wrong type are `None` and a problem.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Value,
    pointer: String,
    problems: &'a RefCell<Problems>,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value, problems: &'a RefCell<Problems>) -> Self {
        Self { value, pointer: String::new(), problems }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    pub(super) fn place(&self) -> Place {
        Place::Pointer(self.pointer.clone())
    }

    /// Returns the field `key`, unless it is absent or `null`.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.child(value, key))
    }

    /// Returns the field at the end of `path`.
    pub(super) fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    /// Returns the elements of the list `key`.
    pub(super) fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).map(|list| list.elements()).unwrap_or_default()
    }

    /// Returns the elements of this list.
    pub(super) fn elements(&self) -> Vec<Self> {
        let Value::Array(items) = self.value else {
            self.wrong("a list");
            return Vec::new();
        };
        items.iter().enumerate().map(|(index, value)| self.child(value, &index.to_string())).collect()
    }

    /// Returns the words of field `key`, line breaks as one space.
    pub(super) fn words(&self, key: &str) -> Option<String> {
        if !self.value.is_object() {
            self.wrong("an object");
            return None;
        }
        let words = self.get(key)?.string()?;
        Some(
            words
                .split(['\n', '\r'])
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// Returns the text of field `key` unless it is blank.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let text = self.get(key)?.string()?;
        Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Returns the name or number by which field `key` refers to somebody.
    pub(super) fn id(&self, key: &str) -> Option<String> {
        let node = self.get(key)?;
        match node.value {
            Value::Number(number) if number.is_f64() => {
                node.note(
                    "inexact-id",
                    || "an id that is no whole number cannot be trusted and was left out",
                );
                None
            }
            Value::Number(number) => Some(number.to_string()),
            _ => self.text(key),
        }
    }

    /// Returns the moment that field `key` gives in seconds, as a number or as digits in a string.
    pub(super) fn seconds(&self, key: &str) -> Option<Timecode> {
        self.get(key)?.moment(1000.0)
    }

    /// Returns the moment that field `key` gives in milliseconds.
    pub(super) fn millis(&self, key: &str) -> Option<Timecode> {
        self.get(key)?.moment(1.0)
    }

    /// Returns the moment that field `key` gives as `H:MM:SS`, `MM:SS` or `HH:MM:SS,mmm`.
    pub(super) fn clock(&self, key: &str) -> Option<Timecode> {
        let node = self.get(key)?;
        let moment = time::clock(node.string()?);
        if moment.is_none() {
            node.note("bad-time", || "a time that cannot be read was left out");
        }
        moment
    }

    /// Returns the language that field `key` names by tag (`en-US`) or in English (`english`).
    pub(super) fn language(&self, key: &str) -> Option<Language> {
        let tag = self.text(key)?;
        let named = whatlang::Lang::all().iter().find(|lang| lang.eng_name().eq_ignore_ascii_case(&tag));
        Some(named.map_or_else(|| Language::from_tag(&tag), |lang| Language::from(*lang)))
    }

    /// Returns this value's string.
    pub(super) fn string(&self) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.wrong("a string");
        }
        text
    }

    /// Notes a problem at this value.
    pub(super) fn note(&self, code: &'static str, message: impl FnOnce() -> &'static str) {
        self.problems.borrow_mut().note(code, self.place(), message);
    }

    fn moment(&self, millis_per_unit: f64) -> Option<Timecode> {
        let number = match self.value {
            Value::Number(number) => number.as_f64(),
            Value::String(digits) => digits.trim().parse().ok(),
            _ => None,
        };
        let Some(number) = number else {
            self.wrong("a time");
            return None;
        };
        let moment = time::millis(number * millis_per_unit);
        if moment.is_none() {
            self.note("bad-time", || "a time before the recording or past any recording's end was left out");
        }
        moment
    }

    fn child(&self, value: &'a Value, key: &str) -> Self {
        let pointer = format!("{}/{}", self.pointer, key.replace('~', "~0").replace('/', "~1"));
        Self { value, pointer, problems: self.problems }
    }

    fn wrong(&self, expected: &str) {
        let seen = kind(self.value);
        let message = || format!("expected {expected}, seen {seen}, and left it out");
        self.problems.borrow_mut().note("wrong-type", self.place(), message);
    }
}

/// Names the type of `value`, with its article.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
