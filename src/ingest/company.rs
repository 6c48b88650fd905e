use crate::transcript::{Deal, Name, Side};

/// Words that many companies share; one of them alone names none.
const COMMON: [&str; 26] = [
    "the", "inc", "llc", "ltd", "gmbh", "ag", "sa", "sas", "sl", "group", "gruppe", "groupe", "grupo",
    "saint", "st", "san", "health", "network", "global", "new", "north", "south", "first", "clinicas",
    "hospital", "and",
];

/// Words that stand before one's own company ("Dana from Acme", "I run sales at Acme").
const BELONGS: [&str; 14] =
    ["from", "with", "at", "of", "for", "von", "bei", "aus", "chez", "de", "en", "del", "van", "bij"];

/// Words that take the speaker in, before a preposition and their company.
const WE: [&str; 8] = ["here", "we", "us", "hier", "wir", "nous", "nosotros", "aqui"];

/// The names of the two companies, as they are said.
pub(super) struct Companies(Vec<(Side, Vec<String>)>);

impl Companies {
    pub(super) fn of(deal: &Deal) -> Self {
        let both = [(Side::Rep, &deal.our_company), (Side::Customer, &deal.account)];
        Self(
            both.into_iter()
                .map(|(side, name)| (side, telling_words(name)))
                .filter(|(_, words)| !words.is_empty())
                .collect(),
        )
    }

    /// Returns the side whose company `written` names.
    pub(super) fn named(&self, written: &str) -> Option<Side> {
        let words = Name::new(written);
        self.only(|company| contains(words.words(), company))
    }

    /// Returns the side to which the speaker of `text` says to belong: "from Acme", "here at Acme".
    pub(super) fn belonging(&self, text: &str) -> Option<Side> {
        let words: Vec<String> = Name::new(&text.replace(',', " ")).words().to_vec();
        self.only(|company| {
            words
                .windows(company.len() + 1)
                .any(|window| BELONGS.contains(&window[0].as_str()) && window[1..] == *company)
        })
    }

    /// Returns the side for which the speaker of `text` speaks wherever it is said: "here at Acme", "wir bei Acme".
    pub(super) fn speaking_for(&self, text: &str) -> Option<Side> {
        let words: Vec<String> = Name::new(&text.replace(',', " ")).words().to_vec();
        self.only(|company| {
            words.windows(company.len() + 2).any(|window| {
                let (before, named) = window.split_at(2);
                WE.contains(&before[0].as_str())
                    && BELONGS.contains(&before[1].as_str())
                    && *named == *company
            })
        })
    }

    fn only(&self, fits: impl Fn(&[String]) -> bool) -> Option<Side> {
        let mut sides = self.0.iter().filter(|(_, company)| fits(company)).map(|(side, _)| *side);
        sides.next().filter(|_| sides.next().is_none())
    }
}

/// Returns the first words of a company's name up to one that tells it from others.
fn telling_words(name: &str) -> Vec<String> {
    let words = Name::new(&name.replace(',', " ")).words().to_vec();
    let telling = words.iter().position(|word| !COMMON.contains(&word.as_str()) && word.chars().count() > 2);
    telling.map(|at| words[..=at].to_vec()).unwrap_or_default()
}

fn contains(words: &[String], company: &[String]) -> bool {
    words.windows(company.len()).any(|window| window == company)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preposition_before_a_company_tells_where_one_belongs() {
        let deal = Deal {
            our_company: "Tallyloom".into(),
            account: "Saint Osric Freight".into(),
            ..Deal::default()
        };
        let companies = Companies::of(&deal);
        assert_eq!(companies.belonging("hi this is dana from saint osric"), Some(Side::Customer));
        assert_eq!(companies.belonging("I run onboarding here at Tallyloom, so"), Some(Side::Rep));
        assert_eq!(companies.belonging("Is Tallyloom up?"), None);
        assert_eq!(companies.speaking_for("we at Saint Osric don't do faxes"), Some(Side::Customer));
        assert_eq!(companies.speaking_for("we have worked with Tallyloom before"), None);
        assert_eq!(companies.named("Tallyloom Inc."), Some(Side::Rep));
    }
}
