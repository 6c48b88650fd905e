use super::vocabulary::words;

words! {
    /// What can be noticed about an utterance beside the cue of a rule. Language data (`context.toml`) say by
    /// which words, and how far these reach.
    Feature {
        /// It asks.
        Question = "question",
        /// It asks the other side to do something or to have something.
        Request = "request",
        /// What it says is denied.
        Negated = "negated",
        /// It holds under a condition.
        Conditional = "conditional",
        /// It is supposed only.
        Hypothetical = "hypothetical",
        /// Somebody else said it.
        Reported = "reported",
        /// It is over.
        Past = "past",
        /// It happens again and again.
        Habitual = "habitual",
        /// The speaker leaves a way out.
        Hedged = "hedged",
        /// The speaker wishes or asks for it.
        Wish = "wish",
        /// It guides through a screen or this meeting.
        Demo = "demo",
        /// It is an option among others, offered for talk.
        Proposal = "proposal",
        /// It is meant as a joke or a figure of speech.
        Joke = "joke",
        /// It accepts what was asked.
        Acceptance = "acceptance",
        /// It puts the answer off.
        Deferral = "deferral",
        /// It says no.
        Refusal = "refusal",
        /// It shows that a worry is settled.
        Settled = "settled",
        /// It worries.
        Worry = "worry",
        /// It speaks of trouble, loss or effort.
        Trouble = "trouble",
        /// It speaks of other customers.
        Elsewhere = "elsewhere",
        /// It names a date or a deadline.
        Date = "date",
        /// It names a figure.
        Number = "number",
        /// It names a sum of money.
        Money = "money",
        /// It names a share.
        Percent = "percent",
    }
}

/// The features of one place in a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features(u32);

impl Features {
    /// Returns these features and `feature`.
    #[must_use]
    pub fn with(self, feature: Feature) -> Self {
        Self(self.0 | 1 << feature as u32)
    }

    /// Returns the features that either has.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Tells whether `feature` is among them.
    pub fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u32) != 0
    }

    /// Returns every feature that both have, in the order of [`Feature::ALL`].
    pub fn common(self, other: Self) -> impl Iterator<Item = Feature> {
        Feature::ALL.iter().copied().filter(move |feature| self.has(*feature) && other.has(*feature))
    }

    /// Returns every feature that is among these and not among `other`.
    pub fn missing(self, other: Self) -> impl Iterator<Item = Feature> {
        Feature::ALL.iter().copied().filter(move |feature| self.has(*feature) && !other.has(*feature))
    }

    /// Returns them in the order of [`Feature::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        self.common(self)
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<T: IntoIterator<Item = Feature>>(features: T) -> Self {
        features.into_iter().fold(Self::default(), Self::with)
    }
}
