use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::transcript::Side;

/// What only sellers tend to say of their product and their customers.
const SELLERS: &[&str] = &[
    "our product",
    "our platform",
    "our customers",
    "other customers",
    "our roadmap",
    "our engineers",
    "our onboarding team",
    "our implementation team",
    "our success team",
    "our pricing",
    "we charge",
    "we don't charge",
    "we can offer",
    "i'll send you the proposal",
    "i'll send the proposal",
    "i'll send you the quote",
    "i'll send over the order form",
    "send you the contract",
    "send you a quote",
    "send you pricing",
    "your data in",
    "a team like yours",
    "teams like yours",
    "let me share my screen",
    "let me show you",
    "i'll show you",
    "we'll get you live",
    "get you live",
    "what would success look like",
    "walk me through your",
    "what are you using today",
    "what's your timeline",
    "who else would need to",
    "what's your budget",
    "unsere kunden",
    "unser produkt",
    "unsere plattform",
    "wir bieten",
    "wir können ihnen",
    "ich zeige ihnen",
    "ich zeig ihnen",
    "ich schicke ihnen das angebot",
    "schicke ihnen das angebot",
    "bei unseren kunden",
    "unsere roadmap",
    "nos clients",
    "notre produit",
    "notre plateforme",
    "notre solution",
    "on vous propose",
    "je vous envoie le devis",
    "je vous montre",
    "nous proposons",
    "notre équipe de déploiement",
    "je vous envoie la proposition",
    "nuestros clientes",
    "nuestra plataforma",
    "nuestro producto",
    "les ofrecemos",
    "les propongo",
    "les mando la propuesta",
    "le mando la propuesta",
    "les muestro",
];

/// What only buyers tend to say of their company, of the vendor and of the price.
const BUYERS: &[&str] = &[
    "our team uses",
    "we're using",
    "we currently use",
    "we use today",
    "your product",
    "your platform",
    "your tool",
    "your software",
    "your pricing",
    "your roadmap",
    "your support team",
    "your contract",
    "your security",
    "what does it cost",
    "how much is it",
    "how much does",
    "what's the price",
    "can it do",
    "does it integrate",
    "do you integrate",
    "do you support",
    "do you guys",
    "can you guys",
    "can you send me",
    "could you send me",
    "send me the contract",
    "my boss",
    "our cfo",
    "our ceo",
    "our cio",
    "our ciso",
    "our board",
    "our legal",
    "our procurement",
    "our it team",
    "our finance team",
    "our budget",
    "my budget",
    "our fiscal year",
    "we'd need",
    "i'd have to ask",
    "i have to get approval",
    "i sign off",
    "my staff",
    "my drivers",
    "my crew",
    "your order form",
    "your quote",
    "your proposal",
    "your deck",
    "you promised us",
    "our last vendor",
    "the last vendor",
    "our current vendor",
    "our drivers",
    "our patients",
    "our warehouse",
    "our stores",
    "our plant",
    "my team",
    "my people",
    "my guys",
    "i just want to know",
    "for us that",
    "what happens if you",
    "was kostet",
    "bei unserer",
    "bei unserem",
    "haben sie eine",
    "ihr produkt",
    "ihre software",
    "ihr tool",
    "ihr system",
    "ihr angebot",
    "bei uns im haus",
    "unser betriebsrat",
    "unsere it",
    "unser einkauf",
    "unser vorstand",
    "unsere filialen",
    "unser budget",
    "mein chef",
    "meine leute",
    "meine mitarbeiter",
    "bei uns läuft",
    "wir nutzen",
    "wir brauchen",
    "unser geschäftsjahr",
    "combien ça coûte",
    "votre outil",
    "votre logiciel",
    "votre solution",
    "votre tarif",
    "votre devis",
    "chez nous",
    "notre dsi",
    "notre budget",
    "notre usine",
    "notre atelier",
    "nos machines",
    "mon équipe",
    "mes équipes",
    "mon patron",
    "il nous faut",
    "on utilise",
    "on travaille avec",
    "cuánto cuesta",
    "cuánto vale",
    "su plataforma",
    "su herramienta",
    "su sistema",
    "vuestra herramienta",
    "nuestro presupuesto",
    "nuestro gerente",
    "nuestra junta",
    "mi jefe",
    "mi equipo",
    "nuestros pacientes",
    "nosotros usamos",
    "necesitamos que",
    "ustedes nos",
    "ustedes me",
    "a nosotros nos",
];

/// What a third company says of its part; whoever says it is left to metadata or to somebody who knows.
const PARTNERS: &[&str] = &[
    "implementation partner",
    "your implementation partner",
    "as the partner",
    "on the partner side",
    "we're the integrator",
    "as the integrator",
    "we resell",
    "our joint customers",
    "als partner",
    "als systemhaus",
    "umsetzungspartner",
    "en tant qu'intégrateur",
    "comme partenaire",
    "como socio implementador",
    "como integrador",
    "our other clients",
];

/// Times that one speaker's same cue counts: a catchphrase is one piece of evidence, not ten.
const REPEATS: u32 = 2;

static CUES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(SELLERS.iter().chain(BUYERS).chain(PARTNERS))
        .ok()
});

/// How often a speaker talks like a seller and like a buyer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Talk {
    /// Cues of sellers.
    pub(super) seller: u32,
    /// Cues of buyers.
    pub(super) buyer: u32,
    /// Cues of a third company.
    partner: u32,
}

impl Talk {
    /// Counts the cues in all that one speaker says.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts = vec![0_u32; SELLERS.len() + BUYERS.len() + PARTNERS.len()];
        for text in texts {
            let lower = text.to_lowercase().replace('’', "'");
            for found in CUES.iter().flat_map(|cues| cues.find_iter(&lower)) {
                if is_whole(&lower, found.start(), found.end()) {
                    counts[found.pattern().as_usize()] += 1;
                }
            }
        }
        let total = |counts: &[u32]| counts.iter().map(|count| (*count).min(REPEATS)).sum();
        let (sellers, others) = counts.split_at(SELLERS.len());
        let (buyers, partners) = others.split_at(BUYERS.len());
        Self { seller: total(sellers), buyer: total(buyers), partner: total(partners) }
    }

    /// Returns the side that the talk speaks for, where one outweighs the other at least `margin` and threefold.
    pub(super) fn side(self, margin: u32) -> Option<Side> {
        let clear = |more: u32, less: u32| more >= less.saturating_mul(3) && more - less.min(more) >= margin;
        match self {
            Self { partner: 1.., .. } => None,
            Self { seller, buyer, .. } if clear(seller, buyer) => Some(Side::Rep),
            Self { seller, buyer, .. } if clear(buyer, seller) => Some(Side::Customer),
            _ => None,
        }
    }
}

fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clear_margin_tells_a_side_and_a_mixed_talk_none() {
        let buyer = [
            "What does it cost?",
            "I'd have to ask, our CFO hates surprises.",
            "And do you integrate with Sage?",
        ];
        assert_eq!(Talk::of(buyer.into_iter()).side(3), Some(Side::Customer));
        let mixed =
            ["Let me show you.", "Our customers love it.", "What does it cost?", "do you support that"];
        assert_eq!(Talk::of(mixed.into_iter()).side(1), None);
    }

    #[test]
    fn whoever_speaks_as_a_partner_is_given_no_side_by_talk() {
        let partner =
            ["We're the integrator here.", "What does it cost?", "Your platform, your pricing, our budget."];
        assert_eq!(Talk::of(partner.into_iter()).side(3), None);
    }

    #[test]
    fn a_catchphrase_counts_twice_and_a_part_of_a_word_never() {
        assert_eq!(
            Talk::of(["my team, my team, my team, my teammates"].into_iter()),
            Talk { seller: 0, buyer: 2, partner: 0 }
        );
    }
}
