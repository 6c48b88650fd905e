use serde::Serialize;

use crate::detect::{Provenance, Says};
use crate::ledger::{
    Absence, Citation, ConditionStatus, Contact, Event, HigherRisk, Kept, Lack, Mention, NextStep, Objection,
    Promise, Saying, SuccessMetric,
};
use crate::review::{self, Field, Reviewed};
use crate::rules::{Attitude, Kind, StepSide};
use crate::transcript::Deal;

/// One ledger entry as the packet shows it: what is known of it, and the lines it rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// The ledger entry's id.
    pub entry: String,
    /// What it is: a kind of the labelling guide, `stakeholder` or `deal`.
    pub kind: &'static str,
    /// A name, where it has one.
    pub name: Option<String>,
    /// Attributes worth a glance, in a fixed order; unknown ones are not here.
    pub facts: Vec<Fact>,
    /// The words, in order; none for the deal, for people of whom nothing telling was said, and for what a person
    /// states.
    pub lines: Vec<Line>,
    /// What people decided about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<review::Line>,
}

impl Item {
    /// Tells whether people review it: what is known of the deal and what was counted are no lines.
    pub fn is_reviewed(&self) -> bool {
        !matches!(self.kind, "deal" | "kept_rate" | "absence" | "higher_risk")
    }
}

/// Fields that live in the review alone, by the names of their facts.
const TOLD_BY_PEOPLE: &[(Field, &str)] = &[
    (Field::Class, "Class"),
    (Field::Recipient, "Promised to"),
    (Field::Owner, "Owner"),
    (Field::Strength, STRENGTH),
    (Field::Care, CARE),
];
/// How strong the relationship with a person is, 1 to 5.
pub(super) const STRENGTH: &str = "Strength";
/// How strong it is as far as the calls show.
pub(super) const PROPOSED_STRENGTH: &str = "Strength (proposed)";
/// What the calls show of a promise's condition.
const CONDITION_IS: &str = "Condition is";
/// What the customer said on day 30.
pub(super) const DAY_30: &str = "Day 30";
/// A sign that the deal is of higher risk.
const HIGHER_RISK: &str = "Higher risk";
/// What a model says of how a person stands.
const HEARD_STANCE: &str = "Model on stance";
/// What a model says of the part that a person plays.
const HEARD_ROLE: &str = "Model on role";
/// How to approach a person.
const CARE: &str = "Approach";

/// An attribute and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it says.
    pub name: &'static str,
    /// The value: a word of the vocabulary, a date, a name or words from the call.
    pub value: String,
}

impl Fact {
    /// Tells whether it says how somebody stands or is to be approached, which is for readers of red flags (S-079).
    pub fn is_red_flag(&self) -> bool {
        [STRENGTH, PROPOSED_STRENGTH, CARE, HEARD_STANCE].contains(&self.name)
    }

    /// Returns how the value bears on the handoff: `good`, `warn`, `bad`, or nothing.
    pub fn tone(&self) -> &'static str {
        match (self.name, self.value.as_str()) {
            ("Status" | "Outcome", "resolved" | "fulfilled" | "done") | (CONDITION_IS, "met" | "waived") => {
                "good"
            }
            ("Status" | "Outcome" | "Firmness", "changed" | "deferred" | "hedged" | "conditional")
            | ("Model disagrees" | HEARD_ROLE | HEARD_STANCE | "Lacks", _)
            | ("Clause", "not in the contract") => "warn",
            (CONDITION_IS, "pending") => "warn",
            ("Status" | "Outcome", "withdrawn" | "missed")
            | (CONDITION_IS, "lapsed")
            | ("Unsettled" | "Left" | "Observed" | HIGHER_RISK, _) => "bad",
            (DAY_30, told) if told.starts_with("met") => "good",
            (DAY_30, _) => "bad",
            ("Stance", stance) if stance.starts_with("supportive") => "good",
            ("Stance", stance) if stance.starts_with("neutral") => "",
            ("Stance", _) => "bad",
            _ => "",
        }
    }
}

/// A verbatim line and the part it plays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The part.
    pub part: Part,
    /// What it did to the entry.
    pub event: Option<Event>,
    /// The words, with who, when and where.
    #[serde(flatten)]
    pub words: Citation,
    /// The finding's id, where the line is one.
    pub finding: Option<String>,
    /// How likely the finding is right, 0 to 1.
    pub confidence: Option<f64>,
    /// What the finding rests on, or what a model says by the words.
    pub provenance: Option<Provenance>,
    /// Parts and stances that a model hears in the words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub testified: Vec<Says>,
}

/// The part that a line plays in its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It is what the item is about.
    Said,
    /// It was asked, and the next line accepts it.
    Context,
    /// Our side answered.
    Response,
    /// It shows what came of it, or what a role rests on.
    Evidence,
    /// The customer's words right after our side moved it or took it back.
    Reply,
    /// It says the opposite.
    Contradiction,
}

impl Part {
    /// Returns the word that JSON and the page's style use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Said => "said",
            Self::Context => "context",
            Self::Response => "response",
            Self::Evidence => "evidence",
            Self::Reply => "reply",
            Self::Contradiction => "contradiction",
        }
    }

    /// Returns the word that stands before the line, where one is needed.
    pub fn label(self) -> Option<&'static str> {
        match self {
            Self::Said => None,
            Self::Context => Some("asked"),
            Self::Response => Some("our answer"),
            Self::Evidence => Some("evidence"),
            Self::Reply => Some("the customer's reply"),
            Self::Contradiction => Some("contradicted"),
        }
    }
}

impl Line {
    fn bare(part: Part, words: &Citation) -> Self {
        Self {
            part,
            event: None,
            words: words.clone(),
            finding: None,
            confidence: None,
            provenance: None,
            testified: Vec::new(),
        }
    }

    fn said(saying: &Saying) -> impl Iterator<Item = Self> {
        let said = Self {
            part: Part::Said,
            event: Some(saying.event),
            words: saying.words.clone(),
            finding: saying.finding.clone(),
            confidence: Some(saying.confidence),
            provenance: Some(saying.provenance.clone()),
            testified: Vec::new(),
        };
        let context = saying.context.iter().map(|context| Self::bare(Part::Context, context));
        context.chain([said]).chain(saying.reply.iter().map(|reply| Self::bare(Part::Reply, reply)))
    }

    /// Returns the word that stands before the line, where one is needed.
    pub fn label(&self) -> Option<&'static str> {
        let news = self.event.filter(|event| *event != Event::Made).map(Event::as_str);
        self.part.label().or(news)
    }
}

impl Item {
    fn new(entry: &str, kind: &'static str, said: &[Saying]) -> Self {
        let lines = said.iter().flat_map(Line::said).collect();
        let item = Self { entry: entry.to_owned(), kind, name: None, facts: Vec::new(), lines, review: None };
        let dissent: Vec<_> = said.iter().flat_map(|saying| &saying.why.dissent).cloned().collect();
        item.fact("Model disagrees", Some(dissent.join("; ")).filter(|dissent| !dissent.is_empty()))
    }

    /// Returns the item with what people decided about it, and with the facts that only people tell.
    pub(super) fn reviewed(mut self, reviewed: &Reviewed) -> Self {
        let Some(line) = reviewed.line(&self.entry) else { return self };
        for (field, settled) in &line.fields {
            let Some((_, name)) = TOLD_BY_PEOPLE.iter().find(|(told, _)| told == field) else { continue };
            let known = self.facts.iter().any(|fact| fact.name == *name);
            let value =
                settled.value.as_str().map(words).or_else(|| settled.value.as_u64().map(|it| it.to_string()));
            self = self.fact(name, value.filter(|_| !known));
        }
        self.review = Some(line.clone());
        self
    }

    fn fact(mut self, name: &'static str, value: Option<impl ToString>) -> Self {
        self.facts.extend(value.map(|value| Fact { name, value: value.to_string() }));
        self
    }

    fn with<'a>(mut self, part: Part, words: impl IntoIterator<Item = &'a Citation>) -> Self {
        self.lines.extend(words.into_iter().map(|words| Line::bare(part, words)));
        self
    }

    fn due(self, due: Option<jiff::civil::Date>, text: Option<&String>) -> Self {
        match (due, text) {
            (None, Some(text)) => self.fact("Due", Some(format!("“{text}”"))),
            (due, _) => self.fact("Due", due),
        }
    }
}

impl From<&Deal> for Item {
    fn from(deal: &Deal) -> Self {
        let named = |name: &String| Some(name.clone()).filter(|name| !name.is_empty());
        Self::new(&deal.id, "deal", &[])
            .fact("Account", named(&deal.account))
            .fact("Sold by", named(&deal.our_company))
            .fact("Closed", deal.closed_at.map(|time| time.date()))
            .fact("Fiscal year starts", deal.fiscal_year_starts.map(|day| day.strftime("%m-%d").to_string()))
    }
}

impl From<&Promise> for Item {
    fn from(promise: &Promise) -> Self {
        Self::new(&promise.id, Kind::Promise.as_str(), &promise.said)
            .fact("Category", Some(words(promise.category.as_str())))
            .fact("Firmness", Some(promise.firmness))
            .fact("Condition", promise.condition.as_ref().map(|condition| format!("“{condition}”")))
            .fact(CONDITION_IS, promise.condition_status.map(ConditionStatus::as_str))
            .due(promise.due, promise.due_text.as_ref())
            .fact("Status", Some(promise.status.as_str()))
            .fact("Unsettled", promise.unsettled.then_some("the calls differ and nobody settled it"))
            .with(Part::Contradiction, &promise.contradicted_by)
    }
}

impl From<&Objection> for Item {
    fn from(objection: &Objection) -> Self {
        Self::new(&objection.id, Kind::Objection.as_str(), &objection.said)
            .fact("About", Some(objection.kind))
            .fact("Status", Some(objection.status))
            .with(Part::Response, &objection.responses)
    }
}

impl From<&NextStep> for Item {
    fn from(step: &NextStep) -> Self {
        Self::new(&step.id, Kind::NextStep.as_str(), &step.said)
            .fact("Side", step.side)
            .fact("Owner", step.owner.as_ref())
            .due(step.due, step.due_text.as_ref())
            .fact("Outcome", Some(step.outcome.as_str()))
            .with(Part::Evidence, &step.outcome_evidence)
    }
}

/// How each side kept to its steps (S-007).
impl From<&[Kept]> for Item {
    fn from(rates: &[Kept]) -> Self {
        rates.iter().fold(Self::new("kept", "kept_rate", &[]), |item, rate| {
            let name = match rate.side {
                StepSide::Rep => "Kept by us",
                StepSide::Customer => "Kept by the customer",
                StepSide::Partner => "Kept by the partner",
                StepSide::Both => "Kept together",
            };
            let missed = if rate.missed > 0 { format!(", {} missed", rate.missed) } else { String::new() };
            item.fact(name, Some(format!("{} of {} shown as done{missed}", rate.done, rate.agreed)))
        })
    }
}

impl From<&SuccessMetric> for Item {
    fn from(metric: &SuccessMetric) -> Self {
        let lacks = metric.lacks().into_iter().map(Lack::as_str).collect::<Vec<_>>().join(", ");
        Self::new(&metric.id, Kind::SuccessMetric.as_str(), &metric.said)
            .fact("Metric", metric.metric.as_ref())
            .fact("Baseline", metric.baseline.as_ref())
            .fact("Target", metric.target.as_ref())
            .fact("Deadline", metric.deadline.map(|date| date.to_string()).or(metric.deadline_text.clone()))
            .fact("Owner", metric.owner.as_ref())
            .fact("Lacks", Some(lacks).filter(|lacks| !lacks.is_empty()))
    }
}

impl From<&Contact> for Item {
    fn from(contact: &Contact) -> Self {
        let roles = contact.roles.iter().map(|role| words(role.as_str())).collect::<Vec<_>>().join(", ");
        let strength = contact.strength.as_ref().map(|strength| format!("{} of 5", strength.score));
        let turnover = if contact.has_left() { "Left" } else { "Joined" };
        let mut item = Self::new(&contact.id, "stakeholder", &[])
            .fact("Title", contact.title.as_ref().filter(|_| contact.name.is_some()))
            .fact("Side", Some(contact.side))
            .fact("Roles", Some(roles).filter(|roles| !roles.is_empty()))
            .fact("E-mail", contact.email.as_ref())
            .fact("Spoke on", Some(calls(contact.speaks_on.len())))
            .fact("Speaks", speaks(contact))
            .fact("First contact", contact.first_contact)
            .fact("Last contact", contact.last_contact)
            .fact(PROPOSED_STRENGTH, strength)
            .fact(turnover, contact.turnover.as_ref().map(|news| format!("“{}”", news.words.quote.text())))
            .with(Part::Evidence, &contact.evidence)
            .fact(HEARD_ROLE, heard(contact, false))
            .fact(HEARD_STANCE, heard(contact, true));
        item.name = Some(contact.display().to_owned());
        for heard in &contact.testified {
            let same = |line: &&mut Line| {
                line.words.call == heard.words.call && line.words.quote == heard.words.quote
            };
            if let Some(line) = item.lines.iter_mut().find(same) {
                line.testified.push(heard.says.clone());
                line.provenance = Some(heard.provenance.clone());
            }
        }
        item
    }
}

impl From<&Mention> for Item {
    fn from(mention: &Mention) -> Self {
        let attr = |name: &str| mention.attrs.get(name).and_then(serde_json::Value::as_str);
        let mut item = Self::new(&mention.id, mention.kind.as_str(), &mention.said)
            .fact("Type", attr("type").map(words))
            .fact("Status", attr("status").map(words))
            .fact("Direction", attr("direction"))
            .fact("Value", attr("value"));
        item.name = mention.name.clone();
        item
    }
}

/// Returns what models say of the stance of somebody, or of their parts, and which models.
fn heard(contact: &Contact, stance: bool) -> Option<String> {
    let told = contact.testified.iter().filter(|heard| heard.says.is_stance() == stance);
    let told = told.map(|heard| {
        let model = heard.provenance.model.as_ref().map_or("", |by| by.model.as_str());
        format!("{} ({model}, {})", words(&heard.says.to_string()), heard.words.call)
    });
    Some(told.collect::<Vec<_>>().join("; ")).filter(|told| !told.is_empty())
}

/// Returns how long somebody speaks, in minutes where the recordings tell.
fn speaks(contact: &Contact) -> Option<String> {
    let talk = contact.talk;
    let minutes = talk.ms.map(|ms| format!("{} min, ", ms.div_ceil(60_000))).unwrap_or_default();
    (talk.words > 0).then(|| format!("{minutes}{} words, {} % of those calls", talk.words, talk.percent()))
}

impl Item {
    /// Returns a person with how they stand and what the strength rests on: for the red flags alone (S-079).
    pub(super) fn with_stance(contact: &Contact) -> Self {
        let reasons = contact.strength.as_ref().map(|strength| strength.reasons.join(", "));
        Self::from(contact).fact("Stance", stance(contact)).fact("Strength rests on", reasons)
    }
}

/// Returns how somebody stands, and how they stood before.
fn stance(contact: &Contact) -> Option<String> {
    let was =
        contact.attitudes.iter().rev().map(|stance| stance.attitude).find(|was| *was != contact.attitude);
    let was = was.map(|was| format!(" (was {was})")).unwrap_or_default();
    (contact.attitude != Attitude::Unknown).then(|| format!("{}{was}", contact.attitude))
}

impl From<&HigherRisk> for Item {
    fn from(risk: &HigherRisk) -> Self {
        Self::new(&risk.id, "higher_risk", &[])
            .fact(HIGHER_RISK, Some(&risk.observed))
            .with(Part::Evidence, &risk.evidence)
    }
}

impl From<&Absence> for Item {
    fn from(absence: &Absence) -> Self {
        Self::new(&absence.id, "absence", &[])
            .fact("Observed", Some(&absence.observed))
            .fact("Looked for", Some(&absence.looked_for))
            .fact("Looked in", Some(calls(absence.looked_in.len())))
            .with(Part::Evidence, &absence.evidence)
    }
}

/// Returns a word of the vocabulary as people write it.
pub(super) fn words(word: &str) -> String {
    word.replace('_', " ")
}

fn calls(number: usize) -> String {
    match number {
        0 => "no call".to_owned(),
        1 => "1 call".to_owned(),
        more => format!("{more} calls"),
    }
}
