use std::sync::LazyLock;

use regex::Regex;

use crate::transcript::Name;

/// A recorder's label taken apart: `Whitfield, Dana (she/her) | Acme` is Dana Whitfield of Acme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Label {
    /// The person's name as written, badges off and `Last, First` in order; `None` for `Speaker 1`, a telephone
    /// number or a room.
    pub(super) name: Option<String>,
    /// The company that the label mentions.
    pub(super) company: Option<String>,
    /// The e-mail address that stands for a name.
    pub(super) email: Option<String>,
}

/// What meeting tools add to a name in brackets, none of which is a company.
const BADGES: [&str; 27] = [
    "unverified",
    "external",
    "guest",
    "host",
    "co-host",
    "organizer",
    "presenter",
    "me",
    "you",
    "mobile",
    "phone",
    "audio",
    "video",
    "extern",
    "externe",
    "externo",
    "gast",
    "gastgeber",
    "invité",
    "invitée",
    "hôte",
    "invitado",
    "invitada",
    "anfitrión",
    "nicht überprüft",
    "non vérifié",
    "no verificado",
];

static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let kinds = "speaker|spk|channel|ch|participant|user|guest|caller|sprecher|teilnehmer|orador|hablante|locuteur|intervenant";
    Regex::new(&format!(
        r"(?i)^(?:(?:{kinds})[ _#-]*(?:[0-9]+|[a-z])?(?: speaker [0-9]+)?|[a-z]?[0-9]+|[a-z])$"
    ))
    .ok()
});

static NOBODY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "unknown(?: speaker)?|unidentified(?: speaker)?|anonymous|unbekannt|inconnu|desconocido|agent|customer|iphone|ipad|uu|n/?a";
    Regex::new(&format!(r"(?i)^(?:{words}|\+?[0-9() .*x-]{{5,}}|[^\p{{L}}]*)$")).ok()
});

static ROOM: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:room|boardroom|conf|conference|huddle|zoom rooms?|raum|besprechung\w*|salle|sala)\b",
    )
    .ok()
});

fn is(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

impl Label {
    /// Takes `written` apart.
    pub(super) fn new(written: &str) -> Self {
        let mut label = Self::default();
        let bare = label.without_brackets(written);
        if is(&NUMBERED, &bare) || is(&NOBODY, &bare) {
            return label;
        }
        if bare.contains('@') && !bare.contains(' ') {
            label.email = Some(bare);
            return label;
        }
        let person = label.without_company(&bare);
        let owner = person.trim_end_matches(" iPhone").trim_end_matches(" iPad");
        let owner = if owner.len() < person.len() {
            owner.trim_end_matches("'s").trim_end_matches("’s")
        } else {
            owner
        };
        label.name = Some(in_order(owner)).filter(|name| !is(&ROOM, name) && !name.is_empty());
        label
    }

    /// Returns what two labels of one person have in common once badges are off: the words of a full name in any
    /// order. `None` for a first name alone, since two people in a call may be called Dana.
    pub(super) fn identity(&self) -> Option<Vec<String>> {
        let mut words = Name::new(self.name.as_deref()?).words().to_vec();
        words.sort();
        Some(words).filter(|words| words.len() >= 2)
    }

    fn without_brackets(&mut self, written: &str) -> String {
        let mut bare = String::new();
        for (index, piece) in written.split(['(', '[']).enumerate() {
            let Some((inside, behind)) = piece.split_once([')', ']']).filter(|_| index > 0) else {
                bare.push_str(piece);
                continue;
            };
            let badge = inside.trim().to_lowercase();
            let is_badge = BADGES.contains(&badge.as_str())
                || badge.contains('/')
                || !badge.contains(char::is_alphabetic);
            if !is_badge && self.company.is_none() {
                self.company = Some(inside.trim().to_owned());
            }
            bare.push(' ');
            bare.push_str(behind);
        }
        bare.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn without_company(&mut self, bare: &str) -> String {
        let separator =
            [" | ", " - ", " – ", " — ", " @ ", " / "].into_iter().find(|separator| bare.contains(separator));
        let Some((left, right)) = separator.and_then(|separator| bare.split_once(separator)) else {
            return bare.to_owned();
        };
        let (person, company) = if is(&ROOM, left) { (right, None) } else { (left, Some(right)) };
        self.company = self.company.take().or(company.map(|company| company.trim().to_owned()));
        person.trim().to_owned()
    }
}

/// Puts a name as it is read aloud: `Whitfield, Dana` and `WHITFIELD Dana` are `Dana Whitfield`, and a name
/// written all small or all large gets its capitals.
pub(super) fn in_order(name: &str) -> String {
    let name = name.trim().trim_matches(',').trim();
    if let Some((last, first)) = name.split_once(',') {
        return in_order(&format!("{} {}", first.trim(), last.trim()));
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_large = |word: &&str| {
        word.chars().count() > 1
            && word.chars().any(char::is_alphabetic)
            && !word.contains(char::is_lowercase)
    };
    let large = words.iter().take_while(|word| is_large(word)).count();
    if large > 0 && large < words.len() && !words[large..].iter().any(is_large) {
        let first = words[large..].iter().map(|word| (*word).to_owned());
        let last = words[..large].iter().map(|word| capitalised(word));
        return first.chain(last).collect::<Vec<_>>().join(" ");
    }
    let unmixed = !name.contains(char::is_uppercase) || (large == words.len() && words.len() > 1);
    if unmixed {
        words.iter().map(|word| capitalised(word)).collect::<Vec<_>>().join(" ")
    } else {
        words.join(" ")
    }
}

fn capitalised(word: &str) -> String {
    /// Words inside a name that stay small.
    const SMALL: [&str; 13] =
        ["de", "del", "der", "den", "van", "von", "zu", "da", "dos", "di", "la", "le", "y"];
    let lower = word.to_lowercase();
    if SMALL.contains(&lower.as_str()) {
        return lower;
    }
    let mut begins = true;
    let letter = |c: char| {
        let shown = if begins { c.to_uppercase().collect::<String>() } else { c.to_string() };
        begins = matches!(c, '-' | '\'' | '’');
        shown
    };
    lower.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badges_rooms_and_companies_are_no_part_of_a_name() {
        let cases = [
            ("Dana Whitfield (Unverified)", Some("Dana Whitfield"), None),
            ("Whitfield, Dana (she/her) [External]", Some("Dana Whitfield"), None),
            ("WHITFIELD Dana", Some("Dana Whitfield"), None),
            ("dana o'neill-whitfield", Some("Dana O'Neill-Whitfield"), None),
            ("Dana Whitfield (Acme Freight)", Some("Dana Whitfield"), Some("Acme Freight")),
            ("Dana Whitfield | Acme", Some("Dana Whitfield"), Some("Acme")),
            ("Conf Room 4 – Dana Whitfield", Some("Dana Whitfield"), None),
            ("Conf Room 4", None, None),
            ("Dana's iPhone", Some("Dana"), None),
            ("Renske de Wit", Some("Renske de Wit"), None),
            ("DJ", Some("DJ"), None),
        ];
        for (written, name, company) in cases {
            let label = Label::new(written);
            assert_eq!((label.name.as_deref(), label.company.as_deref()), (name, company), "{written}");
        }
    }

    #[test]
    fn a_number_a_letter_or_a_telephone_is_nobody_s_name() {
        let labels = [
            "0",
            "A",
            "Speaker 1",
            "spk_0",
            "SPEAKER_00",
            "ch_1",
            "S1",
            "channel 0 speaker 2",
            "+1 (555) 010-2233",
            "Unknown Speaker",
            "5720938114436102847",
            "",
            "?",
        ];
        for written in labels {
            assert_eq!(Label::new(written).name, None, "{written}");
        }
    }

    #[test]
    fn a_first_name_alone_is_not_enough_to_be_the_same_person() {
        let full = Label::new("Dana Whitfield").identity();
        assert!(full.is_some());
        assert_eq!(full, Label::new("Whitfield, Dana (Guest)").identity());
        assert_eq!(Label::new("Dana (Guest)").identity(), None);
    }
}
