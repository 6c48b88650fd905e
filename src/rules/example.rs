use std::ops::Range;

use super::Who;

/// A short conversation in which the quotes to be found are marked: `rep: [[we'll ship it by {due_text=Friday}]].`
///
/// Words between `[[` and `]]` are a quote; `{name=words}` inside says which words an attribute holds; `(name=value)`
/// right behind `]]` says an attribute that is a word of the guide. Lines begin with `rep:`, `customer:` or `partner:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The example as written.
    pub source: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// A line of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who speaks.
    pub who: Who,
    /// The words without the marks.
    pub text: String,
    /// The marked quotes, in order.
    pub marks: Vec<Marked>,
}

/// A marked quote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marked {
    /// Its bytes in the line's text.
    pub range: Range<usize>,
    /// The attributes it must have, by the guide's names.
    pub attrs: Vec<(String, String)>,
}

impl Example {
    /// Reads `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let lines: Result<Vec<_>, _> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(line).collect();
        match lines? {
            lines if lines.is_empty() => Err("an example needs a line".to_owned()),
            lines => Ok(Self { source: text.to_owned(), lines }),
        }
    }
}

fn line(text: &str) -> Result<Line, String> {
    let (who, marked) = text.split_once(':').ok_or("a line begins with `rep:`, `customer:` or `partner:`")?;
    let who = match who.trim() {
        "rep" => Who::Rep,
        "customer" => Who::Customer,
        "partner" => Who::Partner,
        other => return Err(format!("a line begins with rep, customer or partner, not `{other}`")),
    };
    let mut line = Line { who, text: String::new(), marks: Vec::new() };
    let mut rest = marked.trim();
    while let Some((before, behind)) = rest.split_once("[[") {
        line.text.push_str(before);
        let (quote, behind) = behind.split_once("]]").ok_or("a `[[` has no `]]`")?;
        let start = line.text.len();
        let mut attrs = Vec::new();
        let words = slots(quote, &mut attrs)?;
        line.text.push_str(&words);
        rest = closed_attrs(behind, &mut attrs)?;
        line.marks.push(Marked { range: start..line.text.len(), attrs });
    }
    line.text.push_str(rest);
    Ok(line)
}

/// Returns `quote` without its braces.
fn slots(quote: &str, attrs: &mut Vec<(String, String)>) -> Result<String, String> {
    let mut words = String::new();
    let mut rest = quote;
    while let Some((before, behind)) = rest.split_once('{') {
        let (slot, behind) = behind.split_once('}').ok_or("a `{` has no `}`")?;
        let (name, value) = slot.split_once('=').ok_or("a slot is written `{name=words}`")?;
        words.push_str(before);
        words.push_str(value);
        attrs.push((name.to_owned(), value.to_owned()));
        rest = behind;
    }
    words.push_str(rest);
    Ok(words)
}

fn closed_attrs<'a>(behind: &'a str, attrs: &mut Vec<(String, String)>) -> Result<&'a str, String> {
    let Some(inner) = behind.strip_prefix('(') else { return Ok(behind) };
    let (list, rest) = inner.split_once(')').ok_or("a `(` behind a quote has no `)`")?;
    for pair in list.split(',') {
        let (name, value) = pair.split_once('=').ok_or("attributes are written `(name=value, …)`")?;
        attrs.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_and_remembered() {
        let example =
            Example::parse("customer: Can you?\nrep: Yes, [[live by {due_text=May}]](firmness=firm), okay?")
                .unwrap();
        let line = &example.lines[1];
        assert_eq!(line.text, "Yes, live by May, okay?");
        assert_eq!(&line.text[line.marks[0].range.clone()], "live by May");
        assert_eq!(line.marks[0].attrs.len(), 2);
    }

    #[test]
    fn a_broken_mark_is_refused() {
        for text in ["", "hello", "boss: hi", "rep: [[open", "rep: [[a {b]]", "rep: [[a]](b"] {
            assert!(Example::parse(text).is_err(), "{text}");
        }
    }
}
