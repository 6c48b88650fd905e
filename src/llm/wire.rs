//! The shapes of requests and answers of the two families of providers.

use serde::Deserialize;
use serde_json::{Value, json};

use super::token::estimate;
use super::{Completion, NotHeard, Prompt, Usage};

/// The family of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Chat completions: OpenAI, vLLM, llama.cpp's server, Ollama and most gateways.
    OpenAi,
    /// The same, with the key in Azure's own header.
    Azure,
    /// Anthropic's messages.
    Anthropic,
}

impl std::str::FromStr for Provider {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "openai" => Ok(Self::OpenAi),
            "azure" => Ok(Self::Azure),
            "anthropic" => Ok(Self::Anthropic),
            other => Err(format!("llm.provider is openai, azure or anthropic, not `{other}`")),
        }
    }
}

/// The tool by which Anthropic's models answer; it does nothing.
const TOOL: &str = "answer";
/// Any number will do; the same one makes the same answer where a provider heeds it.
const SEED: u32 = 7;

impl Provider {
    /// Returns the address below the base address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::OpenAi | Self::Azure => "chat/completions",
            Self::Anthropic => "messages",
        }
    }

    /// Returns the base address where none is set.
    pub(super) fn base(self) -> Option<&'static str> {
        match self {
            Self::OpenAi => Some("https://api.openai.com/v1"),
            Self::Azure => None,
            Self::Anthropic => Some("https://api.anthropic.com/v1"),
        }
    }

    /// Returns the headers that carry the key, and what else must be said.
    pub(super) fn headers(self, key: &str) -> Vec<(&'static str, String)> {
        let mut headers = match self {
            Self::OpenAi => vec![("authorization", format!("Bearer {key}"))],
            Self::Azure => vec![("api-key", key.to_owned())],
            Self::Anthropic => vec![("x-api-key", key.to_owned())],
        };
        headers.retain(|_| !key.is_empty());
        if self == Self::Anthropic {
            headers.push(("anthropic-version", "2023-06-01".to_owned()));
        }
        headers
    }

    /// Returns the body of a request.
    pub(super) fn body(self, model: &str, prompt: &Prompt) -> Value {
        match self {
            Self::OpenAi | Self::Azure => json!({
                "model": model,
                "messages": [
                    {"role": "system", "content": prompt.system},
                    {"role": "user", "content": prompt.user},
                ],
                "temperature": 0,
                "seed": SEED,
                "max_tokens": prompt.max_output,
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": TOOL, "strict": true, "schema": prompt.schema},
                },
            }),
            Self::Anthropic => json!({
                "model": model,
                "system": prompt.system,
                "messages": [{"role": "user", "content": prompt.user}],
                "temperature": 0,
                "max_tokens": prompt.max_output,
                "tools": [{"name": TOOL, "description": "Gives the answer.", "input_schema": prompt.schema}],
                "tool_choice": {"type": "tool", "name": TOOL},
            }),
        }
    }

    /// Reads the body of an answer.
    pub(super) fn read(self, body: &[u8], prompt: &Prompt) -> Result<Completion, NotHeard> {
        let failure =
            |error: serde_json::Error| if error.is_eof() { NotHeard::CutOff } else { NotHeard::NotJson };
        if body.is_empty() {
            return Err(NotHeard::Empty);
        }
        let (text, ended, counted) = match self {
            Self::OpenAi | Self::Azure => {
                let answer: Chat = serde_json::from_slice(body).map_err(failure)?;
                let choice = answer.choices.into_iter().next().ok_or(NotHeard::Empty)?;
                (choice.message.content.unwrap_or_default(), choice.finish_reason, answer.usage)
            }
            Self::Anthropic => {
                let answer: Message = serde_json::from_slice(body).map_err(failure)?;
                let used = answer.content.into_iter().find_map(|part| part.input).ok_or(NotHeard::Empty)?;
                (used.to_string(), answer.stop_reason, answer.usage)
            }
        };
        if matches!(ended.as_deref(), Some("length" | "max_tokens")) {
            return Err(NotHeard::CutOff);
        }
        let guess =
            || Usage { input: estimate(&prompt.system) + estimate(&prompt.user), output: estimate(&text) };
        let usage =
            counted.map_or_else(guess, |counted| Usage { input: counted.input, output: counted.output });
        Ok(Completion { text, usage })
    }
}

#[derive(Deserialize)]
struct Chat {
    choices: Vec<Choice>,
    usage: Option<Counted>,
}

#[derive(Deserialize)]
struct Choice {
    message: ChatMessage,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct ChatMessage {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    content: Vec<Part>,
    stop_reason: Option<String>,
    usage: Option<Counted>,
}

#[derive(Deserialize)]
struct Part {
    input: Option<Value>,
}

#[derive(Deserialize)]
struct Counted {
    #[serde(alias = "prompt_tokens", alias = "input_tokens", default)]
    input: u64,
    #[serde(alias = "completion_tokens", alias = "output_tokens", default)]
    output: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt() -> Prompt {
        Prompt { system: "s".to_owned(), user: "u".to_owned(), schema: json!({}), max_output: 9 }
    }

    #[test]
    fn both_families_are_read() {
        let chat = br#"{"choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 12, "completion_tokens": 3}}"#;
        let message =
            br#"{"content": [{"type": "tool_use", "name": "answer", "input": {}}], "stop_reason": "tool_use",
            "usage": {"input_tokens": 12, "output_tokens": 3}}"#;
        for (provider, body) in [(Provider::OpenAi, &chat[..]), (Provider::Anthropic, &message[..])] {
            let read = provider.read(body, &prompt()).unwrap();
            assert_eq!(
                (read.text.as_str(), read.usage),
                ("{}", Usage { input: 12, output: 3 }),
                "{provider:?}"
            );
        }
    }

    #[test]
    fn what_is_no_answer_says_why() {
        let cases: [(&[u8], NotHeard); 5] = [
            (b"", NotHeard::Empty),
            (b"{\"choices\": []}", NotHeard::Empty),
            (b"{\"choices\": [{\"mess", NotHeard::CutOff),
            (b"<html>", NotHeard::NotJson),
            (
                b"{\"choices\": [{\"message\": {\"content\": \"{\"}, \"finish_reason\": \"length\"}]}",
                NotHeard::CutOff,
            ),
        ];
        for (body, wanted) in cases {
            assert_eq!(Provider::OpenAi.read(body, &prompt()).unwrap_err(), wanted);
        }
    }
}
