//! Calls of an hour, made of the fixture deals.

use std::fmt::Write as _;
use std::path::Path;

use readback::pipeline::{FoundCall, Reading, Sidecars, transcripts};
use readback::rules::RuleSet;
use readback::transcript::{Call, Deal};

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
