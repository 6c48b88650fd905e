use std::io;

use serde::{Deserialize, Serialize};

use super::{Head, Link, Proof, Verifier};

/// The first line of a copy of the audit trail, which is JSON lines: then one row a line, from the first on. Whoever holds
/// the copy can prove it without the service.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    /// The form of the copy.
    audit: u8,
    /// The end of the trail, `NUMBER:DIGEST`.
    head: String,
}

/// The form that this program writes and reads.
const FORM: u8 = 1;

/// Returns the first line of a copy of a trail that ends with `head`.
pub fn title_line(head: &Head) -> String {
    // A string and a number always become JSON.
    format!("{}\n", serde_json::json!({ "audit": FORM, "head": head.to_string() }))
}

/// Returns the line of a row.
///
/// # Errors
/// Where the row cannot be written as JSON.
pub fn row_line(link: &Link) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(link)? + "\n")
}

/// Reads a copy of the trail, line by line, and says what was done to it. `known` are ends of the trail that somebody
/// noted elsewhere.
///
/// # Errors
/// A sentence that names the line that cannot be read, or is none of a copy.
pub fn verify_copy(lines: impl Iterator<Item = io::Result<String>>, known: &[Head]) -> Result<Proof, String> {
    let mut lines = lines.enumerate().map(|(at, line)| match line {
        Ok(line) => Ok((at + 1, line)),
        Err(error) => Err(format!("failed to read line {}: {error}", at + 1)),
    });
    let (_, first) = lines.next().ok_or("the file is empty, and no copy of an audit trail")??;
    let title: Title = serde_json::from_str(&first)
        .map_err(|error| format!("line 1 is not that of a copy of an audit trail: {error}"))?;
    if title.audit != FORM {
        return Err(format!("the copy has form {}; this program reads form {FORM}", title.audit));
    }
    let head: Head = title.head.parse()?;
    let mut verifier = Verifier::default();
    for line in lines {
        let (number, line) = line?;
        let link = serde_json::from_str(&line)
            .map_err(|error| format!("line {number} is no row of an audit trail: {error}"))?;
        verifier.read(&link, known);
    }
    Ok(verifier.finish(&head, known))
}
