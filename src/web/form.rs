use std::str::FromStr;

use serde::Deserialize;

use crate::http::ProblemJson;

/// What a browser sends of a form: names and values, in the order of the page. A name may stand several times.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Filled(Vec<(String, String)>);

impl Filled {
    /// Returns every value of a field, without those left empty.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Returns the value of a field; `None` where it was left empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.all(name).next().map(str::to_owned)
    }

    /// Tells whether the form had a field, filled in or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Returns the value of a field that must be filled in.
    ///
    /// # Errors
    /// Where it is not.
    pub(super) fn needed(&self, name: &str) -> Result<String, ProblemJson> {
        self.text(name)
            .ok_or_else(|| ProblemJson::field(name, "was left empty; fill it in and send it again"))
    }

    /// Returns the value of a field as what it stands for; `None` where it was left empty.
    ///
    /// # Errors
    /// Where it is none of those.
    pub(super) fn read<T>(&self, name: &str) -> Result<Option<T>, ProblemJson>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let read = self.text(name).map(|text| text.parse());
        read.transpose().map_err(|error: T::Err| ProblemJson::field(name, error.to_string()))
    }

    /// Returns the value of a field that must be filled in, as what it stands for.
    ///
    /// # Errors
    /// Where it was left empty, or is none of those.
    pub(super) fn needed_as<T>(&self, name: &str) -> Result<T, ProblemJson>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        self.needed(name)?;
        self.read(name)?.ok_or_else(|| ProblemJson::field(name, "was left empty"))
    }
}
