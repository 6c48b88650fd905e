use std::collections::HashSet;

use regex::{NoExpand, Regex};
use serde_json::{Value, json};

use crate::transcript::{Digest, Transcript, Turn};

/// What stands where words were erased.
const ERASED: &str = "[erased]";

/// The fields of an act in which people write prose.
const PROSE: [&str; 5] = ["reason", "question", "answer", "conditions", "words"];

/// The fields of decisions and corrections whose texts are words of the notation, which may be names elsewhere.
const NOTATION: [&str; 7] = ["act", "is", "kind", "field", "event", "outcome", "side"];

/// A person to be forgotten, by their name.
#[derive(Clone, Debug)]
pub struct Forgotten {
    name: String,
    mentions: Regex,
}

impl Forgotten {
    /// Returns the person of a name: given names and surname, as on the calls.
    ///
    /// # Errors
    /// Where there is no name in it.
    pub fn new(name: &str) -> Result<Self, String> {
        let wrong = || format!("`{name}` is no name of a person, such as `Dana Whitfield`");
        // "de" and "van" are part of a name, and words of their own beside it.
        let tells = |part: &&str| part.chars().count() > 1 && !part.chars().all(char::is_lowercase);
        let parts: Vec<String> = name.split_whitespace().filter(tells).map(regex::escape).collect();
        if parts.is_empty() {
            return Err(wrong());
        }
        let (whole, part) = (regex::escape(name.trim()).replace(' ', r"\s+"), parts.join("|"));
        // An address goes whole, and so does a word that a name is the whole of.
        let pattern = format!(r"(?i)[\w.+-]*(?:{part})[\w.+-]*@[\w.-]+|\b{whole}\b|\b(?:{part})\b");
        let mentions = Regex::new(&pattern).map_err(|_| wrong())?;
        Ok(Self { name: name.trim().to_owned(), mentions })
    }

    /// Tells whether `name` is the person's.
    pub fn is(&self, name: &str) -> bool {
        name.trim().to_lowercase() == self.name.to_lowercase()
    }

    /// Tells whether a text names the person.
    pub fn is_named_in(&self, text: &str) -> bool {
        self.mentions.is_match(text)
    }

    /// Returns a text without the name; `None` where it is not named.
    pub fn erased(&self, text: &str) -> Option<String> {
        self.is_named_in(text).then(|| self.mentions.replace_all(text, NoExpand(ERASED)).into_owned())
    }

    /// Erases the name from every text of a document, and tells whether it was there.
    pub fn erase_from(&self, document: &mut Value) -> bool {
        let texts: Vec<&mut Value> = match document {
            Value::String(text) => {
                let Some(left) = self.erased(text) else { return false };
                *text = left;
                return true;
            }
            Value::Array(items) => items.iter_mut().collect(),
            Value::Object(fields) => {
                let said = fields.iter_mut().filter(|(name, _)| !NOTATION.contains(&name.as_str()));
                said.map(|(_, value)| value).collect()
            }
            _ => return false,
        };
        let mut named = false;
        for text in texts {
            named |= self.erase_from(text);
        }
        named
    }

    /// Returns a transcript without what the person said and without their name, as Readback's own JSON, and whether there
    /// was anything to erase. What others said stays, turn by turn.
    pub fn erase_from_transcript(&self, transcript: &Transcript) -> (Vec<u8>, bool) {
        let mut found = false;
        let mut row = |turn: &Turn| {
            let speaker = &transcript.speakers[turn.speaker.index()];
            let speaks = self.is(speaker.display());
            let text = if speaks { ERASED.to_owned() } else { turn.text.clone() };
            let mut row = json!({
                "speaker": if speaks { ERASED } else { speaker.label.as_str() },
                "text": text,
                "start_ms": turn.start().map(|time| time.as_millis()),
                "end_ms": turn.end().map(|time| time.as_millis()),
            });
            found |= self.erase_from(&mut row) || speaks;
            row
        };
        let rows: Vec<Value> = transcript.turns.iter().map(&mut row).collect();
        (json!({ "readback": 1, "rows": rows }).to_string().into_bytes(), found)
    }
}

/// So many words in a row, the same and in the same order, are a call's and nobody's by chance.
const RUN: usize = 5;

/// The words of a call that is forgotten, to be found again in what people wrote.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    runs: HashSet<String>,
}

impl Spoken {
    /// Returns the words of a call, as its turns have them.
    pub fn of<'t>(turns: impl IntoIterator<Item = &'t str>) -> Self {
        Self { runs: turns.into_iter().flat_map(runs).collect() }
    }

    /// Erases every text of a document that repeats words of the call, and tells whether there was one.
    pub fn erase_from(&self, document: &mut Value) -> bool {
        match document {
            Value::String(text) if runs(text).any(|run| self.runs.contains(&run)) => {
                *text = ERASED.to_owned();
                true
            }
            Value::Array(items) => items.iter_mut().fold(false, |found, item| self.erase_from(item) | found),
            Value::Object(fields) => {
                fields.values_mut().fold(false, |found, field| self.erase_from(field) | found)
            }
            _ => false,
        }
    }
}

/// Returns each run of words in a text, without case and signs.
fn runs(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    (0..(words.len() + 1).saturating_sub(RUN)).map(move |at| words[at..at + RUN].join(" "))
}

/// Returns what is left of a decision whose words were erased: the proof that it was made.
pub fn emptied(body: &Value) -> Value {
    json!({ "erased": Digest::of(body.to_string().as_bytes()) })
}

/// Returns an act without the prose in it, or nothing where it has none.
pub fn without_prose(body: &Value) -> Option<Value> {
    let mut left = body.clone();
    let fields = left.as_object_mut()?;
    let mut had = false;
    for (_, value) in fields.iter_mut().filter(|(name, _)| PROSE.contains(&name.as_str())) {
        match value {
            Value::String(text) => *text = ERASED.to_owned(),
            Value::Array(texts) => *texts = vec![ERASED.into()],
            // `question` of an answer is a number.
            _ => continue,
        }
        had = true;
    }
    had.then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_whole_in_parts_and_in_addresses_and_other_words_stay() {
        let person = Forgotten::new("Renske de Wit").unwrap();
        let mut document = json!({
            "said": "Renske and renske  de wit wrote to r.wit@tally.example: de rest stays, so do Renskes and wits.",
            "people": [{ "name": "Renske de Wit" }, { "name": "Kofi" }],
        });
        assert!(person.erase_from(&mut document));
        let said = "[erased] and [erased] wrote to [erased]: de rest stays, so do Renskes and wits.";
        assert_eq!(document, json!({ "said": said, "people": [{ "name": "[erased]" }, { "name": "Kofi" }] }));
        assert!(!person.erase_from(&mut document));
        for nobody in ["", " ", "de", "x"] {
            assert!(Forgotten::new(nobody).is_err(), "{nobody:?}");
        }
        let mut settled = json!({ "act": "settle", "outcome": "kept", "reason": "Settle said so" });
        assert!(Forgotten::new("Ada Settle").unwrap().erase_from(&mut settled));
        assert_eq!(settled, json!({ "act": "settle", "outcome": "kept", "reason": "[erased] said so" }));
        assert!(!Forgotten::new("A.*b").unwrap().is_named_in("Aaab"), "a name is no pattern");
    }

    #[test]
    fn a_text_that_repeats_a_call_goes_whole_and_chance_is_no_repetition() {
        let spoken =
            Spoken { runs: runs("Our auditors hate quicksilver spreadsheets, every quarter.").collect() };
        let mut document = json!({
            "comments": ["Dana: our AUDITORS hate quicksilver spreadsheets!", "our auditors hate them"],
            "place": "Utrecht",
        });
        assert!(spoken.erase_from(&mut document));
        assert_eq!(
            document,
            json!({ "comments": ["[erased]", "our auditors hate them"], "place": "Utrecht" })
        );
        assert!(!spoken.erase_from(&mut document));
    }

    #[test]
    fn an_act_keeps_what_it_did_and_loses_what_was_written() {
        let dispute = json!({ "act": "dispute", "promise": "p", "reason": "Dana said so" });
        assert_eq!(
            without_prose(&dispute),
            Some(json!({ "act": "dispute", "promise": "p", "reason": "[erased]" }))
        );
        let answer = json!({ "act": "answer", "question": 3, "answer": "June" });
        assert_eq!(without_prose(&answer).unwrap()["question"], 3);
        assert_eq!(without_prose(&json!({ "act": "sign" })), None);
    }
}
