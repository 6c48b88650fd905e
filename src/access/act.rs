/// What a route does, as far as permission is concerned. The words are the scopes of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// Hand in a call.
    Deliver,
    /// Read calls, packets and search.
    Read,
    /// Ask a model a question, which costs.
    Ask,
    /// Read the red-flag page.
    ReadRedFlags,
    /// Correct speakers and metadata of a deal.
    Correct,
    /// Act in a handoff: sign, initial, dispute, approve; each of them is for one side.
    HandOff,
    /// See what is measured of people.
    Measure,
    /// Settle lines of a packet: accept, edit, reject, add.
    Review,
    /// Comment on lines of a packet, ask and answer.
    Discuss,
    /// Make and revoke links to a deal's plan for the customer.
    Share,
    /// Say who sees a deal.
    Grant,
    /// See metrics and the state of the service.
    Operate,
    /// Make and change accounts and tokens, and so open anything to anybody.
    Admit,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 13] = [
        Self::Deliver,
        Self::Read,
        Self::Ask,
        Self::ReadRedFlags,
        Self::Correct,
        Self::HandOff,
        Self::Measure,
        Self::Review,
        Self::Discuss,
        Self::Share,
        Self::Grant,
        Self::Operate,
        Self::Admit,
    ];

    /// Returns the word that interfaces use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deliver => "deliver",
            Self::Read => "read",
            Self::Ask => "ask",
            Self::ReadRedFlags => "red_flags",
            Self::Correct => "correct",
            Self::HandOff => "hand_off",
            Self::Measure => "measure",
            Self::Review => "review",
            Self::Discuss => "discuss",
            Self::Share => "share",
            Self::Grant => "grant",
            Self::Operate => "operate",
            Self::Admit => "admit",
        }
    }
}

impl std::fmt::Display for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Act {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|act| act.as_str() == word).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{word}` is no scope; there are {known}")
        })
    }
}
