use super::cue::Timing;
use super::{Format, Unreadable, webvtt};

/// Lines that are looked at for the shape of a caption file.
const LOOK: usize = 400;

/// Refuses what is no text at all, by its first bytes; a ZIP archive is left to be tried as a document.
pub(super) fn refuse_other_files(bytes: &[u8]) -> Result<(), Unreadable> {
    const KNOWN: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF document"),
        (b"{\\rtf", "an RTF document"),
        (b"\xD0\xCF\x11\xE0", "an old Word or Excel document"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"7z\xBC\xAF", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"ID3", "an MP3 recording"),
        (b"OggS", "an Ogg recording"),
        (b"RIFF", "a WAV or AVI recording"),
        (b"fLaC", "a FLAC recording"),
        (b"\x1A\x45\xDF\xA3", "a WebM or Matroska recording"),
        (b"\x7FELF", "a program"),
    ];
    if bytes.iter().all(|byte| byte.is_ascii_whitespace()) {
        return Err(Unreadable::no_transcript("nothing"));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(Unreadable::no_transcript("an MP4 or M4A recording"));
    }
    match KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        Some((_, seen)) => Err(Unreadable::no_transcript(*seen)),
        None => Ok(()),
    }
}

/// Tells whether `bytes` begin a ZIP archive, as a DOCX document does.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Tells whether `text` is JSON; `[00:04] Dana: …` and `[Dana]: …` are not.
pub(super) fn is_json(text: &str) -> bool {
    let mut shown = text.chars().filter(|c| !c.is_whitespace());
    match (shown.next(), shown.next()) {
        (Some('{'), Some(next)) => matches!(next, '"' | '}'),
        (Some('['), Some(next)) => matches!(next, '{' | '[' | ']' | '"'),
        _ => false,
    }
}

/// Refuses markup languages other than those of captions.
pub(super) fn refuse_markup(text: &str) -> Result<(), Unreadable> {
    let start: String = text.trim_start().chars().take(15).collect::<String>().to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return Err(Unreadable::no_transcript("a web page"));
    }
    if start.starts_with("<?xml") {
        return Err(Unreadable::no_transcript("an XML document"));
    }
    Ok(())
}

/// Tells WebVTT and SubRip by the header or, where that is missing, by the timing lines; `None` where there are
/// none.
pub(super) fn captions(text: &str) -> Option<Format> {
    if text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| webvtt::signature(line).is_some())
    {
        return Some(Format::WebVtt);
    }
    let timing = text.split(['\n', '\r']).take(LOOK).filter(|line| Timing::of(line).is_some());
    let mut formats = timing.map(|line| if line.contains(',') { Format::SubRip } else { Format::WebVtt });
    let first = formats.next()?;
    Some(if formats.take(4).any(|format| format == Format::SubRip) { Format::SubRip } else { first })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_alone_is_no_json() {
        assert!(is_json(" {\n \"a\": 1}"));
        assert!(is_json("[{\"a\": 1}]"));
        assert!(!is_json("[00:00:04] Dana: hi"));
        assert!(!is_json("[Dana]: hi"));
        assert!(!is_json("{laughs} Dana: hi"));
    }

    #[test]
    fn other_files_are_called_by_their_names() {
        let seen = |bytes: &[u8]| refuse_other_files(bytes).unwrap_err().to_string();
        assert!(seen(b"%PDF-1.7 ...").ends_with("; seen a PDF document"));
        assert!(seen(b" \r\n\t").ends_with("; seen nothing"));
        assert!(refuse_other_files(b"Dana: hi").is_ok());
    }
}
