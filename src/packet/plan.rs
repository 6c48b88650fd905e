//! The packet's sections and their required fields, row by row of the contract.

use crate::ledger::{Contact, Ledger, Mention, Promise, higher_risks};
use crate::review::{self, Reviewed};
use crate::rules::{Kind, ObjectionStatus, Role};
use crate::transcript::{Deal, Side};

use super::{Audience, Completeness, Gap, Item, Section};

/// A section: how its items are drawn and which fields it must answer.
struct Plan {
    id: &'static str,
    title: &'static str,
    audience: Audience,
    items: fn(&Deal, &Ledger) -> Vec<Item>,
    fields: &'static [Field],
}

/// A required field.
struct Field {
    name: &'static str,
    ask: &'static str,
    rows: &'static [&'static str],
    told: fn(&Deal, &Ledger) -> Answer,
}

/// What the calls say of a required field.
enum Answer {
    /// There is evidence.
    Evidenced,
    /// It is not asked: there is nothing yet that it could be about.
    Moot,
    /// Nobody said; the ids are those of entries that lack it, where it is theirs.
    Unknown(Vec<String>),
}

const fn field(
    name: &'static str,
    rows: &'static [&'static str],
    ask: &'static str,
    told: fn(&Deal, &Ledger) -> Answer,
) -> Field {
    Field { name, ask, rows, told }
}

const fn plan(
    id: &'static str,
    title: &'static str,
    items: fn(&Deal, &Ledger) -> Vec<Item>,
    fields: &'static [Field],
) -> Plan {
    Plan { id, title, audience: Audience::Internal, items, fields }
}

const PLANS: &[Plan] = &[
    plan(
        "account",
        "Account overview",
        |deal, _| vec![Item::from(deal)],
        &[
            field("Account", &["S-122"], "Which company is this for?", |deal, _| {
                unless(!deal.account.is_empty())
            }),
            field("Close date", &["S-031", "S-122"], "When was it signed?", |deal, _| {
                unless(deal.closed_at.is_some())
            }),
        ],
    ),
    plan(
        "why-they-bought",
        "Why they bought",
        |_, ledger| items(&ledger.pains),
        &[
            field(
                "Pain in their words",
                &["S-021", "S-067", "S-124"],
                "What made you start looking, in your own words?",
                |_, ledger| unless(!ledger.pains.is_empty()),
            ),
            field(
                "What it costs them",
                &["S-144"],
                "What does that cost you: hours, money, people?",
                |_, ledger| unless(ledger.pains.iter().any(has_figure)),
            ),
        ],
    ),
    plan(
        "success-criteria",
        "Success criteria",
        |_, ledger| items(&ledger.success_metrics),
        &[
            field(
                "Metric",
                &["S-028", "S-068"],
                "Which number will tell you in 90 days that this was right?",
                |_, ledger| unless(!ledger.success_metrics.is_empty()),
            ),
            field("Baseline", &["S-068"], "Where does that number stand today?", |_, ledger| {
                unless(ledger.success_metrics.iter().any(|metric| metric.baseline.is_some()))
            }),
            field("Target", &["S-028", "S-035"], "Where should it stand?", |_, ledger| {
                unless(ledger.success_metrics.iter().any(|metric| metric.target.is_some()))
            }),
            field("Deadline", &["S-028", "S-068"], "By which date?", |_, ledger| {
                unless(ledger.success_metrics.iter().any(|metric| metric.deadline.is_some()))
            }),
            field(
                "Owner on the customer's side",
                &["S-033", "S-035"],
                "Who on your side owns that number?",
                |_, ledger| unless(ledger.success_metrics.iter().any(|metric| metric.owner.is_some())),
            ),
        ],
    ),
    plan(
        "promises",
        "Promises ledger",
        |_, ledger| items(&ledger.promises),
        &[
            field(
                "Promises",
                &["S-024", "S-069", "S-126", "S-145"],
                "What did we say yes to that the contract does not hold?",
                |_, ledger| unless(!ledger.promises.is_empty()),
            ),
            field(
                "A date for each promise",
                &["S-069"],
                "By when did we say it would be there?",
                |_, ledger| {
                    let undated =
                        open(ledger).filter(|promise| promise.due.is_none() && promise.due_text.is_none());
                    of_each(open(ledger).count(), undated.map(|promise| &promise.id))
                },
            ),
            field(
                "Which version holds",
                &["S-050"],
                "We said two different things about this. Which one holds?",
                |_, ledger| {
                    let differs =
                        |promise: &&Promise| promise.unsettled || !promise.contradicted_by.is_empty();
                    of_each(open(ledger).count(), open(ledger).filter(differs).map(|promise| &promise.id))
                },
            ),
        ],
    ),
    plan("exclusions", "What was ruled out", |_, ledger| items(&ledger.exclusions), &[]),
    plan(
        "objections",
        "Objection history",
        |_, ledger| items(&ledger.objections),
        &[
            field("Objections", &["S-025", "S-127"], "What almost stopped you?", |_, ledger| {
                unless(!ledger.objections.is_empty())
            }),
            field(
                "What is still unresolved",
                &["S-025"],
                "Does this still worry you, and what would settle it?",
                |_, ledger| {
                    let unsettled = ledger.objections.iter().filter(|objection| {
                        objection.status != ObjectionStatus::Resolved && objection.responses.is_empty()
                    });
                    of_each(ledger.objections.len(), unsettled.map(|objection| &objection.id))
                },
            ),
        ],
    ),
    plan(
        "stakeholders",
        "Stakeholder map",
        |_, ledger| items(&ledger.stakeholders),
        &[
            field(
                "People on the customer's side",
                &["S-026", "S-070"],
                "Who else touches this, and what do they think of it?",
                |_, ledger| unless(ledger.stakeholders.iter().any(|contact| contact.side == Side::Customer)),
            ),
            field(
                "Technical contact",
                &["S-123", "S-129"],
                "Who on your side sets it up with us?",
                |_, ledger| unless(plays(ledger, Role::TechnicalEvaluator).next().is_some()),
            ),
        ],
    ),
    plan(
        "champion",
        "Champion profile",
        |_, ledger| plays(ledger, Role::Champion).map(Item::from).collect(),
        &[
            field("Champion", &["S-022", "S-123"], "Who sold this inside for us?", |_, ledger| {
                unless(plays(ledger, Role::Champion).any(|contact| contact.name.is_some()))
            }),
            field(
                "Champion's title",
                &["S-022", "S-123"],
                "What is the champion's job title?",
                |_, ledger| unless(plays(ledger, Role::Champion).any(|contact| contact.title.is_some())),
            ),
            field(
                "What drives the champion",
                &["S-022", "S-138"],
                "What is in it for you personally if this works?",
                |_, ledger| unless(plays(ledger, Role::Champion).any(|contact| !contact.evidence.is_empty())),
            ),
        ],
    ),
    plan(
        "economic-buyer",
        "Economic buyer",
        |_, ledger| plays(ledger, Role::EconomicBuyer).map(Item::from).collect(),
        &[
            field(
                "Economic buyer",
                &["S-023", "S-123"],
                "Whose budget is it, and who signs?",
                |_, ledger| unless(plays(ledger, Role::EconomicBuyer).next().is_some()),
            ),
            field(
                "Heard from the economic buyer",
                &["S-023"],
                "May we hear from them directly what matters most?",
                |_, ledger| {
                    unless(plays(ledger, Role::EconomicBuyer).any(|contact| !contact.speaks_on.is_empty()))
                },
            ),
        ],
    ),
    plan(
        "competition",
        "Competitive context and why us",
        |_, ledger| {
            let mut all = items(&ledger.competitors);
            all.extend(items::<Mention>(&ledger.why_chosen));
            all
        },
        &[
            field(
                "Who was evaluated",
                &["S-027", "S-148"],
                "Whom else did you look at, doing nothing included?",
                |_, ledger| unless(!ledger.competitors.is_empty()),
            ),
            field("Why us", &["S-027"], "What made you choose us?", |_, ledger| {
                unless(!ledger.why_chosen.is_empty())
            }),
        ],
    ),
    plan(
        "pricing",
        "Pricing, discounts and special terms",
        |_, ledger| items(&ledger.pricing),
        &[field(
            "Special terms",
            &["S-030", "S-150"],
            "Is there any term that is not in the price list?",
            |_, ledger| unless(!ledger.pricing.is_empty()),
        )],
    ),
    plan(
        "technical",
        "Technical environment",
        |_, ledger| items(&ledger.tech_environment),
        &[field(
            "Tools and integrations",
            &["S-129"],
            "Which systems does it have to work with?",
            |_, ledger| unless(!ledger.tech_environment.is_empty()),
        )],
    ),
    plan(
        "expansion",
        "Expansion thesis",
        |_, ledger| items(&ledger.expansion),
        &[field(
            "Next source of revenue",
            &["S-072"],
            "If this works, who is next, and what must be true first?",
            |_, ledger| unless(!ledger.expansion.is_empty()),
        )],
    ),
    plan(
        "preferences",
        "Preferences and relationship notes",
        |_, ledger| items(&ledger.preferences),
        &[field(
            "How they like to work",
            &["S-131"],
            "How do you like to be kept in the picture: mail, calls, how often?",
            |_, ledger| unless(!ledger.preferences.is_empty()),
        )],
    ),
    plan(
        "next-steps",
        "Next steps and what came of them",
        |_, ledger| {
            let rates = (!ledger.kept.is_empty()).then(|| Item::from(ledger.kept.as_slice()));
            rates.into_iter().chain(ledger.next_steps.iter().map(Item::from)).collect()
        },
        &[],
    ),
    plan(
        "partner",
        "Partner",
        |_, ledger| {
            ledger
                .stakeholders
                .iter()
                .filter(|contact| contact.side == Side::Partner)
                .map(Item::from)
                .collect()
        },
        &[],
    ),
    plan("doubted", "Found by the rules, doubted by the model", |_, ledger| doubted(ledger), &[]),
    Plan {
        id: "red-flags",
        title: "Risks, landmines and stances",
        audience: Audience::RedFlags,
        items: red_flags,
        fields: &[field(
            "Risks",
            &["S-029", "S-071", "S-130", "S-147"],
            "What could still go wrong on your side before day 90?",
            |_, ledger| unless(!ledger.risks.is_empty()),
        )],
    },
];

/// Returns the sections with their items and gaps.
pub(super) fn sections(deal: &Deal, reviewed: &Reviewed) -> Vec<Section> {
    let draw = |plan: &Plan| Section {
        id: plan.id,
        title: plan.title,
        audience: plan.audience,
        items: (plan.items)(deal, &reviewed.ledger).into_iter().map(|item| item.reviewed(reviewed)).collect(),
        gaps: plan.fields.iter().filter_map(|field| gap(plan, field, deal, reviewed)).collect(),
        answers: reviewed.answers.iter().filter(|answer| plan.asks(&answer.field)).cloned().collect(),
        assigned: assigned(plan, reviewed).cloned(),
    };
    PLANS.iter().map(draw).collect()
}

/// Returns the required fields that nobody answers.
pub(super) fn gaps(deal: &Deal, reviewed: &Reviewed) -> Vec<Gap> {
    let of_plan =
        |plan: &'static Plan| plan.fields.iter().filter_map(move |field| gap(plan, field, deal, reviewed));
    PLANS.iter().flat_map(of_plan).collect()
}

/// Returns how many of the required fields have evidence.
pub(super) fn completeness(deal: &Deal, reviewed: &Reviewed) -> Completeness {
    let answers: Vec<Answer> =
        PLANS.iter().flat_map(|plan| plan.fields).map(|field| field.answer(deal, reviewed)).collect();
    let required = answers.iter().filter(|answer| !matches!(answer, Answer::Moot)).count();
    let evidenced = answers.iter().filter(|answer| matches!(answer, Answer::Evidenced)).count();
    Completeness::new(required, evidenced)
}

/// Returns the section that asks for a required field; `None` where none does.
pub fn section_of(field: &str) -> Option<&'static str> {
    PLANS.iter().find(|plan| plan.asks(field)).map(|plan| plan.id)
}

/// Tells whether the packet has a section of this id.
pub fn is_section(id: &str) -> bool {
    PLANS.iter().any(|plan| plan.id == id)
}

fn gap(plan: &Plan, field: &Field, deal: &Deal, reviewed: &Reviewed) -> Option<Gap> {
    let Answer::Unknown(about) = field.answer(deal, reviewed) else { return None };
    let finds_out = std::iter::once(None).chain(about.iter().map(|entry| Some(entry.as_str())));
    let promised = finds_out.filter_map(|about| match &reviewed.answer(field.name, about)?.answer {
        review::Answer::Unknown { owner, due } => Some((owner.clone(), *due)),
        _ => None,
    });
    let of_section = || assigned(plan, reviewed).map(|it| (it.owner.clone(), it.due));
    let who = promised.min_by_key(|(_, due)| *due).or_else(of_section);
    let (owner, due) = who.map_or(("AE".to_owned(), None), |(owner, due)| (owner, Some(due)));
    let (section, rows) = (plan.id, field.rows);
    Some(Gap { section, field: field.name, value: "UNKNOWN", ask: field.ask, owner, due, about, rows })
}

fn assigned<'r>(plan: &Plan, reviewed: &'r Reviewed) -> Option<&'r review::Assignment> {
    reviewed.assignments.iter().find(|assigned| assigned.section == plan.id)
}

impl Plan {
    fn asks(&self, field: &str) -> bool {
        self.fields.iter().any(|known| known.name == field)
    }
}

impl Field {
    /// Returns what the calls say of the field; where they say nothing, what a person does.
    fn answer(&self, deal: &Deal, reviewed: &Reviewed) -> Answer {
        let answered = |about: Option<&str>| {
            reviewed.answer(self.name, about).is_some_and(|answer| answer.is_evidence())
        };
        match (self.told)(deal, &reviewed.ledger) {
            Answer::Unknown(_) if answered(None) => Answer::Evidenced,
            Answer::Unknown(about) if !about.is_empty() => {
                let lacking: Vec<String> = about.into_iter().filter(|entry| !answered(Some(entry))).collect();
                if lacking.is_empty() { Answer::Evidenced } else { Answer::Unknown(lacking) }
            }
            told => told,
        }
    }
}

fn unless(answered: bool) -> Answer {
    if answered { Answer::Evidenced } else { Answer::Unknown(Vec::new()) }
}

/// Returns the answer to a question about each of `number` entries, of which some are `lacking`.
fn of_each<'a>(number: usize, lacking: impl Iterator<Item = &'a String>) -> Answer {
    let lacking: Vec<String> = lacking.cloned().collect();
    match (number, lacking.is_empty()) {
        (0, _) => Answer::Moot,
        (_, true) => Answer::Evidenced,
        (_, false) => Answer::Unknown(lacking),
    }
}

fn items<'a, T>(entries: &'a [T]) -> Vec<Item>
where
    Item: From<&'a T>,
{
    entries.iter().map(Item::from).collect()
}

fn open(ledger: &Ledger) -> impl Iterator<Item = &Promise> {
    ledger.promises.iter().filter(|promise| promise.is_open())
}

fn plays(ledger: &Ledger, role: Role) -> impl Iterator<Item = &Contact> {
    ledger.stakeholders.iter().filter(move |contact| contact.has(role))
}

/// Returns what CSM and CS manager must know and the customer must not read: risks, who is against it, and what
/// was bargained for.
fn red_flags(_: &Deal, ledger: &Ledger) -> Vec<Item> {
    let bargained = |mention: &&Mention| {
        mention.kind == Kind::Pricing
            && mention.attrs.get("direction").is_some_and(|it| it == "asked" || it == "declined")
    };
    let stances = ledger.stakeholders.iter().filter(|contact| contact.is_against()).map(Item::with_stance);
    let risks = ledger.risks.iter().map(Item::from);
    let signs: Vec<Item> = higher_risks(ledger).iter().map(Item::from).collect();
    risks.chain(signs).chain(stances).chain(ledger.pricing.iter().filter(bargained).map(Item::from)).collect()
}

/// Returns what a model talked us out of, each with what it would have been.
fn doubted(ledger: &Ledger) -> Vec<Item> {
    let item = |mention: &Mention| {
        let mut item = Item::from(mention);
        item.facts.insert(0, super::Fact { name: "Found", value: super::item::words(mention.kind.as_str()) });
        item
    };
    ledger.doubted.iter().map(item).collect()
}

fn has_figure(mention: &Mention) -> bool {
    const SPOKEN: &str = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand \
        million grand percent half quarter dozen double triple";
    mention.said.iter().any(|saying| {
        let words = saying.words.quote.text().to_lowercase();
        words.contains(|c: char| c.is_ascii_digit())
            || words
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| SPOKEN.split(' ').any(|figure| figure == word))
    })
}
