use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use unicode_segmentation::UnicodeSegmentation as _;

/// Words that carry no object: grammar, politeness, units, verbs that fit every promise, and every way to name a date
/// (a date may move without the promise becoming another one).
static EMPTY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a an the this that these those it its there here and or but so if then than as of in on at by to from with into \
     about over under up down out off for is are was were be been being am do does did done doing have has had \
     having i me my mine we us our ours you your yours y'all he him his she her they them their who whom which what \
     when where why how not no yes yeah yep yup okay ok sure well just also too very really actually still already \
     again like uh um hmm mm will would shall should can could may might must gonna going go goes went gone come \
     comes came get gets got gotten make makes made take takes took taken put puts give gives gave given let lets \
     say says said tell tells told know think thing things stuff way lot bit kind sort all any some every each both \
     one ones other another everything anything something everybody somebody nobody more most less much many few \
     only even ever never always now today tomorrow tonight day days week weeks month months quarter quarters year \
     years morning afternoon evening noon night end start mid middle early late later latest before after until till \
     within during monday tuesday wednesday thursday friday saturday sunday january february march april june july \
     august september october november december jan feb mar apr jun jul aug sep sept oct nov dec spring summer \
     autumn fall winter thanksgiving christmas easter first second third fourth fifth sixth seventh eighth ninth \
     tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth \
     thirtieth percent dollar dollars hour hours minute minutes happen happens leave leaves mean means feel \
     feels see sees ask asks talk number live ready able team people plan work works working need needs want wants keep keeps time soon \
     promise promised commit committed absolutely definitely problem worries happy fine good great right please \
     thanks thank because while since through per back sir ma'am guys folks company side part whole own \
     der die das ein eine einen und oder wir ihr sie ich es ist sind wird werden mit von für bis auf den dem zum zur \
     im am le la les un une des et ou nous vous je on est sont sera avec pour de du au aux dans sur d'ici el los las \
     una y o nosotros usted ustedes yo es son será con para del al en por que"
        .split_whitespace()
        .collect()
});

/// Past forms that a suffix does not give away.
const IRREGULAR: &[(&str, &str)] = &[
    ("sent", "send"),
    ("built", "build"),
    ("wrote", "write"),
    ("written", "write"),
    ("drawn", "draw"),
    ("drew", "draw"),
    ("held", "hold"),
    ("met", "meet"),
    ("paid", "pay"),
    ("brought", "bring"),
    ("taught", "teach"),
    ("spoke", "speak"),
    ("ran", "run"),
];

/// Number words that stand for a figure; "one" is left out, for it mostly is a pronoun.
const FIGURES: &[(&str, &str)] = &[
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("fifteen", "15"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("sixty", "60"),
    ("ninety", "90"),
    ("hundred", "100"),
    ("thousand", "1000"),
];

/// How many words after "for" name whom something is for.
const AUDIENCE_WORDS: usize = 4;

/// What some words are about, with grammar, dates and people's names left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gist {
    /// Stems of content words.
    pub(super) words: BTreeSet<String>,
    /// Those that are written as names ("NetSuite", "SSO").
    pub(super) names: BTreeSet<String>,
    /// Those that say for whom ("for contractors").
    pub(super) audience: BTreeSet<String>,
    /// Figures, in digits.
    pub(super) figures: BTreeSet<String>,
}

impl Gist {
    /// Returns the gist of `text` without the words of `date` and without `people`.
    pub(super) fn of(text: &str, date: Option<&str>, people: &HashSet<String>) -> Self {
        let text = match date.filter(|date| !date.is_empty()).and_then(|date| text.split_once(date)) {
            Some((before, after)) => format!("{before} {after}"),
            None => text.to_owned(),
        };
        let mut gist = Self::default();
        let (mut for_whom, mut opens) = (0, true);
        let shouted = !text.chars().any(char::is_lowercase);
        for token in text.split_word_bounds() {
            if !token.chars().any(char::is_alphanumeric) {
                opens |= token.contains(['.', '?', '!']);
                for_whom = if token.trim().is_empty() { for_whom } else { 0 };
                continue;
            }
            let folded = fold(token);
            let starts = std::mem::replace(&mut opens, false);
            for_whom = if folded == "for" { AUDIENCE_WORDS } else { for_whom.saturating_sub(1) };
            if let Some(figure) = figure(&folded) {
                gist.figures.insert(figure);
            } else if is_content(&folded) && !people.contains(folded.trim_end_matches("'s")) {
                let stem = stem(&folded);
                if !shouted && is_name(token, starts) {
                    gist.names.insert(stem.clone());
                }
                if for_whom > 0 {
                    gist.audience.insert(stem.clone());
                }
                gist.words.insert(stem);
            }
        }
        gist
    }

    /// Takes in what `other` is about.
    pub(super) fn add(&mut self, other: Self) {
        self.words.extend(other.words);
        self.names.extend(other.names);
        self.audience.extend(other.audience);
        self.figures.extend(other.figures);
    }

    /// Returns how alike two gists are, 0 where they are about different things.
    ///
    /// One shared word is enough only where it is a name or where one side says nothing else; two must make up
    /// half of the shorter side. Different names and different audiences are different things.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let shared = self.words.intersection(&other.words).count();
        let shorter = self.words.len().min(other.words.len());
        if shared == 0 || apart(&self.names, &other.names) || apart(&self.audience, &other.audience) {
            return 0.0;
        }
        let share = shared as f64 / shorter as f64;
        let named =
            self.names.intersection(&other.words).chain(other.names.intersection(&self.words)).count();
        let enough = if shared > 1 || named > 0 { share >= 0.5 } else { shorter == 1 };
        if enough { shared as f64 + share } else { 0.0 }
    }

    /// Tells whether figures differ: "two days" and "three days", not "three days" and "three days at ten".
    pub(super) fn figures_differ(&self, other: &Self) -> bool {
        !self.figures.is_empty()
            && !other.figures.is_empty()
            && !self.figures.is_subset(&other.figures)
            && !other.figures.is_subset(&self.figures)
    }
}

fn apart(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// Returns `word` in lower case, without diacritics and typographic apostrophes.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let plain = word.nfkd().filter(|c| !is_combining_mark(*c));
    plain.map(|c| if c == '’' { '\'' } else { c }).flat_map(char::to_lowercase).collect()
}

fn is_content(folded: &str) -> bool {
    let bare = folded.split('\'').next().unwrap_or_default();
    bare.chars().count() > 1 && !EMPTY.contains(folded) && !EMPTY.contains(bare)
}

/// Tells whether a word is written as a name: a capital that no sentence start explains, or one inside.
fn is_name(token: &str, starts_sentence: bool) -> bool {
    let capitals = token.chars().filter(|c| c.is_uppercase()).count();
    let first = token.chars().next().is_some_and(char::is_uppercase);
    capitals > usize::from(first) || (first && !starts_sentence)
}

/// Returns the digits of a figure; ordinals ("29th") and years are dates and none.
fn figure(folded: &str) -> Option<String> {
    FIGURES.iter().find(|(word, _)| *word == folded).map(|(_, digits)| (*digits).to_owned()).or_else(|| {
        let digits = folded.starts_with(|c: char| c.is_ascii_digit());
        digits.then(|| folded.chars().filter(char::is_ascii_digit).collect())
    })
}

/// Returns the stem of an English word, as far as plural, tense and "-ion" go; other words stay nearly whole.
fn stem(folded: &str) -> String {
    let word = folded.split('\'').next().unwrap_or_default();
    if let Some((_, base)) = IRREGULAR.iter().find(|(past, _)| *past == word) {
        return (*base).to_owned();
    }
    let mut stem = singular(word);
    for (suffix, shortest) in [("ing", 6), ("ion", 7), ("ed", 5)] {
        if stem.len() >= shortest && stem.ends_with(suffix) {
            stem.truncate(stem.len() - suffix.len());
            undouble(&mut stem);
            break;
        }
    }
    if stem.len() > 4 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

fn singular(word: &str) -> String {
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() > 2) {
        return format!("{base}y");
    }
    let plural =
        word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

fn undouble(stem: &mut String) {
    let mut last = stem.chars().rev();
    if let (Some(one), Some(other)) = (last.next(), last.next())
        && one == other
        && !matches!(one, 'l' | 's' | 'e' | 'o')
    {
        stem.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gist(text: &str) -> Gist {
        Gist::of(text, None, &HashSet::new())
    }

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for (one, other) in [
            ("training", "train"),
            ("fences", "fence"),
            ("drawn", "draw"),
            ("integration", "integrate"),
            ("mapping", "mapped"),
            ("deliveries", "delivery"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} / {other}");
        }
    }

    #[test]
    fn the_same_thing_in_other_words_is_alike_and_another_object_is_not() {
        let cases = [
            ("the NetSuite sync is live by June", "you'll have NetSuite syncing in July", true),
            ("we'll train your dispatchers on site", "on-site training for the dispatchers, two days", true),
            ("SSO for your staff by March", "SSO for the contractors by March", false),
            ("the NetSuite sync by June", "the Salesforce sync by June", false),
            ("we'll send the audit report", "we'll cap the renewal increase", false),
            ("we'll be live by June", "we'll be live by July", false),
        ];
        for (one, other, wanted) in cases {
            assert_eq!(gist(one).likeness(&gist(other)) > 0.0, wanted, "{one} / {other}");
        }
    }

    #[test]
    fn a_word_spoken_as_a_number_is_a_figure() {
        assert!(gist("two days on site").figures_differ(&gist("3 days on site")));
        assert!(!gist("two days on site").figures_differ(&gist("2 days on site")));
        assert!(!gist("on site").figures_differ(&gist("3 days on site")));
    }
}
