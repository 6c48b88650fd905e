use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::transcript::Digest;

/// Something that somebody did, for the record. It names things and holds digests; words of a call have no place in
/// it, because a record that cannot be changed cannot be told to forget them.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// A UUIDv7. Its random bits also keep a digest of the entry from being guessed once the entry is emptied.
    pub id: Uuid,
    /// When it was done.
    pub at: Timestamp,
    /// Who did it, as the interfaces name them.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// The deal it was done to.
    pub deal: Option<String>,
    /// The thing it was done to: an id, or a name of ours.
    pub target: String,
    /// What else belongs to the record: ids, digests, numbers.
    pub detail: Json,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A decision of review or handoff was appended.
    Decided,
    /// What is known of a deal was edited.
    DealEdited,
    /// Who spoke was corrected.
    SpeakerCorrected,
    /// A packet was opened.
    PacketViewed,
    /// A paper or a copy of the data left the service.
    Exported,
    /// Somebody signed in.
    SignedIn,
    /// Somebody tried to sign in and was refused.
    SignInRefused,
    /// Somebody signed out.
    SignedOut,
    /// Who may do what was changed: users, roles, teams, membership of deals, tokens.
    PermissionChanged,
    /// Words were removed for good.
    Erased,
}

impl Entry {
    /// Returns an entry about `target` that belongs to no deal and says no more. `id` is a new UUIDv7.
    pub fn new(
        id: Uuid,
        at: Timestamp,
        actor: impl Into<String>,
        action: Action,
        target: impl Into<String>,
    ) -> Self {
        let (actor, target) = (actor.into(), target.into());
        Self { id, at, actor, action, deal: None, target, detail: Json::Object(serde_json::Map::new()) }
    }

    /// Returns the entry as one about a deal.
    #[must_use]
    pub fn of_deal(self, deal: impl Into<String>) -> Self {
        Self { deal: Some(deal.into()), ..self }
    }

    /// Returns the entry with what else belongs to it.
    #[must_use]
    pub fn with(self, detail: Json) -> Self {
        Self { detail, ..self }
    }
}

impl Action {
    /// Returns the word that interfaces and the store use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::DealEdited => "deal_edited",
            Self::SpeakerCorrected => "speaker_corrected",
            Self::PacketViewed => "packet_viewed",
            Self::Exported => "exported",
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignedOut => "signed_out",
            Self::PermissionChanged => "permission_changed",
            Self::Erased => "erased",
        }
    }
}

/// A row of the audit trail. Its digest covers its number, its body and the digest of the row before, so that no row
/// can be edited, removed or moved without the rows behind it telling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Counted from 1, without gaps.
    pub number: u64,
    /// When it was done, to the microsecond.
    pub at: Timestamp,
    /// What was done; a word, because a newer program may know more of them.
    pub action: String,
    /// Who did what to what; `None` where an erasure has emptied the row.
    pub body: Option<Body>,
    /// Digest of the body, which stays when the body goes.
    pub sealed: Digest,
    /// Digest of the row before.
    pub previous: Digest,
    /// Digest of this row.
    pub digest: Digest,
}

/// The part of a row that may name a person, and that an erasure can empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The entry's id.
    pub id: String,
    /// Who did it.
    pub actor: String,
    /// The deal.
    pub deal: Option<String>,
    /// The thing.
    pub target: String,
    /// What else belongs to it, as the JSON text that was kept.
    pub detail: String,
}

/// The end of the trail: how many rows there are, and the digest of the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last row, 0 where there is none.
    pub number: u64,
    /// Its digest; that of nothing where there is none.
    pub digest: Digest,
}

impl Head {
    /// Returns the end of an empty trail.
    pub fn start() -> Self {
        Self { number: 0, digest: Digest::of(b"") }
    }
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.number, self.digest)
    }
}

impl std::str::FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.trim().split_once(':');
        let read = parts.and_then(|(number, digest)| Some((number.parse().ok()?, digest.parse().ok()?)));
        let (number, digest) = read.ok_or_else(|| {
            format!(
                "`{text}` is no head of an audit trail; `readback audit verify` prints one as NUMBER:DIGEST"
            )
        })?;
        Ok(Self { number, digest })
    }
}

impl Link {
    /// Returns the row for `entry` behind `head`.
    pub fn after(head: &Head, entry: &Entry) -> Self {
        let body = Body {
            id: entry.id.to_string(),
            actor: entry.actor.clone(),
            deal: entry.deal.clone(),
            target: entry.target.clone(),
            detail: entry.detail.to_string(),
        };
        let (sealed, previous) = (body.digest(), head.digest.clone());
        let mut link = Self {
            number: head.number + 1,
            at: entry.at,
            action: entry.action.as_str().to_owned(),
            body: Some(body),
            digest: previous.clone(),
            sealed,
            previous,
        };
        link.digest = link.digest_at(link.number);
        link
    }

    /// Returns the end of a trail that ends with this row.
    pub fn head(&self) -> Head {
        Head { number: self.number, digest: self.digest.clone() }
    }

    /// Returns the digest that the row would have as row `number`.
    pub(super) fn digest_at(&self, number: u64) -> Digest {
        Digest::of_parts([
            &number.to_be_bytes()[..],
            &self.at.as_microsecond().to_be_bytes(),
            self.action.as_bytes(),
            self.sealed.as_str().as_bytes(),
            self.previous.as_str().as_bytes(),
        ])
    }
}

impl Body {
    /// Returns the digest of all parts; each is preceded by its length, so that nothing can move from one to another.
    pub(super) fn digest(&self) -> Digest {
        Digest::of_parts([
            self.id.as_bytes(),
            self.actor.as_bytes(),
            // No deal and a deal without a name are two things.
            &[u8::from(self.deal.is_some())],
            self.deal.as_deref().unwrap_or_default().as_bytes(),
            self.target.as_bytes(),
            self.detail.as_bytes(),
        ])
    }
}
