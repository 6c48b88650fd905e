use anyhow::Context;
use jiff::SignedDuration;

use crate::http::{Door, Limits, PublicUrl, Throttle};
use crate::settings::Settings;
use crate::sign_in::{Lifetimes, Passwords, Provider, ProviderSecret};

/// Returns how people come in, as the settings say.
pub(super) fn door(settings: &Settings, limits: &Limits) -> anyhow::Result<Door> {
    let public_url = PublicUrl::new(&settings.server.public_url).map_err(anyhow::Error::msg)?;
    let sign_in = &settings.sign_in;
    Ok(Door {
        provider: provider(settings, &public_url)?,
        public_url,
        proxies: settings.server.proxies,
        lifetimes: Lifetimes {
            idle: SignedDuration::from_mins(sign_in.idle_minutes.into()),
            whole: SignedDuration::from_hours(sign_in.session_hours.into()),
        },
        passwords: Passwords::new().context("failed to prepare the check of passwords")?,
        throttle: Throttle::new(limits),
    })
}

fn provider(settings: &Settings, public_url: &PublicUrl) -> anyhow::Result<Option<Provider>> {
    let oidc = &settings.oidc;
    if oidc.issuer.is_empty() {
        return Ok(None);
    }
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let safe = oidc.issuer.starts_with("https://") || local.iter().any(|host| oidc.issuer.starts_with(host));
    anyhow::ensure!(safe, "oidc.issuer is `{}`; it must begin with https://", oidc.issuer);
    anyhow::ensure!(!oidc.client_id.is_empty(), "oidc.issuer is set; set oidc.client_id too");
    anyhow::ensure!(
        !public_url.as_str().is_empty(),
        "oidc.issuer is set; set server.public_url too: the provider sends browsers back there"
    );
    if let Some((group, role)) = oidc.roles.iter().find(|(_, role)| !role.is_personal()) {
        anyhow::bail!("oidc.roles: {role} is no role for people, group `{group}` cannot have it");
    }
    Ok(Some(Provider {
        issuer: oidc.issuer.clone(),
        client_id: oidc.client_id.clone(),
        client_secret: ProviderSecret(oidc.client_secret.clone()),
        redirect_url: format!("{}/v1/sign-in/oidc/callback", public_url.as_str()),
        scopes: oidc.scopes.split_whitespace().map(str::to_owned).collect(),
        groups_claim: oidc.groups_claim.clone(),
        roles: oidc.roles.clone(),
    }))
}
