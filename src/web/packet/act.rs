use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::http::HeaderMap;
use axum::response::Redirect;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::decide::place;
use crate::handoff::{Act, Event, Settlement};
use crate::http::{App, Caller, Id, ProblemJson};
use crate::pipeline::Actor;
use crate::web::form::Filled;

/// Does something in a handoff and shows the packet again, where the form stood.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(deal): Id,
    headers: HeaderMap,
    filled: Result<Form<Filled>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let Form(filled) = filled?;
    let revision = filled.needed_as("revision")?;
    let zone = filled.text("zone").and_then(|zone| TimeZone::get(&zone).ok()).unwrap_or(TimeZone::UTC);
    let act = act(&filled, &zone)?;
    let actor = Actor { name: caller.name.clone(), role: caller.role };
    app.pipeline.act(&deal, act, actor, Some(revision), None, Timestamp::now()).await?;
    let place = place(&deal, &filled, &headers);
    Ok(Redirect::to(&place.replace("#review", "#handoff")))
}

/// Reads the act that a form sends; times of day are those of `zone`.
fn act(filled: &Filled, zone: &TimeZone) -> Result<Act, ProblemJson> {
    let promise = || filled.needed("entry");
    let text = || filled.needed("text");
    Ok(match filled.needed("act")?.as_str() {
        "sign" => Act::Sign { packet: Some(filled.needed_as("packet")?) },
        "hand_over" => Act::HandOver,
        "initial" => Act::Initial { promise: promise()?, seen: Some(filled.needed_as("seen")?) },
        "dispute" => Act::Dispute { promise: promise()?, reason: text()? },
        "settle" => Act::Settle { promise: promise()?, outcome: outcome(filled)?, reason: text()? },
        "ask" => Act::Ask { question: text()?, entry: filled.text("entry") },
        "answer" => Act::Answer { question: filled.needed_as("earlier")?, answer: text()? },
        "approve" => Act::Approve,
        "approve_with_conditions" => {
            let conditions = filled.needed("conditions")?;
            let conditions = conditions.lines().map(str::trim).filter(|line| !line.is_empty());
            let conditions = conditions.map(str::to_owned).collect();
            Act::ApproveWithConditions { conditions, repair_by: filled.needed_as("repair_by")? }
        }
        "repaired" => Act::Repaired,
        "return" => Act::Return { reason: text()? },
        "report" => {
            let (event, minutes) = (event(filled)?, filled.read("minutes")?);
            Act::Report { event, at: moment(filled, zone)?, minutes, frozen: None }
        }
        "schedule_kickoff" => {
            filled.needed("at")?;
            Act::ScheduleKickoff { at: moment(filled, zone)?.unwrap_or_default() }
        }
        "check_in" => {
            Act::CheckIn { day: filled.needed_as("day")?, answer: filled.text("text").unwrap_or_default() }
        }
        "rate" => Act::Rate { rating: filled.needed_as("rating")? },
        other => return Err(ProblemJson::field("act", format!("`{other}` is none that a form sends"))),
    })
}

fn outcome(filled: &Filled) -> Result<Settlement, ProblemJson> {
    match filled.needed("outcome")?.as_str() {
        "kept" => Ok(Settlement::Kept),
        "renegotiated" => Ok(Settlement::Renegotiated),
        "dropped" => Ok(Settlement::Dropped),
        other => {
            Err(ProblemJson::field("outcome", format!("`{other}` is none of kept, renegotiated, dropped")))
        }
    }
}

fn event(filled: &Filled) -> Result<Event, ProblemJson> {
    let word = filled.needed("event")?;
    let event = serde_json::from_value(word.into());
    event.map_err(|error: serde_json::Error| ProblemJson::field("event", error.to_string()))
}

/// Returns the moment that a form tells in the deal's zone.
fn moment(filled: &Filled, zone: &TimeZone) -> Result<Option<Timestamp>, ProblemJson> {
    let Some(at) = filled.read::<DateTime>("at")? else { return Ok(None) };
    let at = at.to_zoned(zone.clone()).map_err(|error| ProblemJson::field("at", error.to_string()))?;
    Ok(Some(at.timestamp()))
}
