use super::{Outcome, Screen};
use crate::settings::Shown;

/// Prints each setting in force, its value and where it comes from.
pub(super) fn show(settings: &[Shown]) -> anyhow::Result<Outcome> {
    let row = |shown: &Shown| vec![shown.key.clone(), shown.value.clone(), shown.from.clone()];
    Screen::new().table(&["setting", "value", "from"], settings.iter().map(row), &settings)?;
    Ok(Outcome::Done)
}
