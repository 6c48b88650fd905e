//! A deal of which much is known: the seller's name, domain and people.

use readback::transcript::{Deal, Person};

/// Returns Tallyloom's deal with a timber merchant.
pub(crate) fn deal() -> Deal {
    let person = |name: &str, title: &str| Person { name: name.into(), title: Some(title.into()) };
    Deal {
        account: "Harrow & Finch Timber".into(),
        our_company: "Tallyloom".into(),
        our_domains: vec!["tallyloom.example".into()],
        our_people: vec![
            person("Renske de Wit", "Account Executive"),
            person("Kofi Boateng", "Solutions Engineer"),
        ],
        ..Deal::default()
    }
}
