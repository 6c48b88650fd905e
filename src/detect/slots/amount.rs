use std::ops::Range;

use super::date::spoken;
use super::lexicon::{Lexicon, UNITS, Unit};
use super::numeral::{Numeral, numerals};
use super::token::{Gap, Token, tokens};

/// A figure with its measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// Where the words stand: bytes, half-open. Sign and unit are inside, "a month" is not.
    pub range: Range<usize>,
    /// What is measured.
    pub measure: Measure,
    /// The figure: `12.0` for twelve percent, `0.5` for a half. Exact for whole numbers below 2^53.
    pub value: f64,
    /// The words of the unit, or of what is counted.
    pub unit: Option<Range<usize>>,
    /// What it is reckoned by ("a month", "per seat").
    pub per: Option<Range<usize>>,
}

impl Amount {
    /// Returns the amount in figures: `260 hours a month` for "two hundred and sixty hours a month". What is
    /// written in figures already is returned as it stands, and so are parts ("a fifth").
    pub fn in_figures(&self, text: &str) -> String {
        let words = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let written = words(&self.range);
        if self.measure == Measure::Net {
            return format!("net {}", self.value);
        }
        if self.measure == Measure::Ratio || written.contains(|c: char| c.is_ascii_digit()) {
            return written.to_owned();
        }
        let parts = [self.unit.as_ref(), self.per.as_ref()];
        parts.into_iter().flatten().fold(self.value.to_string(), |shown, part| shown + " " + words(part))
    }
}

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Money.
    Money {
        /// ISO 4217 code.
        currency: &'static str,
    },
    /// Hundredths of something.
    Percent,
    /// Percentage points.
    Points,
    /// How many.
    Count,
    /// How long.
    Duration {
        /// The unit of time.
        unit: Unit,
    },
    /// A part or a multiple of something ("a third", "two x", "nine out of ten").
    Ratio,
    /// Days until an invoice is due ("net sixty").
    Net,
}

const CURRENCIES: [(&str, &str); 3] = [("dollar", "USD"), ("euro", "EUR"), ("pound", "GBP")];

/// Returns the amounts of an utterance in the order of its words. Other languages than `en`, `de`, `fr`, `es`
/// give nothing.
pub fn amounts(text: &str, language: &str) -> Vec<Amount> {
    let Some(lexicon) = Lexicon::of(language) else { return Vec::new() };
    let tokens = spoken(tokens(text), lexicon);
    let reader = Reader { numerals: numerals(text, &tokens, lexicon), tokens: &tokens, lexicon };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match reader.amount(at) {
            Some((end, amount)) => {
                found.push(amount);
                at = end.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

struct Reader<'a> {
    tokens: &'a [Token],
    lexicon: &'a Lexicon,
    numerals: Vec<Option<Numeral>>,
}

/// A figure before its measure is known.
struct Figure {
    end: usize,
    value: f64,
    /// "One" and "a couple" are figures only before a unit.
    slight: bool,
    ratio: bool,
}

impl Reader<'_> {
    fn amount(&self, at: usize) -> Option<(usize, Amount)> {
        if self.is(at, "net") {
            let figure = self.number(at + 1)?;
            return Some((figure.end, self.made(at..figure.end, Measure::Net, figure.value, None)));
        }
        if let Some(currency) = self.currency(at) {
            return self.sign_first(at, currency).or_else(|| self.buck_fifty(at, currency));
        }
        let figure = self.figure(at).filter(|_| !self.dates(at))?;
        self.measured(at, figure)
    }

    fn is(&self, at: usize, class: &str) -> bool {
        self.lexicon.is(self.tokens, at, class)
    }

    fn currency(&self, at: usize) -> Option<&'static str> {
        CURRENCIES.iter().find(|(class, _)| self.is(at, class)).map(|(_, code)| *code)
    }

    /// "$ 40 k".
    fn sign_first(&self, at: usize, currency: &'static str) -> Option<(usize, Amount)> {
        let sign = self.tokens[at].word.chars().all(|c| !c.is_alphanumeric());
        let figure = self.number(at + 1).filter(|_| sign)?;
        let unit = Some(self.bytes(&(at..at + 1)));
        Some((figure.end, self.made(at..figure.end, Measure::Money { currency }, figure.value, unit)))
    }

    /// "A buck fifty", "a dollar".
    fn buck_fifty(&self, at: usize, currency: &'static str) -> Option<(usize, Amount)> {
        let article = at.checked_sub(1).filter(|before| self.is(*before, "per"))?;
        let cents = self.number(at + 1).filter(|figure| figure.value < 100.0);
        let end = cents.as_ref().map_or(at + 1, |figure| figure.end);
        let value = 1.0 + cents.map_or(0.0, |figure| figure.value / 100.0);
        let unit = Some(self.bytes(&(at..at + 1)));
        Some((end, self.made(article..end, Measure::Money { currency }, value, unit)))
    }

    /// A number with its tail and multiplier: "two and a half million".
    fn number(&self, at: usize) -> Option<Figure> {
        let numeral = self.numerals.get(at).copied().flatten().filter(|numeral| !numeral.ordinal)?;
        let mut figure =
            Figure { end: at + numeral.length, value: numeral.value, slight: false, ratio: false };
        if let Some((length, more)) = self.lexicon.longest(self.tokens, figure.end, "tail") {
            figure.end += length;
            figure.value += more;
        }
        figure.slight = !numeral.figures && figure.value <= 1.0;
        Some(self.multiplied(figure))
    }

    fn multiplied(&self, mut figure: Figure) -> Figure {
        if let Some((length, factor)) = self.lexicon.longest(self.tokens, figure.end, "multiplier")
            && self.tokens[figure.end].word.len() > 1
        {
            figure.end += length;
            figure.value *= factor;
        }
        figure
    }

    fn figure(&self, at: usize) -> Option<Figure> {
        if let Some((length, value)) = self.lexicon.longest(self.tokens, at, "dozen") {
            let slight = value < 6.0;
            return Some(self.multiplied(Figure { end: at + length, value, slight, ratio: false }));
        }
        if let Some((length, value)) = self.lexicon.longest(self.tokens, at, "fraction") {
            return Some(self.fraction(at, at + length, value));
        }
        self.number(at)
    }

    /// "Half a million" and "half an hour" are figures, "a third" alone is a ratio.
    fn fraction(&self, at: usize, end: usize, value: f64) -> Figure {
        let article = self.lexicon.longest(self.tokens, at, "count").filter(|(_, count)| *count == value);
        let end = article.map_or(end, |(length, _)| end.max(at + length));
        let figure = self.multiplied(Figure { end, value, slight: false, ratio: true });
        let unit = self.lexicon.is(self.tokens, figure.end, "unit");
        Figure { ratio: figure.value == value && !unit, ..figure }
    }

    /// The day of a month, a quarter or an hour is no amount.
    fn dates(&self, at: usize) -> bool {
        let small = self.numerals[at].is_some_and(|numeral| numeral.value <= 31.0);
        let Some(before) = at.checked_sub(1).filter(|_| small) else { return false };
        let month = self.is(before, "month") && !self.is(before, "month-or-verb");
        month || matches!(self.tokens[before].word.as_str(), "q" | "h" | "kw" | "t")
    }

    fn measured(&self, at: usize, figure: Figure) -> Option<(usize, Amount)> {
        let Figure { end, value, slight, ratio } = figure;
        let close = self.tokens.get(end).is_some_and(|next| next.gap == Gap::None);
        let class = |name: &str| self.lexicon.longest(self.tokens, end, name).filter(|_| close);
        let made = |length: usize, measure: Measure, value: f64| {
            let unit = (length > 0).then(|| self.bytes(&(end..end + length)));
            Some((end + length, self.made(at..end + length, measure, value, unit)))
        };
        if let Some((length, _)) = class("points") {
            return made(length, Measure::Points, value);
        }
        if let Some((length, _)) = class("percent") {
            return made(length, Measure::Percent, value);
        }
        if let Some((length, _)) = class("cent") {
            return made(length, Measure::Money { currency: self.cents() }, value / 100.0);
        }
        let linked = usize::from(self.is(end, "linking") && self.currency(end + 1).is_some());
        if let Some(currency) = self.currency(end + linked).filter(|_| close) {
            let cents =
                self.number(end + linked + 1).filter(|cents| cents.value < 100.0 && value.fract() == 0.0);
            let cents = cents.filter(|_| self.tokens[end + linked + 1].gap == Gap::None);
            let length = cents.as_ref().map_or(1 + linked, |cents| cents.end - end);
            return made(
                length,
                Measure::Money { currency },
                value + cents.map_or(0.0, |it| it.value / 100.0),
            );
        }
        if let Some((length, _)) = class("times") {
            return made(length, Measure::Ratio, value);
        }
        if let Some((length, unit)) = class("unit").filter(|_| !ratio) {
            let unit = UNITS.get(unit as usize).copied()?;
            return made(length, Measure::Duration { unit }, value);
        }
        if let Some((end, share)) = self.out_of(end) {
            return Some((end, self.made(at..end, Measure::Ratio, value / share, None)));
        }
        let counted = !ratio && close && self.tokens[end].word.len() > 1 && !self.stops(end);
        let unit = counted.then(|| self.bytes(&(end..end + 1)));
        let measure = if ratio { Measure::Ratio } else { Measure::Count };
        (!slight || ratio).then(|| (end, self.made(at..end, measure, value, unit)))
    }

    fn cents(&self) -> &'static str {
        if self.lexicon.code == "en" { "USD" } else { "EUR" }
    }

    /// "Nine out of ten".
    fn out_of(&self, at: usize) -> Option<(usize, f64)> {
        let (length, _) = self.lexicon.longest(self.tokens, at, "out-of")?;
        self.number(at + length).filter(|whole| whole.value > 0.0).map(|whole| (whole.end, whole.value))
    }

    /// Whether the word after a number cannot be what is counted.
    fn stops(&self, at: usize) -> bool {
        ["onward", "lead", "clause", "per", "goal", "stands", "past-verb"]
            .iter()
            .any(|class| self.is(at, class))
    }

    fn made(&self, place: Range<usize>, measure: Measure, value: f64, unit: Option<Range<usize>>) -> Amount {
        Amount { range: self.bytes(&place), measure, value, unit, per: self.per(place.end) }
    }

    fn per(&self, at: usize) -> Option<Range<usize>> {
        let length = self.lexicon.longest(self.tokens, at, "per").map(|(length, _)| length)?;
        let joined = |token: &&Token| token.gap == Gap::None;
        self.tokens.get(at + length).filter(joined).map(|_| self.bytes(&(at..at + length + 1)))
    }

    fn bytes(&self, place: &Range<usize>) -> Range<usize> {
        self.tokens[place.start].range.start..self.tokens[place.end - 1].range.end
    }
}
