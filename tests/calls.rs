//! Calls read whole: `fixtures/calls/*/call.txt`, held against `expected.txt`, the call with its findings noted.
//! Behind the date may stand the call's language, behind a speaker's side that of the line.

use std::fmt::Write as _;

use readback::detect::{FindingRecord, detect};
use readback::rules::RuleSet;
use readback::transcript::{
    Call, Deal, Digest, KnownBy, Language, Mark, Speaker, SpeakerId, Transcript, Turn,
};

/// Reads `Name (side): words` or `Name (side, language): words` lines below a `date:` and perhaps a `language:` line.
#[expect(clippy::expect_used, reason = "a fixture that does not read is a failed test")]
pub(crate) fn transcript(text: &str) -> Transcript {
    let mut lines = text.lines().peekable();
    let date = lines.next().and_then(|line| line.strip_prefix("date: ")).expect("a date first");
    let language = lines.next_if(|line| line.starts_with("language: "));
    let language = language.and_then(|line| line.strip_prefix("language: ")).map(Language::from_tag);
    let mut speakers: Vec<Speaker> = Vec::new();
    let mut turns = Vec::new();
    for line in lines {
        let (label, words) = line.split_once("): ").expect("Name (side): words");
        let (name, side) = label.split_once(" (").expect("a side");
        let (side, spoken) =
            side.split_once(", ").map_or((side, None), |(side, spoken)| (side, Some(spoken)));
        let at = speakers.iter().position(|speaker| speaker.label == name).unwrap_or_else(|| {
            let name = name.to_owned();
            let side = Some(side.parse().expect("a side"));
            let known = Speaker {
                label: name.clone(),
                name: Some(name),
                side,
                known_by: KnownBy::Metadata,
                ..Speaker::default()
            };
            speakers.push(known);
            speakers.len() - 1
        });
        let marks = vec![Mark { at: 0, start: None, end: None }];
        turns.push(Turn {
            speaker: SpeakerId(at as u32),
            text: words.to_owned(),
            marks,
            language: spoken.map(Language::from_tag),
        });
    }
    let started_at = format!("{date}T10:00:00Z").parse().ok();
    let call = Call { id: "fixture".to_owned(), started_at, ..Call::default() };
    Transcript { call, speakers, turns, language, source: Digest::of(text.as_bytes()) }
}

/// Returns the call line by line, each finding noted under its line.
fn noted(transcript: &Transcript) -> String {
    let found = detect(transcript, &Deal::default(), &RuleSet::builtin());
    let mut page = String::new();
    for (number, turn) in transcript.turns.iter().enumerate() {
        let speaker = &transcript.speakers[turn.speaker.index()];
        let _ = writeln!(page, "{}: {}", speaker.display(), turn.text);
        for finding in &found.findings {
            let record = FindingRecord::new(finding, transcript);
            if record.turn as usize != number {
                continue;
            }
            let said = record.attrs.iter().filter(|(_, value)| !value.is_null());
            let attrs: Vec<_> =
                said.map(|(name, value)| format!("{name}={}", value.to_string().trim_matches('"'))).collect();
            let context =
                record.context_quote.map(|words| format!(" answering [[{words}]]")).unwrap_or_default();
            let _ =
                writeln!(page, "    {} [[{}]]{context} ({})", record.kind, record.quote, attrs.join(", "));
        }
    }
    page
}

/// Run with `BLESS=1` to write what is found, then read the difference as a story.
#[test]
fn every_call_is_found_as_noted() {
    for folder in std::fs::read_dir("fixtures/calls").expect("the fixtures") {
        let folder = folder.expect("a folder").path();
        let Ok(text) = std::fs::read_to_string(folder.join("call.txt")) else { continue };
        let page = noted(&transcript(&text));
        let expected = folder.join("expected.txt");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &page).expect("to write");
        }
        let wanted = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(page, wanted, "{}", folder.display());
    }
}

#[test]
fn a_question_in_another_language_is_answered_like_any_other() {
    let mut call = transcript(
        "date: 2026-03-10\nDana (customer): ¿Lo tendremos para marzo?\nMarcus (rep): Absolutely, we'll have it for you.\n\
         Dana (customer): Can you do that by March?\nMarcus (rep): Absolutely, we'll have it for you.",
    );
    for (turn, language) in call.turns.iter_mut().zip(["es", "en", "en", "en"]) {
        turn.language = Some(Language::from_tag(language));
    }
    let found = detect(&call, &Deal::default(), &RuleSet::builtin()).findings;
    let answered = found.iter().filter_map(|finding| finding.context.as_ref()).map(|quote| quote.text());
    assert_eq!(answered.collect::<Vec<_>>(), ["Lo tendremos para marzo", "Can you do that by March"]);
}
