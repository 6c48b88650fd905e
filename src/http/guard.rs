use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{Extension, RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::caller::Caller;
use super::{App, ProblemJson};
use crate::access::{Act, Role};

/// Lets a request pass whose caller may do `act`, on a deal and call that are there for them. What is not there for
/// them is answered as if it were not there at all. It looks at the route's own parameters, so that a new route under
/// `{deal}` or `{call}` is covered from its first day.
pub(crate) async fn guard(
    State((app, act)): State<(App, Act)>,
    Extension(caller): Extension<Caller>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    if !caller.may(act) {
        return forbidden(&caller, act).into_response();
    }
    let params = match params {
        Ok(params) => params,
        Err(rejection) => return ProblemJson::from(rejection).into_response(),
    };
    match hidden(&app, &caller, &params).await {
        Ok(None) => next.run(request).await,
        Ok(Some(what)) => ProblemJson::not_found(what).into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn hidden(
    app: &App,
    caller: &Caller,
    params: &RawPathParams,
) -> Result<Option<&'static str>, ProblemJson> {
    let (store, viewer) = (app.pipeline.store(), caller.viewer());
    for (name, id) in params {
        if name == "deal" && store.hides_deal(viewer, id).await? {
            return Ok(Some("deal"));
        }
        if name == "call" && store.hides_call(viewer, id).await? {
            return Ok(Some("call"));
        }
    }
    Ok(None)
}

fn forbidden(caller: &Caller, act: Act) -> ProblemJson {
    let detail = match caller.role.may(act) {
        true => format!("this token has no scope `{act}`; one with it may be made for the same role"),
        false => {
            let roles = Role::ALL.into_iter().filter(|role| role.may(act)).map(Role::as_str);
            let roles = roles.collect::<Vec<_>>().join(" or ");
            format!("a caller of role {} may not do this; it takes {roles}", caller.role)
        }
    };
    ProblemJson::new(StatusCode::FORBIDDEN, "forbidden", detail)
}
