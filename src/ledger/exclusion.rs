//! Where our side rules out what it promised, both stand and the promise is marked.

use crate::rules::Kind;
use crate::transcript::Side;

use super::heard::Heard;
use super::remark;
use super::threads::Threads;
use super::{Citation, Promise};

/// Marks each promise with the exclusions that speak of the same thing and do not plainly take it back.
pub(super) fn mark(calls: &[Heard], promises: &mut [Promise]) {
    let mut threads = Threads::default();
    let mut exclusions: Vec<Citation> = Vec::new();
    for call in calls {
        let ours = call.findings.iter().filter(|finding| {
            finding.kind() == Kind::Exclusion
                && finding.side != Some(Side::Customer)
                && !remark::takes_back(finding.quote.text())
        });
        for finding in ours {
            threads.file(exclusions.len(), call.gist(finding));
            exclusions.push(call.cite(&finding.quote));
        }
    }
    for promise in promises {
        let Some(saying) = promise.said.first() else { continue };
        let Some(call) = calls.iter().find(|call| call.transcript.call.id == saying.words.call) else {
            continue;
        };
        let mut gist = call.gist_of(saying.words.quote.text());
        gist.add(call.gist_of(saying.context.as_ref().map_or("", |context| context.quote.text())));
        promise.contradicted_by.extend(threads.best(&gist, |_, _| true).map(|at| exclusions[at].clone()));
    }
}
