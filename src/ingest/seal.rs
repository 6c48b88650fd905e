use std::collections::HashMap;

use crate::transcript::{Call, Deal, Digest, Place, Problem, SpeakerId, Transcript};

use super::label::Label;
use super::language::Languages;
use super::problems::Problems;
use super::roster::{self, Roster};
use super::speakers::Voices;
use super::{Correction, Recording, Row, turns};

/// Seals a recording into a transcript: joins its rows into turns, finds out who speaks, on whose side and in which
/// language. `source` is the digest of the recorder's bytes; `call` is the sidecar, which wins over what the file
/// says of itself; `corrections` win over everything.
///
/// The problems are those of the recording and of what could not be found out.
pub fn seal(
    recording: Recording,
    source: Digest,
    call: Call,
    deal: &Deal,
    corrections: &[Correction],
) -> (Transcript, Vec<Problem>) {
    let Recording { format, mut rows, call: of_file, problems: mut all } = recording;
    rows.retain(|row| !row.text.is_empty());
    turns::carry_labels_on(format, &mut rows, &mut all);
    let call = roster::join(call, of_file);
    let mut problems = Problems::default();
    let merged = merges(&rows, corrections, &mut problems);
    let (labels, speaker_of) = tell_apart(&rows, &merged);
    let mut turns = turns::join(&rows, |row| speaker_of[label(row)]);
    let voices = Voices::new(&labels, &turns, Roster::of(&call, deal), deal, &mut problems);
    let speakers = voices.resolve(corrections);
    let language = Languages::new().settle(&mut turns, &rows, call.language.clone());
    all.extend(problems.finish());
    (Transcript { call, speakers, turns, language, source }, all)
}

fn label(row: &Row) -> &str {
    row.label.as_deref().unwrap_or_default()
}

/// Returns which labels a person merged into which; a correction whose labels nobody bears is a problem.
fn merges<'a>(
    rows: &[Row],
    corrections: &'a [Correction],
    problems: &mut Problems,
) -> HashMap<&'a str, &'a str> {
    let borne: std::collections::HashSet<&str> = rows.iter().map(label).collect();
    for wanted in
        corrections.iter().flat_map(|correction| [Some(&correction.label), correction.merge_into.as_ref()])
    {
        if let Some(missing) = wanted.filter(|label| !borne.contains(label.as_str())) {
            problems.note("correction-unmatched", Place::Whole, || {
                format!("no row is labelled “{missing}”, which a correction names")
            });
        }
    }
    let merges = corrections
        .iter()
        .filter_map(|correction| Some((correction.label.as_str(), correction.merge_into.as_deref()?)));
    merges.filter(|(_, into)| borne.contains(into)).collect()
}

/// Gives each label its speaker, in order of appearance: labels of one full name are one, as are merged ones.
/// Returns the first label of each speaker, and the speaker of each label.
fn tell_apart<'r>(
    rows: &'r [Row],
    merged: &HashMap<&str, &'r str>,
) -> (Vec<String>, HashMap<&'r str, SpeakerId>) {
    let mut labels: Vec<String> = Vec::new();
    let mut speaker_of: HashMap<&str, SpeakerId> = HashMap::new();
    let mut by_identity: HashMap<Vec<String>, SpeakerId> = HashMap::new();
    for written in rows.iter().map(label) {
        if speaker_of.contains_key(written) {
            continue;
        }
        let target = follow(written, merged);
        let identity = Label::new(target).identity().unwrap_or_else(|| vec![target.to_owned()]);
        let speaker = *by_identity.entry(identity).or_insert_with(|| {
            labels.push(target.to_owned());
            SpeakerId((labels.len() - 1) as u32)
        });
        speaker_of.insert(written, speaker);
    }
    (labels, speaker_of)
}

/// Follows merges to their end; a circle ends where it began to repeat.
fn follow<'r>(label: &'r str, merged: &HashMap<&str, &'r str>) -> &'r str {
    let mut target = label;
    for _ in 0..merged.len() {
        match merged.get(target) {
            Some(into) => target = into,
            None => break,
        }
    }
    target
}
