use serde::Serialize;
use utoipa::ToSchema;

use super::phrases::{self, Phrases, holds};
use crate::llm::words;
use crate::transcript::{Deal, Name, Side, Speaker, SpeakerId, Transcript};

/// Who was who on our side of a kickoff call, by their titles.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Cast {
    /// Account executives who spoke.
    pub account_executives: Vec<String>,
    /// Customer success managers who spoke.
    pub success_managers: Vec<String>,
    /// Whether no account executive spoke although the deal or the call names one.
    pub account_executive_absent: bool,
    /// Speakers of our side who sold.
    #[serde(skip)]
    sellers: Vec<SpeakerId>,
    /// Speakers of our side.
    #[serde(skip)]
    ours: Vec<SpeakerId>,
}

impl Cast {
    pub(super) fn new(deal: &Deal, transcript: &Transcript) -> Self {
        let known = titles(deal, transcript);
        let spoke = |at: usize| transcript.turns.iter().any(|turn| turn.speaker.index() == at);
        let mut cast = Self {
            account_executives: Vec::new(),
            success_managers: Vec::new(),
            account_executive_absent: false,
            sellers: Vec::new(),
            ours: Vec::new(),
        };
        for (at, speaker) in transcript.speakers.iter().enumerate().filter(|(at, _)| spoke(*at)) {
            if speaker.side != Some(Side::Rep) {
                continue;
            }
            let id = SpeakerId(at as u32);
            cast.ours.push(id);
            let is = |list: fn(&Phrases) -> &Vec<String>| {
                title(speaker, &known).is_some_and(|title| bears(title, list))
            };
            if is(|phrases| &phrases.sales) {
                cast.sellers.push(id);
                cast.account_executives.push(speaker.display().to_owned());
            } else if is(|phrases| &phrases.success) {
                cast.success_managers.push(speaker.display().to_owned());
            }
        }
        let named = known.iter().any(|(_, title)| bears(title, |phrases| &phrases.sales));
        cast.account_executive_absent = named && cast.sellers.is_empty();
        cast
    }

    /// Tells whether a speaker is an account executive.
    pub(super) fn sells(&self, speaker: SpeakerId) -> bool {
        self.sellers.contains(&speaker)
    }

    /// Tells whether a speaker is of our side and takes over.
    pub(super) fn takes_over(&self, speaker: SpeakerId) -> bool {
        self.ours.contains(&speaker) && !self.sells(speaker)
    }
}

/// Returns the titles of our people: those of the deal, and those whom the call names.
fn titles<'a>(deal: &'a Deal, transcript: &'a Transcript) -> Vec<(&'a str, &'a str)> {
    let of_deal = deal.our_people.iter().map(|person| (person.name.as_str(), person.title.as_deref()));
    let present = transcript.call.participants.iter().filter(|person| person.side == Some(Side::Rep));
    let invited = present.map(|person| (person.name.as_str(), person.title.as_deref()));
    of_deal.chain(invited).filter_map(|(name, title)| Some((name, title?))).collect()
}

fn title<'a>(speaker: &'a Speaker, known: &[(&'a str, &'a str)]) -> Option<&'a str> {
    let name = Name::new(speaker.display());
    let of_deal =
        known.iter().find(|(other, _)| Name::new(other).words() == name.words()).map(|(_, title)| *title);
    speaker.title.as_deref().or(of_deal)
}

fn bears(title: &str, list: fn(&Phrases) -> &Vec<String>) -> bool {
    let title = words(title);
    phrases::all().any(|phrases| holds(&title, list(phrases)))
}
