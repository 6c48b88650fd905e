use std::collections::HashMap;

use crate::ledger::{Ledger, ReadCall};
use crate::transcript::{Place, Problem, Transcript};

use super::CallProblem;

/// Leaves out of `ledger` every quote that no longer stands in its call, and tells which.
pub fn strike(ledger: &mut Ledger, calls: &[ReadCall]) -> Vec<CallProblem> {
    let transcripts: HashMap<&str, &Transcript> =
        calls.iter().map(|read| (read.transcript.call.id.as_str(), read.transcript)).collect();
    let mut problems = not_found(calls);
    ledger.retain(|words| {
        let stands = transcripts.get(words.call.as_str()).is_some_and(|call| call.holds(&words.quote));
        if !stands {
            problems.push(problem(&words.call, words.quote.span().turn));
        }
        stands
    });
    problems.dedup();
    problems
}

/// Returns a problem for each finding whose words do not stand in its own call.
fn not_found(calls: &[ReadCall]) -> Vec<CallProblem> {
    let of_call = |read: &ReadCall| {
        let findings = read.detected.findings.iter();
        let lost = findings.filter(|finding| !read.transcript.holds(&finding.quote));
        lost.map(|finding| problem(&read.transcript.call.id, finding.quote.span().turn)).collect::<Vec<_>>()
    };
    calls.iter().flat_map(of_call).collect()
}

fn problem(call: &str, turn: u32) -> CallProblem {
    let message = format!("a quote of turn {turn} does not stand in the transcript and was left out");
    let problem = Problem::new("quote-does-not-stand", Place::Pointer(format!("/turns/{turn}")), message);
    CallProblem { call: call.to_owned(), problem }
}
