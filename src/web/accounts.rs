//! Who may sign in, what they are and in which teams, and the tokens of machines.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::frame::{Frame, draw, shown};
use super::moment::Moment;
use crate::access::{Act, Role};
use crate::http::{
    self, AccountChange, AccountRequest, AccountView, App, Caller, Id, ProblemJson, TokenRequest, encode,
};
use crate::store::Token;

#[derive(Template)]
#[template(path = "pages/accounts.html")]
struct Page {
    frame: Frame,
    people: Vec<Person>,
    tokens: Vec<Key>,
    roles: Vec<(&'static str, String)>,
    /// Roles that a machine's token can have.
    machines: Vec<(&'static str, String)>,
    scopes: Vec<&'static str>,
    /// What was wrong with what a form sent.
    wrong: String,
    /// The secret of a token that was just made, and what it is for.
    secret: Option<(String, String)>,
}

struct Person {
    login: String,
    to: String,
    name: String,
    role: &'static str,
    role_name: String,
    teams: String,
    seen: Option<Moment>,
    closed: bool,
    /// Whether it is the reader's own account.
    own: bool,
}

struct Key {
    id: String,
    name: String,
    holder: String,
    scopes: String,
    used: Option<Moment>,
    ends: Option<Moment>,
    /// Whether it opens nothing any more, and why.
    over: &'static str,
}

/// An account as a form sends it. A password that is left empty is none.
#[derive(Deserialize)]
pub(super) struct NewAccount {
    login: String,
    #[serde(default)]
    name: String,
    role: Role,
    #[serde(default)]
    password: String,
}

/// What a form changes about an account.
#[derive(Deserialize)]
pub(super) struct Changed {
    role: Option<Role>,
    /// Teams with commas between.
    teams: Option<String>,
    /// What both were when the form was drawn: what it leaves as it was is no change.
    was_role: Option<Role>,
    was_teams: Option<String>,
    #[serde(default)]
    password: String,
    closed: Option<bool>,
}

/// A token as a form sends it: for a person where a login is typed, else for a machine.
#[derive(Deserialize)]
pub(super) struct NewToken {
    name: String,
    role: Option<Role>,
    #[serde(default)]
    user: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    days: String,
}

/// Shows accounts and tokens.
pub(super) async fn get(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Response, ProblemJson> {
    Ok(draw(&Page::of(&app, &caller).await?)?.into_response())
}

/// Makes an account.
pub(super) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    new: Result<Form<NewAccount>, FormRejection>,
) -> Result<Response, ProblemJson> {
    let Form(NewAccount { login, name, role, password }) = new?;
    let new = AccountRequest { login, name: given(name), role, password: given(password) };
    let made = http::admit(&app, &caller, new).await.map(drop);
    settled(&app, &caller, made, "/accounts").await
}

/// Changes an account.
pub(super) async fn change(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(login): Id,
    changed: Result<Form<Changed>, FormRejection>,
) -> Result<Response, ProblemJson> {
    let Form(Changed { role, teams, was_role, was_teams, password, closed }) = changed?;
    let parts = |teams: String| -> BTreeSet<String> {
        teams.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let (teams, was_teams) = (teams.map(parts), was_teams.map(parts));
    let role = role.filter(|role| was_role != Some(*role));
    let teams = teams.filter(|teams| was_teams.as_ref() != Some(teams));
    let change = AccountChange {
        was_role: was_role.filter(|_| role.is_some()),
        was_teams: was_teams.filter(|_| teams.is_some()),
        role,
        teams,
        password: given(password),
        closed,
    };
    let done = http::alter(&app, &caller, &login, change).await;
    settled(&app, &caller, done, "/accounts").await
}

/// Makes a token and shows its secret this once.
pub(super) async fn issue(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    new: Result<Form<NewToken>, FormRejection>,
) -> Result<Response, ProblemJson> {
    let Form(NewToken { name, role, user, scope, days }) = new?;
    let user = given(user);
    let days = given(days).map(|days| days.parse()).transpose();
    let scopes = scope.split_whitespace().map(str::to_owned).collect();
    let wish = |days| TokenRequest {
        name: name.clone(),
        role: role.filter(|_| user.is_none()),
        user: user.clone(),
        scopes,
        days,
    };
    let issued = match days {
        Ok(days) => http::issue(&app, &caller, wish(days)).await,
        Err(_) => Err(ProblemJson::field("/days", "is no number of days")),
    };
    match issued {
        Ok((_, secret)) => {
            let page = Page::of(&app, &caller).await?;
            let secret = Some((shown(&name), secret.as_str().to_owned()));
            Ok(draw(&Page { secret, ..page })?.into_response())
        }
        Err(problem) => settled(&app, &caller, Err(problem), "").await,
    }
}

/// Revokes a token.
pub(super) async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id,
) -> Result<Response, ProblemJson> {
    let done = http::withdraw(&app, &caller, &id).await;
    settled(&app, &caller, done, "/accounts#tokens").await
}

/// Shows the page anew; what was wrong with a form is said above it.
async fn settled(
    app: &App,
    caller: &Caller,
    done: Result<(), ProblemJson>,
    to: &str,
) -> Result<Response, ProblemJson> {
    let Err(problem) = done else { return Ok(Redirect::to(to).into_response()) };
    if problem.status != StatusCode::BAD_REQUEST.as_u16() && problem.status != StatusCode::CONFLICT.as_u16() {
        return Err(problem);
    }
    let page = Page { wrong: shown(&problem.detail), ..Page::of(app, caller).await? };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, draw(&page)?).into_response())
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}

fn named(role: Role) -> (&'static str, String) {
    let name = match role {
        Role::Admin => "administrator",
        Role::Ae => "account executive",
        Role::Csm => "customer success manager",
        Role::Manager => "sales manager",
        Role::CsManager => "manager of customer success",
        Role::Recorder => "recorder",
        Role::Guest => "guest",
    };
    (role.as_str(), name.to_owned())
}

impl Page {
    async fn of(app: &App, caller: &Caller) -> Result<Self, ProblemJson> {
        let zone = app.pipeline.timeline().calendar.zone();
        let mut tokens: Vec<_> = app.pipeline.store().tokens().await?;
        tokens.reverse();
        tokens.sort_by_key(|token| token.revoked_at.is_some());
        let accounts = http::accounts(app).await?;
        Ok(Self {
            frame: Frame::new("Accounts", "/accounts", caller),
            people: accounts.into_iter().map(|account| Person::new(account, caller, zone)).collect(),
            tokens: tokens.iter().map(|token| Key::new(token, zone)).collect(),
            roles: Role::ALL.into_iter().filter(|role| role.is_personal()).map(named).collect(),
            machines: Role::ALL.into_iter().filter(|role| *role != Role::Guest).rev().map(named).collect(),
            scopes: Act::ALL.map(Act::as_str).into(),
            wrong: String::new(),
            secret: None,
        })
    }
}

impl Person {
    fn new(account: AccountView, caller: &Caller, zone: &TimeZone) -> Self {
        let (role, role_name) = named(account.role);
        let teams = account.teams.into_iter().collect::<Vec<_>>().join(", ");
        Self {
            to: format!("/accounts/{}", encode(&account.login)),
            own: account.login == caller.name,
            login: shown(&account.login),
            name: shown(&account.name),
            role,
            role_name,
            teams,
            seen: account.seen_at.map(|at| Moment::in_zone(at, zone)),
            closed: account.disabled_at.is_some(),
        }
    }
}

impl Key {
    fn new(token: &Token, zone: &TimeZone) -> Self {
        let now = jiff::Timestamp::now();
        let holder = token.user.as_ref().map_or_else(|| named(token.role).1, |(_, login, _)| shown(login));
        let ended = token.expires_at.is_some_and(|end| end <= now);
        Self {
            id: token.id.to_string(),
            name: shown(&token.name),
            holder,
            scopes: token.scopes.to_string(),
            used: token.used_at.map(|at| Moment::in_zone(at, zone)),
            ends: token.expires_at.map(|at| Moment::in_zone(at, zone)),
            over: match token.revoked_at {
                Some(_) => "revoked",
                None if ended => "over",
                None => "",
            },
        }
    }
}
