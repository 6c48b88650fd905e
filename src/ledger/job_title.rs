use std::collections::HashMap;
use std::sync::LazyLock;

use crate::transcript::Name;

/// Titles that mean one post, one post a line.
const POSTS: &str = include_str!("../../rules/shared/people/titles.txt");

/// Words of a title without weight: the compliance officer is who is "in compliance".
const EMPTY: &[&str] =
    &["officer", "the", "a", "an", "our", "der", "die", "das", "le", "la", "les", "el", "los", "las"];

/// A job title, folded so that two ways to name one post compare as equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct JobTitle(String);

impl JobTitle {
    /// Returns the folded form of `title`; what stands behind a comma tells where the post is held.
    pub(super) fn new(title: &str) -> Self {
        let folded = folded(title.split(',').next().unwrap_or_default());
        Self(KNOWN.get(&folded).map_or(folded, |post| (*post).to_owned()))
    }
}

/// Each known form with the first form of its line.
static KNOWN: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let posts = POSTS.lines().filter(|line| !line.starts_with('#'));
    let forms = posts.flat_map(|line| {
        let post = line.split('|').next().unwrap_or_default().trim();
        line.split('|').map(move |form| (folded(form), post))
    });
    forms.collect()
});

fn folded(title: &str) -> String {
    let name = Name::new(title);
    let words = name.words().iter().filter(|word| !EMPTY.contains(&word.as_str()));
    words.map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_post_has_many_names_and_another_stays_another() {
        for (one, other, wanted) in [
            ("CFO", "finance chief", true),
            ("Chief Financial Officer, EMEA", "cfo", true),
            ("Directrice financière", "DAF", true),
            ("Compliance Officer", "compliance", true),
            ("CFO", "CIO", false),
            ("IT manager", "office manager", false),
        ] {
            assert_eq!(JobTitle::new(one) == JobTitle::new(other), wanted, "{one} / {other}");
        }
    }

    #[test]
    fn no_form_stands_for_two_posts() {
        for line in POSTS.lines().filter(|line| !line.starts_with('#')) {
            let post = line.split('|').next().unwrap().trim();
            for form in line.split('|') {
                assert_eq!(KNOWN.get(&folded(form)), Some(&post), "{form}");
            }
        }
    }
}
