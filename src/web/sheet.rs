/// Rows of comma-separated values (RFC 4180) that a spreadsheet opens as text.
#[derive(Default)]
pub(super) struct Sheet(String);

impl Sheet {
    /// Adds a row.
    pub(super) fn row<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>) {
        let cells: Vec<_> = cells.into_iter().map(cell).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// Returns the text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Returns a cell. One that a spreadsheet would take for a formula begins with an apostrophe: words of a call are
/// hostile, and a formula can send what stands in other cells elsewhere.
fn cell(text: &str) -> String {
    let starts =
        |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    let guard = if text.trim_start_matches(' ').starts_with(starts) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let mut sheet = Sheet::default();
        sheet.row(["=HYPERLINK(\"http://evil\")", "+1", " @SUM(A1)", "-2", "plain, \"quoted\"", "a=b"]);
        let row = "\"'=HYPERLINK(\"\"http://evil\"\")\",\"'+1\",\"' @SUM(A1)\",\"'-2\",\"plain, \"\"quoted\"\"\",\"a=b\"\r\n";
        assert_eq!(sheet.into_text(), row);
    }
}
