use std::fmt;
use std::ops::Range;

use crate::rules::Kind;
use crate::transcript::Side;

use super::labels::check_attr;
use super::notation::Broken;

/// One line of speech in the notation.
#[derive(Clone, Debug, PartialEq)]
pub struct Speech {
    /// Line of the file, counted from 1.
    pub line: u32,
    /// On whose side the speaker is.
    pub side: Side,
    /// The speaker's name.
    pub name: String,
    /// What was said, without marks.
    pub text: String,
    /// Marks in the order in which they open; of two on the same words, the outer one first.
    pub marks: Vec<Mark>,
}

/// Marked words.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Their bytes in the text.
    pub range: Range<usize>,
    /// What they are labelled as.
    pub head: Head,
}

/// What stands before the words of a mark.
#[derive(Clone, Debug, PartialEq)]
pub enum Head {
    /// `{{id | words}}`: words that a label elsewhere refers to.
    Id(String),
    /// `[[kind attr=value || kind | words]]`: labels.
    Specs(Vec<Spec>),
}

/// One label of a mark: `kind attr=value …`, references (`id`, `context`, `response`) included.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// Kind.
    pub kind: Kind,
    /// Attributes in the order written.
    pub attrs: Vec<(String, String)>,
}

impl Spec {
    /// Returns the attribute `name`.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Mark {
    /// Returns the labels.
    pub fn specs(&self) -> &[Spec] {
        match &self.head {
            Head::Id(_) => &[],
            Head::Specs(specs) => specs,
        }
    }

    /// Returns the ids by which other marks refer to these words.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        let own = match &self.head {
            Head::Id(id) => Some(id.as_str()),
            Head::Specs(_) => None,
        };
        own.into_iter().chain(self.specs().iter().filter_map(|spec| spec.attr("id")))
    }

    /// Returns the ids of the words that the labels refer to.
    pub(super) fn references(&self) -> impl Iterator<Item = &str> {
        self.specs().iter().flat_map(|spec| [spec.attr("context"), spec.attr("response")]).flatten()
    }

    fn closing(&self) -> &'static str {
        match self.head {
            Head::Id(_) => "}}",
            Head::Specs(_) => "]]",
        }
    }
}

impl Speech {
    /// Returns the words of `mark`, one of this speech's.
    pub fn words(&self, mark: &Mark) -> &str {
        self.text.get(mark.range.clone()).unwrap_or_default().trim()
    }

    /// Reads `side Name: words`.
    pub(super) fn read(line: &str, number: u32) -> Result<Self, Broken> {
        let (side, rest) =
            line.split_once(' ').ok_or_else(|| Broken::new(0, "a speech is `side Name: words`"))?;
        let side: Side = side.parse().map_err(|message: String| Broken::new(0, message))?;
        let (name, _) = rest
            .split_once(':')
            .filter(|(name, _)| !name.trim().is_empty())
            .ok_or_else(|| Broken::new(line.len() - rest.len(), "no `Name:` before what was said"))?;
        let said = line.len() - rest.len() + name.len() + 1;
        let line = line.trim_end();
        let mut reader = Reader {
            line,
            at: said.min(line.len()),
            text: String::new(),
            marks: Vec::new(),
            open: Vec::new(),
        };
        reader.skip_space();
        reader.read()?;
        let Reader { text, marks, .. } = reader;
        Ok(Self { line: number, side, name: name.trim().to_owned(), text, marks })
    }
}

/// Reads what was said; `at` is a byte of the line.
struct Reader<'l> {
    line: &'l str,
    at: usize,
    text: String,
    marks: Vec<Mark>,
    /// Marks that are not closed, with the byte at which each opens.
    open: Vec<(usize, usize)>,
}

impl<'l> Reader<'l> {
    fn read(&mut self) -> Result<(), Broken> {
        while let Some(next) = self.rest().chars().next() {
            let at = self.at;
            if self.take("[[") {
                let specs = self.specs()?;
                self.begin(at, Head::Specs(specs));
            } else if self.take("{{") {
                let id = self.id()?;
                self.begin(at, Head::Id(id));
            } else if self.take("]]") {
                self.end(at, "]]")?;
            } else if self.take("}}") {
                self.end(at, "}}")?;
            } else {
                self.text.push(next);
                self.at += next.len_utf8();
            }
        }
        match self.open.last() {
            Some((_, at)) => Err(Broken::new(*at, "the mark is not closed")),
            None => Ok(()),
        }
    }

    fn begin(&mut self, at: usize, head: Head) {
        self.skip_space();
        self.open.push((self.marks.len(), at));
        self.marks.push(Mark { range: self.text.len()..self.text.len(), head });
    }

    fn end(&mut self, at: usize, closing: &str) -> Result<(), Broken> {
        let (mark, began) =
            self.open.pop().ok_or_else(|| Broken::new(at, format!("`{closing}` closes nothing")))?;
        let mark = &mut self.marks[mark];
        if mark.closing() != closing {
            return Err(Broken::new(at, format!("`{}` must close the mark first", mark.closing())));
        }
        mark.range.end = self.text.len();
        match self.text[mark.range.clone()].trim().is_empty() {
            true => Err(Broken::new(began, "the mark has no words")),
            false => Ok(()),
        }
    }

    /// Reads `id |`.
    fn id(&mut self) -> Result<String, Broken> {
        self.skip_space();
        let at = self.at;
        let id = self.until(|c| c.is_whitespace() || c == '|').to_owned();
        self.skip_space();
        match !id.is_empty() && self.take("|") {
            true => Ok(id),
            false => Err(Broken::new(at, "a mark is `{{id | words}}`")),
        }
    }

    /// Reads `kind attr=value || kind … |`.
    fn specs(&mut self) -> Result<Vec<Spec>, Broken> {
        let mut specs = Vec::new();
        loop {
            self.skip_space();
            let at = self.at;
            let kind = self.until(|c| c.is_whitespace() || c == '|');
            let kind = kind.parse().map_err(|message: String| Broken::new(at, message))?;
            let mut spec = Spec { kind, attrs: Vec::new() };
            self.skip_space();
            while !self.rest().starts_with('|') {
                self.attr(&mut spec)?;
                self.skip_space();
            }
            specs.push(spec);
            if !self.take("||") {
                self.at += 1;
                return Ok(specs);
            }
        }
    }

    /// Reads `name=value` or `name="some words"`.
    fn attr(&mut self, spec: &mut Spec) -> Result<(), Broken> {
        let at = self.at;
        let broken = |message: String| Broken::new(at, message);
        let name = self.until(|c| c.is_whitespace() || c == '|' || c == '=').to_owned();
        if name.is_empty() || !self.take("=") {
            return Err(broken("`attr=value` or `|` must follow here".to_owned()));
        }
        let quoted = self.take("\"");
        let value = match quoted {
            true => self.until(|c| c == '"'),
            false => self.until(|c| c.is_whitespace() || c == '|'),
        };
        if quoted && !self.take("\"") {
            return Err(broken("the quote is not closed".to_owned()));
        }
        match name.as_str() {
            _ if spec.attr(&name).is_some() => return Err(broken(format!("`{name}` is said twice"))),
            "id" | "context" => {}
            "response" if spec.kind == Kind::Objection => {}
            _ => check_attr(spec.kind, &name, value).map_err(broken)?,
        }
        spec.attrs.push((name, value.to_owned()));
        Ok(())
    }

    fn rest(&self) -> &'l str {
        &self.line[self.at..]
    }

    fn take(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text);
        self.at += if there { text.len() } else { 0 };
        there
    }

    fn until(&mut self, stop: impl Fn(char) -> bool) -> &'l str {
        let rest = self.rest();
        let taken = &rest[..rest.find(stop).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn skip_space(&mut self) {
        self.until(|c| !c.is_whitespace());
    }
}

impl fmt::Display for Speech {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.side, self.name)?;
        let mut open: Vec<&Mark> = Vec::new();
        let mut marks = self.marks.iter().peekable();
        for at in (0..=self.text.len()).filter(|at| self.text.is_char_boundary(*at)) {
            while let Some(mark) = open.pop_if(|mark| mark.range.end == at) {
                f.write_str(mark.closing())?;
            }
            while let Some(mark) = marks.next_if(|mark| mark.range.start == at) {
                write!(f, "{}", mark.head)?;
                open.push(mark);
            }
            if let Some(next) = self.text[at..].chars().next() {
                write!(f, "{next}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{{{{{id} | "),
            Self::Specs(specs) => {
                let specs: Vec<_> = specs.iter().map(Spec::to_string).collect();
                write!(f, "[[{} | ", specs.join(" || "))
            }
        }
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        for (name, value) in &self.attrs {
            match value.is_empty() || value.contains(|c: char| c.is_whitespace() || c == '|') {
                true => write!(f, " {name}=\"{value}\"")?,
                false => write!(f, " {name}={value}")?,
            }
        }
        Ok(())
    }
}
