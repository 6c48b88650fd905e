//! This room turns requests of a browser into pages, drawn on the server from the values of the other rooms.
//!
//! Pages ask the same policy as the API, work without script, and load nothing from another host.

mod accounts;
mod ask;
mod asset;
mod call;
mod care;
mod chart;
mod deadline;
mod deal;
mod form;
mod frame;
mod home;
mod insight;
mod moment;
mod packet;
mod papers;
mod promises;
mod saying;
mod search;
mod shares;
mod sheet;
mod sign_in;
mod timeline;
mod trouble;
mod upload;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};

use crate::access::Act;
use crate::http::{App, authenticate, guard};

/// What a page may load and where it may send: this service, and nothing else. No script or style stands in a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Returns the pages' routes.
pub fn pages(app: &App) -> Router<App> {
    let allowed = |act: Act| from_fn_with_state((app.clone(), act), guard);
    let read = Router::new()
        .route("/", get(home::get))
        .route("/deals/{deal}", get(packet::get))
        .route("/deals/{deal}/lines/{entry}", get(packet::line))
        .route("/deals/{deal}/overview", get(deal::get))
        .route("/deals/{deal}/papers/{name}", get(papers::get))
        .route("/calls/{call}", get(call::get))
        .route("/search", get(search::get))
        .route("/promises", get(promises::get))
        .route("/promises.csv", get(promises::csv))
        .route_layer(allowed(Act::Read));
    let ask = Router::new().route("/deals/{deal}/overview", post(deal::ask)).route_layer(allowed(Act::Ask));
    let discuss = Router::new()
        .route("/deals/{deal}/decisions", post(packet::decide))
        .route_layer(allowed(Act::Discuss));
    let review = Router::new()
        .route("/deals/{deal}/lines/{entry}", post(packet::set))
        .route("/calls/{call}/lines", post(call::add))
        .route_layer(allowed(Act::Review));
    let hand_off =
        Router::new().route("/deals/{deal}/acts", post(packet::act)).route_layer(allowed(Act::HandOff));
    let correct = Router::new()
        .route("/calls/{call}/speakers", post(call::correct))
        .route("/deals/{deal}/attachments", post(deal::attach))
        .route("/deals/{deal}/attachments/{id}/remove", post(deal::detach))
        .route_layer(allowed(Act::Correct));
    let share = Router::new()
        .route("/deals/{deal}/shares", post(shares::make))
        .route("/deals/{deal}/shares/{id}/revoke", post(shares::revoke))
        .route_layer(allowed(Act::Share));
    let measure = Router::new().route("/insight", get(insight::get)).route_layer(allowed(Act::Measure));
    let admit = Router::new()
        .route("/accounts", get(accounts::get).post(accounts::make))
        .route("/accounts/{login}", post(accounts::change))
        .route("/tokens", post(accounts::issue))
        .route("/tokens/{id}/revoke", post(accounts::revoke))
        .route_layer(allowed(Act::Admit));
    let operate =
        Router::new().route("/jobs/{job}/revive", post(care::revive)).route_layer(allowed(Act::Operate));
    let deliver = Router::new()
        .route("/upload", get(upload::get).post(upload::post))
        .route_layer(allowed(Act::Deliver));
    let closed = read
        .merge(ask)
        .merge(discuss)
        .merge(review)
        .merge(hand_off)
        .merge(correct)
        .merge(share)
        .merge(deliver)
        .merge(operate)
        .merge(measure)
        .merge(admit)
        .route("/sign-out", post(sign_in::leave))
        .layer(from_fn_with_state(app.clone(), authenticate));
    let open = Router::new()
        .route("/sign-in", get(sign_in::get).post(sign_in::enter))
        .route("/assets/{digest}/{name}", get(asset::get));
    closed.merge(open).layer(from_fn_with_state(app.clone(), trouble::as_page)).layer(map_response(protect))
}

/// Adds what holds for pages. A form of ours must say where it comes from, which `no-referrer` would blank.
async fn protect(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
