use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::args::{Clocks, Handoff};
use super::deployment::Deployment;
use super::{Outcome, Screen, remote};
use crate::access::Viewer;
use crate::handoff::{Act, Clock, ClockState};
use crate::pipeline::{Actor, HandoffLine, HandoffView, Pipeline};
use crate::settings::Settings;

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

/// Shows where a handoff stands, and does acts in it first where some are named.
pub(super) async fn run(settings: &Settings, args: &Handoff) -> anyhow::Result<Outcome> {
    let mut screen = Screen::new();
    if args.remote.server.is_some() {
        let path = format!("/v1/deals/{}/handoff", crate::http::encode(&args.deal));
        let view = remote::get(&args.remote, &path, &json!({})).await?;
        screen.json(&view)?;
        return Ok(Outcome::Done);
    }
    let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
    for word in &args.acts {
        act(&pipeline, args, word).await?;
    }
    let view = pipeline.handoff(&args.deal, true, Timestamp::now()).await?;
    let view = view.with_context(|| format!("there is no deal `{}`", args.deal))?;
    screen.either(&text(&view), &view)?;
    Ok(Outcome::Done)
}

async fn act(pipeline: &Pipeline, args: &Handoff, word: &str) -> anyhow::Result<()> {
    let (Some(by), Some(role)) = (&args.by, args.role) else {
        anyhow::bail!("say who acts, with --by NAME and --as ROLE");
    };
    let act = read_act(word)?;
    let actor = Actor { name: by.clone(), role };
    let done = pipeline.act(&args.deal, act, actor, None, None, Timestamp::now()).await;
    done.with_context(|| format!("failed to do `{word}`"))?;
    Ok(())
}

/// Reads an act as JSON, or as its name alone where it needs no more.
fn read_act(word: &str) -> anyhow::Result<Act> {
    let value: Value = match word.trim_start().starts_with('{') {
        true => serde_json::from_str(word).with_context(|| format!("`{word}` is no JSON"))?,
        false => json!({ "act": word }),
    };
    serde_json::from_value(value).with_context(|| format!("`{word}` is no act of a handoff"))
}

fn text(view: &HandoffView) -> String {
    let mut text = format!("{} · {} · {}\n", view.deal, view.account, view.handoff.stage.words());
    for gate in &view.gates {
        let state = if gate.open { "open" } else { "closed" };
        text.push_str(&format!("gate {}: {state}\n", json!(gate.gate).as_str().unwrap_or_default()));
        gate.missing.iter().for_each(|lack| text.push_str(&format!("  - {}\n", lack.words)));
    }
    for promise in &view.promises {
        let mark = |by: &Option<String>| by.clone().unwrap_or_else(|| "-".to_owned());
        let (ae, csm) = (mark(&promise.ae), mark(&promise.csm));
        text.push_str(&format!("promise {} [AE {ae}, CSM {csm}] “{}”\n", promise.id, promise.summary));
    }
    for clock in view.clocks.iter().filter(|clock| clock.state != ClockState::Waiting) {
        text.push_str(&format!("{}\n", cells(clock).join(" · ")));
    }
    text
}

fn cells(clock: &Clock) -> Vec<String> {
    let due = clock.due_at.map(|due| format!("{due:.0}")).unwrap_or_default();
    vec![clock.step.clone(), clock.state.as_str().to_owned(), due, clock.title.clone()]
}

/// Lists the deadlines of all handoffs.
pub(super) async fn clocks(settings: &Settings, args: &Clocks) -> anyhow::Result<Outcome> {
    let pipeline = Deployment::open_existing(settings).await?.pipeline().await?;
    let mut lines: Vec<HandoffLine> = Vec::new();
    let mut after = None;
    loop {
        let page = pipeline.store().deals(Viewer::Everything, after.as_ref(), ROWS).await?;
        for deal in page.items {
            let line = pipeline.handoff_line(deal, Timestamp::now()).await?;
            if !args.late || line.is_late() {
                lines.push(line);
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let row = |line: &HandoffLine, clock: &Clock| {
        let mut row = vec![line.deal.clone(), line.stage.as_str().to_owned()];
        row.extend(cells(clock));
        row
    };
    let rows = lines.iter().flat_map(|line| line.clocks.iter().map(|clock| row(line, clock)));
    Screen::new().table(&["deal", "stage", "step", "state", "due", "what"], rows, &lines)?;
    Ok(Outcome::Done)
}
