use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

/// How long a file must stay as it is before it counts as written: recorders and sync clients write in bursts, and
/// a file may keep its size for a second in between.
pub(super) const SETTLED_AFTER: Duration = Duration::from_secs(2);

/// What a look at a file shows of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// Size in bytes.
    pub(super) size: u64,
    /// When it was last written.
    pub(super) modified: Timestamp,
}

/// Tells written files from those that are being written, by looking again and again. Looking works on every file
/// system; notices of changes do not arrive from network shares.
#[derive(Clone, Debug, Default)]
pub(super) struct Settling {
    seen: HashMap<PathBuf, Seen>,
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    look: Look,
    since: Timestamp,
    taken: bool,
}

impl Settling {
    /// Takes note of what the folder holds at `now` and returns the files that have settled since and were not
    /// returned before in this state, sorted by path. A file that changes is returned again once it has settled.
    pub(super) fn look(&mut self, files: &[(PathBuf, Look)], now: Timestamp) -> Vec<PathBuf> {
        self.seen.retain(|path, _| files.iter().any(|(file, _)| file == path));
        let mut settled = Vec::new();
        for (path, look) in files {
            let seen =
                self.seen.entry(path.clone()).or_insert(Seen { look: *look, since: now, taken: false });
            if seen.look != *look {
                *seen = Seen { look: *look, since: now, taken: false };
            }
            let still_for = Duration::try_from(now.duration_since(seen.since)).unwrap_or_default();
            if !seen.taken && look.size > 0 && still_for >= SETTLED_AFTER {
                seen.taken = true;
                settled.push(path.clone());
            }
        }
        settled.sort();
        settled
    }

    /// Has `path` returned again at the next look, because taking it failed for a reason that may pass.
    pub(super) fn again(&mut self, path: &Path) {
        if let Some(seen) = self.seen.get_mut(path) {
            seen.taken = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).unwrap()
    }

    fn file(size: u64, modified: i64) -> Vec<(PathBuf, Look)> {
        vec![(PathBuf::from("a.vtt"), Look { size, modified: at(modified) })]
    }

    #[test]
    fn a_half_written_file_is_waited_for() {
        let mut settling = Settling::default();
        assert!(settling.look(&file(10, 0), at(0)).is_empty());
        assert!(settling.look(&file(20, 1), at(1)).is_empty(), "it grew");
        assert!(settling.look(&file(20, 1), at(2)).is_empty(), "it has not stayed long enough");
        assert_eq!(settling.look(&file(20, 1), at(3)), [PathBuf::from("a.vtt")]);
        assert!(settling.look(&file(20, 1), at(9)).is_empty(), "it was taken");
    }

    #[test]
    fn an_empty_file_is_still_to_be_written() {
        let mut settling = Settling::default();
        settling.look(&file(0, 0), at(0));
        assert!(settling.look(&file(0, 0), at(60)).is_empty());
    }

    #[test]
    fn a_file_that_changes_is_taken_again() {
        let mut settling = Settling::default();
        settling.look(&file(10, 0), at(0));
        assert_eq!(settling.look(&file(10, 0), at(5)).len(), 1);
        settling.look(&file(10, 6), at(6));
        assert_eq!(settling.look(&file(10, 6), at(9)).len(), 1);
    }
}
