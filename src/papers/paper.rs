use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A paper that is drawn from a packet and an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// The handoff packet for AE and CSM.
    Packet,
    /// Risks, landmines and stances on one page (S-079).
    RedFlags,
    /// What was agreed, for the customer (S-181, S-160 to S-163).
    SuccessPlan,
    /// The AE's mail that introduces the CSM to the champion (S-038 to S-040).
    IntroductionMail,
    /// The CSM's first mail to the customer (S-157, S-158).
    WelcomeMail,
    /// Agenda of the alignment meeting in 45 minutes (S-043).
    AlignmentAgenda,
    /// Agenda of the alignment call in 35 minutes (S-132).
    AlignmentCall,
    /// Agenda of the kickoff (S-159).
    KickoffAgenda,
    /// What AE and CSM say when the kickoff begins (S-083, S-084).
    KickoffOpening,
    /// The message in the deal's channel (S-075).
    SlackPost,
    /// The success statement in one sentence (S-035).
    SuccessStatement,
    /// The joint account plan for 90 days (S-088).
    JointPlan,
    /// The one question of day 30 (S-056).
    #[serde(rename = "day-30-question")]
    Day30Question,
    /// The account's row in the report of day 30 (S-135).
    #[serde(rename = "day-30-report")]
    Day30Report,
}

/// Who may read a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// AE, CSM and their managers.
    Internal,
    /// AE, CSM and the manager of customer success only.
    RedFlags,
    /// The customer too: the leak guard reads it first.
    Customer,
}

impl Paper {
    /// Every paper.
    pub const ALL: [Self; 14] = [
        Self::Packet,
        Self::RedFlags,
        Self::SuccessPlan,
        Self::IntroductionMail,
        Self::WelcomeMail,
        Self::AlignmentAgenda,
        Self::AlignmentCall,
        Self::KickoffAgenda,
        Self::KickoffOpening,
        Self::SlackPost,
        Self::SuccessStatement,
        Self::JointPlan,
        Self::Day30Question,
        Self::Day30Report,
    ];

    /// Returns the name that interfaces and template files use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Packet => "packet",
            Self::RedFlags => "red-flags",
            Self::SuccessPlan => "success-plan",
            Self::IntroductionMail => "introduction-mail",
            Self::WelcomeMail => "welcome-mail",
            Self::AlignmentAgenda => "alignment-agenda",
            Self::AlignmentCall => "alignment-call",
            Self::KickoffAgenda => "kickoff-agenda",
            Self::KickoffOpening => "kickoff-opening",
            Self::SlackPost => "slack-post",
            Self::SuccessStatement => "success-statement",
            Self::JointPlan => "joint-plan",
            Self::Day30Question => "day-30-question",
            Self::Day30Report => "day-30-report",
        }
    }

    /// Returns who may read it.
    pub fn readers(self) -> Readers {
        match self {
            Self::RedFlags => Readers::RedFlags,
            Self::SuccessPlan
            | Self::IntroductionMail
            | Self::WelcomeMail
            | Self::KickoffAgenda
            | Self::KickoffOpening
            | Self::SuccessStatement => Readers::Customer,
            _ => Readers::Internal,
        }
    }

    /// Returns the forms in which it can be had.
    pub fn forms(self) -> &'static [Form] {
        match self {
            Self::IntroductionMail | Self::WelcomeMail => {
                &[Form::Md, Form::Html, Form::Docx, Form::Pdf, Form::Text, Form::Eml]
            }
            Self::AlignmentAgenda | Self::AlignmentCall | Self::KickoffAgenda => {
                &[Form::Md, Form::Html, Form::Docx, Form::Pdf, Form::Text, Form::Ics]
            }
            _ => &[Form::Md, Form::Html, Form::Docx, Form::Pdf, Form::Text],
        }
    }
}

impl std::fmt::Display for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Paper {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|paper| paper.as_str() == word).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{word}` is no paper; there are {known}")
        })
    }
}

/// The form in which a paper is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Markdown.
    Md,
    /// A page.
    Html,
    /// Word and LibreOffice.
    Docx,
    /// PDF with its fonts inside.
    Pdf,
    /// Plain text, for a message or a mail's body.
    Text,
    /// A mail as a draft that mail programs open.
    Eml,
    /// A calendar entry.
    Ics,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 7] =
        [Self::Md, Self::Html, Self::Docx, Self::Pdf, Self::Text, Self::Eml, Self::Ics];

    /// Returns the word that interfaces use, which is also the end of a file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Html => "html",
            Self::Docx => "docx",
            Self::Pdf => "pdf",
            Self::Text => "txt",
            Self::Eml => "eml",
            Self::Ics => "ics",
        }
    }

    /// Returns the media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Md => "text/markdown; charset=utf-8",
            Self::Html => "text/html; charset=utf-8",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
            Self::Eml => "message/rfc822",
            Self::Ics => "text/calendar; charset=utf-8",
        }
    }
}

impl std::str::FromStr for Form {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|form| form.as_str() == word).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{word}` is none of {known}")
        })
    }
}
