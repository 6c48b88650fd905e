use jiff::Timestamp;

/// Writes a time in UTC with a fixed width, so that times sort as text.
pub(super) fn text(time: Timestamp) -> String {
    format!("{time:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_text() {
        let texts: Vec<_> = ["2026-03-01T09:00:00Z", "2026-03-01T09:00:00.5Z", "2026-03-01T09:00:01Z"]
            .map(|time| text(time.parse().unwrap()))
            .into();
        assert!(texts.is_sorted());
        assert!(texts.iter().all(|text| text.len() == "2026-03-01T09:00:00.000000Z".len()));
    }
}
