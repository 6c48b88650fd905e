//! Which status an error of another room gets; chosen here and nowhere else.

use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::rejection::{
    BytesRejection, FormRejection, JsonRejection, PathRejection, QueryRejection, RawPathParamsRejection,
};
use axum::http::StatusCode;

use super::{FieldError, ProblemJson};
use crate::handoff::Refusal;
use crate::ingest::Unreadable;
use crate::pipeline::{self, ActError, DecideError, DeliverError, Repeat};
use crate::sign_in::{self, Mistrust};
use crate::store::StoredDecision;
use crate::{search, store};

impl From<store::Error> for ProblemJson {
    fn from(error: store::Error) -> Self {
        use store::Error;
        match &error {
            Error::Nul => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "nul-character", format!("failed to {error}"))
            }
            Error::Erased { what, .. } => Self::new(
                StatusCode::GONE,
                "erased",
                format!("this {what} was erased for good; the audit trail says when and by whom"),
            ),
            Error::Missing { what, .. } => Self::not_found(what),
            Error::Stale { .. } => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "changed-meanwhile",
                "somebody else has changed it: fetch it again and repeat the change on what is there now",
            ),
            Error::Cursor => {
                Self::field("cursor", "was not made by this service; leave it out to begin again")
            }
            Error::Full(_) => {
                tracing::error!(%error, "failed to write");
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full", "the disk is full; nothing was kept")
            }
            Error::Busy(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "the database is busy; the same request may succeed in a moment",
            ),
            _ => Self::internal(&error),
        }
    }
}

impl From<sign_in::Error> for ProblemJson {
    fn from(error: sign_in::Error) -> Self {
        use sign_in::Error;
        let forbidden = |detail: &str| Self::new(StatusCode::FORBIDDEN, "not-admitted", detail);
        match error {
            Error::Store(error) => error.into(),
            Error::Unfit => Self::field("/new", format!("failed to {error}")),
            Error::NoRole => {
                forbidden("none of your groups has a role here; an administrator maps them in oidc.roles")
            }
            Error::Closed => {
                forbidden("the account was closed; an administrator can open it with `readback user enable`")
            }
            Error::Taken(_) => {
                forbidden("another account has your login; an administrator must rename or empty it")
            }
            Error::Word(field) => Self::field(&format!("/{field}"), format!("failed to {error}")),
            Error::Comma => Self::field("/teams", format!("failed to {error}")),
            Error::Overtaken(_) => {
                Self::new(StatusCode::CONFLICT, "changed-meanwhile", format!("failed to {error}"))
            }
            Error::NoAccount(_) => Self::field("/user", format!("failed to {error}")),
            Error::Impersonal(_) => Self::field("/role", format!("failed to {error}")),
            Error::Namesake(_) => Self::field("/name", format!("failed to {error}")),
            Error::Beyond(..) => Self::field("/scopes", format!("failed to {error}")),
            Error::Wider(_) => {
                let detail = format!("failed to {error}");
                let errors = vec![FieldError { pointer: "/role".to_owned(), detail: detail.clone() }];
                Self { errors, ..Self::new(StatusCode::FORBIDDEN, "forbidden", detail) }
            }
            Error::Yourself => Self::new(StatusCode::CONFLICT, "yourself", format!("failed to {error}")),
            error => Self::internal(&error),
        }
    }
}

impl From<Mistrust> for ProblemJson {
    /// What the provider said is for the log: it may hold anything.
    fn from(error: Mistrust) -> Self {
        tracing::warn!(%error, "failed to sign somebody in at the provider");
        let detail = "the OpenID provider cannot be reached or its word does not count; the log says why";
        Self::new(StatusCode::BAD_GATEWAY, "provider", detail)
    }
}

impl From<search::Error> for ProblemJson {
    fn from(error: search::Error) -> Self {
        match error {
            search::Error::Query(error) => Self::field("q", error.to_string()),
            search::Error::Store(error) => error.into(),
            error => Self::internal(&error),
        }
    }
}

impl From<pipeline::Error> for ProblemJson {
    fn from(error: pipeline::Error) -> Self {
        match error {
            pipeline::Error::Store(error) => error.into(),
            pipeline::Error::Index(error) => error.into(),
            pipeline::Error::Unreadable(error) => error.into(),
            pipeline::Error::Unclear(_) => {
                Self::new(StatusCode::CONFLICT, "unreadable-call", format!("failed to {error}"))
            }
            error @ (pipeline::Error::Odd(_)
            | pipeline::Error::Panicked(_)
            | pipeline::Error::NotHeard(_)
            | pipeline::Error::NotTold(_)) => Self::internal(&error),
        }
    }
}

impl From<Repeat> for ProblemJson {
    fn from(repeat: Repeat) -> Self {
        let (status, kind) = match repeat {
            Repeat::OtherBody => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
            Repeat::InFlight => (StatusCode::CONFLICT, "idempotency-key-in-flight"),
        };
        Self::new(status, kind, repeat.to_string())
    }
}

impl From<ActError> for ProblemJson {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Refused(refusal) => refusal.into(),
            ActError::Repeat(repeat) => repeat.into(),
            ActError::Pipeline(error) => error.into(),
        }
    }
}

impl From<Refusal> for ProblemJson {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::Role { .. } => Self::new(StatusCode::FORBIDDEN, "forbidden", detail),
            Refusal::Stage { .. } => Self::new(StatusCode::CONFLICT, "not-at-this-stage", detail),
            Refusal::Field { field, words } => Self::field(field, words),
            Refusal::Gate { missing, .. } => {
                let line = |lack: crate::handoff::Lack| FieldError {
                    pointer: lack.about.unwrap_or_else(|| lack.kind.to_owned()),
                    detail: lack.words,
                };
                let errors = missing.into_iter().map(line).collect();
                Self { errors, ..Self::new(StatusCode::CONFLICT, "gate-closed", detail) }
            }
        }
    }
}

impl From<Unreadable> for ProblemJson {
    fn from(error: Unreadable) -> Self {
        let (status, kind) = match error {
            Unreadable::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, "no-transcript"),
        };
        Self::new(status, kind, error.to_string())
    }
}

impl From<DeliverError> for ProblemJson {
    fn from(error: DeliverError) -> Self {
        match error {
            DeliverError::Unreadable(error) => error.into(),
            DeliverError::Store(error) => error.into(),
            DeliverError::Panicked(error) => Self::internal(&error),
            DeliverError::TooLong(_) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "too-long", error.to_string())
            }
            DeliverError::Repeat(repeat) => repeat.into(),
        }
    }
}

impl From<DecideError> for ProblemJson {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::Refused { at, refusal } => {
                let mut problem = Self::field(&format!("/{at}{}", refusal.pointer), refusal.detail);
                problem.status = StatusCode::UNPROCESSABLE_ENTITY.as_u16();
                problem
            }
            DecideError::NotYours(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", error.to_string()),
            DecideError::Changed(since) => changed(&since),
            DecideError::Repeat(repeat) => repeat.into(),
            DecideError::Pipeline(error) => error.into(),
        }
    }
}

/// Says what others have decided since, without what they typed: not everybody may read it.
fn changed(since: &[StoredDecision]) -> ProblemJson {
    let people: std::collections::BTreeSet<&str> = since.iter().map(|it| it.author.as_str()).collect();
    let people: Vec<_> = people.into_iter().collect();
    let number = since.len();
    let detail = match number {
        0 => "the ETag is of no decision of this deal: fetch its decisions again".to_owned(),
        _ => format!(
            "{} decided since ({number} decisions): fetch what stands now and decide on that; nothing was lost",
            people.join(", ")
        ),
    };
    let mut problem = ProblemJson::new(StatusCode::PRECONDITION_FAILED, "changed-meanwhile", detail);
    problem.errors = since
        .iter()
        .map(|decision| {
            let act =
                decision.body.pointer("/what/act").and_then(|act| act.as_str()).unwrap_or(&decision.room);
            let entry =
                decision.body.pointer("/what/entry").and_then(|entry| entry.as_str()).unwrap_or_default();
            let detail =
                format!("{act} {entry} by {} ({}), {}", decision.author, decision.role, decision.made_at);
            FieldError { pointer: format!("/decisions/{}", decision.seq), detail }
        })
        .collect();
    problem
}

impl ProblemJson {
    /// Returns a 500 and logs `error`: what went wrong inside is not for whoever asked.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "failed to answer a request");
        let detail = "something failed inside; the log says what, under the request's id";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }

    fn rejection(status: StatusCode, detail: String) -> Self {
        let kind = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
            StatusCode::UNPROCESSABLE_ENTITY => "unprocessable",
            _ => "bad-request",
        };
        let pointer = field_of(&detail);
        let mut problem = Self::new(status, kind, detail.clone());
        problem.errors.extend(pointer.map(|pointer| FieldError { pointer, detail }));
        problem
    }
}

/// Returns the field that a refusal of axum's is about. Its text has the path before the reason, and a field that is
/// missing or unknown in backticks behind it.
fn field_of(refusal: &str) -> Option<String> {
    let (what, reason) = refusal.split_once(": ")?;
    let is_path = |path: &str| !path.contains([' ', '`']);
    let (path, reason) = reason.split_once(": ").filter(|(path, _)| is_path(path)).unwrap_or(("", reason));
    let named = reason.strip_prefix("missing field `").or_else(|| reason.strip_prefix("unknown field `"));
    let named = named.and_then(|rest| rest.split('`').next()).filter(|named| !path.ends_with(named));
    let steps = path.split(['.', '[']).map(|step| step.trim_end_matches(']')).chain(named);
    let steps: Vec<_> = steps.filter(|step| !step.is_empty()).collect();
    match steps.as_slice() {
        [] => None,
        steps if what.contains("JSON") => Some(format!("/{}", steps.join("/"))),
        steps => Some(steps.join(".")),
    }
}

/// axum's own refusals are plain text; these make them problems.
macro_rules! rejections {
    ($($rejection:ty),+) => {
        $(impl From<$rejection> for ProblemJson {
            fn from(rejection: $rejection) -> Self {
                Self::rejection(rejection.status(), rejection.body_text())
            }
        })+
    };
}

rejections!(
    BytesRejection,
    FormRejection,
    JsonRejection,
    MultipartError,
    MultipartRejection,
    PathRejection,
    QueryRejection,
    RawPathParamsRejection
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_its_field() {
        let json = "Failed to deserialize the JSON body into the target type: ";
        let query = "Failed to deserialize query string: ";
        let cases = [
            (json, "members[0].name: invalid type: integer `1`, expected a string", Some("/members/0/name")),
            (json, "missing field `restricted` at line 1 column 2", Some("/restricted")),
            (json, "colour: unknown field `colour`, expected `a` or `b`", Some("/colour")),
            (json, "deal: missing field `id` at line 1 column 9", Some("/deal/id")),
            ("Failed to parse the request body as JSON: ", "key must be a string at line 1", None),
            (query, "side: unknown variant `nobody`, expected one of `rep`", Some("side")),
            (query, "missing field `q`", Some("q")),
            (query, "unknown field `colour`, expected one of `q`", Some("colour")),
        ];
        for (what, reason, field) in cases {
            assert_eq!(field_of(&format!("{what}{reason}")).as_deref(), field, "{reason}");
        }
    }
}
