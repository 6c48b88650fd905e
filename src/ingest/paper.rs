use super::problems::Problems;
use super::{Limits, Unreadable, decode, docx};

/// How far into a file the mark of a PDF may stand.
const PDF_MARK_WITHIN: usize = 1024;

/// Tells whether `bytes` are a PDF, by their content.
pub fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(PDF_MARK_WITHIN)];
    head.windows(5).any(|mark| mark == b"%PDF-")
}

/// Returns the text of an attached paper: a PDF, a word processor's document, or text.
///
/// The reader of PDFs is a stranger's and may panic, loop or fill the memory: whoever serves others gives it hostile
/// bytes in a process of its own.
///
/// # Errors
/// Where the paper is larger than allowed, damaged, or holds no text, as a scan does.
pub fn paper_text(bytes: &[u8]) -> Result<String, Unreadable> {
    if bytes.len() > Limits::PAPER_BYTES {
        let limit = Limits::PAPER_BYTES as u64;
        return Err(Unreadable::TooLarge { what: "bytes of a paper", limit });
    }
    let text = match bytes {
        _ if is_pdf(bytes) => pdf(bytes)?,
        [b'P', b'K', ..] => docx::text(bytes)?,
        _ => decode::decode(bytes, &mut Problems::default())?,
    };
    if text.len() > Limits::PAPER_TEXT {
        let limit = Limits::PAPER_TEXT as u64;
        return Err(Unreadable::TooLarge { what: "bytes of a paper's text", limit });
    }
    if text.trim().is_empty() {
        let reason = "there is no text in it; a scan must be recognised first".to_owned();
        return Err(Unreadable::Broken { what: "paper", reason });
    }
    Ok(text)
}

fn pdf(bytes: &[u8]) -> Result<String, Unreadable> {
    let broken = |error: pdf_extract::OutputError| Unreadable::Broken {
        what: "PDF document",
        reason: error.to_string(),
    };
    // A zero character is no text, and the stores refuse it.
    Ok(pdf_extract::extract_text_from_mem(bytes).map_err(broken)?.replace('\0', "\u{FFFD}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_no_text_says_so() {
        for bytes in [&b"  \n"[..], b"%PDF-1.7 and nothing else", b"PK\x03\x04 no archive"] {
            assert!(paper_text(bytes).is_err(), "{bytes:?}");
        }
        assert_eq!(paper_text(b"1. Term\n").unwrap(), "1. Term\n");
    }
}
