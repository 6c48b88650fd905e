use std::ops::Range;

/// What is wrong with a rule file, with the line it stands on. A problem drops its own file and no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleProblem {
    /// The file, as it was given.
    pub path: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The line itself, shortened where it is very long.
    pub excerpt: String,
    /// What is wrong: one sentence in lower case, without a full stop.
    pub message: String,
}

impl RuleProblem {
    /// Returns the problem that `message` tells about the bytes `span` of `text`.
    pub(crate) fn at(path: &str, text: &str, span: Option<Range<usize>>, message: impl Into<String>) -> Self {
        let start = text.floor_char_boundary(span.map_or(0, |span| span.start));
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let excerpt = text[line_start..].lines().next().unwrap_or_default();
        Self {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            excerpt: excerpt.chars().take(EXCERPT).collect(),
            message: message.into(),
        }
    }
}

/// Longest excerpt in characters: a hostile file may be one line of a megabyte.
const EXCERPT: usize = 160;

/// The message, the place and the line with a caret under it, as compilers show it.
impl std::fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{}", self.message)?;
        writeln!(f, "{margin} --> {}:{}:{}", self.path, self.line, self.column)?;
        writeln!(f, "{number} | {}", self.excerpt)?;
        write!(f, "{margin} | {}^", " ".repeat(self.column.min(EXCERPT) - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_points_at_its_line_with_a_caret() {
        let problem =
            RuleProblem::at("en/promise/x.toml", "title = 1\nsade = 2\n", Some(10..14), "unknown key");
        let shown = problem.to_string();
        assert_eq!(shown, "unknown key\n  --> en/promise/x.toml:2:1\n2 | sade = 2\n  | ^");
    }
}
