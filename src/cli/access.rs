use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::args::Access;
use super::deployment::Deployment;
use super::{Outcome, Screen, permission_changed};
use crate::settings::Settings;
use crate::store::as_login;

/// Who sees a deal, as it is printed.
#[derive(Serialize)]
struct Shown {
    deal: String,
    restricted: bool,
    members: BTreeSet<String>,
}

/// Says who sees a deal, after changing it where the command says so.
pub(super) async fn run(settings: &Settings, args: &Access) -> anyhow::Result<Outcome> {
    let deployment = Deployment::open_existing(settings).await?;
    let store = deployment.store();
    let Some((mut access, revision)) = store.deal_access(&args.deal).await? else {
        anyhow::bail!("there is no deal `{}`", args.deal);
    };
    let before = access.clone();
    access.restricted = (access.restricted || args.restrict) && !args.open;
    access.members.extend(args.add.iter().map(|login| as_login(login)));
    for login in &args.remove {
        access.members.remove(&as_login(login));
    }
    if access != before {
        let (deal, access) = (args.deal.clone(), access.clone());
        let detail = json!({"restricted": access.restricted, "members": access.members});
        let entry = permission_changed(&deal, detail).of_deal(&deal);
        let work = store.write(move |tx| {
            Box::pin(async move {
                tx.record(entry);
                tx.put_deal_access(&deal, &access, Some(revision), Timestamp::now()).await
            })
        });
        work.await?;
    }
    let shown = Shown { deal: args.deal.clone(), restricted: access.restricted, members: access.members };
    let who = if shown.restricted { "members, their managers, admins" } else { "everybody who reads" };
    let members: Vec<_> = shown.members.iter().cloned().collect();
    let row = vec![shown.deal.clone(), who.to_owned(), members.join(", ")];
    Screen::new().table(&["deal", "seen by", "members"], std::iter::once(row), &shown)?;
    store.close().await;
    Ok(Outcome::Done)
}
