use crate::transcript::Place;

use super::lines::Line;
use super::problems::{Problems, excerpt};

/// The account of a file's lines: a line that nobody claims is reported, so that no word gets lost unseen.
pub(super) struct Account {
    claimed: Vec<bool>,
}

impl Account {
    /// Opens an account in which only blank lines are claimed.
    pub(super) fn of(lines: &[Line<'_>]) -> Self {
        Self { claimed: lines.iter().map(Line::is_blank).collect() }
    }

    /// Claims the line at `index` for a row, for metadata or for a problem of its own.
    pub(super) fn claim(&mut self, index: usize) {
        self.claimed[index] = true;
    }

    /// Reports the lines that nobody claimed.
    pub(super) fn close(self, lines: &[Line<'_>], problems: &mut Problems) {
        for (line, _) in lines.iter().zip(self.claimed).filter(|(_, claimed)| !claimed) {
            problems.note("unread-line", Place::Line(line.number), || {
                format!("{} stands outside of every caption; left out", excerpt(line.text))
            });
        }
    }
}
