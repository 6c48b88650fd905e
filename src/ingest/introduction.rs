use std::sync::LazyLock;

use regex::Regex;

use crate::transcript::Name;

use super::label::in_order;
use super::roster::{Match, Roster};

/// Turns of a speaker in which an introduction counts; later "this is Dana" is about somebody else.
pub(super) const EARLY: usize = 12;

/// Cues that only ever introduce oneself.
const MYSELF: &str =
    r"my name is|my name's|mein name ist|hier spricht|je m'appelle|je m’appelle|me llamo|mi nombre es";

/// Cues after which a name may follow, or as well a nationality, a job or somebody else.
const PERHAPS: &str =
    r"i'm|i’m|i am|this is|it's|it’s|ich bin|hier ist|je suis|moi c'est|moi c’est|c'est|c’est|soy|habla";

/// What may stand before a cue at the start of a turn.
const GREETING: &str = r"(?:(?:uh|um|hi|hey|hello|yes|yeah|yep|okay|ok|so|well|thanks|thank you|good (?:morning|afternoon|evening)|morning|everyone|everybody|all|there|team|guys|folks|hallo|moin|guten (?:tag|morgen)|ja|zusammen|bonjour|bonsoir|oui|salut|à tous|hola|buenos días|buenas tardes|buenas|sí|a todos)[\s,.!]*)*";

/// A name in letters, with the small words inside it; written large unless nothing in the call is.
const NAME: &str = r"\p{L}[\p{L}’'-]*(?: (?:de|del|van|von|der|la|di|da))?(?: \p{L}[\p{L}’'-]*){0,2}";

static CERTAIN: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)\b(?:{MYSELF})\s+({NAME})")).ok());
static LIKELY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)(?:^|[.!?,]\s+)(?:{GREETING})(?:{PERHAPS})\s+({NAME})")).ok());
static HERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?i)(?:^|[.!?]\s+){GREETING}({NAME})\s+(?:here|hier|speaking|am apparat|al habla)\b"
    ))
    .ok()
});
static BARE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"(?i)^{GREETING}({NAME})(?:[,.]|$)")).ok());

/// Returns the name by which the speaker of `text` introduces themself.
///
/// A cue that introduces nobody else ("my name is") takes any capitalised name; every other cue, and a name that
/// stands alone at the start, takes a name that the roster has, or after "I'm" and "this is" a capitalised one
/// with a company or a role behind it.
pub(super) fn own_name(text: &str, roster: &Roster) -> Option<String> {
    let certain = || names(&CERTAIN, text).find_map(|name| known(name, roster).or_else(|| capitalised(name)));
    let likely = || names(&LIKELY, text).find_map(|name| likely(name, text, roster));
    let here = || names(&HERE, text).find_map(|name| whole(name, roster));
    let full = |name: &&str| name.contains(' ');
    let bare = || {
        names(&BARE, text)
            .find(full)
            .and_then(|name| known(name, roster).filter(|said| said.length == name.len()))
    };
    certain().or_else(likely).or_else(here).or_else(bare).map(|said| said.name)
}

static PRESENTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let formulas =
        r"this is|meet|das ist|voici|voilà|je vous présente|les presento a|te presento a|este es|esta es";
    Regex::new(&format!(r"(?i)\b(?:{formulas})\s+({NAME})")).ok()
});

/// Returns the names of people whom the speaker of `text` presents: "this is Hector", "je vous présente Maud".
pub(super) fn presented(text: &str) -> impl Iterator<Item = String> {
    names(&PRESENTS, text).filter_map(capitalised).map(|said| said.name)
}

/// A name that was said, and how many bytes of the text it takes.
struct Said {
    name: String,
    length: usize,
}

fn names<'t>(pattern: &'static LazyLock<Option<Regex>>, text: &'t str) -> impl Iterator<Item = &'t str> {
    let captures = pattern.as_ref().into_iter().flat_map(move |pattern| pattern.captures_iter(text));
    captures.filter_map(|found| found.get(1)).map(|name| name.as_str())
}

/// Takes a name only where it is all that stands before "here": "Dana is here" is about somebody else.
fn whole(name: &str, roster: &Roster) -> Option<Said> {
    known(name, roster).or_else(|| capitalised(name)).filter(|said| said.length == name.len())
}

/// Takes a name behind "I'm" or "this is": one of the roster, or one with a company or a place behind it.
fn likely(name: &str, text: &str, roster: &Roster) -> Option<Said> {
    const PLACED: [&str; 10] =
        ["from ", "with ", "at ", "over at ", "here", "von ", "aus ", "bei ", "de ", "chez "];
    let known = known(name, roster);
    let is_known = known.is_some();
    let said = known.or_else(|| capitalised(name))?;
    let start = name.as_ptr() as usize - text.as_ptr() as usize;
    let behind = text[start + said.length..].trim_start_matches(['.', ',', '!', ' ']);
    let first = name.split_whitespace().next()?;
    if behind.starts_with(first) || about_another(behind) {
        return None;
    }
    (is_known || PLACED.iter().any(|word| behind.starts_with(word))).then_some(said)
}

/// Tells whether what follows a name speaks of that person as of somebody else ("this is Hector, he runs …").
fn about_another(rest: &str) -> bool {
    let rest = rest.trim_start_matches([',', ' ']).to_lowercase();
    ["he ", "he's", "she ", "she's", "who ", "our ", "my ", "again", "'s "]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// Returns the leading words of `name` that are written large, and the small words of a name between them.
fn capitalised(name: &str) -> Option<Said> {
    let is_large = |word: &str| word.starts_with(char::is_uppercase);
    let in_name =
        |word: &&str| is_large(word) || ["de", "del", "van", "von", "der", "la", "di", "da"].contains(word);
    let mut words: Vec<&str> = name.split_whitespace().take_while(in_name).collect();
    while words.last().is_some_and(|word| !is_large(word)) {
        words.pop();
    }
    let first = *words.first()?;
    let is_word = NOT_NAMES.contains(&first.to_lowercase().as_str());
    let plain = is_large(first) && first.chars().count() > 1 && !first.contains(['\'', '’']);
    let name = words.join(" ");
    (plain && !is_word).then_some(Said { length: name.len(), name })
}

/// Words written large at the start of a sentence, or always, that are no names.
const NOT_NAMES: [&str; 32] = [
    "is",
    "are",
    "was",
    "right",
    "over",
    "who",
    "anybody",
    "people",
    "i",
    "i'm",
    "sorry",
    "just",
    "the",
    "we",
    "it",
    "so",
    "yes",
    "no",
    "not",
    "good",
    "great",
    "english",
    "german",
    "french",
    "spanish",
    "american",
    "british",
    "monday",
    "friday",
    "everybody",
    "nobody",
    "okay",
];

/// Returns the name of the one person in the roster whom the longest beginning of `name` means.
fn known(name: &str, roster: &Roster) -> Option<Said> {
    let words: Vec<&str> = name.split_whitespace().collect();
    (1..=words.len()).rev().find_map(|count| {
        let beginning = words[..count].join(" ");
        let said = Name::new(&beginning);
        if said.words().first()?.chars().count() < 2 {
            return None;
        }
        match roster.find(&said, |_, _| true) {
            Match::One(at) => Some(Said { name: in_order(&roster.people[at].name), length: beginning.len() }),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcript::{Call, Deal, Participant};

    fn roster() -> Roster {
        let person = |name: &str| Participant { name: name.to_owned(), ..Participant::default() };
        let participants = ["Dana Whitfield", "Kofi Mensah", "Sabine Kettler"].map(person).into();
        Roster::of(&Call { participants, ..Call::default() }, &Deal::default())
    }

    #[test]
    fn people_introduce_themselves_in_many_ways() {
        let cases = [
            ("Hi everyone, this is Dana, I look after the warehouses.", Some("Dana Whitfield")),
            ("yeah hi this is dana from acme", Some("Dana Whitfield")),
            ("Morning. I'm Renske de Wit from the Utrecht office.", Some("Renske de Wit")),
            ("Hey, Kofi here, can you hear me?", Some("Kofi Mensah")),
            ("Uh, Kofi Mensah. I was told to come.", Some("Kofi Mensah")),
            ("My name is Ola Berg and I do payroll.", Some("Ola Berg")),
            ("Guten Tag, Kettler hier.", Some("Sabine Kettler")),
            ("Bonjour, je m'appelle Maud Perrier, je suis aux achats.", Some("Maud Perrier")),
            ("And this is Kofi. Kofi, say something.", None),
            ("This is Dana's spreadsheet, actually.", None),
            ("I'm American, so I count from Sunday.", None),
            ("Hey Dana. Kofi here.", Some("Kofi Mensah")),
            ("Dana is here. Is Kofi here?", None),
            ("Dana, are you there?", None),
            ("This is great.", None),
            ("I'm sorry, I'm on mute.", None),
        ];
        for (text, name) in cases {
            assert_eq!(own_name(text, &roster()).as_deref(), name, "{text}");
        }
    }
}
