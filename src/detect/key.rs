//! The keys by which weights know pieces of evidence.

use crate::transcript::Side;

/// Where evidence stands, seen from the utterance that it is weighed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// In it.
    Here = 1,
    /// In the one before, of the same speaker.
    Before,
    /// In the one before, said by the other side.
    Asked,
    /// In the one before, said by a colleague.
    Colleague,
    /// The last that somebody else said before the stretch.
    Earlier,
    /// In the next one, of the same speaker.
    After,
    /// In the next one, said by the other side.
    Answer,
    /// In the next one, said by a colleague.
    Echo,
    /// Later, said by the customer.
    Reaction,
    /// Later, said by our side.
    Response,
    /// In the neighbourhood, whoever says it.
    Around,
}

impl Place {
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Here => "",
            Self::Before | Self::Colleague => "before it: ",
            Self::Asked => "answers: ",
            Self::Earlier => "said earlier: ",
            Self::After | Self::Echo => "behind it: ",
            Self::Answer => "answered by: ",
            Self::Reaction => "customer later: ",
            Self::Response => "answered later by: ",
            Self::Around => "nearby: ",
        }
    }
}

/// How a piece of evidence counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// By where it stands.
    At(Place),
    /// By being said here by this side.
    Said(Option<Side>),
    /// By itself: its place and side are in its key.
    Alone,
}

/// The number of stands that the kinds are weighed for; places further off bear on attributes alone.
const STANDS: usize = 13;

impl Stand {
    /// Returns its number among those that the kinds are weighed for.
    pub(super) fn number(self) -> usize {
        match self {
            Self::At(place) => place as usize - 1,
            Self::Said(Some(Side::Rep)) => 8,
            Self::Said(Some(Side::Partner)) => 9,
            Self::Said(Some(Side::Customer)) => 10,
            Self::Said(None) => 11,
            Self::Alone => STANDS - 1,
        }
    }

    /// Returns the column of `label`, one of `labels`, in the kinds' table.
    pub(super) fn column(self, label: usize, labels: usize) -> usize {
        self.number() * labels + label
    }
}

/// A piece of evidence and how it counts. What is said has one key wherever it stands, so that it is looked up once.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// What is noticed.
    pub raw: u32,
    stand: Stand,
}

impl Key {
    pub(super) fn new(raw: u32, stand: Stand) -> Self {
        Self { raw, stand }
    }

    /// Returns both in one, as attributes know them.
    pub fn joined(self) -> u32 {
        match self.stand {
            Stand::At(place) => mix(self.raw, place as u32),
            Stand::Said(side) => mix(mix(self.raw, Place::Here as u32), side_key(side)),
            Stand::Alone => self.raw,
        }
    }

    /// Returns the column of `label`, one of `labels`, in the kinds' table.
    pub fn column(self, label: usize, labels: usize) -> usize {
        self.stand.column(label, labels)
    }
}

/// Keys of what is no word; hashes of words differ from them but by chance.
pub(super) const NUMBER: u32 = 0x9e37_0001;
pub(super) const START: u32 = 0x9e37_0002;
pub(super) const END: u32 = 0x9e37_0003;
pub(super) const ASKED: u32 = 0x9e37_0004;
pub(super) const GAP: u32 = 0x9e37_0005;
pub(super) const BEGIN: u32 = 0x9e37_0006;
pub(super) const LIST: u32 = 0x9e37_0007;
pub(super) const FEATURE: u32 = 0x9e37_0008;
pub(super) const RULE: u32 = 0x9e37_0009;
pub(super) const NEAR: u32 = 0x9e37_000a;

pub(super) fn side_key(side: Option<Side>) -> u32 {
    match side {
        Some(Side::Rep) => 0x51de_0001,
        Some(Side::Partner) => 0x51de_0002,
        Some(Side::Customer) => 0x51de_0003,
        None => 0x51de_0004,
    }
}

/// Joins two keys in their order (the finaliser of MurmurHash3).
pub(super) fn mix(one: u32, other: u32) -> u32 {
    let mut key = one.rotate_left(13) ^ other.wrapping_mul(0x9e37_79b1);
    key = (key ^ (key >> 16)).wrapping_mul(0x85eb_ca6b);
    key = (key ^ (key >> 13)).wrapping_mul(0xc2b2_ae35);
    key ^ (key >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_at_every_stand_has_a_column_of_its_own_in_a_byte() {
        let places = [
            Place::Here,
            Place::Before,
            Place::Asked,
            Place::Colleague,
            Place::Earlier,
            Place::After,
            Place::Answer,
            Place::Echo,
        ];
        let sides = [Some(Side::Rep), Some(Side::Customer), Some(Side::Partner), None];
        let stands = places.map(Stand::At).into_iter().chain(sides.map(Stand::Said)).chain([Stand::Alone]);
        let labels = crate::rules::Kind::ALL.len() + 2;
        let mut columns: Vec<_> =
            stands.flat_map(|stand| (0..labels).map(move |label| stand.column(label, labels))).collect();
        columns.sort_unstable();
        assert_eq!(columns, (0..STANDS * labels).collect::<Vec<_>>());
        assert!(columns.len() <= 256);
    }
}
