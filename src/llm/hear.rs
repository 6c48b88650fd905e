use super::answer::answers;
use super::{Asked, Completion, Model, NotHeard, Usage};

/// What was heard of a model about one call.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// The reply to each prompt; `None` where there is none.
    pub replies: Vec<Option<Completion>>,
    /// The places of those that are new.
    pub fresh: Vec<usize>,
    /// What was used for new replies, refused ones included.
    pub usage: Usage,
    /// Why some prompt has no reply.
    pub failure: Option<NotHeard>,
}

impl Heard {
    /// Returns the model's words for each prompt.
    pub fn texts(&self) -> Vec<Option<&str>> {
        self.replies.iter().map(|reply| reply.as_ref().map(|reply| reply.text.as_str())).collect()
    }
}

/// Asks `model` what is not `known` yet, as far as `afford` allows the tokens of each prompt. A reply that makes no sense
/// is none: it is not kept, and asked for again another time.
pub async fn hear(
    model: &dyn Model,
    asked: &[Asked],
    mut known: Vec<Option<Completion>>,
    mut afford: impl FnMut(&Usage, u64) -> Result<(), NotHeard>,
) -> Heard {
    known.resize(asked.len(), None);
    let mut heard = Heard { replies: known, ..Heard::default() };
    for (at, asked) in asked.iter().enumerate() {
        if heard.replies[at].is_some() {
            continue;
        }
        let answer = match afford(&heard.usage, asked.estimate()) {
            Ok(()) => model.answer(&asked.prompt).await,
            Err(error) => Err(error),
        };
        let failure = match answer {
            Ok(completion) => {
                heard.usage += completion.usage;
                match answers(&completion.text) {
                    Ok(_) => {
                        heard.replies[at] = Some(completion);
                        heard.fresh.push(at);
                        continue;
                    }
                    Err(error) => error,
                }
            }
            Err(error) => error,
        };
        let give_up = failure.concerns_all();
        heard.failure = Some(failure);
        if give_up {
            break;
        }
    }
    heard
}
