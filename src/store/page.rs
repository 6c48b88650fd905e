use super::Error;

/// The longest page that is handed out.
const LONGEST: u32 = 200;

/// A place in a list that holds while the list grows. Opaque to whoever carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    key: String,
    id: String,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Cursor>,
}

impl Cursor {
    pub(super) fn new(key: impl Into<String>, id: impl Into<String>) -> Self {
        Self { key: key.into(), id: id.into() }
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = serde_json::to_string(&(&self.key, &self.id)).map_err(|_| std::fmt::Error)?;
        text.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::str::FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let digits = |pair: &[u8]| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        };
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).map(digits).collect();
        let parts = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let (key, id): (String, String) = parts.ok_or(Error::Cursor)?;
        Ok(Self { key, id })
    }
}

impl<T> Page<T> {
    /// Returns how many rows to ask for: one more than are shown tells whether there is a next page.
    pub(super) fn rows(limit: u32) -> u32 {
        limit.clamp(1, LONGEST) + 1
    }

    pub(super) fn cut(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let shown = Self::rows(limit) as usize - 1;
        let more = items.len() > shown;
        items.truncate(shown);
        let next = items.last().filter(|_| more).map(cursor);
        Self { items, next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_is_read_back_as_it_was_written(key: String, id: String) {
            let cursor = Cursor::new(key, id);
            prop_assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }

        #[test]
        fn a_forged_cursor_is_refused_and_nothing_more(text: String) {
            let _ = text.parse::<Cursor>();
        }
    }
}
