use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A moment as a page shows it: in a zone which is named; the script tells it in that of whoever looks.
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

impl Moment {
    /// Returns a moment as people of `zone` read it.
    pub(super) fn in_zone(at: Timestamp, zone: &TimeZone) -> Self {
        let shown = at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string();
        Self { shown, ..Self::from(at) }
    }
}
