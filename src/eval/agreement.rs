//! When a value that was found counts as the labelled one, and a person as the labelled person.

use std::collections::BTreeSet;

use serde_json::Value;

use super::LabelledPerson;
use super::fold::{fold, numbers};
use crate::detect::StakeholderRecord;

/// Tells whether `found` is as good as `labelled` for the attribute `name`.
pub(super) fn same_value(name: &str, labelled: Option<&Value>, found: Option<&Value>) -> bool {
    let (labelled, found) = (text(labelled), text(found));
    let (one, other) = (labelled.as_deref().unwrap_or_default(), found.as_deref().unwrap_or_default());
    match name {
        "owner" | "name" => share_a_word(one, other),
        "baseline" | "target" | "value" => same_figures(one, other),
        // An empty text is something said, and differs from nothing said.
        _ => labelled.map(|value| fold(&value)) == found.map(|value| fold(&value)),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn words(text: &str) -> BTreeSet<String> {
    fold(text).into_iter().collect()
}

/// Tells whether both are empty, or share a word.
fn share_a_word(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    one.is_empty() && other.is_empty() || !one.is_disjoint(&other)
}

/// Tells whether both have the same figures, or, where neither has any, half of the words of the shorter.
fn same_figures(one: &str, other: &str) -> bool {
    let figures = (numbers(one), numbers(other));
    if !(figures.0.is_empty() && figures.1.is_empty()) {
        return figures.0 == figures.1;
    }
    let (one, other) = (words(one), words(other));
    let common = one.intersection(&other).count();
    match one.is_empty() || other.is_empty() {
        true => one.is_empty() && other.is_empty(),
        false => 2 * common >= one.len().min(other.len()),
    }
}

/// Tells whether `found` is the labelled person: by a name or alias, by an only first name, and where neither has a
/// name, by a word of the title.
pub(super) fn same_person(labelled: &LabelledPerson, found: &StakeholderRecord) -> bool {
    let [one, other] = [&labelled.name, &found.name].map(|name| fold(name.as_deref().unwrap_or_default()));
    match (one.first(), other.first()) {
        (None, None) => same_title(labelled, found),
        (Some(first), Some(same)) => {
            let mine = names(&one, &labelled.aliases);
            let theirs = names(&other, &found.aliases);
            mine.iter().any(|name| !name.is_empty() && theirs.contains(name))
                || (first == same && (one.len() == 1 || other.len() == 1))
        }
        _ => false,
    }
}

fn names(name: &[String], aliases: &[String]) -> Vec<Vec<String>> {
    std::iter::once(name.to_owned()).chain(aliases.iter().map(|alias| fold(alias))).collect()
}

/// Tells whether both titles share a word.
pub(super) fn same_title(labelled: &LabelledPerson, found: &StakeholderRecord) -> bool {
    let [one, other] =
        [&labelled.title, &found.title].map(|title| words(title.as_deref().unwrap_or_default()));
    !one.is_disjoint(&other)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::rules::Attitude;
    use crate::transcript::Side;

    #[test]
    fn values_agree_as_the_guide_says() {
        let cases = [
            ("due", json!("2026-03-31"), json!("2026-03-31"), true),
            ("due", json!(null), json!("2026-03-31"), false),
            ("due", json!(null), json!(null), true),
            ("type", json!("price"), json!("budget"), false),
            ("owner", json!("Dana Whitfield"), json!("Whitfield"), true),
            ("owner", json!(null), json!(""), true),
            ("owner", json!("Dana"), json!(null), false),
            ("target", json!("four hours"), json!("4 hours or less"), true),
            ("target", json!("four hours"), json!("five hours"), false),
            ("target", json!("4"), json!(null), false),
            ("value", json!("break clause for free"), json!("free break"), true),
            ("value", json!("break clause"), json!("price held"), false),
        ];
        for (name, labelled, found, wanted) in cases {
            assert_eq!(same_value(name, Some(&labelled), Some(&found)), wanted, "{name} {labelled} {found}");
        }
        assert!(same_value("due", None, Some(&json!(null))), "absent says as little as null");
    }

    fn labelled(name: Option<&str>, aliases: &[&str], title: &str) -> LabelledPerson {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let title = Some(title.to_owned());
        LabelledPerson { name: name.map(str::to_owned), aliases, title, ..LabelledPerson::default() }
    }

    fn found(name: Option<&str>, title: &str) -> StakeholderRecord {
        StakeholderRecord {
            name: name.map(str::to_owned),
            aliases: Vec::new(),
            title: Some(title.to_owned()),
            side: Side::Customer,
            roles: Vec::new(),
            attitude: Attitude::Unknown,
            evidence: Vec::new(),
            testified: Vec::new(),
        }
    }

    #[test]
    fn people_are_known_by_name_alias_first_name_or_title() {
        let renee = labelled(Some("Renée Dubois"), &["Mme Dubois"], "CFO");
        for name in ["renee dubois", "Mme Dubois", "Renée"] {
            assert!(same_person(&renee, &found(Some(name), "")), "{name}");
        }
        for name in [Some("Dubois"), Some("Renée Petit"), None] {
            assert!(!same_person(&renee, &found(name, "CFO")), "{name:?}");
        }
        let nobody = labelled(None, &[], "Head of Legal");
        assert!(same_person(&nobody, &found(None, "legal")));
        assert!(!same_person(&nobody, &found(None, "CFO")));
    }
}
