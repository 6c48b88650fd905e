//! What a template may speak of. A paper for customers gets a view in which red flags do not exist, so that an
//! overriding template cannot reach them by mistake.

mod agreed;
mod entries;
mod person;
mod section;
mod words;

use serde::Serialize;

use crate::ledger::Mention;
use crate::packet::{Audience, Completeness, Gap, Packet};
use crate::rules::{Category, Role};
use crate::transcript::Side;

use super::guard::Guard;
use super::occasion::{Cadence, Day30, Involvement, Occasion, PartnerHandoff};
use agreed::{ContractView, Reached, When};
use entries::{Concern, DayThirty, Goal, Promised, Tool};
use person::{Person, Stakeholder};
use section::{CallView, SectionView};
use words::Words;

/// What every paper may speak of, customers' papers too.
#[derive(Debug, Serialize)]
pub(super) struct Shared<'a> {
    account: Option<&'a str>,
    our_company: Option<&'a str>,
    ae: Person,
    csm: Person,
    champion: Person,
    buyer: Person,
    /// Names and titles of the customer's people, and nothing else of them.
    people: Vec<Person>,
    partners: Vec<Person>,
    why: Vec<Words>,
    goals: Vec<Goal>,
    promises: Vec<Promised>,
    tools: Vec<Tool>,
    pairing_reason: Option<&'a str>,
    reference: Option<&'a str>,
    countersigned: Option<String>,
    kickoff: When,
    contract: ContractView<'a>,
    first_value: Reached<'a>,
    /// Days 30, 60 and 90, each with what is known of it.
    milestones: Vec<Reached<'a>>,
    preparation: &'a [String],
    cadence: &'a Cadence,
    involvement: &'a Involvement,
    partner: &'a PartnerHandoff,
}

/// What papers for AE and CSM may speak of besides.
#[derive(Debug, Serialize)]
pub(super) struct Internal<'a> {
    #[serde(flatten)]
    shared: Shared<'a>,
    deal: &'a str,
    closed: Option<String>,
    calls: Vec<CallView>,
    completeness: Completeness,
    questions: &'a [Gap],
    sections: Vec<SectionView>,
    stakeholders: Vec<Stakeholder>,
    concerns: Vec<Concern>,
    cs_manager: Person,
    alignment: When,
    disputed: Vec<Promised>,
    channel: Option<&'a str>,
    packet_url: Option<&'a str>,
    day_30: &'a Day30,
    confirmations: Vec<DayThirty>,
}

/// What the red-flag page may speak of.
#[derive(Debug, Serialize)]
pub(super) struct RedFlags<'a> {
    #[serde(flatten)]
    internal: Internal<'a>,
    flags: Vec<SectionView>,
    comments: &'a [String],
}

/// The days that a success statement names (S-035).
const DAYS: [u16; 3] = [30, 60, 90];

/// Returns what a paper for customers may speak of: words near a secret are left out before anybody writes a line.
pub(super) fn shared<'a>(packet: &'a Packet, occasion: &'a Occasion, guard: &Guard) -> Shared<'a> {
    let safe = |words: &Words| words.stand_alone() && guard.is_clean(&words.text);
    let ledger = &packet.ledger;
    let open = ledger.promises.iter().filter(|promise| promise.is_open());
    let promises = open.filter(|promise| {
        let settled = !promise.unsettled && promise.contradicted_by.is_empty();
        settled && promise.category != Category::Pricing && !occasion.disputed.contains(&promise.id)
    });
    let contacts = |side: Side| ledger.stakeholders.iter().filter(move |contact| contact.side == side);
    let mut promises: Vec<Promised> =
        promises.map(Promised::from).filter(|promise| safe(&promise.words)).collect();
    promises.sort_by_key(|promise| promise.due.is_none());
    let mut goals: Vec<Goal> = ledger.success_metrics.iter().map(Goal::from).collect();
    // The goal with the most to hold on to comes first: it is the one that sentences are made of.
    goals.sort_by_key(|goal| std::cmp::Reverse(goal.known()));
    Shared {
        account: filled(&packet.deal.account),
        our_company: filled(&packet.deal.our_company),
        ae: Person::from(&occasion.ae).or_titled(packet, "account executive"),
        csm: Person::from(&occasion.csm).or_titled(packet, "customer success manager"),
        champion: champion(packet, occasion),
        buyer: first(packet, Role::EconomicBuyer),
        people: contacts(Side::Customer)
            .filter(|contact| contact.name.is_some())
            .map(Person::shown)
            .collect(),
        partners: contacts(Side::Partner).map(Person::shown).collect(),
        why: mentions(&ledger.pains).map(|(_, words)| words).filter(safe).collect(),
        goals: goals.into_iter().filter(|goal| safe(&goal.words)).collect(),
        promises,
        tools: mentions(&ledger.tech_environment)
            .map(|(mention, words)| Tool { name: mention.name.clone(), words })
            .filter(|tool| safe(&tool.words))
            .collect(),
        pairing_reason: occasion.pairing_reason.as_deref(),
        reference: occasion.reference.as_deref(),
        countersigned: occasion.countersigned_at.map(|time| time.date().to_string()),
        kickoff: When::from(&occasion.kickoff),
        contract: ContractView::from(&occasion.contract),
        first_value: Reached::from(&occasion.first_value),
        milestones: DAYS.iter().map(|day| reached(occasion, *day)).collect(),
        preparation: &occasion.preparation,
        cadence: &occasion.cadence,
        involvement: &occasion.involvement,
        partner: &occasion.partner,
    }
}

/// Returns what a paper for AE and CSM may speak of: nothing is left out but the red-flag page.
pub(super) fn internal<'a>(packet: &'a Packet, occasion: &'a Occasion) -> Internal<'a> {
    let ledger = &packet.ledger;
    let mut shared = shared(packet, occasion, &Guard::default());
    shared.promises = ledger.promises.iter().map(Promised::from).collect();
    let disputed = ledger.promises.iter().filter(|promise| occasion.disputed.contains(&promise.id));
    Internal {
        shared,
        deal: &packet.deal.id,
        closed: packet.deal.closed_at.map(|time| time.date().to_string()),
        calls: packet.calls.iter().map(CallView::from).collect(),
        completeness: packet.completeness,
        questions: &packet.gaps,
        sections: sections(packet, Audience::Internal),
        stakeholders: ledger.stakeholders.iter().map(Stakeholder::from).collect(),
        concerns: ledger.objections.iter().map(Concern::from).collect(),
        cs_manager: Person::from(&occasion.cs_manager),
        alignment: When::from(&occasion.alignment),
        disputed: disputed.map(Promised::from).collect(),
        channel: occasion.channel.as_deref(),
        packet_url: occasion.packet_url.as_deref(),
        day_30: &occasion.day_30,
        confirmations: DayThirty::all(packet),
    }
}

/// Returns what the red-flag page may speak of.
pub(super) fn red_flags<'a>(packet: &'a Packet, occasion: &'a Occasion) -> RedFlags<'a> {
    RedFlags {
        internal: internal(packet, occasion),
        flags: sections(packet, Audience::RedFlags),
        comments: &occasion.comments,
    }
}

fn sections(packet: &Packet, audience: Audience) -> Vec<SectionView> {
    let mine = packet.sections.iter().filter(|section| section.audience == audience);
    mine.filter(|section| !section.items.is_empty() || !section.gaps.is_empty())
        .map(SectionView::from)
        .collect()
}

fn filled(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn first(packet: &Packet, role: Role) -> Person {
    let named = packet.ledger.stakeholders.iter().filter(|contact| contact.name.is_some());
    named.into_iter().find(|contact| contact.has(role)).map(Person::from).unwrap_or_default()
}

fn champion(packet: &Packet, occasion: &Occasion) -> Person {
    let mut champion = first(packet, Role::Champion);
    champion.email = occasion.champion_email.clone().or(champion.email);
    champion
}

/// Returns the words that say most of each mention.
fn mentions(all: &[Mention]) -> impl Iterator<Item = (&Mention, Words)> {
    all.iter().filter_map(|mention| Some((mention, Words::from(mention.said.last()?.telling()))))
}

fn reached(occasion: &Occasion, day: u16) -> Reached<'_> {
    let known = occasion.milestones.iter().find(|milestone| milestone.day == Some(day));
    Reached { day: Some(day), ..known.map(Reached::from).unwrap_or_default() }
}
