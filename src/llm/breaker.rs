use std::time::{Duration, Instant};

/// After so many failures in a row a provider is left alone.
const FAILURES: u32 = 5;
/// For so long; then one request may try.
const REST: Duration = Duration::from_secs(60);

/// Keeps us from asking a provider that is down.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Breaker {
    failures: u32,
    open_until: Option<Instant>,
}

impl Breaker {
    /// Tells whether a request may be made at `now`.
    pub(super) fn lets_pass(&mut self, now: Instant) -> bool {
        match self.open_until {
            Some(until) if now < until => false,
            // One tries; the others wait for what becomes of it.
            Some(_) => {
                self.open_until = Some(now + REST);
                true
            }
            None => true,
        }
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    pub(super) fn failed(&mut self, now: Instant) {
        self.failures += 1;
        if self.failures >= FAILURES {
            self.open_until = Some(now + REST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_open_it_and_one_success_closes_it() {
        let (mut breaker, start) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            assert!(breaker.lets_pass(start));
            breaker.failed(start);
        }
        assert!(!breaker.lets_pass(start + REST / 2));
        assert!(breaker.lets_pass(start + REST), "one tries");
        assert!(!breaker.lets_pass(start + REST), "the others wait");
        breaker.succeeded();
        assert!(breaker.lets_pass(start));
    }
}
