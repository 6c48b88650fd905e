//! Contrast pairs: two lines that differ in a way of speaking, one that must be found and one that must not.
//! `fixtures/contrast/<language>.toml` holds them, `known_misses.toml` those of which a member is still read wrongly.

use std::collections::{BTreeMap, BTreeSet};

use readback::detect::detect;
use readback::rules::{Kind, RuleSet};
use readback::transcript::{Deal, Language};
use serde::Deserialize;

const MISSES: &str = "fixtures/contrast/known_misses.toml";
const ABOUT: &str = "# Numbers of the pairs of which a member is read wrongly, by language; the share that is read\n\
                     # right stands in the README. BLESS=1 cargo test contrast:: writes this file: read the difference.\n\n";
const LANGUAGES: [&str; 4] = ["de", "en", "es", "fr"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    pair: Vec<Pair>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    number: u32,
    phenomenon: String,
    kind: String,
    yes: String,
    no: String,
}

impl Pair {
    fn is_kind(&self, kind: Kind) -> bool {
        match self.kind.as_str() {
            "commitment" => matches!(kind, Kind::Promise | Kind::NextStep),
            name => kind.as_str() == name,
        }
    }

    fn finds(&self, lines: &str, language: &str) -> bool {
        let line = |line: &str| {
            let (side, words) = line.split_once(':').unwrap();
            format!("{0} ({0}): {1}\n", side.trim(), words.trim())
        };
        // The lines stand in the middle of a call, where most is said.
        let [before, behind] = small_talk(language);
        let lines: String =
            before.iter().copied().chain(lines.trim().lines()).chain(behind).map(line).collect();
        let mut call = crate::calls::transcript(&format!("date: 2026-03-10\n{lines}"));
        call.language = Some(Language::from_tag(language));
        let found = detect(&call, &Deal::default(), &RuleSet::builtin()).findings;
        let said = before.len()..call.turns.len() - behind.len();
        let own = |turn: u32| said.contains(&(turn as usize));
        found.iter().any(|finding| self.is_kind(finding.kind()) && own(finding.quote.span().turn))
    }

    fn is_right(&self, language: &str) -> bool {
        self.finds(&self.yes, language) && !self.finds(&self.no, language)
    }
}

/// Returns what is said before and behind: nothing that anybody would note.
fn small_talk(language: &str) -> [[&'static str; 4]; 2] {
    match language {
        "de" => [
            [
                "rep: Guten Morgen zusammen.",
                "customer: Morgen. Hört man mich?",
                "rep: Ja, bestens.",
                "customer: Gut, dann los.",
            ],
            [
                "customer: Mhm.",
                "rep: Noch etwas dazu?",
                "customer: Nein, so weit klar.",
                "rep: Dann schönen Tag.",
            ],
        ],
        "es" => [
            [
                "rep: Buenos días a todos.",
                "customer: Buenos días. ¿Se me oye?",
                "rep: Sí, muy bien.",
                "customer: Pues adelante.",
            ],
            [
                "customer: Ajá.",
                "rep: ¿Algo más sobre eso?",
                "customer: No, queda claro.",
                "rep: Que tengan buen día.",
            ],
        ],
        "fr" => [
            [
                "rep: Bonjour à tous.",
                "customer: Bonjour. On m'entend ?",
                "rep: Oui, très bien.",
                "customer: Alors allons-y.",
            ],
            [
                "customer: Mhm.",
                "rep: Autre chose là-dessus ?",
                "customer: Non, c'est clair.",
                "rep: Bonne journée.",
            ],
        ],
        _ => [
            [
                "rep: Good morning, everybody.",
                "customer: Morning. Can you hear me?",
                "rep: Yes, very well.",
                "customer: Go ahead then.",
            ],
            [
                "customer: Mm-hm.",
                "rep: Anything else on that?",
                "customer: No, that's clear.",
                "rep: Have a good day.",
            ],
        ],
    }
}

fn pairs(language: &str) -> Vec<Pair> {
    let text = std::fs::read_to_string(format!("fixtures/contrast/{language}.toml")).unwrap();
    toml::from_str::<Pairs>(&text).unwrap().pair
}

#[test]
fn both_members_of_every_pair_are_read_right_but_for_the_known_misses() {
    let wrong = |language: &str| -> BTreeSet<u32> {
        let pairs = pairs(language);
        let wrong: BTreeSet<u32> =
            pairs.iter().filter(|pair| !pair.is_right(language)).map(|pair| pair.number).collect();
        assert!(wrong.len() < pairs.len(), "{language}: nothing is read right");
        wrong
    };
    let found: BTreeMap<&str, BTreeSet<u32>> = LANGUAGES.map(|language| (language, wrong(language))).into();
    if std::env::var_os("BLESS").is_some() {
        let rows =
            found.iter().map(|(language, wrong)| format!("{language} = {wrong:?}\n").replace(['{', '}'], ""));
        let rows = rows.map(|row| row.replacen("= ", "= [", 1).replace('\n', "]\n"));
        std::fs::write(MISSES, format!("{ABOUT}{}", rows.collect::<String>())).unwrap();
    }
    let known: BTreeMap<String, BTreeSet<u32>> =
        toml::from_str(&std::fs::read_to_string(MISSES).unwrap()).unwrap();
    for (language, wrong) in &found {
        let new: Vec<_> = wrong.difference(&known[*language]).collect();
        let named = pairs(language).into_iter().filter(|pair| new.contains(&&pair.number));
        let named: Vec<_> = named.map(|pair| format!("{} {}", pair.number, pair.phenomenon)).collect();
        assert!(named.is_empty(), "{language}: no longer read right: {}", named.join("; "));
        let mended: Vec<_> = known[*language].difference(wrong).collect();
        assert!(mended.is_empty(), "{language}: read right by now, take them out of {MISSES}: {mended:?}");
    }
}
