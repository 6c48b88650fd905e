use serde::{Deserialize, Serialize};

use super::{NotHeard, Usage};

/// What tokens cost, in dollars a million, as price lists have it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Price {
    /// Tokens that are sent.
    pub input: f64,
    /// Tokens that come back.
    pub output: f64,
}

impl Price {
    /// Returns what `usage` costs, in millionths of a dollar: a price in dollars a million tokens is one in millionths a
    /// token.
    pub fn of(&self, usage: Usage) -> u64 {
        (usage.input as f64 * self.input + usage.output as f64 * self.output).ceil() as u64
    }
}

/// What may be spent; zero is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Tokens a day, by UTC.
    pub tokens_per_day: u64,
    /// Tokens for all calls of a deal.
    pub tokens_per_deal: u64,
    /// Millionths of a dollar a day.
    pub money_per_day: u64,
    /// Millionths of a dollar for all calls of a deal.
    pub money_per_deal: u64,
}

/// What was spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Spent {
    /// Tokens, there and back.
    pub tokens: u64,
    /// Millionths of a dollar.
    pub micros: u64,
}

/// A limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Limit {
    /// See [`Limits::tokens_per_day`].
    #[error("llm.tokens_per_day")]
    TokensPerDay,
    /// See [`Limits::tokens_per_deal`].
    #[error("llm.tokens_per_deal")]
    TokensPerDeal,
    /// See [`Limits::money_per_day`].
    #[error("llm.money_per_day")]
    MoneyPerDay,
    /// See [`Limits::money_per_deal`].
    #[error("llm.money_per_deal")]
    MoneyPerDeal,
}

impl Limits {
    /// Tells whether `more` may be spent after what this day and this deal have cost already.
    ///
    /// # Errors
    /// [`NotHeard::Budget`] with the limit that would be passed.
    pub fn allow(&self, day: Spent, deal: Spent, more: Spent) -> Result<(), NotHeard> {
        let passes = |spent: u64, more: u64, limit: u64| limit > 0 && spent.saturating_add(more) > limit;
        let passed = [
            (passes(day.tokens, more.tokens, self.tokens_per_day), Limit::TokensPerDay),
            (passes(deal.tokens, more.tokens, self.tokens_per_deal), Limit::TokensPerDeal),
            (passes(day.micros, more.micros, self.money_per_day), Limit::MoneyPerDay),
            (passes(deal.micros, more.micros, self.money_per_deal), Limit::MoneyPerDeal),
        ];
        match passed.into_iter().find(|(passed, _)| *passed) {
            Some((_, limit)) => Err(NotHeard::Budget(limit)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_that_would_be_passed_is_named() {
        let limits = Limits { tokens_per_day: 100, money_per_deal: 50, ..Limits::default() };
        let spent = |tokens, micros| Spent { tokens, micros };
        assert_eq!(limits.allow(spent(90, 0), spent(0, 0), spent(10, 0)), Ok(()));
        let day = limits.allow(spent(90, 0), spent(0, 0), spent(11, 0));
        assert_eq!(day, Err(NotHeard::Budget(Limit::TokensPerDay)));
        let deal = limits.allow(spent(0, 900), spent(0, 49), spent(1, 2));
        assert_eq!(deal, Err(NotHeard::Budget(Limit::MoneyPerDeal)));
    }

    #[test]
    fn a_price_is_per_million_tokens() {
        assert_eq!(Price { input: 0.25, output: 1.5 }.of(Usage { input: 4_000, output: 1_000 }), 2_500);
    }
}
