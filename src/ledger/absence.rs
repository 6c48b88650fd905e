//! What nobody said and nobody did, which no quote can show (S-114, S-153): each absence says what was looked for and
//! where, and cites words only where some bear on it.

use aho_corasick::AhoCorasick;
use serde::Serialize;

use crate::rules::Role;
use crate::transcript::{Deal, Digest, Side};

use super::gist::Gist;
use super::specific::Lack;
use super::{Citation, Contact, Ledger, ReadCall, in_order};

/// Calls without a word from the champion from which that is silence: one call may be about something else.
const SILENT_CALLS: usize = 2;

/// Words of an order's rows that name no module.
const NO_MODULE: &str = "license licence licensing user seat module package standard premium professional enterprise \
    subscription annual monthly support service platform setup fee plan tier base basic core edition total subtotal tax vat \
    discount item product quantity price onboarding training implementation lizenz benutzer modul paket summe mwst einrichtung \
    licence utilisateur abonnement total taxe módulo usuario suscripción licencia impuesto";

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AbsenceKind {
    /// Whoever pays was on no call.
    EconomicBuyerNeverHeard,
    /// The champion left, is silent, or was never heard.
    ChampionGone,
    /// Nobody put a number to success.
    NoNumber,
    /// One person signs and another decides.
    SignerIsNotTheDecider,
    /// Something was bought of which no call speaks.
    ModuleNeverDiscussed,
    /// Somebody promised for us who is not one of us.
    PromisedByOutsider,
}

/// Something that is not there: an observation of ours, and never a quote.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Absence {
    /// An id from what it is and whom it is about.
    pub id: String,
    /// What is missing.
    pub kind: AbsenceKind,
    /// The observation, in our words.
    pub observed: String,
    /// What was looked for.
    pub looked_for: String,
    /// The ids of the calls in which it was looked for, in order.
    pub looked_in: Vec<String>,
    /// The ledger entries it is about.
    pub about: Vec<String>,
    /// Words that bear on it.
    pub evidence: Vec<Citation>,
}

/// Returns what is missing after `calls`, whose ledger is `ledger`.
pub fn absences(deal: &Deal, calls: &[ReadCall], ledger: &Ledger) -> Vec<Absence> {
    if calls.is_empty() {
        return Vec::new();
    }
    let calls = in_order(calls);
    let looked_in = calls.iter().map(|call| call.transcript.call.id.clone()).collect();
    let search = Search { deal, calls, looked_in, ledger };
    let mut found = Vec::new();
    found.extend(search.economic_buyer());
    found.extend(search.champions());
    found.extend(search.number());
    found.extend(search.signer());
    found.extend(search.modules());
    found.extend(search.outsiders());
    found
}

struct Search<'a> {
    deal: &'a Deal,
    calls: Vec<ReadCall<'a>>,
    looked_in: Vec<String>,
    ledger: &'a Ledger,
}

impl Search<'_> {
    fn absence(&self, kind: AbsenceKind, observed: String, looked_for: &str, about: &[&str]) -> Absence {
        let parts = std::iter::once(format!("{kind:?}")).chain(about.iter().map(|id| (*id).to_owned()));
        let parts: Vec<String> = parts.collect();
        Absence {
            id: Digest::of_parts(parts.iter().map(|part| part.as_bytes())).short().to_owned(),
            kind,
            observed,
            looked_for: looked_for.to_owned(),
            looked_in: self.looked_in.clone(),
            about: about.iter().map(|id| (*id).to_owned()).collect(),
            evidence: Vec::new(),
        }
    }

    fn plays(&self, role: Role) -> Vec<&Contact> {
        self.ledger.stakeholders.iter().filter(|contact| contact.has(role)).collect()
    }

    fn economic_buyer(&self) -> Option<Absence> {
        let buyers = self.plays(Role::EconomicBuyer);
        if buyers.iter().any(|buyer| !buyer.speaks_on.is_empty()) {
            return None;
        }
        let names: Vec<&str> = buyers.iter().map(|buyer| buyer.display()).collect();
        let observed = match names.is_empty() {
            true => "Nobody is known to hold the budget, so nobody who does was on a call".to_owned(),
            false => format!("The economic buyer ({}) was on no call", names.join(", ")),
        };
        let about: Vec<&str> = buyers.iter().map(|buyer| buyer.id.as_str()).collect();
        let kind = AbsenceKind::EconomicBuyerNeverHeard;
        let mut absence = self.absence(kind, observed, "a turn of whoever holds the budget", &about);
        absence.evidence = buyers.iter().filter_map(|buyer| buyer.evidence.first().cloned()).collect();
        Some(absence)
    }

    /// Returns each champion who left, was never heard, or has been silent on the last calls.
    fn champions(&self) -> Vec<Absence> {
        let kind = AbsenceKind::ChampionGone;
        let gone = |champion: &Contact| {
            let name = champion.display();
            if let Some(news) = champion.turnover.as_ref().filter(|_| champion.has_left()) {
                let observed = format!("The champion, {name}, left or is about to");
                let mut absence = self.absence(kind, observed, "news of who came and left", &[&champion.id]);
                absence.evidence = vec![news.words.clone()];
                return Some(absence);
            }
            let after = match champion.speaks_on.last() {
                None => {
                    let observed = format!("The champion, {name}, was on no call");
                    return Some(self.absence(kind, observed, "a turn of the champion", &[&champion.id]));
                }
                Some(last) => self.looked_in.iter().rev().take_while(|call| *call != last).count(),
            };
            let since = champion.last_contact.map(|date| format!(" since {date}")).unwrap_or_default();
            let observed = format!("The champion, {name}, has been silent{since}: the last {after} calls");
            (after >= SILENT_CALLS)
                .then(|| self.absence(kind, observed, "a turn of the champion", &[&champion.id]))
        };
        self.plays(Role::Champion).into_iter().filter_map(gone).collect()
    }

    fn number(&self) -> Option<Absence> {
        let metrics = &self.ledger.success_metrics;
        if metrics.iter().any(|metric| !metric.lacks().contains(&Lack::Number)) {
            return None;
        }
        let observed = match metrics.len() {
            0 => "Nobody said how success will be measured".to_owned(),
            _ => "No success metric has a number to reach".to_owned(),
        };
        let about: Vec<&str> = metrics.iter().map(|metric| metric.id.as_str()).collect();
        Some(self.absence(AbsenceKind::NoNumber, observed, "a target with a figure", &about))
    }

    /// Returns who signs and who decides, where words show that those are two people.
    fn signer(&self) -> Option<Absence> {
        const SIGNS: &[&str] = &["sign", "unterschr", "signe", "firma"];
        const DECIDES: &[&str] =
            &["deci", "final say", "final word", "the call", "entscheid", "décid", "letzte wort"];
        let buyers = self.plays(Role::EconomicBuyer);
        let shown = |buyer: &Contact, cues: &[&str]| {
            let says = |words: &&Citation| {
                let text = words.quote.text().to_lowercase();
                cues.iter().any(|cue| text.contains(cue))
            };
            buyer.evidence.iter().find(says).cloned()
        };
        let signers = buyers.iter().filter(|buyer| shown(buyer, DECIDES).is_none());
        let (signer, signs) = signers.filter_map(|buyer| Some((buyer, shown(buyer, SIGNS)?))).next()?;
        let deciders = buyers.iter().filter(|buyer| shown(buyer, SIGNS).is_none());
        let (decider, decides) = deciders.filter_map(|buyer| Some((buyer, shown(buyer, DECIDES)?))).next()?;
        let observed = format!("{} signs, {} decides", signer.display(), decider.display());
        let kind = AbsenceKind::SignerIsNotTheDecider;
        let mut absence =
            self.absence(kind, observed, "one person who does both", &[&signer.id, &decider.id]);
        absence.evidence = vec![signs, decides];
        Some(absence)
    }

    /// Returns what the papers order and no call names.
    fn modules(&self) -> Vec<Absence> {
        let nobody = Default::default();
        let generic = Gist::of(NO_MODULE, None, &nobody).words;
        let ordered = self.deal.contracts.iter().flat_map(|contract| contract.ordered());
        let modules: Vec<(&str, Vec<String>)> = ordered
            .map(|(_, item)| {
                let words = Gist::of(item, None, &nobody).words;
                (item, words.words().filter(|word| !generic.has(word)).map(str::to_owned).collect())
            })
            .filter(|(_, words): &(_, Vec<String>)| !words.is_empty())
            .collect();
        let words: Vec<&String> = modules.iter().flat_map(|(_, words)| words).collect();
        let Ok(finder) = AhoCorasick::builder().ascii_case_insensitive(true).build(&words) else {
            return Vec::new();
        };
        let turns = self.calls.iter().flat_map(|call| &call.transcript.turns);
        let mut said = vec![false; words.len()];
        for found in
            turns.flat_map(|turn| finder.find_overlapping_iter(turn.text.as_str()).collect::<Vec<_>>())
        {
            said[found.pattern().as_usize()] = true;
        }
        let mut said = said.into_iter();
        let never = |(item, words): &(&str, Vec<String>)| {
            let named = said.by_ref().take(words.len()).fold(false, |any, said| any | said);
            let observed = format!("“{item}” is in the order, and no call speaks of it");
            let looked_for = format!("the words {}", words.join(", "));
            (!named).then(|| self.absence(AbsenceKind::ModuleNeverDiscussed, observed, &looked_for, &[item]))
        };
        modules.iter().filter_map(never).collect()
    }

    fn outsiders(&self) -> Vec<Absence> {
        let by_partner =
            |said: &[super::Saying]| said.iter().all(|saying| saying.words.side == Some(Side::Partner));
        let promises =
            self.ledger.promises.iter().filter(|promise| promise.is_open() && by_partner(&promise.said));
        let outside = promises.filter_map(|promise| {
            let words = promise.said.last()?.words.clone();
            let observed = format!("{} of a partner promised this; nobody of ours did", words.speaker);
            let kind = AbsenceKind::PromisedByOutsider;
            let mut absence = self.absence(kind, observed, "the same promise by one of us", &[&promise.id]);
            absence.evidence = vec![words];
            Some(absence)
        });
        outside.collect()
    }
}
