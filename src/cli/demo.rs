use anyhow::Context;
use jiff::Timestamp;

use super::args::{Demo, Format};
use super::deployment::Deployment;
use super::{ACTOR, Outcome, draft, import, note, rule_set, serve};
use crate::access::Role;
use crate::pipeline::{self, FoundCall, Sidecars};
use crate::settings::Settings;
use crate::sign_in::{self, Holder, TokenWish};

/// Drafts a packet from the first of the deals and prints it, then serves all of them.
pub(super) async fn run(settings: &Settings, args: &Demo) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        args.deals.is_dir(),
        "{} is no folder; run from the clone, or name one",
        args.deals.display()
    );
    let first = first_deal(&args.deals)?;
    let rules = rule_set(None)?;
    let (deal, readings, _) = draft::read_deal(&[first], &rules)?;
    draft::print(&pipeline::draft(&deal, &readings, &[]), Format::Md, None)?;

    let deployment = Deployment::open(settings).await?;
    let _lock = deployment.lock()?;
    let pipeline = deployment.pipeline().await?;
    let files = pipeline::transcripts(&args.deals)?;
    for file in &files {
        let found = FoundCall::read(file, &Sidecars::default())?;
        let delivery = found.into_delivery();
        pipeline
            .deliver(delivery, None)
            .await
            .with_context(|| format!("failed to deliver {}", file.display()))?;
    }
    import::attach_papers(&pipeline, &import::found_deals(std::slice::from_ref(&args.deals))?).await?;
    import::catch_up(&pipeline, 0).await?;
    let holder = Holder::Machine(Role::Admin);
    let wish = TokenWish { name: "demo".to_owned(), holder, scopes: Vec::new(), days: None };
    let (_, secret) = sign_in::make_token(deployment.store(), wish, ACTOR, Timestamp::now()).await?;
    serve::serve(settings, pipeline, |address| try_this(address, secret.as_str(), &deal.id)).await?;
    Ok(Outcome::Done)
}

/// Returns the first deal folder by name.
fn first_deal(deals: &std::path::Path) -> anyhow::Result<std::path::PathBuf> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(deals)? {
        let path = entry?.path();
        if path.join("deal.json").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    folders.into_iter().next().with_context(|| format!("{} holds no deal folder", deals.display()))
}

fn try_this(address: &str, secret: &str, deal: &str) {
    note(&format!(
        "\nThe packet above was drafted from recorded calls. The service has both deals now; try:\n\n  \
         TOKEN={secret}\n  \
         curl -H \"Authorization: Bearer $TOKEN\" '{address}/v1/search?q=%22single+sign-on%22'\n  \
         curl -H \"Authorization: Bearer $TOKEN\" '{address}/v1/deals/{deal}/packet?format=md'\n  \
         curl -H \"Authorization: Bearer $TOKEN\" -F file=@your-call.vtt {address}/v1/calls\n\n\
         Ctrl-C stops it."
    ));
}
