use serde::{Serialize, Serializer};

use crate::rules::Kind;

/// What is scored together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Promises and next steps, whichever of the two they were taken for.
    Commitment,
    /// The findings of one kind.
    Kind(Kind),
    /// People.
    Stakeholder,
}

impl Group {
    /// Returns every group, in the order of a report.
    pub fn all() -> impl Iterator<Item = Self> {
        let kinds = Kind::ALL.iter().copied().map(Self::Kind);
        std::iter::once(Self::Commitment).chain(kinds).chain([Self::Stakeholder])
    }

    /// Tells whether findings of `kind` belong to the group.
    pub(super) fn holds(self, kind: Kind) -> bool {
        match self {
            Self::Commitment => matches!(kind, Kind::Promise | Kind::NextStep),
            Self::Kind(only) => kind == only,
            Self::Stakeholder => false,
        }
    }

    /// Returns the attributes that are compared where a label and a finding of the group match.
    pub(super) fn attributes(self) -> &'static [&'static str] {
        let Self::Kind(kind) = self else { return &[] };
        match kind {
            Kind::Promise => &["category", "firmness", "due"],
            Kind::NextStep => &["side", "owner", "due"],
            Kind::Objection => &["type", "status"],
            Kind::SuccessMetric => &["baseline", "target", "deadline"],
            Kind::Competitor => &["name", "status"],
            Kind::Pricing => &["type", "direction", "value"],
            Kind::Risk => &["type"],
            Kind::TechEnvironment => &["type", "name"],
            Kind::Exclusion | Kind::Pain | Kind::WhyChosen | Kind::Expansion | Kind::Preference => &[],
        }
    }
}

impl std::fmt::Display for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Commitment => f.pad("commitment"),
            Self::Kind(kind) => kind.fmt(f),
            Self::Stakeholder => f.pad("stakeholder"),
        }
    }
}

impl std::str::FromStr for Group {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::all().find(|group| group.to_string() == word).ok_or_else(|| {
            let known: Vec<_> = Self::all().map(|group| group.to_string()).collect();
            format!("`{word}` is none of {}", known.join(", "))
        })
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
