use serde::Serialize;
use utoipa::ToSchema;

use super::{Limits, ProblemJson};
use crate::store::{Cursor, Page};

/// Rows of a page where the asker names no number.
const DEFAULT_ROWS: u32 = 50;

/// A page that was asked for.
pub(super) struct PageParams {
    pub(super) after: Option<Cursor>,
    pub(super) limit: u32,
}

impl PageParams {
    pub(super) fn new(
        cursor: Option<&str>,
        limit: Option<u32>,
        limits: &Limits,
    ) -> Result<Self, ProblemJson> {
        let limit = limit.unwrap_or(DEFAULT_ROWS);
        if limit == 0 || limit > limits.page {
            return Err(ProblemJson::field("limit", format!("must be from 1 to {}", limits.page)));
        }
        let after = cursor.map(str::parse).transpose()?;
        Ok(Self { after, limit })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PageOf<T> {
    /// The rows.
    items: Vec<T>,
    /// Where the next page begins; `null` on the last one.
    next_cursor: Option<String>,
}

impl<T> PageOf<T> {
    pub(super) fn new<S: Into<T>>(page: Page<S>) -> Self {
        let next_cursor = page.next.map(|cursor| cursor.to_string());
        Self { items: page.items.into_iter().map(Into::into).collect(), next_cursor }
    }
}

/// Returns `id` as one segment of a path.
pub(crate) fn encode(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    id.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_break_out_of_its_segment() {
        assert_eq!(encode("a/b ü"), "a%2Fb%20%C3%BC");
        assert_eq!(encode("acme-01"), "acme-01");
    }
}
