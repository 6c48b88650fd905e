//! Texts and captions as recorders write them: each sample under `fixtures/ingest` beside what it must read to.
//!
//! `READBACK_BLESS=1` writes the expectations anew; read the difference as a story.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and its helpers are not test functions")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::{Index, select};
use readback::ingest::{Format, Limits, Recording, Unreadable, read};

const FOLDERS: &[&str] = &["webvtt", "subrip", "plain", "otter", "meet", "docx"];

fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ingest");
    let files = FOLDERS.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap());
    let mut paths: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension != "expected"));
    paths.sort();
    paths
}

/// Draws a recording as the expectation files do: what is known of the call, the rows, the problems.
fn story(recording: &Recording) -> String {
    let mut story = format!("{:?}\n", recording.format);
    let call = &recording.call;
    for (name, value) in [
        ("title", call.title.clone()),
        ("started", call.started_at.map(|time| time.to_string())),
        ("language", call.language.as_ref().map(ToString::to_string)),
    ] {
        value.inspect(|value| writeln!(story, "{name}: {value}").unwrap());
    }
    for person in &call.participants {
        writeln!(story, "person: {} {}", person.name, person.email.as_deref().unwrap_or_default()).unwrap();
    }
    for row in &recording.rows {
        let label = row.label.as_deref().unwrap_or("-");
        let time = row.start.map_or("-".to_owned(), |start| start.to_string());
        writeln!(story, "{label} | {time} | {}", row.text).unwrap();
    }
    for problem in &recording.problems {
        writeln!(story, "! {problem}").unwrap();
    }
    story
}

#[test]
fn every_sample_reads_as_its_expectation_says() {
    let mut wrong = Vec::new();
    for path in samples() {
        let told = story(&read(&std::fs::read(&path).unwrap(), None).unwrap());
        let beside = path.with_added_extension("expected");
        if std::env::var_os("READBACK_BLESS").is_some() {
            std::fs::write(&beside, &told).unwrap();
        } else if std::fs::read_to_string(&beside).ok().as_deref() != Some(&told) {
            wrong.push(format!("{}:\n{told}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_that_is_no_transcript_is_named() {
    for (bytes, seen) in [
        (&b"%PDF-1.7\n%\xE2\xE3"[..], "seen a PDF document"),
        (b" \n\t\n", "seen nothing"),
        (b"", "seen nothing"),
        (b"WEBVTT\n\n", "seen a WebVTT file without a caption"),
        (b"<!DOCTYPE html><html><body>Dana: hi</body></html>", "seen a web page"),
        (b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "seen a ZIP archive that is no DOCX document"),
        (
            b"We met on Tuesday and it went well.\n\nThere will be more.",
            "seen text in which no speaker is named",
        ),
    ] {
        let message = read(bytes, None).unwrap_err().to_string();
        assert!(message.starts_with("no transcript: expected WebVTT, SRT"), "{message}");
        assert!(message.ends_with(seen), "{message}");
    }
}

#[test]
fn a_person_may_say_which_format_it_is() {
    let prose = b"We met on Tuesday and it went well.";
    let recording = read(prose, Some(Format::Plain)).unwrap();
    assert_eq!(recording.rows[0].label, None);
    assert_eq!(recording.rows[0].text, "We met on Tuesday and it went well.");
    assert_eq!(recording.problems.last().unwrap().code, "no-speakers");
}

fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, packed).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document(body: &str) -> Vec<u8> {
    package(&[("word/document.xml", body.as_bytes())])
}

#[test]
fn a_document_that_unpacks_to_a_thousand_times_its_size_is_refused() {
    let bomb = document(&format!("<w:p><w:t>{}</w:t></w:p>", "a".repeat(4 << 20)));
    let what = "unpacked bytes of a document";
    assert!(matches!(read(&bomb, None), Err(Unreadable::TooLarge { what: refused, .. }) if refused == what));
}

#[test]
fn declarations_entities_and_deep_nesting_are_refused() {
    for (body, reason) in [
        ("<!DOCTYPE d [<!ENTITY a \"b\">]><w:p><w:t>Ama: &a;</w:t></w:p>", "document type declaration"),
        ("<w:p><w:t>Ama Mensah: &dots;</w:t></w:p>", "the entity `dots`"),
        (&"<w:p>".repeat(Limits::XML_DEPTH + 1), "nested elements"),
        ("<w:p><w:t>Ama</w:p>", "broken DOCX"),
    ] {
        let message = read(&document(body), None).unwrap_err().to_string();
        assert!(message.contains(reason), "{message}");
    }
}

#[test]
fn a_package_with_two_documents_is_refused_and_other_names_are_never_opened() {
    let words = b"<w:p><w:t>Ama Mensah: hi</w:t></w:p>";
    let two = package(&[("word/document.xml", words), ("WORD/Document.xml", words)]);
    assert!(read(&two, None).unwrap_err().to_string().contains("two parts"));
    let slip = package(&[("../../etc/cron.d/x", b"* * * * *"), ("word/document.xml", words)]);
    assert_eq!(read(&slip, None).unwrap().rows.len(), 1);
}

#[test]
fn a_file_of_too_many_rows_or_too_long_a_row_is_refused_whole() {
    let rows = "Ama Mensah: hi\n".repeat(Limits::ROWS + 1);
    let long = format!("Ama Mensah: {}\nKofi Boateng: yes", "ha ".repeat(Limits::ROW_BYTES / 3 + 1));
    let captions = "WEBVTT\n\n".to_owned() + &"00:01.000 --> 00:02.000\nhi\n\n".repeat(Limits::ROWS + 1);
    let breaks = "\n".repeat(Limits::LINES + 1) + "Ama Mensah: hi";
    for text in [rows, long, captions, breaks] {
        assert!(matches!(read(text.as_bytes(), None), Err(Unreadable::TooLarge { .. })));
    }
}

/// Tells whether a line of a caption file is one that holds no words: a time, a number, a comment and the like.
fn is_frame(block: &[&str], at: usize) -> bool {
    let line = block[at].trim();
    let above_time = block.get(at + 1).is_some_and(|below| below.contains("->"));
    let aside = block.iter().take(at + 1).any(|line| {
        ["WEBVTT", "NOTE", "STYLE", "REGION"]
            .iter()
            .any(|word| line.trim_start_matches('\u{FEFF}').starts_with(word))
    });
    line.contains("->") || above_time || aside || line.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the words of a caption file that are neither in a row nor at a line of which a problem speaks.
fn lost_words(text: &str, recording: &Recording) -> Vec<String> {
    let mut kept = String::new();
    for row in &recording.rows {
        writeln!(kept, "{} {}", row.label.as_deref().unwrap_or_default(), row.text).unwrap();
    }
    for problem in &recording.problems {
        kept.push_str(&problem.message);
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut lost = Vec::new();
    for block in lines.split(|line| line.trim().is_empty()) {
        for at in (0..block.len()).filter(|at| !is_frame(block, *at)) {
            let line = block[at].replace(['<', '>', '{', '}', '&'], " ");
            // Markup stands beside words; a word of letters alone is speech.
            let words = line
                .split_whitespace()
                .filter(|word| word.len() > 3 && word.bytes().all(|b| b.is_ascii_alphabetic()));
            lost.extend(words.filter(|word| !kept.contains(word)).map(str::to_owned));
        }
    }
    lost
}

/// Caption samples in plain words, without styles and markup whose text is no speech.
const SPOKEN: &[&str] = &[
    include_str!("../fixtures/ingest/webvtt/zoom.vtt"),
    include_str!("../fixtures/ingest/webvtt/odd-times.vtt"),
    include_str!("../fixtures/ingest/webvtt/blank-line-in-cue.vtt"),
    include_str!("../fixtures/ingest/webvtt/comma-times.vtt"),
    include_str!("../fixtures/ingest/subrip/names.srt"),
    include_str!("../fixtures/ingest/subrip/missing-timing.srt"),
    include_str!("../fixtures/ingest/subrip/two-in-one-caption.srt"),
];

fn shuffled(text: &str, swaps: &[(Index, Index)]) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    for (one, other) in swaps {
        let (one, other) = (one.index(lines.len()), other.index(lines.len()));
        lines.swap(one, other);
    }
    lines.join("\n")
}

fn sane(bytes: &[u8]) {
    let Ok(recording) = read(bytes, None) else { return };
    assert!(!recording.rows.is_empty());
    assert!(recording.rows.len() <= bytes.len());
    assert!(recording.rows.iter().all(|row| !row.text.trim().is_empty() && !row.text.contains(['\n', '\r'])));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        sane(&bytes);
    }

    #[test]
    fn no_text_of_times_names_and_marks_makes_it_panic(
        pieces in proptest::collection::vec(select(&[
            "WEBVTT", "\n", "\n\n", "\r", "00:01", "1:02:03.5", " --> ", "->", "Ama: ", "Ama Mensah", "<v Ama>",
            "</v>", "<", ">", "&amp;", "&", "{\\an8}", "**", "[", "]", "(", ")", "：", ": ", "---", "#", "Attendees",
            "田中", "\u{FEFF}", "\u{A0}", "\\", "1", "NOTE ", "é", "[2026-03-12T10:00:00Z]", "\t", "  ", "0:03",
        ][..]), 0..60)
    ) {
        sane(pieces.concat().as_bytes());
    }

    #[test]
    fn a_damaged_sample_never_makes_it_panic(
        path in select(samples()),
        flips in proptest::collection::vec((any::<Index>(), any::<u8>()), 0..8),
        cut in any::<Index>(),
    ) {
        let mut bytes = std::fs::read(path).unwrap();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        sane(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        sane(&bytes);
    }

    #[test]
    fn every_line_of_a_shuffled_caption_file_is_accounted_for(
        text in select(SPOKEN),
        swaps in proptest::collection::vec((any::<Index>(), any::<Index>()), 0..6),
    ) {
        let text = shuffled(text, &swaps);
        let Ok(recording) = read(text.as_bytes(), None) else { return Ok(()) };
        prop_assert_eq!(lost_words(&text, &recording), Vec::<String>::new());
    }
}
