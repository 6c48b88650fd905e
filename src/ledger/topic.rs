use jiff::civil::Date;

use crate::detect::{Attrs, Finding};
use crate::rules::{Firmness, StepSide};
use crate::transcript::{Name, Side};

use super::gist::{Gist, spoken};
use super::heard::Heard;
use super::words::words;

/// What a saying is about, where it stands and what was talked of around it.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    /// The words and what they answer.
    pub(super) gist: Gist,
    /// What was said just before.
    pub(super) lead: Gist,
    /// The words of the condition, where it has one.
    pub(super) condition: Gist,
    /// The category of a promise, the type of an objection.
    pub(super) class: &'static str,
    /// Who says it.
    pub(super) person: String,
    /// The words of the name of whoever is to do it, where named, and on whose side they are.
    pub(super) owner: Vec<String>,
    pub(super) side: Option<Side>,
    /// The date that it names.
    pub(super) due: Option<Date>,
    /// Which call of the deal.
    pub(super) call: usize,
    /// Which turn of the call.
    pub(super) turn: u32,
    /// Whether the words come back to what was said before ("still", "as I said").
    pub(super) again: bool,
    /// Whether they take something back.
    pub(super) takes_back: bool,
}

impl Topic {
    /// Returns the topic of `finding`.
    pub(super) fn new(call: &Heard, finding: &Finding) -> Self {
        let span = finding.quote.span();
        let (mut gist, spoken) = (call.gist(finding), spoken(finding.quote.text()));
        let mut topic = Self {
            lead: call.lead_in(span),
            condition: Gist::default(),
            class: "",
            person: call.transcript.speaker(span).display().to_owned(),
            owner: Vec::new(),
            side: finding.side,
            due: None,
            call: call.number,
            turn: span.turn,
            again: words().come_back(&spoken),
            takes_back: words().take_back(&spoken),
            gist: Gist::default(),
        };
        match &finding.attrs {
            Attrs::Promise { category, firmness, due, condition, .. } => {
                (topic.class, topic.due) = (category.as_str(), *due);
                topic.condition = match condition {
                    Some(words) => call.gist_of(words),
                    // Nobody can tell which of the words are the condition.
                    None if *firmness == Firmness::Conditional => gist.clone(),
                    None => Gist::default(),
                };
            }
            Attrs::Objection { kind, .. } => topic.class = kind.as_str(),
            Attrs::NextStep { owner, side, due, .. } => {
                topic.owner = Name::new(owner.as_deref().unwrap_or_default()).words().to_vec();
                (topic.side, topic.due) = (side.and_then(alone), *due);
            }
            // Figures count as words here: "cut that three-ten in half" speaks of the 310.
            Attrs::SuccessMetric { metric, deadline, .. } => {
                gist.add(&call.gist_of(metric.as_deref().unwrap_or_default()));
                gist.words.extend(&gist.figures);
                topic.due = *deadline;
            }
            _ => {}
        }
        Self { gist, ..topic }
    }
}

/// Returns the side that takes a step by itself.
fn alone(side: StepSide) -> Option<Side> {
    match side {
        StepSide::Rep => Some(Side::Rep),
        StepSide::Customer => Some(Side::Customer),
        StepSide::Partner => Some(Side::Partner),
        StepSide::Both => None,
    }
}
