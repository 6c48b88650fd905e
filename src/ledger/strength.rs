use serde::Serialize;

use crate::rules::{Attitude, Role};

use super::Contact;

/// Share of the words, in percent, from which somebody takes part in the talk: with six people on a call, an equal
/// share is 17.
const TAKES_PART: usize = 8;

/// How strong the relationship with a person is, as far as the calls show: a proposal, with its reasons (S-070).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Strength {
    /// From 1, a name we heard, to 5, somebody who speaks for us on call after call.
    pub score: u8,
    /// What raised or lowered it, in our words.
    pub reasons: Vec<String>,
}

impl Strength {
    /// Proposes how strong the relationship with `contact` is; `calls` are the ids of the deal's calls in order.
    ///
    /// It begins at 1 and rises by one each for having spoken with us, for a second call, for taking part and for
    /// standing for it; doubts take one, opposition two, silence on the last two calls one.
    pub(super) fn of(contact: &Contact, calls: &[&str]) -> Self {
        let mut strength = Self { score: 1, reasons: Vec::new() };
        let spoke_on = contact.speaks_on.len();
        match spoke_on {
            0 => strength.say(0, "never spoke on a call"),
            1 => strength.say(1, "spoke on one call"),
            more => strength.say(2, &format!("spoke on {more} calls")),
        }
        let percent = contact.talk.percent();
        if spoke_on > 0 && percent >= TAKES_PART {
            strength.say(1, &format!("{percent} % of the words on those calls are theirs"));
        }
        match contact.attitude {
            Attitude::Supportive if contact.has(Role::Champion) => strength.say(1, "pushes for it inside"),
            Attitude::Supportive => strength.say(1, "supportive when last heard"),
            Attitude::Skeptical => strength.say(-1, "skeptical when last heard"),
            Attitude::Opposed => strength.say(-2, "opposed when last heard"),
            Attitude::Neutral | Attitude::Unknown => {}
        }
        let last_two = &calls[calls.len().saturating_sub(2)..];
        let silent = contact.speaks_on.last().is_some_and(|last| !last_two.contains(&last.as_str()));
        if silent {
            strength.say(-1, "silent on the last two calls");
        }
        strength
    }

    fn say(&mut self, change: i8, reason: &str) {
        self.score = self.score.saturating_add_signed(change).clamp(1, 5);
        self.reasons.push(reason.to_owned());
    }
}
