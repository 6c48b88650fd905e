use jiff::{Timestamp, civil, tz};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Language, Side};

/// What is known of a call beside its words: the `NN-slug.call.json` next to a transcript, or a recorder's own
/// metadata. Everything may be missing, as in life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Call {
    /// The recorder's id; unique within a deployment.
    pub id: String,
    /// What the meeting was called.
    pub title: Option<String>,
    /// When the recording began, in the local time of the call.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<CallTime>,
    /// The language as the recorder states it; `None` where the system must find out.
    pub language: Option<Language>,
    /// Who was invited or present; often incomplete.
    pub participants: Vec<Participant>,
    /// Where the recording can be played.
    pub recording_url: Option<String>,
}

/// Somebody whom the calendar or the recorder names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Participant {
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Job title.
    pub title: Option<String>,
    /// Side, where the recorder tells.
    pub side: Option<Side>,
    /// The id by which the transcript's rows refer to this person (Gong's `speakerId`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker_id: Option<String>,
}

/// A moment with the offset in force where the call took place: due dates count from its local date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallTime {
    timestamp: Timestamp,
    offset: tz::Offset,
}

impl CallTime {
    /// Returns the moment `timestamp` as seen at `offset`.
    pub fn new(timestamp: Timestamp, offset: tz::Offset) -> Self {
        Self { timestamp, offset }
    }

    /// Returns the moment itself.
    pub fn timestamp(self) -> Timestamp {
        self.timestamp
    }

    /// Returns the local date.
    pub fn date(self) -> civil::Date {
        self.offset.to_datetime(self.timestamp).date()
    }
}

impl std::str::FromStr for CallTime {
    type Err = String;

    /// Reads RFC 3339; a date and time without an offset is taken as UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = |error: jiff::Error| format!("`{text}` is no RFC 3339 time: {error}");
        let pieces = jiff::fmt::temporal::Pieces::parse(text.trim()).map_err(bad)?;
        let offset = pieces.to_numeric_offset().unwrap_or(tz::Offset::UTC);
        let local = pieces.date().to_datetime(pieces.time().unwrap_or_else(civil::Time::midnight));
        let timestamp = offset.to_timestamp(local).map_err(bad)?;
        Ok(Self { timestamp, offset })
    }
}

impl std::fmt::Display for CallTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.timestamp.display_with_offset(self.offset))
    }
}

impl Serialize for CallTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CallTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_date_is_that_of_the_offset() {
        let late: CallTime = "2026-03-10T23:30:00-05:00".parse().unwrap();
        assert_eq!(late.date().to_string(), "2026-03-10");
        assert_eq!(late.to_string(), "2026-03-10T23:30:00-05:00");
    }

    #[test]
    fn a_time_that_is_none_is_named() {
        assert!("soon".parse::<CallTime>().unwrap_err().contains("`soon`"));
    }
}
