//! What a template may speak of. A paper for customers gets a view in which red flags do not exist, so that an
//! overriding template cannot reach them by mistake.

use serde::Serialize;

use crate::ledger::{Citation, Contact, Mention, Promise, Saying, SuccessMetric};
use crate::packet::{Audience, Completeness, Gap, Item, Packet, Section};
use crate::rules::{Category, Role};
use crate::transcript::{Side, Timecode};

use super::guard::Guard;
use super::occasion::{Colleague, Contract, Day30, Involvement, Meeting, PartnerHandoff};
use super::{Cadence, Milestone, Occasion};

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
}

/// What the red-flag page may speak of.
#[derive(Debug, Serialize)]
pub(super) struct RedFlags<'a> {
    #[serde(flatten)]
    internal: Internal<'a>,
    flags: Vec<SectionView>,
    comments: &'a [String],
}

#[derive(Clone, Debug, Default, Serialize)]
struct Person {
    name: Option<String>,
    first_name: Option<String>,
    title: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

/// Words of a call with who, when and where.
#[derive(Clone, Debug, Serialize)]
struct Words {
    text: String,
    speaker: String,
    side: Option<Side>,
    date: Option<String>,
    time: Option<String>,
    call: String,
    /// The part that the line plays, where that must be said: `asked`, `changed`, `our answer`.
    label: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Goal {
    words: Words,
    metric: Option<String>,
    baseline: Option<String>,
    target: Option<String>,
    deadline: Option<String>,
    owner: Option<String>,
}

#[derive(Debug, Serialize)]
struct Promised {
    id: String,
    words: Words,
    category: String,
    firmness: String,
    status: &'static str,
    due: Option<String>,
}

#[derive(Debug, Serialize)]
struct Tool {
    name: Option<String>,
    words: Words,
}

#[derive(Debug, Serialize)]
struct Stakeholder {
    #[serde(flatten)]
    person: Person,
    side: Side,
    roles: Vec<String>,
    stance: String,
    last_contact: Option<String>,
}

#[derive(Debug, Serialize)]
struct Concern {
    words: Words,
    status: String,
    answers: Vec<Words>,
}

#[derive(Debug, Serialize)]
struct CallView {
    title: String,
    date: Option<String>,
}

#[derive(Debug, Serialize)]
struct SectionView {
    title: &'static str,
    items: Vec<ItemView>,
    gaps: Vec<Gap>,
}

#[derive(Debug, Serialize)]
struct ItemView {
    name: Option<String>,
    facts: Vec<(&'static str, String)>,
    lines: Vec<Words>,
}

#[derive(Debug, Default, Serialize)]
struct When {
    day: Option<String>,
    hour: Option<String>,
    place: Option<String>,
}

#[derive(Debug, Serialize)]
struct ContractView<'a> {
    industry: Option<&'a str>,
    size: Option<&'a str>,
    value: Option<&'a str>,
    starts: Option<String>,
    renews: Option<String>,
}

#[derive(Debug, Default, Serialize)]
struct Reached<'a> {
    day: Option<u16>,
    what: Option<&'a str>,
    owner: Option<&'a str>,
    due: Option<String>,
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

fn latest(said: &[Saying]) -> Words {
    let telling = said.iter().rev().find(|saying| saying.finding.is_some()).or(said.last());
    telling.map_or_else(Words::nothing, |saying| Words::from(saying.telling()))
}

/// Fewer words than these tell nothing without what was said around them.
const FEWEST_WORDS: usize = 4;

impl Words {
    fn stand_alone(&self) -> bool {
        self.text.split_whitespace().count() >= FEWEST_WORDS
    }

    fn nothing() -> Self {
        let (text, speaker, call) = Default::default();
        Self { text, speaker, side: None, date: None, time: None, call, label: None }
    }
}

impl From<&Citation> for Words {
    fn from(words: &Citation) -> Self {
        Self {
            text: words.quote.text().to_owned(),
            speaker: words.speaker.clone(),
            side: words.side,
            date: words.date.map(|date| date.to_string()),
            time: words.start_ms.map(|ms| Timecode(ms).to_string()),
            call: words.call_title.clone().unwrap_or_else(|| words.call.clone()),
            label: None,
        }
    }
}

impl Person {
    /// Returns the name and title of a contact, and nothing else.
    fn shown(contact: &Contact) -> Self {
        let Self { name, first_name, title, .. } = Self::from(contact);
        Self { name, first_name, title, ..Self::default() }
    }

    /// Returns the person, or the one of our side whose job it is by the deal's metadata.
    fn or_titled(self, packet: &Packet, title: &str) -> Self {
        if self.name.is_some() {
            return self;
        }
        let ours = packet.deal.our_people.iter();
        let held = |it: &&crate::transcript::Person| {
            it.title.as_ref().is_some_and(|held| held.to_lowercase() == title)
        };
        match ours.into_iter().find(held) {
            Some(person) => Self {
                name: Some(person.name.clone()),
                first_name: first_name(&person.name),
                title: person.title.clone(),
                ..self
            },
            None => self,
        }
    }
}

fn first_name(name: &str) -> Option<String> {
    name.split_whitespace().next().map(str::to_owned)
}

impl From<&Colleague> for Person {
    fn from(colleague: &Colleague) -> Self {
        let Colleague { name, title, email, phone } = colleague.clone();
        Self { first_name: name.as_deref().and_then(first_name), name, title, email, phone }
    }
}

impl From<&Contact> for Person {
    fn from(contact: &Contact) -> Self {
        Self {
            first_name: contact.name.as_deref().and_then(first_name),
            name: contact.name.clone(),
            title: contact.title.clone(),
            email: contact.email.clone(),
            phone: None,
        }
    }
}

impl Goal {
    fn known(&self) -> usize {
        [&self.metric, &self.baseline, &self.target, &self.deadline, &self.owner]
            .iter()
            .filter(|field| field.is_some())
            .count()
    }
}

impl From<&SuccessMetric> for Goal {
    fn from(metric: &SuccessMetric) -> Self {
        Self {
            words: latest(&metric.said),
            metric: metric.metric.clone(),
            baseline: metric.baseline.clone(),
            target: metric.target.clone(),
            deadline: metric.deadline.map(|date| date.to_string()).or(metric.deadline_text.clone()),
            owner: metric.owner.clone(),
        }
    }
}

impl From<&Promise> for Promised {
    fn from(promise: &Promise) -> Self {
        Self {
            id: promise.id.clone(),
            words: latest(&promise.said),
            category: promise.category.as_str().replace('_', " "),
            firmness: promise.firmness.to_string(),
            status: promise.status.as_str(),
            due: promise.due.map(|date| date.to_string()).or(promise.due_text.clone()),
        }
    }
}

impl From<&Contact> for Stakeholder {
    fn from(contact: &Contact) -> Self {
        let mut person = Person::from(contact);
        person.name = Some(contact.display().to_owned());
        Self {
            person,
            side: contact.side,
            roles: contact.roles.iter().map(|role| role.as_str().replace('_', " ")).collect(),
            stance: contact.attitude.to_string(),
            last_contact: contact.last_contact.map(|date| date.to_string()),
        }
    }
}

impl From<&crate::ledger::Objection> for Concern {
    fn from(objection: &crate::ledger::Objection) -> Self {
        Self {
            words: latest(&objection.said),
            status: objection.status.to_string(),
            answers: objection.responses.iter().map(Words::from).collect(),
        }
    }
}

impl From<&crate::packet::CallLine> for CallView {
    fn from(call: &crate::packet::CallLine) -> Self {
        Self { title: call.display().to_owned(), date: call.date.map(|date| date.to_string()) }
    }
}

impl From<&Section> for SectionView {
    fn from(section: &Section) -> Self {
        let items = section.items.iter().map(ItemView::from).collect();
        Self { title: section.title, items, gaps: section.gaps.clone() }
    }
}

impl From<&Item> for ItemView {
    fn from(item: &Item) -> Self {
        let line = |line: &crate::packet::Line| Words { label: line.label(), ..Words::from(&line.words) };
        Self {
            name: item.name.clone(),
            facts: item.facts.iter().map(|fact| (fact.name, fact.value.clone())).collect(),
            lines: item.lines.iter().map(line).collect(),
        }
    }
}

impl From<&Meeting> for When {
    fn from(meeting: &Meeting) -> Self {
        let shown = |format: &str| meeting.at.as_ref().map(|at| at.strftime(format).to_string());
        Self { day: shown("%A, %-d %B %Y"), hour: shown("%H:%M (%Q)"), place: meeting.place.clone() }
    }
}

impl<'a> From<&'a Contract> for ContractView<'a> {
    fn from(contract: &'a Contract) -> Self {
        Self {
            industry: contract.industry.as_deref(),
            size: contract.size.as_deref(),
            value: contract.value.as_deref(),
            starts: contract.starts.map(|date| date.to_string()),
            renews: contract.renews.map(|date| date.to_string()),
        }
    }
}

impl<'a> From<&'a Milestone> for Reached<'a> {
    fn from(milestone: &'a Milestone) -> Self {
        Self {
            day: milestone.day,
            what: milestone.what.as_deref(),
            owner: milestone.owner.as_deref(),
            due: milestone.due.map(|date| date.to_string()),
        }
    }
}
