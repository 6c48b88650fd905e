use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::App;

/// The other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) SocketAddr);

/// The address that a request came from, where it is known.
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl FromRequestParts<App> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(address(parts, app.door.proxies)))
    }
}

/// Returns the address that a request came from. Behind `proxies` proxies it is what the outermost of them wrote into
/// `X-Forwarded-For`; without any, the header is a stranger's word and counts for nothing.
fn address(parts: &Parts, proxies: usize) -> Option<IpAddr> {
    let Peer(peer) = parts.extensions.get::<Peer>()?;
    let Some(place) = proxies.checked_sub(1) else { return Some(peer.ip()) };
    let lines = parts.headers.get_all("x-forwarded-for").into_iter().filter_map(|line| line.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let hop = hops.iter().rev().nth(place).and_then(|hop| hop.parse().ok());
    Some(hop.unwrap_or(peer.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn a_forwarded_address_counts_only_behind_a_proxy() {
        let request = Request::builder().header("x-forwarded-for", "6.6.6.6, 203.0.113.7, 10.0.0.8");
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(Peer("10.0.0.9:1".parse().unwrap()));
        let seen = |proxies| address(&parts, proxies).unwrap().to_string();
        assert_eq!([0, 1, 2].map(seen), ["10.0.0.9", "10.0.0.8", "203.0.113.7"]);
        assert_eq!(seen(9), "10.0.0.9");
    }
}
