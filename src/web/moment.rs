use jiff::Timestamp;

/// A moment as a page shows it: in UTC, which is named; the script tells it in the zone of whoever looks.
pub(super) struct Moment {
    /// For machines.
    pub(super) iso: String,
    /// For people.
    pub(super) shown: String,
}

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self {
            iso: at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            shown: at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        }
    }
}
