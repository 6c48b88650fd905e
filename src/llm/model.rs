use std::pin::Pin;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::NotHeard;
use crate::transcript::Digest;

/// All that a model is asked at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What its part is; the same for every call.
    pub system: String,
    /// What was said, and the questions, as JSON: words of a call cannot leave their string.
    pub user: String,
    /// The JSON schema of the answer.
    pub schema: Value,
    /// The answer's tokens at most.
    pub max_output: u32,
}

impl Prompt {
    /// Returns the digest of everything in it.
    pub fn digest(&self) -> Digest {
        let schema = self.schema.to_string();
        Digest::of_parts([self.system.as_bytes(), self.user.as_bytes(), schema.as_bytes()])
    }

    /// Returns the key under which `model`'s reply is kept.
    pub fn key(&self, model: &str) -> Digest {
        Digest::of_parts([model.as_bytes(), self.digest().as_str().as_bytes()])
    }
}

/// Tokens that a request used, as the provider counts them, or as estimated where it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens that were sent.
    pub input: u64,
    /// Tokens that came back.
    pub output: u64,
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input += other.input;
        self.output += other.output;
    }
}

/// What a model answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// Its words: hostile text until they are parsed and aligned.
    pub text: String,
    /// What they cost.
    pub usage: Usage,
}

/// An answer, later.
pub type Reply<'a> = Pin<Box<dyn Future<Output = Result<Completion, NotHeard>> + Send + 'a>>;

/// Something that answers prompts: a provider over HTTP, or recorded replies.
pub trait Model: Send + Sync {
    /// Returns the model's name, as the provenance has it.
    fn name(&self) -> &str;

    /// Answers a prompt.
    fn answer<'a>(&'a self, prompt: &'a Prompt) -> Reply<'a>;
}
