use axum::http::{HeaderMap, HeaderValue, header};

use super::ProblemJson;

/// Returns the value of the cookie `name`; none where there are several, so that nobody guesses which one counts.
pub(super) fn read<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let pairs = pairs.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(found, _)| *found == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Some(value),
        _ => None,
    }
}

/// Returns the header that keeps `value` in the browser for `seconds`; 0 takes it away. No script reads it, and it is
/// sent from no page of others but when somebody follows a link.
pub(super) fn write(name: &str, value: &str, seconds: i64, secure: bool) -> Result<HeaderValue, ProblemJson> {
    let secure = if secure { "; Secure" } else { "" };
    let line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&line).map_err(|error| ProblemJson::internal(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_among_others_and_never_guessed() {
        let headers = |lines: &[&'static str]| {
            let pair = |line: &&'static str| (header::COOKIE, HeaderValue::from_static(line));
            lines.iter().map(pair).collect::<HeaderMap>()
        };
        assert_eq!(read(&headers(&["a=1; readback=x; b=2"]), "readback"), Some("x"));
        assert_eq!(read(&headers(&["a=1", "readback=x"]), "readback"), Some("x"));
        assert_eq!(read(&headers(&["readback=x; readback=y"]), "readback"), None);
        assert_eq!(read(&headers(&["readback=", "xreadback=z"]), "readback"), None);
    }
}
