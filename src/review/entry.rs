use serde_json::{Map, Value, json};

use super::field::{read, text};
use super::{Field, LineKind};
use crate::ledger::{
    Contact, Event, Ledger, Mention, NextStep, Objection, Outcome, Promise, PromiseStatus, Saying,
    SuccessMetric,
};
use crate::rules::{
    Attitude, Category, CompetitorStatus, Firmness, Kind, ObjectionStatus, ObjectionType, PricingDirection,
    PricingType, RiskType, TechType,
};

/// An entry of a ledger, whatever it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Promise(Promise),
    Objection(Objection),
    NextStep(NextStep),
    Metric(SuccessMetric),
    Mention(Mention),
    Person(Box<Contact>),
}

/// Takes a ledger apart, in the order of its fields.
pub(super) fn entries(ledger: &Ledger) -> Vec<Entry> {
    let mut entries: Vec<Entry> = ledger.promises.iter().cloned().map(Entry::Promise).collect();
    entries.extend(ledger.objections.iter().cloned().map(Entry::Objection));
    entries.extend(ledger.next_steps.iter().cloned().map(Entry::NextStep));
    entries.extend(ledger.success_metrics.iter().cloned().map(Entry::Metric));
    entries.extend(ledger.stakeholders.iter().cloned().map(|it| Entry::Person(Box::new(it))));
    entries.extend(ledger.mentions().into_iter().flat_map(|(_, all)| all).cloned().map(Entry::Mention));
    entries
}

/// Returns what a model talked us out of as the entry that it would have been.
pub(super) fn raised(doubted: &Mention) -> Entry {
    let mut entry = Entry::blank(LineKind::Found(doubted.kind), doubted.id.clone());
    doubted.said.iter().for_each(|saying| entry.learn(saying));
    entry.hear(doubted.said.clone());
    if let Entry::Mention(mention) = &mut entry {
        mention.name.clone_from(&doubted.name);
    }
    entry
}

/// Puts a ledger together; entries of a kind stay in their order.
pub(super) fn ledger(entries: impl IntoIterator<Item = Entry>) -> Ledger {
    let mut ledger = Ledger::default();
    for entry in entries {
        match entry {
            Entry::Promise(it) => ledger.promises.push(it),
            Entry::Objection(it) => ledger.objections.push(it),
            Entry::NextStep(it) => ledger.next_steps.push(it),
            Entry::Metric(it) => ledger.success_metrics.push(it),
            Entry::Person(it) => ledger.stakeholders.push(*it),
            Entry::Mention(it) => mentions(&mut ledger, it.kind).push(it),
        }
    }
    ledger
}

fn mentions(ledger: &mut Ledger, kind: Kind) -> &mut Vec<Mention> {
    match kind {
        Kind::Pain => &mut ledger.pains,
        Kind::Competitor => &mut ledger.competitors,
        Kind::WhyChosen => &mut ledger.why_chosen,
        Kind::Pricing => &mut ledger.pricing,
        Kind::Risk => &mut ledger.risks,
        Kind::TechEnvironment => &mut ledger.tech_environment,
        Kind::Expansion => &mut ledger.expansion,
        Kind::Preference => &mut ledger.preferences,
        Kind::Exclusion | Kind::Promise | Kind::NextStep | Kind::Objection | Kind::SuccessMetric => {
            &mut ledger.exclusions
        }
    }
}

impl Entry {
    /// Returns an entry of which nothing is known but what it is.
    pub(super) fn blank(kind: LineKind, id: String) -> Self {
        let (summary, said) = (String::new(), Vec::new());
        match kind {
            LineKind::Stakeholder => Self::Person(Box::new(Contact::unknown(id))),
            LineKind::Found(Kind::Promise) => Self::Promise(Promise {
                id,
                summary,
                category: Category::Other,
                firmness: Firmness::Firm,
                due: None,
                due_text: None,
                condition: None,
                status: PromiseStatus::Open,
                unsettled: false,
                contradicted_by: Vec::new(),
                said,
            }),
            LineKind::Found(Kind::Objection) => Self::Objection(Objection {
                id,
                summary,
                kind: ObjectionType::Other,
                status: ObjectionStatus::Open,
                responses: Vec::new(),
                said,
            }),
            LineKind::Found(Kind::NextStep) => Self::NextStep(NextStep {
                id,
                summary,
                side: None,
                owner: None,
                due: None,
                due_text: None,
                outcome: Outcome::Unknown,
                outcome_evidence: None,
                said,
            }),
            LineKind::Found(Kind::SuccessMetric) => {
                Self::Metric(SuccessMetric { id, ..SuccessMetric::default() })
            }
            LineKind::Found(kind) => {
                Self::Mention(Mention { id, kind, name: None, summary, attrs: Map::new(), said })
            }
        }
    }

    pub(super) fn id(&self) -> &str {
        match self {
            Self::Promise(it) => &it.id,
            Self::Objection(it) => &it.id,
            Self::NextStep(it) => &it.id,
            Self::Metric(it) => &it.id,
            Self::Mention(it) => &it.id,
            Self::Person(it) => &it.id,
        }
    }

    pub(super) fn kind(&self) -> LineKind {
        match self {
            Self::Promise(_) => LineKind::Found(Kind::Promise),
            Self::Objection(_) => LineKind::Found(Kind::Objection),
            Self::NextStep(_) => LineKind::Found(Kind::NextStep),
            Self::Metric(_) => LineKind::Found(Kind::SuccessMetric),
            Self::Mention(it) => LineKind::Found(it.kind),
            Self::Person(_) => LineKind::Stakeholder,
        }
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Mention(it) => it.name.as_deref(),
            Self::Person(it) => it.name.as_deref(),
            _ => None,
        }
    }

    /// Returns what was said of it; nothing for a person, whose words are evidence of many things.
    pub(super) fn said(&self) -> &[Saying] {
        match self {
            Self::Promise(it) => &it.said,
            Self::Objection(it) => &it.said,
            Self::NextStep(it) => &it.said,
            Self::Metric(it) => &it.said,
            Self::Mention(it) => &it.said,
            Self::Person(_) => &[],
        }
    }

    /// Returns the list of sayings and the summary; `None` for a person.
    fn words_mut(&mut self) -> Option<(&mut Vec<Saying>, &mut String)> {
        match self {
            Self::Promise(it) => Some((&mut it.said, &mut it.summary)),
            Self::Objection(it) => Some((&mut it.said, &mut it.summary)),
            Self::NextStep(it) => Some((&mut it.said, &mut it.summary)),
            Self::Metric(it) => Some((&mut it.said, &mut it.summary)),
            Self::Mention(it) => Some((&mut it.said, &mut it.summary)),
            Self::Person(_) => None,
        }
    }

    /// Returns the value of a field that the ledger holds; `null` where it is not known or the ledger has no such
    /// field.
    pub(super) fn get(&self, field: Field) -> Value {
        match (self, field) {
            (Self::Promise(it), Field::Category) => json!(it.category),
            (Self::Promise(it), Field::Firmness) => json!(it.firmness),
            (Self::Promise(it), Field::Condition) => json!(it.condition),
            (Self::Promise(it), Field::Due) => json!(it.due),
            (Self::Promise(it), Field::Status) => json!(it.status),
            (Self::Objection(it), Field::Type) => json!(it.kind),
            (Self::Objection(it), Field::Status) => json!(it.status),
            (Self::NextStep(it), Field::Side) => json!(it.side),
            (Self::NextStep(it), Field::Owner) => json!(it.owner),
            (Self::NextStep(it), Field::Due) => json!(it.due),
            (Self::NextStep(it), Field::Status) => json!(it.outcome),
            (Self::Metric(it), Field::Metric) => json!(it.metric),
            (Self::Metric(it), Field::Baseline) => json!(it.baseline),
            (Self::Metric(it), Field::Target) => json!(it.target),
            (Self::Metric(it), Field::Due) => json!(it.deadline),
            (Self::Metric(it), Field::Owner) => json!(it.owner),
            (Self::Mention(it), Field::Name) => json!(it.name),
            (Self::Mention(it), field) => it.attrs.get(field.as_str()).cloned().unwrap_or_default(),
            (Self::Person(it), Field::Name) => json!(it.name),
            (Self::Person(it), Field::Title) => json!(it.title),
            (Self::Person(it), Field::Email) => json!(it.email),
            (Self::Person(it), Field::Roles) => json!(it.roles),
            (Self::Person(it), Field::Stance) => json!(it.attitude),
            _ => Value::Null,
        }
    }

    /// Writes a field.
    ///
    /// # Errors
    /// Where the kind has no such field or the field no such value; then nothing has changed.
    pub(super) fn set(&mut self, field: Field, value: &Value) -> Result<(), String> {
        let known = Field::of(self.kind());
        if !known.contains(&field) {
            let known: Vec<_> = known.iter().map(|field| field.as_str()).collect();
            let (kind, field) = (self.kind().as_str(), field.as_str());
            return Err(format!("a {kind} has no field `{field}`; it has {}", known.join(", ")));
        }
        match (self, field) {
            (Self::Promise(it), Field::Category) => it.category = read(value)?,
            (Self::Promise(it), Field::Firmness) => it.firmness = read(value)?,
            (Self::Promise(it), Field::Condition) => it.condition = text(value)?,
            (Self::Promise(it), Field::Due) => {
                (it.due, it.due_text, it.unsettled) = (read(value)?, None, false);
            }
            (Self::Promise(it), Field::Status) => it.status = read(value)?,
            (Self::Objection(it), Field::Type) => it.kind = read(value)?,
            (Self::Objection(it), Field::Status) => it.status = read(value)?,
            (Self::NextStep(it), Field::Side) => it.side = read(value)?,
            (Self::NextStep(it), Field::Owner) => it.owner = text(value)?,
            (Self::NextStep(it), Field::Due) => (it.due, it.due_text) = (read(value)?, None),
            (Self::NextStep(it), Field::Status) => it.outcome = read(value)?,
            (Self::Metric(it), Field::Metric) => it.metric = text(value)?,
            (Self::Metric(it), Field::Baseline) => it.baseline = text(value)?,
            (Self::Metric(it), Field::Target) => it.target = text(value)?,
            (Self::Metric(it), Field::Due) => (it.deadline, it.deadline_text) = (read(value)?, None),
            (Self::Metric(it), Field::Owner) => it.owner = text(value)?,
            (Self::Mention(it), Field::Name) => it.name = text(value)?,
            (Self::Mention(it), Field::Type | Field::Status | Field::Direction | Field::Value) => {
                check_attr(it.kind, field, value)?;
                it.attrs.insert(field.as_str().to_owned(), value.clone());
            }
            (Self::Person(it), Field::Name) => it.name = text(value)?,
            (Self::Person(it), Field::Title) => it.title = text(value)?,
            (Self::Person(it), Field::Email) => it.email = text(value)?,
            (Self::Person(it), Field::Roles) => it.roles = read(value)?,
            (Self::Person(it), Field::Stance) => it.attitude = read(value)?,
            (_, field) => field.check_beside(value)?,
        }
        Ok(())
    }

    /// Adds sayings and brings them into the order of the calls; what they say of the entry is not read again.
    pub(super) fn hear(&mut self, more: Vec<Saying>) {
        if let Some((said, summary)) = self.words_mut() {
            said.extend(more);
            said.sort_by(|one, other| {
                let key = |it: &Saying| (it.words.date, it.words.call.clone(), it.words.quote.span());
                key(one).cmp(&key(other))
            });
            *summary = latest(said);
        }
    }

    /// Takes in `other`, which is the same thing; its own values win where both have one.
    pub(super) fn join(&mut self, other: Self) {
        for field in Field::of(self.kind()) {
            let (own, theirs) = (self.get(*field), other.get(*field));
            if own.is_null() && !theirs.is_null() {
                // A value of the same field and kind is one that it takes.
                let _ = self.set(*field, &theirs);
            }
        }
        match (&mut *self, &other) {
            (Self::Promise(it), Self::Promise(other)) => {
                it.contradicted_by.extend(other.contradicted_by.iter().cloned());
                it.due_text = it.due_text.take().or_else(|| other.due_text.clone());
            }
            (Self::Objection(it), Self::Objection(other)) => {
                it.responses.extend(other.responses.iter().cloned());
            }
            (Self::NextStep(it), Self::NextStep(other)) => {
                it.outcome_evidence = it.outcome_evidence.take().or_else(|| other.outcome_evidence.clone());
            }
            (Self::Person(it), Self::Person(other)) => join_people(it, other),
            _ => {}
        }
        self.hear(other.said().to_vec());
    }

    /// Parts the sayings that `goes` names into an entry of their own, whose id is the first one's finding. `None`, and
    /// nothing has changed, where they are none or all.
    pub(super) fn part(&mut self, id: Option<&str>, goes: impl Fn(&Saying) -> bool) -> Option<Self> {
        let (gone, left): (Vec<_>, Vec<_>) = self.said().iter().cloned().partition(goes);
        let first = gone.first()?.finding.as_deref();
        if left.is_empty() {
            return None;
        }
        let mut other = Self::blank(self.kind(), id.or(first)?.to_owned());
        gone.iter().for_each(|saying| other.learn(saying));
        other.hear(gone);
        let mut own = Self::blank(self.kind(), self.id().to_owned());
        left.iter().for_each(|saying| own.learn(saying));
        own.hear(left);
        own.keep(self);
        *self = own;
        Some(other)
    }

    /// Keeps what no saying tells: answers, outcomes, contradictions.
    fn keep(&mut self, before: &Self) {
        match (self, before) {
            (Self::Promise(it), Self::Promise(before)) => {
                it.contradicted_by.clone_from(&before.contradicted_by);
            }
            (Self::Objection(it), Self::Objection(before)) => it.responses.clone_from(&before.responses),
            (Self::NextStep(it), Self::NextStep(before)) => {
                it.outcome = before.outcome;
                it.outcome_evidence.clone_from(&before.outcome_evidence);
            }
            _ => {}
        }
    }

    /// Reads what a saying tells of the entry.
    fn learn(&mut self, saying: &Saying) {
        let attr = |name: &str| saying.attrs.get(name).filter(|value| !value.is_null());
        let text_of = |name: &str| attr(name).and_then(Value::as_str).map(str::to_owned);
        for (name, value) in saying.attrs.iter().filter(|(_, value)| !value.is_null()) {
            let field = if name == "deadline" { Ok(Field::Due) } else { name.parse() };
            if let Ok(field) = field {
                // An attribute of the guide that is no field of the entry tells nothing of it.
                let _ = self.set(field, value);
            }
        }
        match self {
            Self::Promise(it) => {
                it.due_text = text_of("due_text").or(it.due_text.take());
                it.status = match saying.event {
                    Event::Withdrawn => PromiseStatus::Withdrawn,
                    Event::Fulfilled => PromiseStatus::Fulfilled,
                    Event::Changed | Event::Contradicted => PromiseStatus::Changed,
                    Event::Made | Event::Restated | Event::Detailed | Event::Reopened => it.status,
                };
            }
            Self::NextStep(it) => it.due_text = text_of("due_text").or(it.due_text.take()),
            Self::Metric(it) => it.deadline_text = text_of("deadline_text").or(it.deadline_text.take()),
            Self::Objection(_) | Self::Mention(_) | Self::Person(_) => {}
        }
    }
}

/// Returns the latest words that tell what an entry is.
fn latest(said: &[Saying]) -> String {
    let news = |saying: &&Saying| saying.finding.is_some() && saying.event != Event::Withdrawn;
    let saying = said.iter().rev().find(news).or(said.last());
    saying.map(|saying| saying.telling().quote.text().to_owned()).unwrap_or_default()
}

fn check_attr(kind: Kind, field: Field, value: &Value) -> Result<(), String> {
    match (kind, field) {
        (Kind::Competitor, Field::Status) => read::<CompetitorStatus>(value).map(drop),
        (Kind::Pricing, Field::Type) => read::<PricingType>(value).map(drop),
        (Kind::Pricing, Field::Direction) => read::<PricingDirection>(value).map(drop),
        (Kind::Risk, Field::Type) => read::<RiskType>(value).map(drop),
        (Kind::TechEnvironment, Field::Type) => read::<TechType>(value).map(drop),
        _ => text(value).map(drop),
    }
}

fn join_people(one: &mut Contact, other: &Contact) {
    let forms = other.name.iter().chain(&other.aliases);
    for form in forms {
        if one.name.as_ref() != Some(form) && !one.aliases.contains(form) {
            one.aliases.push(form.clone());
        }
    }
    one.roles.extend(&other.roles);
    one.roles.sort_unstable();
    one.roles.dedup();
    if one.attitude == Attitude::Unknown {
        one.attitude = other.attitude;
    }
    one.attitudes.extend(other.attitudes.iter().cloned());
    one.first_contact = [one.first_contact, other.first_contact].into_iter().flatten().min();
    one.last_contact = one.last_contact.max(other.last_contact);
    for (own, theirs) in [(&mut one.speaks_on, &other.speaks_on), (&mut one.named_on, &other.named_on)] {
        own.extend(theirs.iter().cloned());
        own.sort_unstable();
        own.dedup();
    }
    one.talk.join(other.talk);
    one.turnover = one.turnover.take().or_else(|| other.turnover.clone());
    one.evidence.extend(other.evidence.iter().cloned());
}
