use pdf_extract::{Document, Object, decode_text_string};

use super::{Limits, Unreadable, docx, is_pdf};

/// Returns what stands in a file beside its text: title, author and other properties, comments, bookmarks, fields. None of
/// it is read as a transcript or a clause; all of it may name somebody.
///
/// As with [`paper_text`](super::paper_text), hostile PDFs are for a process of its own.
///
/// # Errors
/// Where the file is larger than allowed or damaged, so that nobody can tell.
pub fn beside_text(bytes: &[u8]) -> Result<String, Unreadable> {
    match bytes {
        _ if is_pdf(bytes) => of_pdf(bytes),
        [b'P', b'K', ..] => docx::markup(bytes),
        _ => Ok(String::new()),
    }
}

/// Returns every string of a PDF that is not drawn on a page, and its XMP metadata.
fn of_pdf(bytes: &[u8]) -> Result<String, Unreadable> {
    let broken = |reason: String| Unreadable::Broken { what: "PDF document", reason };
    if bytes.len() > Limits::PAPER_BYTES {
        let limit = Limits::PAPER_BYTES as u64;
        return Err(Unreadable::TooLarge { what: "bytes of a paper", limit });
    }
    let document = Document::load_mem(bytes).map_err(|error| broken(error.to_string()))?;
    if document.is_encrypted() {
        return Err(broken("it is encrypted".to_owned()));
    }
    let mut words = String::new();
    let trailer = document.trailer.iter().map(|(_, object)| object);
    trailer.chain(document.objects.values()).for_each(|object| collect(object, &mut words));
    if words.len() > Limits::PAPER_TEXT {
        let limit = Limits::PAPER_TEXT as u64;
        return Err(Unreadable::TooLarge { what: "bytes of a paper's properties", limit });
    }
    Ok(words)
}

fn collect(object: &Object, words: &mut String) {
    match object {
        Object::String(bytes, _) => {
            let text = decode_text_string(object);
            words.push_str(&text.unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned()));
            words.push('\n');
        }
        Object::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Object::Dictionary(fields) => fields.iter().for_each(|(_, value)| collect(value, words)),
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, value)| collect(value, words));
            if stream.dict.get(b"Type").and_then(Object::as_name).is_ok_and(|kind| kind == b"Metadata") {
                let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
                words.push_str(&String::from_utf8_lossy(&content));
                words.push('\n');
            }
        }
        _ => {}
    }
}
