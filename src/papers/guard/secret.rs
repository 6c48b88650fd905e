use serde::{Deserialize, Serialize};

use crate::ledger::{Mention, Saying};
use crate::packet::Packet;
use crate::rules::Category;

use super::super::Occasion;

/// Words that the customer must not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// What they are.
    pub kind: SecretKind,
    /// The words.
    pub words: String,
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    /// Words of the red-flag page.
    RedFlag,
    /// Where somebody stands, or the words that show it.
    Stance,
    /// What was bargained for and why.
    Bargain,
    /// A promise that is disputed.
    Dispute,
    /// What colleagues wrote to each other.
    Comment,
    /// What the internal packet alone holds: objections, competitors, plans for the next sale.
    Internal,
}

impl std::fmt::Display for SecretKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::RedFlag => "a red flag",
            Self::Stance => "somebody's stance",
            Self::Bargain => "what was bargained",
            Self::Dispute => "a disputed promise",
            Self::Comment => "an internal comment",
            Self::Internal => "what only the internal packet says",
        })
    }
}

/// Returns everything of a deal that no customer may read.
pub(super) fn of_deal(packet: &Packet, occasion: &Occasion) -> Vec<Secret> {
    let ledger = &packet.ledger;
    let mentioned = |kind: SecretKind, mentions: &[Mention]| -> Vec<Secret> {
        mentions.iter().flat_map(|mention| said(kind, &mention.said)).collect()
    };
    let mut secrets = mentioned(SecretKind::RedFlag, &ledger.risks);
    let against = ledger.stakeholders.iter().filter(|contact| contact.is_against());
    for words in against.flat_map(|contact| &contact.evidence) {
        secrets.push(Secret { kind: SecretKind::Stance, words: words.quote.text().to_owned() });
    }
    secrets.extend(mentioned(SecretKind::Bargain, &ledger.pricing));
    // By each saying's own category: what was joined to a price may be about something else.
    let of_price = |saying: &&Saying| {
        saying.attrs.get("category").and_then(|category| category.as_str())
            == Some(Category::Pricing.as_str())
    };
    for promise in &ledger.promises {
        let priced: Vec<Saying> = promise.said.iter().filter(of_price).cloned().collect();
        secrets.extend(said(SecretKind::Bargain, &priced));
    }
    for promise in ledger.promises.iter().filter(|promise| occasion.disputed.contains(&promise.id)) {
        secrets.extend(said(SecretKind::Dispute, &promise.said));
    }
    // What the customer said on day 30 is none: it repeats the promise that it is about, and no paper for them holds it.
    for comment in &occasion.comments {
        secrets.push(Secret { kind: SecretKind::Comment, words: comment.clone() });
    }
    for objection in &ledger.objections {
        secrets.extend(said(SecretKind::Internal, &objection.said));
    }
    for mentions in [&ledger.competitors, &ledger.expansion] {
        secrets.extend(mentioned(SecretKind::Internal, mentions));
    }
    secrets
}

fn said(kind: SecretKind, said: &[Saying]) -> Vec<Secret> {
    let citations = said.iter().flat_map(Saying::citations);
    citations.map(|words| Secret { kind, words: words.quote.text().to_owned() }).collect()
}
