use crate::transcript::{Call, Participant, Place};

use super::labels::could_be_label;
use super::notice::Notice;
use super::problems::{Problems, excerpt};
use super::started::started_at;

/// Headings of a list of names.
const PEOPLE: &[&str] =
    &["asistentes", "attendees", "invited", "participantes", "participants", "speakers", "teilnehmer"];

/// Words of the longest title.
const TITLE_WORDS: usize = 16;

/// Reads what stands above the first speaker (title, date, attendees) into a call.
#[derive(Default)]
pub(super) struct Preamble {
    /// What was found.
    pub(super) call: Call,
    /// Whether a list of people was announced.
    pub(super) has_people: bool,
    section: Section,
    /// Whether the list in the front matter is one of people.
    lists_people: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Section {
    #[default]
    Top,
    People,
    Keywords,
    /// Between the `---` lines of a Markdown file.
    FrontMatter,
}

impl Preamble {
    /// Reads one line; a line that is nothing known becomes a problem.
    pub(super) fn line(&mut self, line: &str, place: Place, problems: &mut Problems) {
        let bare = line.trim_matches(|c: char| matches!(c, '#' | '*' | '_') || c.is_whitespace());
        if line == "---" {
            let inside = self.section == Section::FrontMatter;
            self.section = if inside { Section::Top } else { Section::FrontMatter };
        } else if self.section == Section::FrontMatter {
            self.front_matter(line);
        } else if bare.is_empty() || Notice::of(bare).is_some() || self.heading(bare) {
        } else if self.section == Section::People {
            self.people(bare.trim_start_matches("- "));
        } else if self.section != Section::Keywords
            && !self.date(bare)
            && !self.pair(bare)
            && !self.title(bare)
        {
            problems.note("line-without-speaker", place, || {
                format!("{} stands above the first speaker; kept out of what was said", excerpt(line))
            });
        }
    }

    /// Ends a list where a blank line ends it.
    pub(super) fn blank(&mut self) {
        let listed = self.section == Section::People && !self.call.participants.is_empty();
        if listed || self.section == Section::Keywords {
            self.section = Section::Top;
        }
    }

    fn heading(&mut self, bare: &str) -> bool {
        let heading = bare.trim_end_matches(':').to_lowercase();
        let section = match heading.as_str() {
            people if PEOPLE.contains(&people) => Section::People,
            "summary keywords" | "keywords" | "tags" => Section::Keywords,
            "transcript" | "transcription" => Section::Top,
            _ => return false,
        };
        self.has_people |= section == Section::People;
        self.section = section;
        true
    }

    /// Reads a line of front matter: `key: value`, or `- item` below a key.
    fn front_matter(&mut self, line: &str) {
        if let Some(item) = line.strip_prefix("- ") {
            if self.lists_people {
                self.people(item);
            }
        } else if let Some((key, _)) = line.split_once(':') {
            self.lists_people = PEOPLE.contains(&key.trim().to_lowercase().as_str());
            self.pair(line);
        }
    }

    fn people(&mut self, names: &str) {
        let separator = if names.contains(';') { ';' } else { ',' };
        for written in names.split(separator) {
            let written = written.trim().trim_matches(['\'', '"']);
            let (name, email) = match written.split_once(['<', '(']) {
                Some((name, rest)) if rest.contains('@') => {
                    (name.trim(), Some(rest.trim_end_matches(['>', ')'])))
                }
                _ => (written, None),
            };
            // Google Meet lists a shared screen as a guest.
            if name.is_empty() || name.ends_with("'s Presentation") {
                continue;
            }
            let email = email.map(str::to_owned);
            self.call.participants.push(Participant {
                name: name.to_owned(),
                email,
                ..Participant::default()
            });
        }
    }

    fn date(&mut self, bare: &str) -> bool {
        if let Some(time) = started_at(bare) {
            self.call.started_at = self.call.started_at.or(Some(time));
            return true;
        }
        // `40m 12s` and `45:12` say how long the call was, which its rows say better.
        bare.chars().next().is_some_and(|c| c.is_ascii_digit())
            && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, 'h' | 'm' | 's' | ':' | ' '))
    }

    /// Reads `Key: value` where the key is one that names nobody.
    fn pair(&mut self, bare: &str) -> bool {
        let Some((key, value)) = bare.split_once(':') else { return false };
        let (key, value) = (key.trim(), value.trim().trim_matches(['\'', '"', '*', ' ']));
        if could_be_label(key)
            && self.section != Section::FrontMatter
            && !PEOPLE.contains(&&*key.to_lowercase())
        {
            return false;
        }
        match key.to_lowercase().as_str() {
            "title" | "subject" | "meeting" | "topic" | "titel" => self.call.title = Some(value.to_owned()),
            "date" | "recorded" | "time" | "datum" | "fecha" => {
                self.call.started_at = started_at(value).or(self.call.started_at);
            }
            people if PEOPLE.contains(&people) => {
                self.has_people = true;
                self.people(value);
            }
            _ => {}
        }
        true
    }

    /// Takes the first line that is nothing else as the title.
    fn title(&mut self, bare: &str) -> bool {
        let prose = bare.split_whitespace().count() > TITLE_WORDS || bare.ends_with(['.', '?', '!']);
        if self.call.title.is_some() || prose {
            return false;
        }
        // Google Meet writes `Title (2026-03-12 10:03 GMT+1) - Transcript`.
        let dated = bare.rsplit_once('(').and_then(|(title, date)| Some((title, started_at(date)?)));
        let (title, started) = dated.map_or((bare, None), |(title, time)| (title, Some(time)));
        self.call.started_at = started.or(self.call.started_at);
        let title = title.trim_end_matches("Transcript").trim_end_matches([' ', '-', '–']);
        self.call.title = Some(title.to_owned());
        true
    }
}
