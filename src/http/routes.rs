//! All routes on one screen, grouped by what their caller must be allowed to do.

use std::any::Any;

use axum::extract::Request;
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::authenticate;
use super::guard::guard;
use super::{
    Act, App, ProblemJson, accounts, attachments, audit, calls, deal_access, deals, decisions, erasures,
    handoffs, headers, health, kickoffs, llm, papers, promises, provider, search, session, shares, tokens,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(OpenApi)]
#[openapi(
    info(title = "Readback", description = "Sales calls in, promises and handoff packets out, word for word."),
    modifiers(&Bearer),
    security(("token" = [])),
)]
struct Document;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        document.components.get_or_insert_default().add_security_scheme("token", scheme);
    }
}

/// Returns the service: routes, `pages` beside them, and around them what holds for each.
pub fn router(app: App, pages: Router<App>) -> Router {
    let allowed = |act: Act| from_fn_with_state((app.clone(), act), guard);
    let deliver = OpenApiRouter::new().routes(routes!(calls::deliver)).route_layer(allowed(Act::Deliver));
    let read = OpenApiRouter::new()
        .routes(routes!(calls::list))
        .routes(routes!(calls::get))
        .routes(routes!(calls::transcript))
        .routes(routes!(calls::findings))
        .routes(routes!(calls::source))
        .routes(routes!(deals::list))
        .routes(routes!(deals::get))
        .routes(routes!(deals::packet))
        .routes(routes!(handoffs::get))
        .routes(routes!(kickoffs::get))
        .routes(routes!(handoffs::list))
        .routes(routes!(decisions::list))
        .routes(routes!(decisions::history))
        .routes(routes!(llm::find))
        .routes(routes!(attachments::list))
        .routes(routes!(papers::list))
        .routes(routes!(papers::get))
        .routes(routes!(papers::occasion))
        .routes(routes!(shares::list))
        .routes(routes!(promises::list))
        .routes(routes!(search::search))
        .route_layer(allowed(Act::Read));
    let ask = OpenApiRouter::new().routes(routes!(llm::ask)).route_layer(allowed(Act::Ask));
    let correct = OpenApiRouter::new()
        .routes(routes!(calls::correct_speaker))
        .routes(routes!(deals::put))
        .routes(routes!(attachments::attach))
        .routes(routes!(attachments::detach))
        .routes(routes!(papers::put_occasion))
        .route_layer(allowed(Act::Correct));
    let share = OpenApiRouter::new()
        .routes(routes!(shares::make))
        .routes(routes!(shares::revoke))
        .route_layer(allowed(Act::Share));
    let grant = OpenApiRouter::new()
        .routes(routes!(deal_access::get))
        .routes(routes!(deal_access::put))
        .route_layer(allowed(Act::Grant));
    let hand_off = OpenApiRouter::new().routes(routes!(handoffs::act)).route_layer(allowed(Act::HandOff));
    let measure = OpenApiRouter::new().routes(routes!(handoffs::figures)).route_layer(allowed(Act::Measure));
    // Who only talks about lines and who settles them is told by the acts themselves.
    let discuss = OpenApiRouter::new().routes(routes!(decisions::post)).route_layer(allowed(Act::Discuss));
    let operate = OpenApiRouter::new()
        .routes(routes!(health::metrics))
        .routes(routes!(audit::list))
        .routes(routes!(audit::prove))
        .routes(routes!(audit::export))
        .routes(routes!(erasures::erase))
        .routes(routes!(decisions::stats))
        .routes(routes!(llm::usage))
        .route_layer(allowed(Act::Operate));
    let admit = OpenApiRouter::new()
        .routes(routes!(accounts::list, accounts::make))
        .routes(routes!(accounts::change))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .route_layer(allowed(Act::Admit));
    let anybody = OpenApiRouter::new()
        .routes(routes!(session::get, session::sign_out))
        .routes(routes!(session::change_password));
    let open = OpenApiRouter::new()
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(session::sign_in))
        .routes(routes!(provider::begin))
        .routes(routes!(provider::finish))
        .routes(routes!(shares::open));

    let closed = OpenApiRouter::with_openapi(Document::openapi())
        .merge(deliver)
        .merge(read)
        .merge(ask)
        .merge(correct)
        .merge(hand_off)
        .merge(measure)
        .merge(share)
        .merge(grant)
        .merge(discuss)
        .merge(operate)
        .merge(admit)
        .merge(anybody);
    let (closed, mut document) = closed.split_for_parts();
    let (open, open_document) = open.split_for_parts();
    document.merge(open_document);
    let document = serde_json::to_value(&document).unwrap_or_default();
    let closed = closed
        .route("/openapi.json", axum::routing::get(move || async move { Json(document) }))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(app.clone(), authenticate));
    around(closed.merge(open).merge(pages), &app).with_state(app)
}

/// Puts around every route what holds for all of them; the first layer sees a request first.
fn around(router: Router<App>, app: &App) -> Router<App> {
    let limits = app.limits;
    let layers = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, limits.request))
        .layer(RequestBodyLimitLayer::new(limits.body))
        .layer(RequestBodyTimeoutLayer::new(limits.body_pause));
    router
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(layers)
        .layer(map_response(as_problem))
        .layer(map_response(headers::add))
}

/// The layers answer in plain text where a limit is reached; every error of ours is a problem.
async fn as_problem(response: Response) -> Response {
    let problem = match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ("too-large", "the body is larger than the service takes; `readback doctor` says how much")
        }
        StatusCode::REQUEST_TIMEOUT => ("timeout", "the request took too long; send it again, in one go"),
        _ => return response,
    };
    if response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/problem+json") {
        return response;
    }
    ProblemJson::new(response.status(), problem.0, problem.1).into_response()
}

fn span(request: &Request) -> tracing::Span {
    let id = request.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    // The path may hold an id, or the secret of a shared plan, which is not logged; the query may hold words of a call,
    // and is not logged either.
    let path = request.uri().path();
    let path = if path.starts_with("/share/") { "/share/…" } else { path };
    tracing::info_span!("request", id, method = %request.method(), path)
}

/// The message of a panic may hold words of a call, and is not logged.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    let detail = "something failed inside; the log says what, under the request's id";
    ProblemJson::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).into_response()
}

async fn not_found() -> ProblemJson {
    ProblemJson::new(StatusCode::NOT_FOUND, "not-found", "there is no such route; /openapi.json lists them")
}

async fn method_not_allowed() -> ProblemJson {
    let detail = "the route does not take this method; /openapi.json says which";
    ProblemJson::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
}
