use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::response::Redirect;

use crate::http::{self, App, Caller, Id, ProblemJson, author, encode};
use crate::review::Words;
use crate::transcript::{Span, Transcript};
use crate::web::form::Filled;
use crate::web::packet::added;

/// Adds words of a call to its deal's packet, as what a person says they are.
pub(in crate::web) async fn post(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(call): Id,
    filled: Result<Form<Filled>, FormRejection>,
) -> Result<Redirect, ProblemJson> {
    let Form(filled) = filled?;
    let stored = http::stored(&app, &call).await?;
    let missing =
        || ProblemJson::field("call", "belongs to no deal, so that there is no packet to add words to");
    let deal = stored.deal.clone().ok_or_else(missing)?;
    let reading = app.pipeline.reading(&stored).await?;
    let words = pointed_at(&filled, &reading.transcript)?;
    let act = added(&filled, Some(words))?;
    app.pipeline.decide(&deal, vec![act], author(&caller), None, None).await?;
    Ok(Redirect::to(&format!("/calls/{}#turn-{}", encode(&call), filled.needed_as::<u32>("turn")?)))
}

/// Returns the words that a form points at: by their bytes in a turn, as a selection tells, or to the letter.
fn pointed_at(filled: &Filled, transcript: &Transcript) -> Result<Words, ProblemJson> {
    let turn: u32 = filled.needed_as("turn")?;
    let (Some(start), Some(end)) = (filled.read("start")?, filled.read("end")?) else {
        let (call, quote) = (transcript.call.id.clone(), filled.needed("quote")?);
        return Ok(Words::Given { call, quote, turn: Some(turn) });
    };
    if filled.needed("transcript")? != transcript.digest().as_str() {
        let detail = "the call reads otherwise since you opened it: open it again and select the words there";
        return Err(ProblemJson::field("transcript", detail));
    }
    Words::at(transcript, Span { turn, start, end })
        .ok_or_else(|| ProblemJson::field("start", "no words stand there; select some of one turn"))
}
