use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write as _};

use anyhow::Context;
use jiff::Timestamp;

use super::args::Audit;
use super::deployment::Deployment;
use super::{ACTOR, Outcome, Screen};
use crate::handoff::{Proof, row_line, title_line, verify_copy};
use crate::http::LinkView;
use crate::settings::Settings;
use crate::store::AuditFilter;

/// Proves and lists the audit trail.
pub(super) async fn run(settings: &Settings, command: &Audit) -> anyhow::Result<Outcome> {
    if let Audit::Verify { head, file: Some(file) } = command {
        let copy = File::open(file).with_context(|| format!("failed to open {}", file.display()))?;
        return tell(&verify_copy(BufReader::new(copy).lines(), head).map_err(anyhow::Error::msg)?);
    }
    let deployment = Deployment::open_existing(settings).await?;
    let store = deployment.store();
    match command {
        Audit::Verify { head, .. } => tell(&store.verify_audit(head).await?),
        Audit::Export => {
            let head = store.record_audit_copy(ACTOR, Timestamp::now()).await?;
            let mut out = io::stdout().lock();
            out.write_all(title_line(&head).as_bytes())?;
            let mut after = 0;
            while after < head.number {
                let mut links = store.audit_after(after).await?;
                // What was appended meanwhile is behind the end that the first line names.
                links.retain(|link| link.number <= head.number);
                let Some(last) = links.last() else { break };
                after = last.number;
                for link in &links {
                    out.write_all(row_line(link)?.as_bytes())?;
                }
            }
            out.flush()?;
            Ok(Outcome::Done)
        }
        Audit::List { deal, actor, before, limit } => {
            let filter =
                AuditFilter { deal: deal.clone(), actor: actor.clone(), before: *before, action: None };
            let links = store.audit(&filter, *limit).await?;
            let links: Vec<LinkView> = links.into_iter().map(LinkView::from).collect();
            let header = ["row", "at", "who", "did", "deal", "to"];
            Screen::new().table(&header, links.iter().map(row), &links)?;
            Ok(Outcome::Done)
        }
    }
}

/// Says what reading a trail showed.
fn tell(proof: &Proof) -> anyhow::Result<Outcome> {
    let mut text: String = proof.flaws.iter().map(|flaw| format!("{}\n", flaw.words)).collect();
    let verdict = if proof.holds() { "the trail holds" } else { "the trail was tampered with" };
    let (rows, emptied, end) = (proof.rows, proof.emptied, &proof.head);
    text.push_str(&format!("{verdict}: {rows} rows, {emptied} emptied by erasures\nhead {end}\n"));
    Screen::new().either(&text, proof)?;
    Ok(if proof.holds() { Outcome::Done } else { Outcome::Problems })
}

fn row(link: &LinkView) -> Vec<String> {
    let shown = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        link.number.to_string(),
        format!("{:.0}", link.at),
        shown(&link.actor),
        link.action.clone(),
        shown(&link.deal),
        shown(&link.target),
    ]
}
