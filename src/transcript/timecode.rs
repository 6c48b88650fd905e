use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A moment in the recording, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Timecode(pub u64);

impl Timecode {
    /// Returns the milliseconds from the start of the recording.
    pub fn as_millis(self) -> u64 {
        self.0
    }
}

/// `M:SS`, or `H:MM:SS` from the first hour on.
impl std::fmt::Display for Timecode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let seconds = self.0 / 1000;
        let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if hours > 0 {
            write!(f, "{hours}:{minutes:02}:{seconds:02}")
        } else {
            write!(f, "{minutes}:{seconds:02}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_shown_from_the_first_hour_on() {
        assert_eq!(Timecode(61_999).to_string(), "1:01");
        assert_eq!(Timecode(3_600_000).to_string(), "1:00:00");
    }
}
