use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::transcript::{Span, Transcript};

/// What checking a packet against its sources showed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Quotes that stand in their call to the letter.
    pub standing: usize,
    /// Everything that does not hold.
    pub failures: Vec<Failure>,
}

/// Something in a packet that its sources do not bear out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// Where it stands in the packet, as a JSON pointer.
    pub pointer: String,
    /// The call it names.
    pub call: Option<String>,
    /// The words in question.
    pub quote: Option<String>,
    /// What is wrong, in lower case, without a full stop.
    pub reason: &'static str,
}

impl Report {
    /// Tells whether everything holds.
    pub fn holds(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Checks each quote of a packet's JSON against `transcripts` by call, turn, byte range and text, each summary
/// against the words of its entry, and each call's digest.
pub fn verify(packet_json: &Value, transcripts: &[Transcript]) -> Report {
    let sources = transcripts.iter().map(|transcript| (transcript.call.id.as_str(), transcript)).collect();
    let mut check = Check { sources, report: Report::default() };
    check.calls(packet_json);
    check.walk(packet_json, &mut String::new());
    check.report
}

struct Check<'a> {
    sources: HashMap<&'a str, &'a Transcript>,
    report: Report,
}

impl Check<'_> {
    fn calls(&mut self, packet: &Value) {
        let calls = packet.get("calls").and_then(Value::as_array).into_iter().flatten();
        for (at, call) in calls.enumerate() {
            let (id, digest) = (text(call, "id"), text(call, "digest"));
            let source = id.and_then(|id| self.sources.get(id));
            let reason = match source {
                None => "no transcript was given for this call",
                Some(source) if digest != Some(source.digest().as_str()) => {
                    "the transcript has another digest"
                }
                Some(_) => continue,
            };
            self.fail(&format!("/calls/{at}"), id, None, reason);
        }
    }

    fn walk(&mut self, value: &Value, pointer: &mut String) {
        let length = pointer.len();
        match value {
            Value::Object(map) => {
                self.quote(map, pointer);
                self.summary(map, pointer);
                for (key, inner) in map {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                    self.walk(inner, pointer);
                    pointer.truncate(length);
                }
            }
            Value::Array(list) => {
                for (at, inner) in list.iter().enumerate() {
                    pointer.push_str(&format!("/{at}"));
                    self.walk(inner, pointer);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn quote(&mut self, map: &Map<String, Value>, pointer: &str) {
        let Some(quote) = map.get("quote").filter(|quote| !quote.is_null()) else { return };
        let (quote, call) = (quote.as_str(), map.get("call").and_then(Value::as_str));
        match self.why_not(map, quote, call) {
            None => self.report.standing += 1,
            Some(reason) => self.fail(pointer, call, quote, reason),
        }
    }

    fn why_not(
        &self,
        map: &Map<String, Value>,
        quote: Option<&str>,
        call: Option<&str>,
    ) -> Option<&'static str> {
        let Some(source) = call.and_then(|call| self.sources.get(call)) else {
            return Some("no transcript was given for this call");
        };
        let span = map.get("span").and_then(|span| serde_json::from_value::<Span>(span.clone()).ok());
        let Some(span) = span else { return Some("the quote has no place in the call") };
        let stands = quote.is_some_and(|quote| !quote.is_empty() && source.slice(span) == Some(quote));
        if !stands {
            return Some("the call says something else there");
        }
        let speaker = map.get("speaker").and_then(Value::as_str);
        (speaker != Some(source.speaker(span).display())).then_some("somebody else says it there")
    }

    /// A summary may only be words of its own entry; what a person states has none, and no words.
    fn summary(&mut self, map: &Map<String, Value>, pointer: &str) {
        let Some(summary) = map.get("summary").and_then(Value::as_str) else { return };
        if summary.is_empty() && map.get("said").and_then(Value::as_array).is_some_and(Vec::is_empty) {
            return;
        }
        let said = map.get("said").and_then(Value::as_array).into_iter().flatten();
        let mut words = said.flat_map(|saying| [Some(saying), saying.get("context")]).flatten();
        if !words.any(|words| text(words, "quote").is_some_and(|quote| quote.contains(summary))) {
            self.fail(pointer, None, Some(summary), "the summary is not in the words of its entry");
        }
    }

    fn fail(&mut self, pointer: &str, call: Option<&str>, quote: Option<&str>, reason: &'static str) {
        let (call, quote) = (call.map(str::to_owned), quote.map(str::to_owned));
        self.report.failures.push(Failure { pointer: pointer.to_owned(), call, quote, reason });
    }
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}
