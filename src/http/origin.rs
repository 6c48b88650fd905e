use axum::http::{HeaderMap, Uri, header};

/// Where people find the service, as far as that is known.
#[derive(Clone, Debug, Default)]
pub struct PublicUrl(String);

impl PublicUrl {
    /// Reads an address such as `https://readback.example`; an empty one is not known.
    ///
    /// # Errors
    /// Where it is none, or goes on after the host.
    pub fn new(url: &str) -> Result<Self, String> {
        let url = url.trim_end_matches('/');
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        match host {
            _ if url.is_empty() => Ok(Self::default()),
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => {
                Ok(Self(url.to_lowercase()))
            }
            _ => Err(format!("server.public_url is `{url}`; it must look like https://readback.example")),
        }
    }

    /// Tells whether browsers reach the service by TLS.
    pub fn is_secure(&self) -> bool {
        self.0.starts_with("https://")
    }

    /// Returns the address without a slash at its end; empty where it is not known.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether a page of ours sent a request with these headers; `None` where no browser said who sent it.
    ///
    /// Browsers write both headers themselves and let no page change them. Where the public address is not known, the
    /// host that was asked is ours.
    pub(super) fn sent_it(&self, headers: &HeaderMap) -> Option<bool> {
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let site = text("sec-fetch-site").map(|site| site == "same-origin");
        let origin =
            text("origin").map(|origin| self.is(origin, text(header::HOST.as_str()).unwrap_or_default()));
        match (site, origin) {
            (None, None) => None,
            (site, origin) => Some(site.unwrap_or(true) && origin.unwrap_or(true)),
        }
    }

    /// Returns the path of the page of ours that sent a request with these headers, where its browser says so.
    pub(crate) fn page_that_sent(&self, headers: &HeaderMap) -> Option<String> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let page: Uri = text(header::REFERER)?.parse().ok()?;
        let origin = format!("{}://{}", page.scheme_str()?, page.authority()?);
        let path = page.path_and_query().filter(|_| self.is(&origin, text(header::HOST).unwrap_or_default()));
        path.map(ToString::to_string)
    }

    fn is(&self, origin: &str, host: &str) -> bool {
        match self.0.as_str() {
            "" => origin.split_once("://").is_some_and(|(_, asked)| asked == host),
            ours => origin == ours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_of_ours_is_ours() {
        let ours = PublicUrl::new("https://readback.example/").unwrap();
        let unknown = PublicUrl::new("").unwrap();
        let sent = |url: &PublicUrl, pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            url.sent_it(&headers.collect())
        };
        assert_eq!(sent(&ours, &[("host", "readback.example")]), None);
        assert_eq!(sent(&ours, &[("origin", "https://readback.example")]), Some(true));
        assert_eq!(sent(&ours, &[("origin", "http://readback.example")]), Some(false));
        assert_eq!(sent(&ours, &[("origin", "null")]), Some(false));
        assert_eq!(sent(&ours, &[("sec-fetch-site", "same-site")]), Some(false));
        assert_eq!(
            sent(&ours, &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]),
            Some(false)
        );
        assert_eq!(sent(&unknown, &[("host", "box:7340"), ("origin", "http://box:7340")]), Some(true));
        assert_eq!(sent(&unknown, &[("host", "box:7340"), ("origin", "http://evil:7340")]), Some(false));
        let page = |url: &PublicUrl, referer: &str| {
            let pairs = [("host", "box:7340"), ("referer", referer)];
            url.page_that_sent(
                &pairs.map(|(name, it)| (name.parse().unwrap(), it.parse().unwrap())).into_iter().collect(),
            )
        };
        assert_eq!(page(&unknown, "http://box:7340/deals/acme?x=1").as_deref(), Some("/deals/acme?x=1"));
        assert_eq!(page(&ours, "https://readback.example/").as_deref(), Some("/"));
        for foreign in ["http://box:7340/deals/acme", "https://evil.example/x", "/deals/acme", "about:blank"]
        {
            assert_eq!(page(&ours, foreign), None, "{foreign}");
        }
        assert!(!unknown.is_secure() && ours.is_secure());
        for wrong in ["readback.example", "https://", "https://a/b", "ftp://a", "https://me@a"] {
            assert!(PublicUrl::new(wrong).is_err(), "{wrong}");
        }
    }
}
