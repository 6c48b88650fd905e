use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::entry::{self, Entry};
use super::{Act, Answer, Decision, Field, Line, LineKind, Seen, Sight, Signature, Warning, in_order};
use crate::ledger::{Citation, Ledger, Saying};

/// What points at words that neither a rule nor a model found.
pub(super) const BY_HAND: &str = "by hand";

/// A ledger with what people decided about it. Without decisions it is the ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reviewed {
    /// What stands: settled values, lines added, merged and split, without those rejected.
    pub ledger: Ledger,
    /// What people decided, by the id of the ledger entry; the rejected ones too.
    pub lines: BTreeMap<String, Line>,
    /// The lines that were rejected, with the words that they had.
    pub rejected: Vec<Rejected>,
    /// Answers to required fields, in the order in which they were given.
    pub answers: Vec<FieldAnswer>,
    /// Who answers for which section.
    pub assignments: Vec<Assignment>,
    /// Decisions about lines that the calls no longer show.
    pub lost: Vec<Lost>,
    /// The number of the last decision, 0 where there is none.
    pub revision: u64,
    /// The decisions that it was folded from, in whatever order.
    pub(super) decisions: Vec<Decision>,
    /// Ids that decisions use for lines that go by another id now.
    pub(super) aliases: HashMap<String, String>,
}

/// A line that was rejected.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rejected {
    /// The ledger entry's id.
    pub entry: String,
    /// What it was.
    pub kind: LineKind,
    /// A person's name or a tool's.
    pub name: Option<String>,
    /// The words that it had, in order.
    pub words: Vec<Citation>,
}

/// The answer that a person gave to a required field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldAnswer {
    /// The field.
    pub field: String,
    /// The entry that lacked it, where it is an entry's.
    pub about: Option<String>,
    /// The answer.
    pub answer: Answer,
    /// Who gave it.
    #[serde(flatten)]
    pub signed: Signature,
    /// The words of a call that it names, where they still stand.
    pub words: Option<Citation>,
    /// What a reader may find lacking.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

impl FieldAnswer {
    /// Tells whether it counts as evidence: words of a call that still stand, or words of a person.
    pub fn is_evidence(&self) -> bool {
        match self.answer {
            Answer::Quoted { .. } => self.words.is_some(),
            Answer::Stated { .. } | Answer::Nothing { .. } => true,
            Answer::Unknown { .. } => false,
        }
    }
}

/// Who answers for a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assignment {
    /// The section's id.
    pub section: String,
    /// Who.
    pub owner: String,
    /// By when.
    pub due: Date,
    /// Who said so.
    #[serde(flatten)]
    pub signed: Signature,
}

/// A decision whose line the calls no longer show: it stays, and is shown as such.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lost {
    /// The act's word.
    pub act: &'static str,
    /// What the line was.
    pub kind: Option<LineKind>,
    /// What the author typed.
    pub text: Option<String>,
    /// Who decided.
    #[serde(flatten)]
    pub signed: Signature,
    /// The words that the line had, where they are still those of a call.
    pub words: Vec<Citation>,
}

impl From<Ledger> for Reviewed {
    /// Returns the ledger about which nobody has decided anything.
    fn from(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }
}

impl Reviewed {
    /// Returns what people decided about the line of `entry`.
    pub fn line(&self, entry: &str) -> Option<&Line> {
        self.lines.get(self.current(entry))
    }

    /// Returns the id under which the line that `entry` once named goes now.
    pub fn current<'a>(&'a self, entry: &'a str) -> &'a str {
        self.aliases.get(entry).map_or(entry, String::as_str)
    }

    /// Returns the line of `entry` as somebody sees it now, for the record of a decision; `None` where there is none.
    pub fn seen(&self, entry: &str) -> Option<Seen> {
        let id = self.current(entry);
        if let Some(gone) = self.rejected.iter().find(|gone| gone.entry == id) {
            let Rejected { entry, kind, name, .. } = gone.clone();
            return Some(Seen { entry, kind, name, said: Vec::new(), found: BTreeMap::new() });
        }
        let known = self.find(id)?;
        let settled = self.lines.get(id).map(|line| &line.fields);
        let found = |field: &Field| {
            let proposed = settled.and_then(|fields| fields.get(field)).and_then(|it| it.proposed.clone());
            (*field, proposed.unwrap_or_else(|| known.get(*field)))
        };
        let sight = |saying: &Saying| Sight {
            call: saying.words.call.clone(),
            span: saying.words.quote.span(),
            finding: saying.finding.clone(),
            source: source(saying),
        };
        Some(Seen {
            entry: id.to_owned(),
            kind: known.kind(),
            name: known.name().map(str::to_owned),
            said: known.said().iter().map(sight).collect(),
            found: Field::of(known.kind()).iter().map(found).filter(|(_, value)| !value.is_null()).collect(),
        })
    }

    /// Returns what stands of a field of the line of `entry`; `null` where nothing does.
    pub fn value(&self, entry: &str, field: Field) -> Value {
        let id = self.current(entry);
        let settled = self.lines.get(id).and_then(|line| line.fields.get(&field));
        let known = || self.find(id).map(|entry| entry.get(field)).unwrap_or_default();
        settled.map_or_else(known, |settled| settled.value.clone())
    }

    pub(super) fn find(&self, id: &str) -> Option<Entry> {
        let stands = entry::entries(&self.ledger).into_iter().find(|entry| entry.id() == id);
        stands.or_else(|| self.ledger.doubted.iter().find(|it| it.id == id).map(entry::raised))
    }

    /// Returns the decisions that it was folded from.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }

    /// Returns the decisions about the line of `entry` in their order, each with whether it still stands.
    pub fn history(&self, entry: &str) -> Vec<(&Decision, bool)> {
        let id = self.current(entry);
        let ordered = in_order(&self.decisions);
        let mut about: Vec<Uuid> = Vec::new();
        for (decision, _) in &ordered {
            let act = &decision.decided.act;
            let names = act.entries().into_iter().any(|entry| self.current(entry) == id);
            let adds = decision.decided.seen.iter().any(|seen| self.current(&seen.entry) == id);
            let follows = match act {
                Act::Reply { to: earlier, .. } | Act::Undo { decision: earlier } => about.contains(earlier),
                Act::Add { .. } => self.lines.get(id).is_some_and(|line| {
                    line.stated.as_ref().is_some_and(|stated| stated.signed.decision == decision.id)
                        || line.signed.as_ref().is_some_and(|signed| signed.decision == decision.id)
                }),
                _ => false,
            };
            if names || adds || follows {
                about.push(decision.id);
            }
        }
        ordered.into_iter().filter(|(decision, _)| about.contains(&decision.id)).collect()
    }

    /// Returns the standing answer to a required field: of the deal, or of the entry that it is `about`.
    pub fn answer(&self, field: &str, about: Option<&str>) -> Option<&FieldAnswer> {
        self.answers.iter().find(|answer| answer.field == field && answer.about.as_deref() == about)
    }

    /// Returns what a reader may find lacking in what the author of a decision typed.
    pub fn warnings(&self, decision: Uuid) -> impl Iterator<Item = &Warning> {
        let of_lines = self.lines.values().flat_map(move |line| line.warnings_of(decision));
        let answers = self.answers.iter().filter(move |answer| answer.signed.decision == decision);
        of_lines.chain(answers.flat_map(|answer| &answer.warnings))
    }
}

/// Returns what pointed at the words of a saying: a rule, else a model, else a person.
fn source(saying: &Saying) -> String {
    let model = || saying.provenance.model.as_ref().map(|by| by.model.clone());
    saying.provenance.rule().map(str::to_owned).or_else(model).unwrap_or_else(|| BY_HAND.to_owned())
}
