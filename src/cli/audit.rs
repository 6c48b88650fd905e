use super::args::Audit;
use super::deployment::Deployment;
use super::{Outcome, Screen};
use crate::http::LinkView;
use crate::settings::Settings;
use crate::store::AuditFilter;

/// Proves and lists the audit trail.
pub(super) async fn run(settings: &Settings, command: &Audit) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open_existing(settings).await?;
    let store = deployment.store();
    let mut screen = Screen::new();
    match command {
        Audit::Verify { head } => {
            let proof = store.verify_audit(head).await?;
            let mut text: String = proof.flaws.iter().map(|flaw| format!("{}\n", flaw.words)).collect();
            let verdict = if proof.holds() { "the trail holds" } else { "the trail was tampered with" };
            let (rows, emptied, end) = (proof.rows, proof.emptied, &proof.head);
            text.push_str(&format!("{verdict}: {rows} rows, {emptied} emptied by erasures\nhead {end}\n"));
            screen.either(&text, &proof)?;
            Ok(if proof.holds() { Outcome::Done } else { Outcome::Problems })
        }
        Audit::List { deal, actor, before, limit } => {
            let filter =
                AuditFilter { deal: deal.clone(), actor: actor.clone(), before: *before, action: None };
            let links = store.audit(&filter, *limit).await?;
            let links: Vec<LinkView> = links.into_iter().map(LinkView::from).collect();
            let header = ["row", "at", "who", "did", "deal", "to"];
            screen.table(&header, links.iter().map(row), &links)?;
            Ok(Outcome::Done)
        }
    }
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
