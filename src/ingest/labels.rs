use std::collections::HashMap;

/// Bytes of the longest label: a display name with pronouns, title and company.
const LONGEST: usize = 80;

/// Words of the longest label, not counting what stands in parentheses.
const MOST_WORDS: usize = 5;

/// Words that end what stands before a colon and name nobody (`Next steps:`), in the languages that we read.
const NOT_NAMES: &[&str] = &[
    "actions",
    "agenda",
    "asistentes",
    "attendee",
    "attendees",
    "break",
    "conclusion",
    "date",
    "datum",
    "decision",
    "decisions",
    "diapositivas",
    "duración",
    "duration",
    "ergebnis",
    "example",
    "fazit",
    "fecha",
    "feedback",
    "frage",
    "from",
    "goal",
    "goals",
    "hinweis",
    "http",
    "https",
    "idea",
    "items",
    "jour",
    "language",
    "link",
    "links",
    "location",
    "lugar",
    "meeting",
    "music",
    "next",
    "nota",
    "note",
    "notes",
    "notiz",
    "option",
    "organizer",
    "overview",
    "participantes",
    "participants",
    "pasos",
    "point",
    "problem",
    "ps",
    "question",
    "questions",
    "recap",
    "recorded",
    "recording",
    "remarque",
    "result",
    "schritte",
    "sent",
    "steps",
    "subject",
    "summary",
    "tagesordnung",
    "takeaway",
    "takeaways",
    "task",
    "tasks",
    "teilnehmer",
    "tema",
    "thema",
    "time",
    "tip",
    "titel",
    "title",
    "to",
    "todo",
    "topic",
    "topics",
    "transcript",
    "update",
    "updates",
    "url",
    "warning",
    "wichtig",
    "www",
    "étapes",
];

/// Words inside a name that are written small.
const PARTICLES: &[&str] = &[
    "al", "bin", "da", "das", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "of",
    "van", "von", "y", "zu",
];

/// The labels (`Dana Whitfield: …`) of one file: whether a prefix names a speaker is seen from all of its lines.
pub(super) struct Labels<'a> {
    /// The prefixes that name a speaker, with how often each stands.
    speakers: HashMap<&'a str, usize>,
}

impl<'a> Labels<'a> {
    /// Counts the prefixes of `lines`, each with whether it begins a caption or a paragraph.
    pub(super) fn of(lines: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let mut prefixes: HashMap<&str, Prefix> = HashMap::new();
        let mut beginnings = 0;
        for (line, begins) in lines {
            beginnings += usize::from(begins);
            if let Some((label, _)) = prefix(line) {
                let prefix = prefixes.entry(label).or_default();
                prefix.lines += 1;
                prefix.beginnings += usize::from(begins);
            }
        }
        prefixes.retain(|label, _| could_be_label(label));
        let recurring: usize =
            prefixes.values().filter(|prefix| prefix.lines > 1).map(|prefix| prefix.beginnings).sum();
        let named: usize = prefixes
            .iter()
            .filter(|(label, _)| looks_like_name(label))
            .map(|(_, prefix)| prefix.beginnings)
            .sum();
        // Where three paragraphs in four begin with a label that comes back, or four in five with what looks like a
        // name, a label is what begins a paragraph.
        let regular =
            (recurring > 1 && recurring * 4 >= beginnings * 3) || (named > 1 && named * 5 >= beginnings * 4);
        prefixes.retain(|label, prefix| names_a_speaker(label, prefix.lines, regular));
        Self { speakers: prefixes.into_iter().map(|(label, prefix)| (label, prefix.lines)).collect() }
    }

    /// Splits `line` into a speaker's label and the words after it.
    pub(super) fn split<'t>(&self, line: &'t str) -> Option<(&'t str, &'t str)> {
        prefix(line).filter(|(label, _)| self.speakers.contains_key(label))
    }

    /// Splits `line` only at a label that begins other lines too.
    pub(super) fn split_known<'t>(&self, line: &'t str) -> Option<(&'t str, &'t str)> {
        prefix(line).filter(|(label, _)| self.speakers.get(label).is_some_and(|lines| *lines > 1))
    }
}

/// How often what stands before a colon does so.
#[derive(Default)]
struct Prefix {
    lines: usize,
    /// Lines that begin a caption or a paragraph.
    beginnings: usize,
}

fn names_a_speaker(label: &str, lines: usize, regular: bool) -> bool {
    let words = label.split('(').next().unwrap_or_default().split_whitespace().count();
    match lines {
        1 if looks_like_name(label) => words > 1 || regular,
        1 => words == 1 && regular,
        _ => looks_like_name(label) || regular,
    }
}

/// Splits `line` at its first colon, where that ends a word and stands near enough.
fn prefix(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let colon = line.char_indices().take_while(|(at, _)| *at <= LONGEST).find(|(at, c)| match c {
        ':' => line[at + 1..].chars().next().is_none_or(char::is_whitespace),
        c => *c == '：',
    });
    let (at, colon) = colon?;
    Some((line[..at].trim_end(), line[at + colon.len_utf8()..].trim_start()))
}

/// Tells whether `label` has the shape of a label: short, without the marks of a sentence, none of [`NOT_NAMES`].
pub(super) fn could_be_label(label: &str) -> bool {
    let bare = label.split(['(', '[', '|']).next().unwrap_or_default().trim();
    let bare = if bare.is_empty() { label } else { bare };
    let sentence =
        |c: char| matches!(c, '?' | '!' | ';' | '…' | '"' | '“' | '”' | '。' | '、' | '，' | '\u{FFFD}');
    label.len() <= LONGEST
        && label.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '@' | '(' | '<' | '[' | '~' | '_'))
        && bare.contains(char::is_alphanumeric)
        && bare.split_whitespace().count() <= MOST_WORDS
        && bare.matches(',').count() <= 1
        && !bare.ends_with(',')
        && !bare.contains(sentence)
        && !bare.contains("://")
        && !bare.split_whitespace().next_back().is_some_and(is_not_a_name)
}

fn is_not_a_name(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    NOT_NAMES.binary_search(&word.as_str()).is_ok()
}

/// Tells whether every word of `label` is written as in a name: with a capital, a digit, or in a script that has no
/// capitals.
pub(super) fn looks_like_name(label: &str) -> bool {
    // `iPad` and `w1g0` are names too.
    let written_so = |word: &str| word.chars().any(|c| c.is_alphanumeric() && !c.is_lowercase());
    let name_word =
        |word: &str| PARTICLES.contains(&word) || !word.contains(char::is_alphanumeric) || written_so(word);
    let bare = label.split('(').next().unwrap_or_default();
    bare.split_whitespace().any(written_so) && bare.split_whitespace().all(name_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(lines: &[&'static str]) -> Vec<Option<&'static str>> {
        let labels = Labels::of(lines.iter().map(|line| (*line, true)));
        lines.iter().map(|line| labels.split(line).map(|(label, _)| label)).collect()
    }

    #[test]
    fn a_name_has_a_capital_or_comes_back() {
        let found = labels(&[
            "Renske de Wit: shall we start",
            "Note: nobody took minutes",
            "Next steps: send the sheet",
            "https://example.test/x: see there",
            "we said: no",
            "Speaker 1: hm",
            "Q3: that's the hard one",
        ]);
        assert_eq!(found, [Some("Renske de Wit"), None, None, None, None, Some("Speaker 1"), None]);
    }

    #[test]
    fn in_a_file_of_labels_small_letters_and_other_scripts_are_names_too() {
        let found =
            labels(&["田中：はい", "dana w: hi", "田中：では", "dana w: hello", "dana w: so", "kofi: yes"]);
        assert_eq!(found[0], Some("田中"));
        assert_eq!(found[1], Some("dana w"));
        assert_eq!(found[5], Some("kofi"));
    }

    #[test]
    fn words_that_name_nobody_are_in_order() {
        assert!(NOT_NAMES.is_sorted(), "binary search needs order");
    }
}
