use crate::review::{Answer, FieldAnswer, Line, Lost, Signature, Verdict};

use super::item::words;

/// What a person decided or said, as the packet shows it under a line or a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How it bears on the handoff: `good`, `warn`, `bad`, or nothing.
    pub tone: &'static str,
    /// What it is.
    pub label: String,
    /// What it says; words of a person are hostile text.
    pub text: String,
}

impl Note {
    fn new(tone: &'static str, label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, label: label.into(), text: text.into() }
    }
}

/// Returns what people decided about a line, what the calls say beside it, and what people talked about it.
pub fn notes(line: &Line) -> Vec<Note> {
    let mut notes = standing(line);
    for remark in &line.thread {
        let text = format!("{}: {}", who(&remark.said.signed), remark.said.text);
        notes.push(Note::new("", remark.part.as_str(), text));
    }
    notes
}

/// Returns what people decided about a line, and what the calls say beside it.
pub fn standing(line: &Line) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(signed) = line.signed.as_ref().filter(|_| line.verdict != Verdict::Open) {
        let reason = line.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let tone = if line.verdict == Verdict::Rejected { "bad" } else { "good" };
        notes.push(Note::new(tone, line.verdict.as_str(), format!("by {}{reason}", who(signed))));
    }
    if let Some(stated) = &line.stated {
        notes.push(Note::new("", format!("stated by {}", who(&stated.signed)), &stated.text));
    }
    for (field, settled) in &line.fields {
        let (name, value) = (words(field.as_str()), value(&settled.value));
        notes.push(Note::new("", name.clone(), format!("{value}, set by {}", who(&settled.signed))));
        if let Some(proposed) = &settled.proposed {
            let since = if settled.news { "the calls say since" } else { "the calls say" };
            notes.push(Note::new("warn", since, format!("{name} {}", self::value(proposed))));
        }
    }
    for said in &line.news {
        let text = format!("“{}” — {}", said.quote.text(), said.speaker);
        notes.push(Note::new("warn", "said since", text));
    }
    if line.proposed_merge.is_some() {
        notes.push(Note::new("warn", "the calls say", "the same as another line of this section"));
    }
    notes.extend(line.warnings().map(warning));
    notes
}

/// Returns the answer that a person gave to a required field.
pub fn answered(answer: &FieldAnswer) -> Vec<Note> {
    let by = who(&answer.signed);
    let (tone, text) = match (&answer.answer, &answer.words) {
        (Answer::Quoted { .. }, Some(said)) => {
            ("good", format!("“{}” — {}, pointed at by {by}", said.quote.text(), said.speaker))
        }
        (Answer::Quoted { .. }, None) => {
            ("bad", format!("{by} pointed at words that no longer stand in the call"))
        }
        (Answer::Stated { text }, _) => ("good", format!("{text} (stated by {by})")),
        (Answer::Nothing { by: looked, on }, _) => {
            ("good", format!("nothing; {looked} looked on {on} (said {by})"))
        }
        (Answer::Unknown { owner, due }, _) => {
            ("warn", format!("UNKNOWN; {owner} finds out by {due} (said {by})"))
        }
    };
    let note = Note::new(tone, &answer.field, text);
    std::iter::once(note).chain(answer.warnings.iter().map(warning)).collect()
}

/// Returns a decision about a line that the calls no longer show.
pub fn lost(lost: &Lost) -> Note {
    let kind = lost.kind.map_or("line".to_owned(), |kind| words(kind.as_str()));
    let text = lost.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    let said = lost.words.first().map(|said| format!(" — “{}”", said.quote.text())).unwrap_or_default();
    Note::new("warn", format!("{} {kind}", lost.act), format!("{}{text}{said}", who(&lost.signed)))
}

fn warning(warning: &crate::review::Warning) -> Note {
    let words = match warning.words.as_str() {
        "" => String::new(),
        words => format!("“{words}”: "),
    };
    Note::new("warn", "check", format!("{words}{}", warning.advice))
}

fn who(signed: &Signature) -> String {
    format!("{} ({}), {}", signed.by, words(&signed.role), signed.at.strftime("%Y-%m-%d"))
}

fn value(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "none".to_owned(),
        serde_json::Value::String(text) => words(text),
        serde_json::Value::Array(list) => list.iter().map(self::value).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
