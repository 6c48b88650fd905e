//! Who may sign in, and what they are.

use std::collections::{BTreeSet, HashMap};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::Caller;
use super::path::Id;
use super::{App, ProblemJson};
use crate::access::Role;
use crate::sign_in::{self, Change, NewAccount, hashed};
use crate::store::User;

/// A person as they are listed; never a password.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountView {
    /// What they sign in with.
    pub(crate) login: String,
    /// As others read it.
    pub(crate) name: String,
    /// What they are.
    pub(crate) role: Role,
    /// The teams that they are in.
    pub(crate) teams: BTreeSet<String>,
    /// When the account was made.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) created_at: Timestamp,
    /// When a browser in which they have signed in last sent something, to the minute or so; `null` where no session is
    /// left.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) seen_at: Option<Timestamp>,
    /// When it was closed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) disabled_at: Option<Timestamp>,
}

/// Everybody with an account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccountList {
    items: Vec<AccountView>,
}

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountRequest {
    /// What the person signs in with: most often their mail address.
    pub(crate) login: String,
    /// As others read it; the login where it is left out.
    pub(crate) name: Option<String>,
    /// What they are: `admin`, `ae`, `csm`, `manager`, `cs_manager`.
    pub(crate) role: Role,
    /// The password, 12 to 256 characters; without one, the person signs in at the OpenID provider.
    pub(crate) password: Option<String>,
}

/// What is changed about an account; what is left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AccountChange {
    /// What they are.
    pub(crate) role: Option<Role>,
    /// The teams that they are in, all of them.
    pub(crate) teams: Option<BTreeSet<String>>,
    /// Another password; it signs them out everywhere.
    pub(crate) password: Option<String>,
    /// Whether the account is closed: sessions and tokens of a closed one open nothing.
    pub(crate) closed: Option<bool>,
    /// What they were when `role` was chosen: a change that rests on what is no more is refused.
    pub(crate) was_role: Option<Role>,
    /// The teams that they were in when `teams` were chosen.
    pub(crate) was_teams: Option<BTreeSet<String>>,
}

/// Lists everybody with an account, by login.
#[utoipa::path(get, path = "/v1/users", tag = "accounts", responses((status = 200, body = AccountList)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<AccountList>, ProblemJson> {
    Ok(Json(AccountList { items: accounts(&app).await? }))
}

/// Makes an account.
#[utoipa::path(post, path = "/v1/users", tag = "accounts", request_body = AccountRequest,
    responses(
        (status = 201, body = AccountView),
        (status = 400, description = "A field is wrong; `errors` names it", body = ProblemJson),
        (status = 403, description = "It would do more than the narrowed token that makes it", body = ProblemJson),
        (status = 409, description = "The login has an account", body = ProblemJson),
    ))]
pub(super) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    new: Result<Json<AccountRequest>, JsonRejection>,
) -> Result<Response, ProblemJson> {
    let Json(new) = new?;
    let user = admit(&app, &caller, new).await?;
    Ok((StatusCode::CREATED, Json(AccountView::new(user, &[], &HashMap::new()))).into_response())
}

/// Changes an account: what somebody is, their teams, their password, whether it is closed. Nobody takes their own
/// rights away.
#[utoipa::path(patch, path = "/v1/users/{login}", tag = "accounts", params(("login" = String, Path)),
    request_body = AccountChange,
    responses(
        (status = 204),
        (status = 400, description = "A field is wrong; `errors` names it", body = ProblemJson),
        (status = 403, description = "It may do more than the narrowed token that changes it", body = ProblemJson),
        (status = 404, body = ProblemJson),
        (status = 409, description = "One's own role, one's own account closed, or somebody was faster", body = ProblemJson),
    ))]
pub(super) async fn change(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(login): Id,
    change: Result<Json<AccountChange>, JsonRejection>,
) -> Result<StatusCode, ProblemJson> {
    let Json(change) = change?;
    alter(&app, &caller, &login, change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns everybody with an account, by login.
pub(crate) async fn accounts(app: &App) -> Result<Vec<AccountView>, ProblemJson> {
    let store = app.pipeline.store();
    let (users, teams) = (store.users().await?, store.teams().await?);
    let seen = store.last_seen().await?;
    Ok(users.into_iter().map(|user| AccountView::new(user, &teams, &seen)).collect())
}

/// Makes an account for `caller`.
pub(crate) async fn admit(app: &App, caller: &Caller, new: AccountRequest) -> Result<User, ProblemJson> {
    let AccountRequest { login, name, role, password } = new;
    let hash = hash(password).await?;
    let new = NewAccount { login, name, role, hash, within: caller.scopes.clone() };
    let made = sign_in::make_account(app.pipeline.store(), new, &caller.name, Timestamp::now()).await;
    made.map_err(|error| match error {
        sign_in::Error::Taken(login) => ProblemJson::new(
            StatusCode::CONFLICT,
            "login-taken",
            format!("`{login}` has an account already; change that one"),
        ),
        other => other.into(),
    })
}

/// Changes an account for `caller`.
pub(crate) async fn alter(
    app: &App,
    caller: &Caller,
    login: &str,
    change: AccountChange,
) -> Result<(), ProblemJson> {
    let AccountChange { role, teams, password, closed, was_role, was_teams } = change;
    let teams = teams.map(|teams| teams.iter().map(|team| team.trim().to_owned()).collect());
    let (hash, within) = (hash(password).await?, caller.scopes.clone());
    let change = Change { role, teams, hash, closed, was_role, was_teams, within };
    Ok(sign_in::change_account(app.pipeline.store(), login, change, &caller.name, Timestamp::now()).await?)
}

/// Hashes a password away from the tasks that answer requests.
async fn hash(password: Option<String>) -> Result<Option<String>, ProblemJson> {
    let Some(password) = password else { return Ok(None) };
    let hash = tokio::task::spawn_blocking(move || hashed(&password)).await;
    match hash.unwrap_or(Err(sign_in::Error::Interrupted)) {
        Ok(hash) => Ok(Some(hash)),
        Err(error @ sign_in::Error::Unfit) => {
            Err(ProblemJson::field("/password", format!("failed to {error}")))
        }
        Err(error) => Err(error.into()),
    }
}

impl AccountView {
    fn new(user: User, teams: &[(String, String)], seen: &HashMap<String, Timestamp>) -> Self {
        let User { login, name, role, created_at, disabled_at, .. } = user;
        let theirs = teams.iter().filter(|(_, member)| *member == login);
        Self {
            teams: theirs.map(|(team, _)| team.clone()).collect(),
            seen_at: seen.get(&login).copied(),
            login,
            name,
            role,
            created_at,
            disabled_at,
        }
    }
}
