use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// What an answer may load where it is opened as a page: nothing but the style inside it.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; \
                                 base-uri 'none'; form-action 'none'";

/// Headers of every answer that has none of its own: nothing of ours is framed, sniffed, or kept where others may find it.
const SAFE: &[(HeaderName, &str)] = &[
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
];

/// Adds the headers that every answer bears.
pub(super) async fn add(mut response: Response) -> Response {
    for (name, value) in SAFE {
        response.headers_mut().entry(name.clone()).or_insert(HeaderValue::from_static(value));
    }
    response
}
