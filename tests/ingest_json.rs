//! Recorders' JSON, from the delivered bytes to who said what when. Each sample of `fixtures/ingest/<vendor>/` has
//! its story beside it; `INSTA_UPDATE=always` writes them anew, to be read before they are kept.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support::deal::deal;
use proptest::prelude::*;
use readback::ingest::{self, Recording, Unreadable};
use readback::transcript::{Call, Deal, Digest, Problem, Timecode, Transcript};
use serde_json::Value;

fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ingest");
    let folders =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files =
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut samples: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    samples.sort();
    samples
}

fn seal(bytes: &[u8]) -> Result<(Transcript, Vec<Problem>), Unreadable> {
    let recording = ingest::read(bytes, None)?;
    Ok(ingest::seal(recording, Digest::of(bytes), Call::default(), &deal(), &[]))
}

fn story(bytes: &[u8]) -> String {
    let format = ingest::read(bytes, None).unwrap().format;
    let (transcript, problems) = seal(bytes).unwrap();
    let mut story = format!("{format:?}\n");
    for (name, value) in [
        ("call", Some(transcript.call.id.clone()).filter(|id| !id.is_empty())),
        ("title", transcript.call.title.clone()),
        ("started", transcript.call.started_at.map(|at| at.to_string())),
        ("language", transcript.language.as_ref().map(ToString::to_string)),
        ("play", transcript.call.recording_url.clone()),
    ] {
        if let Some(value) = value {
            writeln!(story, "{name}: {value}").unwrap();
        }
    }
    for speaker in &transcript.speakers {
        let side = speaker.side.map_or("no side", |side| side.as_str());
        let more = [&speaker.title, &speaker.email].into_iter().flatten().map(|text| format!(", {text}"));
        let (label, name, by) = (&speaker.label, speaker.display(), speaker.known_by);
        writeln!(story, "“{label}” is {name}: {side}{} (by {by:?})", more.collect::<String>()).unwrap();
    }
    story.push('\n');
    for turn in &transcript.turns {
        writeln!(story, "{}:", transcript.speakers[turn.speaker.index()].display()).unwrap();
        for (at, mark) in turn.marks.iter().enumerate() {
            let end = turn.marks.get(at + 1).map_or(turn.text.len(), |next| next.at as usize);
            let time =
                |time: Option<Timecode>| time.map_or("-".to_owned(), |time| time.as_millis().to_string());
            let words = turn.text[mark.at as usize..end].trim_end();
            writeln!(story, "  {:>6} {:>6}  {words}", time(mark.start), time(mark.end)).unwrap();
        }
    }
    story.push('\n');
    for problem in problems {
        writeln!(story, "{problem}").unwrap();
    }
    story.trim_end().to_owned()
}

#[test]
fn every_sample_reads_as_its_story() {
    for sample in samples() {
        let folder = sample.parent().unwrap().to_owned();
        let name = sample.file_stem().unwrap().to_str().unwrap().to_owned();
        let settings = {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(folder);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings
        };
        let story = story(&std::fs::read(&sample).unwrap());
        settings.bind(|| insta::assert_snapshot!(name, story));
    }
}

#[test]
fn several_calls_in_one_file_are_refused_with_the_way_out() {
    let two =
        r#"{"callTranscripts": [{"callId": "1", "transcript": []}, {"callId": "2", "transcript": []}]}"#;
    let message = seal(two.as_bytes()).unwrap_err().to_string();
    assert!(message.contains("2 calls") && message.contains("by itself"), "{message}");
}

#[test]
fn the_sidecar_names_the_speakers_of_a_gong_transcript_that_comes_alone() {
    let bytes =
        std::fs::read(samples().iter().find(|path| path.ends_with("gong/alone.json")).unwrap()).unwrap();
    let sidecar = r#"{"id": "harrow-01", "participants": [
        {"name": "Dana Whitfield", "side": "customer", "speaker_id": "6120093847561102938"}]}"#;
    let sidecar: Call = serde_json::from_str(sidecar).unwrap();
    let recording = ingest::read(&bytes, None).unwrap();
    let (transcript, _) = ingest::seal(recording, Digest::of(&bytes), sidecar, &Deal::default(), &[]);
    assert_eq!(transcript.speakers[1].name.as_deref(), Some("Dana Whitfield"));
    assert_eq!(transcript.speakers[1].label, "6120093847561102938");
    assert_eq!(transcript.call.id, "harrow-01");
}

#[test]
fn a_version_of_our_own_json_that_is_not_known_is_refused() {
    let message = seal(br#"{"readback": 2, "rows": []}"#).unwrap_err().to_string();
    assert!(message.contains("must be 1"), "{message}");
}

/// Asserts what holds of every transcript that was made of `recording`.
fn assert_sealed(recording: &Recording, transcript: &Transcript) {
    let rows = recording.rows.iter().filter(|row| !row.text.is_empty());
    let spoken: Vec<&str> = rows.flat_map(|row| row.text.split_whitespace()).collect();
    let kept: Vec<&str> = transcript.turns.iter().flat_map(|turn| turn.text.split_whitespace()).collect();
    assert_eq!(spoken, kept, "joining rows loses no word and adds none");
    let mut starts = recording.rows.iter().filter(|row| !row.text.is_empty());
    for turn in &transcript.turns {
        assert_eq!(turn.marks[0].at, 0);
        for mark in &turn.marks {
            let row = starts.next().unwrap();
            assert!(
                turn.text[mark.at as usize..].starts_with(&row.text),
                "a mark stands where its row begins"
            );
        }
        assert!(turn.speaker.index() < transcript.speakers.len());
    }
    assert_eq!(starts.next(), None, "every row has its mark");
}

fn check(bytes: &[u8]) {
    let Ok(recording) = ingest::read(bytes, None) else { return };
    let (transcript, _) = ingest::seal(recording.clone(), Digest::of(bytes), Call::default(), &deal(), &[]);
    assert_sealed(&recording, &transcript);
}

/// Any JSON, in which the keys of recorders are common.
fn any_json() -> impl Strategy<Value = Value> {
    let keys = "callTranscripts|transcript|sentences|speakerId|text|start|end|segments|words|speaker|results|channels|\
                utterances|items|alternatives|content|monologues|elements|value|participant|transcription|offsets|data|\
                readback|rows|calls|parties|name|id|ts|start_time|type|transcriptEntries|startTime|key~/";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[A-Z][a-z]{1,6}( [A-Z][a-z]{1,6})?".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(keys, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Replaces the `at`-th value of `document`, counted in depth, by `other`.
fn replace(document: &mut Value, at: &mut usize, other: &Value) {
    if *at == 0 {
        *document = other.clone();
    }
    *at = at.wrapping_sub(1);
    match document {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, at, other)),
        Value::Object(fields) => fields.values_mut().for_each(|field| replace(field, at, other)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(value in any_json()) {
        check(value.to_string().as_bytes());
    }

    #[test]
    fn a_sample_with_anything_anywhere_is_read_or_refused(which in any::<prop::sample::Index>(), mut at in 0_usize..150, other in any_json()) {
        let samples = samples();
        let mut document = serde_json::from_slice(&std::fs::read(which.get(&samples)).unwrap()).unwrap();
        replace(&mut document, &mut at, &other);
        check(document.to_string().as_bytes());
    }

    #[test]
    fn rows_of_any_words_and_labels_are_joined_without_loss(rows in prop::collection::vec((prop::option::of("(Dana|Kofi|é|Whitfield, Dana|\\PC{0,6})"), "\\PC{0,30}"), 0..20)) {
        let rows: Vec<_> = rows.iter().map(|(speaker, text)| serde_json::json!({"speaker": speaker, "text": text})).collect();
        check(serde_json::json!({"readback": 1, "rows": rows}).to_string().as_bytes());
    }
}
