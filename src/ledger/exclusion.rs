//! Where our side rules out what it promised, both stand and the promise is marked.

use crate::rules::Kind;
use crate::transcript::Side;

use super::entries::Entries;
use super::gist::spoken;
use super::heard::Heard;
use super::topic::Topic;
use super::words::words;
use super::{Citation, Promise};

/// Marks each promise with the exclusions that speak of the same thing and do not plainly take it back.
pub(super) fn mark(calls: &[Heard], promises: &mut [Promise]) {
    let mut entries = Entries::default();
    let mut exclusions: Vec<Citation> = Vec::new();
    for call in calls {
        let ours = call.findings.iter().filter(|finding| {
            finding.kind() == Kind::Exclusion
                && finding.side != Some(Side::Customer)
                && !words().take_back(&spoken(finding.quote.text()))
        });
        for finding in ours {
            entries.add(exclusions.len(), Topic::new(call, finding));
            exclusions.push(call.cite(&finding.quote));
        }
    }
    for promise in promises {
        let Some(saying) = promise.said.first() else { continue };
        let Some(call) = calls.iter().find(|call| call.transcript.call.id == saying.words.call) else {
            continue;
        };
        let mut gist = call.gist_of(saying.words.quote.text());
        gist.add(&call.gist_of(saying.context.as_ref().map_or("", |context| context.quote.text())));
        promise.contradicted_by.extend(entries.alike(&gist, |_| true).map(|at| exclusions[at].clone()));
    }
}
