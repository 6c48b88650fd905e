use jiff::Timestamp;
use serde_json::json;

use super::args::Forget;
use super::deployment::Deployment;
use super::import::catch_up;
use super::{Outcome, Screen};
use crate::handoff::Forgotten;
use crate::settings::Settings;

/// Who erases, for the audit trail.
const ACTOR: &str = "command line";

/// Erases a call, a person, or what is too old, and has index and packets follow.
pub(super) async fn run(settings: &Settings, command: &Forget) -> anyhow::Result<Outcome> {
    let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
    let now = Timestamp::now();
    let (text, value) = match command {
        Forget::Call { id } => {
            let erased = pipeline.forget_call(id, ACTOR, now).await?;
            (format!("erased call {id}\n"), json!(erased))
        }
        Forget::Person { name, deal } => {
            let person = Forgotten::new(name).map_err(anyhow::Error::msg)?;
            let erased = pipeline.forget_person(&person, deal, ACTOR, now).await?;
            (format!("erased {name} from deal {deal}\n"), json!(erased))
        }
        Forget::OlderThan { days } => {
            let calls = pipeline.forget_older_than(*days, ACTOR, now).await?;
            (format!("erased {} calls older than {days} days\n", calls.len()), json!({ "calls": calls }))
        }
    };
    catch_up(&pipeline, 0).await?;
    pipeline.store().settle().await?;
    pipeline.store().close().await;
    Screen::new().either(&text, &value)?;
    Ok(Outcome::Done)
}
