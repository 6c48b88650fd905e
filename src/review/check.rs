use serde_json::Value;
use uuid::Uuid;

use super::{Act, Answer, Decision, Reviewed, lint};
use crate::ledger::ReadCall;

/// Bytes of what somebody may type at once: a page of prose.
const LONGEST_TEXT: usize = 4_000;

/// The required field that only a name and a date can answer with nothing.
const RISKS: &str = "Risks";

/// Why an act cannot be appended: which part of it is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// JSON pointer into the act.
    pub pointer: &'static str,
    /// What was wrong, and the way on.
    pub detail: String,
}

impl Refusal {
    /// Says that the packet has no line of `entry`.
    pub fn no_line(entry: &str) -> Self {
        Self::new("/entry", format!("there is no line `{entry}`; the packet names its lines by `entry`"))
    }

    fn new(pointer: &'static str, detail: impl Into<String>) -> Self {
        Self { pointer, detail: detail.into() }
    }
}

/// Makes `act` ready to be appended to `decisions`, after which `reviewed` stands: its words of a call are found in one of
/// `calls` and sealed.
///
/// # Errors
/// Where the act is about something that is not there, or a value is none.
pub fn check(
    mut act: Act,
    reviewed: &Reviewed,
    calls: &[ReadCall],
    decisions: &[Decision],
) -> Result<Act, Refusal> {
    if let Some(words) = act.words_mut() {
        *words = words.seal(calls).map_err(|detail| Refusal::new("/words", detail))?;
    }
    for entry in act.entries() {
        if reviewed.seen(entry).is_none() {
            return Err(Refusal::no_line(entry));
        }
    }
    if let Some(text) = act.text() {
        prose("/text", text)?;
    }
    match &act {
        Act::Set { entry, field, value } => settable(reviewed, entry, *field, value)?,
        Act::Add { kind, text, words, fields } => {
            if text.is_none() && words.is_none() {
                let detail = "give the words of a call as `words`, or state the line in `text`";
                return Err(Refusal::new("/text", detail));
            }
            let mut blank = super::entry::Entry::blank(*kind, String::new());
            for (field, value) in fields {
                blank.set(*field, value).map_err(|detail| Refusal::new("/fields", detail))?;
            }
            if *kind == super::LineKind::Stakeholder && blank.name().is_none() {
                return Err(Refusal::new("/fields/name", "is missing: whom do you add?"));
            }
        }
        Act::Merge { into, entries } => same_kind(reviewed, into, entries)?,
        Act::Split { entry, findings } => splittable(reviewed, entry, findings)?,
        Act::Answer { field, answer, .. } => answered(field, answer)?,
        Act::Assign { owner, .. } => prose("/owner", owner)?,
        Act::Reply { to, .. } => {
            let talk = |act: &Act| matches!(act, Act::Comment { .. } | Act::Question { .. });
            earlier(decisions, *to, "/to", "question or comment", talk)?;
        }
        Act::Undo { decision } => earlier(decisions, *decision, "/decision", "decision", |_| true)?,
        _ => {}
    }
    Ok(act)
}

fn prose(pointer: &'static str, text: &str) -> Result<(), Refusal> {
    match text.trim().len() {
        0 => Err(Refusal::new(pointer, "is empty")),
        length if length > LONGEST_TEXT => {
            Err(Refusal::new(pointer, format!("is longer than {LONGEST_TEXT} bytes")))
        }
        _ => Ok(()),
    }
}

fn settable(reviewed: &Reviewed, entry: &str, field: super::Field, value: &Value) -> Result<(), Refusal> {
    let Some(mut known) = reviewed.find(reviewed.current(entry)) else {
        return Err(Refusal::new("/entry", "the line was rejected; accept it first"));
    };
    known.set(field, value).map_err(|detail| Refusal::new("/value", detail))
}

fn same_kind(reviewed: &Reviewed, into: &str, entries: &[String]) -> Result<(), Refusal> {
    let kind = |entry: &str| reviewed.find(reviewed.current(entry)).map(|entry| entry.kind());
    if entries.is_empty() || entries.iter().any(|entry| reviewed.current(entry) == reviewed.current(into)) {
        return Err(Refusal::new(
            "/entries",
            "name the lines that join `into`, none of which is `into` itself",
        ));
    }
    if kind(into).is_none() || entries.iter().any(|entry| kind(entry) != kind(into)) {
        return Err(Refusal::new("/entries", "only lines of one kind that stand can be merged"));
    }
    Ok(())
}

fn splittable(reviewed: &Reviewed, entry: &str, findings: &[String]) -> Result<(), Refusal> {
    let known = reviewed.find(reviewed.current(entry));
    let said = known.iter().flat_map(|entry| entry.said());
    let goes =
        said.clone().filter(|saying| saying.finding.as_ref().is_some_and(|id| findings.contains(id))).count();
    if goes != findings.len() || goes == 0 {
        return Err(Refusal::new(
            "/findings",
            "the line has no such findings; its sayings name theirs as `finding`",
        ));
    }
    if goes == said.count() {
        return Err(Refusal::new("/findings", "are all that the line has: leave one"));
    }
    Ok(())
}

fn answered(field: &str, answer: &Answer) -> Result<(), Refusal> {
    match answer {
        Answer::Stated { text } if field == RISKS && lint::says_nothing(text) => Err(Refusal::new(
            "/answer",
            "“no risks” takes a name and a date: answer with `is` = `nothing`, `by` who looked and `on` which day",
        )),
        Answer::Nothing { by, .. } => prose("/answer/by", by),
        Answer::Unknown { owner, .. } => prose("/answer/owner", owner),
        Answer::Stated { .. } | Answer::Quoted { .. } => Ok(()),
    }
}

fn earlier(
    decisions: &[Decision],
    id: Uuid,
    pointer: &'static str,
    what: &str,
    fits: impl Fn(&Act) -> bool,
) -> Result<(), Refusal> {
    let known = decisions.iter().any(|decision| decision.id == id && fits(&decision.decided.act));
    if known { Ok(()) } else { Err(Refusal::new(pointer, format!("the deal has no {what} `{id}`"))) }
}
