/// Height of a column that stands for all, in pixels.
const HIGH: f64 = 96.0;

/// Room above the columns for their values, in pixels.
const ABOVE: f64 = 18.0;

/// Least width of a column's place, in pixels.
const PLACE: usize = 58;

/// Characters of a label under a column.
const LABEL: usize = 9;

/// Shares as columns, side by side.
pub(super) struct Chart {
    /// Least width, in pixels.
    pub(super) width: usize,
    pub(super) height: f64,
    pub(super) columns: Vec<Column>,
    /// Where the line of the target is; empty where there is none.
    pub(super) target: String,
    /// Where the columns stand.
    pub(super) ground: f64,
    /// The same in words.
    pub(super) summary: String,
}

/// A column.
pub(super) struct Column {
    /// Where its middle is, in percent of the width.
    pub(super) x: String,
    pub(super) top: f64,
    pub(super) height: f64,
    pub(super) label: String,
    /// What stands above it.
    pub(super) value: String,
    /// `good`, `warn` or nothing.
    pub(super) tone: &'static str,
}

/// A share to be drawn.
pub(super) struct Share {
    pub(super) name: String,
    /// From 0 to 1; `None` where nobody knows it yet.
    pub(super) share: Option<f64>,
    /// The share as people read it.
    pub(super) value: String,
}

impl Chart {
    /// Draws `shares` under `title`, held against `target` where there is one.
    pub(super) fn new(title: &str, shares: &[Share], target: Option<f64>) -> Self {
        let ground = ABOVE + HIGH;
        let column = |(at, share): (usize, &Share)| {
            let high = share.share.map_or(0.0, |part| part.clamp(0.0, 1.0) * HIGH);
            let tone = match (share.share, target) {
                (Some(part), Some(target)) if part >= target => "good",
                (Some(_), Some(_)) => "warn",
                _ => "",
            };
            Column {
                x: format!("{:.2}%", (at as f64 + 0.5) * 100.0 / shares.len() as f64),
                top: ground - high,
                height: high,
                label: label(&share.name),
                value: share.value.clone(),
                tone,
            }
        };
        let told = shares.iter().map(|share| format!("{} {}", share.name, share.value));
        Self {
            width: shares.len() * PLACE,
            height: ground + 22.0,
            columns: shares.iter().enumerate().map(column).collect(),
            target: target.map(|part| format!("{:.1}", ground - part * HIGH)).unwrap_or_default(),
            ground,
            summary: format!("{title}: {}", told.collect::<Vec<_>>().join(", ")),
        }
    }
}

/// Returns as much of a name as stands under a column; of a mail address what is before the `@`.
fn label(name: &str) -> String {
    let name = name.split('@').next().unwrap_or(name);
    match name.chars().count() {
        0 => "not known".to_owned(),
        1..=LABEL => name.to_owned(),
        _ => name.chars().take(LABEL - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_high_as_their_share_and_never_higher_than_all() {
        let share = |name: &str, share| Share { name: name.to_owned(), share, value: String::new() };
        let shares = [share("ola@tillwise.example", Some(0.5)), share("", None), share("a", Some(7.0))];
        let chart = Chart::new("Signed", &shares, Some(0.95));
        let heights: Vec<_> = chart.columns.iter().map(|column| column.height).collect();
        assert_eq!(heights, [HIGH / 2.0, 0.0, HIGH]);
        let tones: Vec<_> = chart.columns.iter().map(|column| column.tone).collect();
        assert_eq!(tones, ["warn", "", "good"]);
        assert_eq!((chart.columns[0].label.as_str(), chart.columns[1].label.as_str()), ("ola", "not known"));
    }
}
