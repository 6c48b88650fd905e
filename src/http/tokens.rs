//! Tokens: keys to this interface, for machines and for people's programs.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::caller::Caller;
use super::path::Id;
use super::{App, ProblemJson};
use crate::access::{Act, Role, Scopes};
use crate::sign_in::{self, Holder, Secret, TokenWish};
use crate::store::Token;

/// Days that a token can be made for, at most: ten years.
const MOST_DAYS: u16 = 3650;

/// A token as it is listed; never its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenView {
    #[schema(value_type = String)]
    id: Uuid,
    /// What it is for.
    name: String,
    /// What its holder is today.
    role: Role,
    /// Login of the person whose it is; `null` for a machine's.
    user: Option<String>,
    /// What it may be used for, with a space between; empty for all that the holder may do.
    scopes: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last opened something, to the minute or so.
    #[schema(value_type = Option<String>, format = DateTime)]
    used_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

/// Every token.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenList {
    items: Vec<TokenView>,
}

/// A token to be made: for a machine of a role, or for a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// What it is for.
    pub(crate) name: String,
    /// What a machine with it is.
    pub(crate) role: Option<Role>,
    /// Login of the person whose it is, in place of `role`.
    pub(crate) user: Option<String>,
    /// What it may be used for (`read`, `deliver`, …); all that the holder may do where it is empty.
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    /// Days after which it opens nothing by itself, 3650 at most.
    #[schema(minimum = 1, maximum = 3650)]
    pub(crate) days: Option<u16>,
}

/// A new token; its secret is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewTokenView {
    #[schema(value_type = String)]
    id: Uuid,
    /// What to send as `Authorization: Bearer …`.
    token: String,
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        let Token { id, name, role, user, scopes, created_at, used_at, expires_at, revoked_at } = token;
        let (user, scopes) = (user.map(|(_, login, _)| login), scopes.to_string());
        Self { id, name, role, user, scopes, created_at, used_at, expires_at, revoked_at }
    }
}

/// Lists tokens, the oldest first; never a secret.
#[utoipa::path(get, path = "/v1/tokens", tag = "accounts", responses((status = 200, body = TokenList)))]
pub(super) async fn list(State(app): State<App>) -> Result<Json<TokenList>, ProblemJson> {
    let tokens = app.pipeline.store().tokens().await?;
    Ok(Json(TokenList { items: tokens.into_iter().map(TokenView::from).collect() }))
}

/// Makes a token.
#[utoipa::path(post, path = "/v1/tokens", tag = "accounts", request_body = TokenRequest,
    responses(
        (status = 201, description = "Made; the secret is shown this once", body = NewTokenView),
        (status = 400, description = "A field is wrong; `errors` names it", body = ProblemJson),
        (status = 403, description = "It would do more than the narrowed token that makes it", body = ProblemJson),
    ))]
pub(super) async fn make(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    wish: Result<Json<TokenRequest>, JsonRejection>,
) -> Result<Response, ProblemJson> {
    let Json(wish) = wish?;
    let (id, secret) = issue(&app, &caller, wish).await?;
    let token = secret.as_str().to_owned();
    Ok((StatusCode::CREATED, Json(NewTokenView { id, token })).into_response())
}

/// Stops a token from opening anything.
#[utoipa::path(delete, path = "/v1/tokens/{id}", tag = "accounts", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ProblemJson)))]
pub(super) async fn revoke(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Id(id): Id,
) -> Result<StatusCode, ProblemJson> {
    withdraw(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a token for `caller` to hand on. A token that was narrowed makes none that may do more.
pub(crate) async fn issue(
    app: &App,
    caller: &Caller,
    wish: TokenRequest,
) -> Result<(Uuid, Secret), ProblemJson> {
    let TokenRequest { name, role, user, scopes, days } = wish;
    let holder = match (role, user) {
        (Some(role), None) => Holder::Machine(role),
        (None, Some(login)) => Holder::Person(login),
        _ => return Err(ProblemJson::field("/role", "name a role or a user, and not both")),
    };
    if days.is_some_and(|days| !(1..=MOST_DAYS).contains(&days)) {
        return Err(ProblemJson::field("/days", format!("can be 1 to {MOST_DAYS}")));
    }
    let scopes = scopes.iter().map(|scope| scope.parse::<Act>()).collect::<Result<Vec<_>, _>>();
    let scopes = scopes.map_err(|error| ProblemJson::field("/scopes", error))?;
    if !caller.scopes.cover(&Scopes::only(&scopes)) {
        let detail = format!(
            "this token may do nothing but `{}`, and makes none that may do more: name scopes among these",
            caller.scopes
        );
        let mut problem = ProblemJson::field("/scopes", detail);
        problem.status = StatusCode::FORBIDDEN.as_u16();
        return Err(problem);
    }
    let wish = TokenWish { name, holder, scopes, days };
    Ok(sign_in::make_token(app.pipeline.store(), wish, &caller.name, Timestamp::now()).await?)
}

/// Revokes a token for `caller`.
pub(crate) async fn withdraw(app: &App, caller: &Caller, id: &str) -> Result<(), ProblemJson> {
    let id: Uuid = id.parse().map_err(|_| ProblemJson::not_found("token in force"))?;
    Ok(sign_in::revoke_token(app.pipeline.store(), id, &caller.name, Timestamp::now()).await?)
}
