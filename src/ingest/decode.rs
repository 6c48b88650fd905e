use encoding_rs::WINDOWS_1252;

use crate::transcript::Place;

use super::problems::Problems;
use super::{Limits, Unreadable};

/// How many bytes tell UTF-16 without a byte order mark from UTF-8.
const SAMPLE: usize = 4096;

/// Returns the text of `bytes`, whatever its encoding; a replaced character is a problem with its place.
///
/// # Errors
/// Where the input is empty, too large, in UTF-32, or binary.
pub(super) fn decode(bytes: &[u8], problems: &mut Problems) -> Result<String, Unreadable> {
    if bytes.len() > Limits::INPUT_BYTES {
        return Err(Unreadable::TooLarge { what: "bytes of input", limit: Limits::INPUT_BYTES as u64 });
    }
    let text = match Encoding::of(bytes) {
        Encoding::Utf8 { bom } => utf8(bytes, bom, problems),
        Encoding::Utf16 { bom, unit } => utf16(bytes, bom, unit, problems),
        Encoding::Utf32 => return Err(Unreadable::NoText { seen: "UTF-32".to_owned(), byte: 0 }),
    };
    refuse_binary(&text)?;
    Ok(replace_nul(text, problems))
}

enum Encoding {
    Utf8 { bom: usize },
    Utf16 { bom: usize, unit: fn([u8; 2]) -> u16 },
    Utf32,
}

impl Encoding {
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Self::Utf32,
            [0xEF, 0xBB, 0xBF, ..] => Self::Utf8 { bom: 3 },
            [0xFF, 0xFE, ..] => Self::Utf16 { bom: 2, unit: u16::from_le_bytes },
            [0xFE, 0xFF, ..] => Self::Utf16 { bom: 2, unit: u16::from_be_bytes },
            [_, 0, 0, 0, ..] | [0, 0, 0, _, ..] => Self::Utf32,
            _ => Self::by_nul(bytes),
        }
    }

    /// Latin text in UTF-16 has a NUL in every second byte; in UTF-8 a NUL is a stray.
    fn by_nul(bytes: &[u8]) -> Self {
        let sample = &bytes[..bytes.len().min(SAMPLE)];
        let count = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd) = (count(0), count(1));
        // Text in another script still has its spaces and line breaks, and no valid UTF-8.
        let enough = if std::str::from_utf8(bytes).is_ok() { sample.len() / 8 } else { 1 };
        if odd > enough && even * 8 < odd {
            Self::Utf16 { bom: 0, unit: u16::from_le_bytes }
        } else if even > enough && odd * 8 < even {
            Self::Utf16 { bom: 0, unit: u16::from_be_bytes }
        } else {
            Self::Utf8 { bom: 0 }
        }
    }
}

fn utf8(bytes: &[u8], bom: usize, problems: &mut Problems) -> String {
    let body = &bytes[bom..];
    let first_bad = match std::str::from_utf8(body) {
        Ok(text) => return text.to_owned(),
        Err(error) => bom + error.valid_up_to(),
    };
    let bad = body.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let letters: usize =
        body.utf8_chunks().map(|chunk| chunk.valid().chars().filter(|c| !c.is_ascii()).count()).sum();
    if bom == 0 && letters < bad {
        problems.note(
            "assumed-windows-1252",
            Place::Byte(first_bad as u64),
            || "the text is not UTF-8 from here on; read as Windows-1252",
        );
        return WINDOWS_1252.decode_without_bom_handling(body).0.into_owned();
    }
    let mut text = String::with_capacity(body.len());
    let mut at = bom;
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            replaced(problems, at);
            at += chunk.invalid().len();
        }
    }
    text
}

fn utf16(bytes: &[u8], bom: usize, unit: fn([u8; 2]) -> u16, problems: &mut Problems) -> String {
    let (pairs, rest) = bytes[bom..].as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let mut at = bom;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let character = decoded.unwrap_or_else(|_| {
            replaced(problems, at);
            char::REPLACEMENT_CHARACTER
        });
        text.push(character);
        at += 2 * character.len_utf16();
    }
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
        replaced(problems, at);
    }
    text
}

fn replaced(problems: &mut Problems, byte: usize) {
    problems.note(
        "undecodable-character",
        Place::Byte(byte as u64),
        || "bytes that are no character, shown as U+FFFD",
    );
}

/// Text has no control characters but breaks and tabs; one in a hundred is a stray, more is a binary file. A NUL
/// weighs less: some programs pad with it.
fn refuse_binary(text: &str) -> Result<(), Unreadable> {
    let control = |c: char| c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r' | '\x0C' | '\x1B');
    let (mut strays, mut nuls) = (0, 0);
    for byte in text.bytes().filter(|byte| control(char::from(*byte))) {
        *if byte == 0 { &mut nuls } else { &mut strays } += 1;
    }
    let binary = strays > 8 + text.len() / 100 || nuls > text.len() / 4;
    match text.find(control).filter(|_| binary) {
        Some(first) => Err(Unreadable::NoText { seen: "binary data".to_owned(), byte: first as u64 }),
        None => Ok(()),
    }
}

/// No store keeps a NUL in text, so it is replaced where everybody can see it.
fn replace_nul(text: String, problems: &mut Problems) -> String {
    if !text.contains('\0') {
        return text;
    }
    for (at, _) in text.match_indices('\0') {
        problems.note("nul-character", Place::Byte(at as u64), || "a NUL character, shown as U+FFFD");
    }
    text.replace('\0', "\u{FFFD}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Vec<String>) {
        let mut problems = Problems::default();
        let text = decode(bytes, &mut problems).unwrap();
        let shown = |p: &crate::transcript::Problem| format!("{} {}", p.code, p.place);
        (text, problems.finish().iter().map(shown).collect())
    }

    fn utf16_of(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn every_unicode_encoding_reads_to_the_same_words() {
        let words = "Dana: Größe, ¿no? 🙂\r\n";
        for bytes in [
            words.as_bytes().to_vec(),
            format!("\u{FEFF}{words}").into_bytes(),
            utf16_of(words, u16::to_le_bytes),
            utf16_of(words, u16::to_be_bytes),
            utf16_of(&format!("\u{FEFF}{words}"), u16::to_le_bytes),
            utf16_of(&format!("\u{FEFF}{words}"), u16::to_be_bytes),
        ] {
            assert_eq!(read(&bytes), (words.to_owned(), vec![]));
        }
    }

    #[test]
    fn utf16_without_a_mark_is_known_in_other_scripts_by_its_line_breaks() {
        let words = "田中: はい、来週までに送ります。\n佐藤: お願いします。\n田中: では。\n";
        assert_eq!(read(&utf16_of(words, u16::to_le_bytes)).0, words);
    }

    #[test]
    fn an_old_code_page_is_read_and_said() {
        let (text, problems) = read(b"Zo\xEB: caf\xE9 \x96 na\xEFve");
        assert_eq!(text, "Zoë: café – naïve");
        assert_eq!(problems, ["assumed-windows-1252 byte 2"]);
    }

    #[test]
    fn a_damaged_byte_in_utf8_is_one_problem_at_its_place() {
        let (text, problems) = read("Zoë: gr\u{FC}ezi, Jürg".as_bytes().split_at(9).0);
        assert_eq!(text, "Zoë: gr\u{FFFD}");
        assert_eq!(problems, ["undecodable-character byte 8"]);
    }

    #[test]
    fn half_a_surrogate_pair_and_an_odd_byte_are_problems() {
        let (text, problems) = read(&[0xFF, 0xFE, b'a', 0, 0x3D, 0xD8, b'b', 0, b'c']);
        assert_eq!(text, "a\u{FFFD}b\u{FFFD}");
        assert_eq!(problems, ["undecodable-character byte 4", "undecodable-character byte 8"]);
    }

    #[test]
    fn a_nul_is_replaced_and_said() {
        assert_eq!(read(b"Dana: a\0b").0, "Dana: a\u{FFFD}b");
        assert_eq!(read(b"Dana: a\0b").1, ["nul-character byte 7"]);
    }

    #[test]
    fn binary_data_is_refused_with_its_byte() {
        let mut problems = Problems::default();
        let bytes: Vec<u8> = b"head".iter().copied().chain((1..20).cycle().take(400)).collect();
        let error = decode(&bytes, &mut problems).unwrap_err();
        assert_eq!(error.to_string(), "no text: binary data at byte 4");
    }
}
