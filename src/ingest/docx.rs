use std::io::{Cursor, Read};

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::lines::Line;
use super::problems::Problems;
use super::{Limits, Recording, Unreadable, decode, plain};

/// Reads a word processor's document: its paragraphs in document order, tables included, as text.
///
/// # Errors
/// Where the package is damaged, ambiguous, encrypted or a bomb, or its text is no transcript.
pub(super) fn read(bytes: &[u8]) -> Result<Recording, Unreadable> {
    if bytes.len() > Limits::INPUT_BYTES {
        return Err(Unreadable::TooLarge { what: "bytes of input", limit: Limits::INPUT_BYTES as u64 });
    }
    let xml = main_part(bytes)?;
    let mut problems = Problems::default();
    let text = decode::decode(&xml, &mut problems)?;
    let paragraphs = paragraphs(&text)?;
    let lines: Vec<Line<'_>> = paragraphs
        .iter()
        .zip(1..)
        .flat_map(|(paragraph, number)| {
            // A paragraph begins apart from the one above, as after a blank line.
            let broken = paragraph.split('\n').map(move |text| Line { number, text });
            std::iter::once(Line { number, text: "" }).chain(broken)
        })
        .collect();
    plain::read(&lines, plain::Source::Document, problems)
}

/// Returns the text of a word processor's document, a blank line between paragraphs.
///
/// # Errors
/// Where the package is damaged, ambiguous, encrypted or a bomb.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    let xml = decode::decode(&main_part(bytes)?, &mut Problems::default())?;
    Ok(paragraphs(&xml)?.join("\n\n"))
}

fn broken(reason: impl Into<String>) -> Unreadable {
    Unreadable::Broken { what: "DOCX document", reason: reason.into() }
}

/// Returns the parts of a document's package that are markup, as text: properties, comments, authors of changes.
///
/// # Errors
/// Where the package is damaged, ambiguous, encrypted or a bomb.
pub(super) fn markup(bytes: &[u8]) -> Result<String, Unreadable> {
    let mut archive = opened(bytes)?;
    let mut all = String::new();
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| broken(error.to_string()))?;
        let name = part.name().map_err(|error| broken(error.to_string()))?;
        if !name.ends_with(".xml") && !name.ends_with(".rels") {
            continue;
        }
        let text = decode::decode(&unpacked(part)?, &mut Problems::default())?;
        all.push_str(&quick_xml::escape::unescape(&text).unwrap_or_else(|_| text.as_str().into()));
        all.push('\n');
        if all.len() as u64 > Limits::UNPACKED_BYTES {
            return Err(too_large());
        }
    }
    Ok(all)
}

fn opened(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, Unreadable> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(error.to_string()))?;
    if archive.len() > Limits::PARTS {
        return Err(Unreadable::TooLarge { what: "parts of a document", limit: Limits::PARTS as u64 });
    }
    if archive.has_duplicate_names() {
        return Err(broken("two parts have one name"));
    }
    Ok(archive)
}

fn unpacked<R: Read>(part: ZipFile<'_, R>) -> Result<Vec<u8>, Unreadable> {
    let packed = part.compressed_size();
    let limit =
        Limits::UNPACKED_BYTES.min(packed.saturating_mul(Limits::UNPACK_RATIO).max(Limits::RATIO_FREE_BYTES));
    let mut unpacked = Vec::new();
    part.take(limit + 1).read_to_end(&mut unpacked).map_err(|error| broken(error.to_string()))?;
    if unpacked.len() as u64 > limit { Err(too_large()) } else { Ok(unpacked) }
}

fn too_large() -> Unreadable {
    Unreadable::TooLarge { what: "unpacked bytes of a document", limit: Limits::UNPACKED_BYTES }
}

/// Unpacks `word/document.xml`, the only part that holds what was said; no name becomes a path.
fn main_part(bytes: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut archive = opened(bytes)?;
    let is_main = |name: &[u8]| {
        let name = name.to_ascii_lowercase();
        let middle = name.strip_prefix(b"word/document").and_then(|rest| rest.strip_suffix(b".xml"));
        middle.is_some_and(|middle| middle.iter().all(u8::is_ascii_digit))
    };
    let mut mains =
        archive.file_names_raw().enumerate().filter(|(_, name)| is_main(name)).map(|(index, _)| index);
    let main = mains.next();
    if mains.next().is_some() {
        return Err(broken("two parts claim to be the document"));
    }
    drop(mains);
    let Some(main) = main else {
        return Err(Unreadable::no_transcript("a ZIP archive that is no DOCX document"));
    };
    unpacked(archive.by_index(main).map_err(|error| broken(error.to_string()))?)
}

/// Returns the text of the paragraphs; a line break inside one is `\n`, a tab one space.
fn paragraphs(xml: &str) -> Result<Vec<String>, Unreadable> {
    let mut reader = Reader::from_str(xml);
    let mut body = Body::default();
    loop {
        match reader.read_event().map_err(|error| broken(error.to_string()))? {
            Event::Start(tag) => body.open(&tag)?,
            Event::End(_) => body.close()?,
            Event::Empty(tag) => body.empty(&tag),
            Event::Text(text) => body.text(&text),
            Event::CData(text) => body.text(&text),
            Event::GeneralRef(entity) => body.text(entity_text(&entity)?.encode_utf8(&mut [0; 4])),
            Event::DocType(_) => return Err(broken("a document type declaration, which is refused")),
            Event::Eof => return Ok(body.finish()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn entity_text(entity: &BytesRef<'_>) -> Result<char, Unreadable> {
    let predefined = match &**entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => entity.resolve_char_ref().map_err(|error| broken(error.to_string()))?,
    };
    predefined.ok_or_else(|| broken(format!("the entity `{}`, which is refused", &**entity)))
}

/// What is being read of the document's body.
#[derive(Default)]
struct Body {
    /// The open elements that matter, outermost first.
    path: Vec<Element>,
    /// Paragraphs that are open: a text box stands inside of another paragraph.
    open: Vec<String>,
    done: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Element {
    Paragraph,
    Text,
    /// What older programs shall show instead: the same words once more.
    Fallback,
    /// Formatting, in which a `tab` is a tab stop.
    Properties,
    Other,
}

impl Body {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        if self.path.len() >= Limits::XML_DEPTH {
            return Err(Unreadable::TooLarge { what: "nested elements", limit: Limits::XML_DEPTH as u64 });
        }
        let element = match tag.local_name().as_ref() {
            "p" => Element::Paragraph,
            "t" => Element::Text,
            "Fallback" => Element::Fallback,
            "pPr" => Element::Properties,
            _ => Element::Other,
        };
        if element == Element::Paragraph {
            self.open.push(String::new());
        }
        self.path.push(element);
        self.empty(tag);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        if self.path.pop() == Some(Element::Paragraph) {
            self.done.extend(self.open.pop());
        }
        if self.done.len() > Limits::LINES { Err(Unreadable::too_many_lines()) } else { Ok(()) }
    }

    fn empty(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "tab" | "ptab" if !self.path.contains(&Element::Properties) => self.push(" "),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("\u{2011}"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.path.last() == Some(&Element::Text) {
            self.push(&text.replace(['\n', '\r', '\t'], " "));
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(paragraph) = self.open.last_mut().filter(|_| !self.path.contains(&Element::Fallback)) {
            paragraph.push_str(text);
        }
    }

    fn finish(mut self) -> Vec<String> {
        self.done.append(&mut self.open);
        self.done
    }
}
