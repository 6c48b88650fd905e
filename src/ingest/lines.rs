use super::{Limits, Unreadable};

/// A line of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub(super) number: u32,
    /// The line without its break.
    pub(super) text: &'a str,
}

impl Line<'_> {
    /// Tells whether the line shows nothing; no-break spaces show nothing either.
    pub(super) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// Returns the lines of `text`, which may end in LF, CR or CRLF, each as it comes.
///
/// # Errors
/// Where there are more than [`Limits::LINES`].
pub(super) fn lines(text: &str) -> Result<Vec<Line<'_>>, Unreadable> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if lines.len() >= Limits::LINES {
            return Err(Unreadable::too_many_lines());
        }
        let end = rest.bytes().position(|byte| byte == b'\n' || byte == b'\r').unwrap_or(rest.len());
        let number = u32::try_from(lines.len() + 1).unwrap_or(u32::MAX);
        lines.push(Line { number, text: &rest[..end] });
        let wide = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = rest.get(end + wide..).unwrap_or_default();
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_break_counts_once() {
        let texts: Vec<&str> = lines("a\nb\r\nc\rd\n\ne").unwrap().iter().map(|line| line.text).collect();
        assert_eq!(texts, ["a", "b", "c", "d", "", "e"]);
        assert_eq!(lines("a\n").unwrap().len(), 1);
    }
}
