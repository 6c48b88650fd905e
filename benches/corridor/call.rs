//! Calls of an hour, made of the fixture deals.

use std::fmt::Write as _;
use std::path::Path;

use jiff::SignedDuration;
use jiff::tz::Offset;
use readback::pipeline::{FoundCall, Reading, Sidecars, transcripts};
use readback::rules::RuleSet;
use readback::transcript::{Call, CallTime, Deal};

/// Words of an hour: 150 a minute.
const WORDS: usize = 9_000;

/// A call of one hour, and the deal it belongs to.
pub(crate) struct Hour {
    pub(crate) call: Call,
    pub(crate) deal: Deal,
    pub(crate) vtt: String,
}

impl Hour {
    pub(crate) fn reading(&self, rules: &RuleSet) -> Reading {
        Reading::new(self.vtt.as_bytes(), self.call.clone(), &self.deal, &[], rules).unwrap()
    }
}

/// Returns three calls of one deal, each of an hour: what is said in the fixture's call, again and again.
pub(crate) fn hours() -> Vec<Hour> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals/climbing-walls");
    transcripts(&folder)
        .unwrap()
        .iter()
        .map(|path| hour(FoundCall::read(path, &Sidecars::default()).unwrap()))
        .collect()
}

/// Returns the readings of sixty calls of one deal, a week apart: the fixture deal's three, twenty times over.
pub(crate) fn sixty(rules: &RuleSet) -> (Deal, Vec<Reading>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/deals/credit-union");
    let paths = transcripts(&folder).unwrap();
    let found: Vec<_> =
        paths.iter().map(|path| FoundCall::read(path, &Sidecars::default()).unwrap()).collect();
    let reading = |number: usize| {
        let FoundCall { bytes, call, deal, .. } = &found[number % found.len()];
        let weeks = SignedDuration::from_hours(7 * 24 * i64::try_from(number / found.len()).unwrap());
        let started_at = call.started_at.map(|start| CallTime::new(start.timestamp() + weeks, Offset::UTC));
        let call = Call { id: format!("{}-{number}", call.id), started_at, ..call.clone() };
        Reading::new(bytes, call, deal, &[], rules).unwrap()
    };
    (found[0].deal.clone(), (0..60).map(reading).collect())
}

fn hour(found: FoundCall) -> Hour {
    let FoundCall { bytes, call, deal, .. } = found;
    let said = Reading::new(&bytes, call.clone(), &deal, &[], &RuleSet::default()).unwrap().transcript;
    let mut vtt = "WEBVTT\n".to_owned();
    let mut words = 0;
    for turn in said.turns.iter().cycle() {
        if words >= WORDS {
            break;
        }
        let speaker = said.speakers[turn.speaker.index()].display();
        let ends = turn.marks.iter().skip(1).map(|mark| mark.at as usize).chain([turn.text.len()]);
        for (mark, end) in turn.marks.iter().zip(ends) {
            let row = turn.text[mark.at as usize..end].trim();
            let from = clock(words);
            words += row.split_whitespace().count();
            write!(vtt, "\n{from} --> {}\n<v {speaker}>{row}</v>\n", clock(words)).unwrap();
        }
    }
    Hour { call, deal, vtt }
}

/// Returns when word number `word` is said.
fn clock(word: usize) -> String {
    let ms = word * 400;
    format!("{:02}:{:02}:{:02}.{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000)
}
