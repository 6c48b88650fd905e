//! The kinds of findings and the values of their attributes, spelt as `annotation/GUIDE.md` spells them.

/// Declares an enum whose variants are words of the guide, with reading, printing and serde of those words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in the guide's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Returns the guide's word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    format!("`{word}` is none of {}", known.join(", "))
                })
            }
        }
    };
}

pub(super) use words;

words! {
    /// What a finding is.
    Kind {
        /// Our side binds itself to something that outlives the sales process.
        Promise = "promise",
        /// Our side says that something is not included, not possible or will not be done.
        Exclusion = "exclusion",
        /// Either side takes on a short action that moves the purchase or the start along.
        NextStep = "next_step",
        /// The customer pushes back on buying, paying for, adopting or trusting the product.
        Objection = "objection",
        /// What the customer will measure, or wants moved.
        SuccessMetric = "success_metric",
        /// A problem of the customer, in the customer's words.
        Pain = "pain",
        /// Another vendor, product or the build-it-ourselves option for the same job.
        Competitor = "competitor",
        /// Why the customer chooses us, in their words.
        WhyChosen = "why_chosen",
        /// Anything not standard about money or terms, asked or given.
        Pricing = "pricing",
        /// What could hurt the start or the renewal.
        Risk = "risk",
        /// A tool or system in place, an integration needed, data to move, a requirement.
        TechEnvironment = "tech_environment",
        /// Where the next sale could come from.
        Expansion = "expansion",
        /// How a person likes to be worked with.
        Preference = "preference",
    }
}

words! {
    /// What a promise is about.
    Category {
        /// A date alone.
        Timing = "timing",
        /// Features, roadmap, limits raised.
        Scope = "scope",
        /// A connection to another system.
        Integration = "integration",
        /// Work done for this customer alone.
        CustomWork = "custom_work",
        /// Time with our executives.
        ExecutiveAccess = "executive_access",
        /// A concession given as a commitment.
        Pricing = "pricing",
        /// Service levels, onboarding, training, named people.
        Support = "support",
        /// Compliance, audits, data residency.
        Security = "security",
        /// None of these.
        Other = "other",
    }
}

words! {
    /// How firmly a promise binds.
    Firmness {
        /// Without reservation.
        Firm = "firm",
        /// With a stated condition.
        Conditional = "conditional",
        /// "We should be able to", "the plan is".
        Hedged = "hedged",
    }
}

words! {
    /// Who takes a next step.
    StepSide {
        /// Our side.
        Rep = "rep",
        /// The customer.
        Customer = "customer",
        /// A partner.
        Partner = "partner",
        /// Both sides together.
        Both = "both",
    }
}

words! {
    /// What an objection is about.
    ObjectionType {
        /// The price is too high.
        Price = "price",
        /// There is no money set aside.
        Budget = "budget",
        /// Not now.
        Timing = "timing",
        /// Security, privacy, compliance.
        Security = "security",
        /// It does not fit or work.
        Technical = "technical",
        /// Another vendor looks better.
        Competitor = "competitor",
        /// Somebody else decides.
        Authority = "authority",
        /// It is not needed.
        Need = "need",
        /// The vendor may not keep its word, or not last.
        Trust = "trust",
        /// The people may not use it.
        Adoption = "adoption",
        /// Terms of the contract.
        Contract = "contract",
        /// Help may be lacking.
        Support = "support",
        /// None of these.
        Other = "other",
    }
}

words! {
    /// Where an objection stands at the end of a call.
    ObjectionStatus {
        /// The customer shows that they accept the answer.
        Resolved = "resolved",
        /// An answer is owed later.
        Deferred = "deferred",
        /// Neither.
        Open = "open",
    }
}

words! {
    /// What a competitor is to the customer.
    CompetitorStatus {
        /// Weighed against us.
        Evaluated = "evaluated",
        /// Does the job today.
        Incumbent = "incumbent",
        /// Did the job before.
        Former = "former",
        /// Named only.
        Mentioned = "mentioned",
    }
}

words! {
    /// Which term of money or contract is not standard.
    PricingType {
        /// Less than list price.
        Discount = "discount",
        /// When and how to pay.
        PaymentTerms = "payment_terms",
        /// Time or units without charge.
        FreePeriod = "free_period",
        /// A trial with an end.
        Pilot = "pilot",
        /// A price that does not rise.
        PriceLock = "price_lock",
        /// A way out of the contract.
        OptOut = "opt_out",
        /// A service level of one's own.
        CustomSla = "custom_sla",
        /// None of these.
        Other = "other",
    }
}

words! {
    /// How far a term of money or contract has come.
    PricingDirection {
        /// The customer asks.
        Asked = "asked",
        /// Our side offers.
        Offered = "offered",
        /// Both agree.
        Agreed = "agreed",
        /// Refused.
        Declined = "declined",
    }
}

words! {
    /// What a risk comes from.
    RiskType {
        /// Money may run short.
        Budget = "budget",
        /// A date may be missed.
        Timeline = "timeline",
        /// People are against it.
        InternalOpposition = "internal_opposition",
        /// The champion may leave or lose weight.
        ChampionRisk = "champion_risk",
        /// People must work in a new way.
        ChangeManagement = "change_management",
        /// An earlier vendor failed them.
        FailedVendor = "failed_vendor",
        /// A law, an audit, a regulator.
        Regulatory = "regulatory",
        /// Who is at odds with whom.
        Politics = "politics",
        /// What one must not do in front of somebody.
        PetPeeve = "pet_peeve",
        /// Too few people or hours.
        Capacity = "capacity",
        /// Data that is missing, dirty or hard to move.
        Data = "data",
        /// None of these.
        Other = "other",
    }
}

words! {
    /// What a tool or requirement of the customer is.
    TechType {
        /// In use and staying.
        ToolInUse = "tool_in_use",
        /// Must be connected.
        IntegrationNeeded = "integration_needed",
        /// Data must be moved.
        Migration = "migration",
        /// An IT or security requirement.
        Requirement = "requirement",
    }
}

words! {
    /// What part a person plays in the purchase.
    Role {
        /// Sells for us inside.
        Champion = "champion",
        /// Holds the money.
        EconomicBuyer = "economic_buyer",
        /// Judges whether it works.
        TechnicalEvaluator = "technical_evaluator",
        /// Works against it.
        Blocker = "blocker",
        /// Is listened to.
        Influencer = "influencer",
        /// Will use it.
        EndUser = "end_user",
        /// Buys.
        Procurement = "procurement",
        /// Runs the introduction.
        ProjectLead = "project_lead",
    }
}

words! {
    /// How a person stands towards the purchase.
    Attitude {
        /// In favour.
        Supportive = "supportive",
        /// Neither.
        Neutral = "neutral",
        /// Doubtful.
        Skeptical = "skeptical",
        /// Against.
        Opposed = "opposed",
        /// Not shown.
        Unknown = "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_reads_back_as_itself_and_a_stranger_is_told_the_words() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        assert!("vow".parse::<Kind>().unwrap_err().contains("promise"));
    }
}
