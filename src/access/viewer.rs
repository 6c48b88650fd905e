use uuid::Uuid;

use super::Role;

/// Whose eyes the store is read with: which deals there are, and which do not exist.
///
/// A deal that is not restricted is there for everybody who may read. A restricted one is there for its members, for
/// those who lead a member's team, and for administrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Sees every deal: an administrator, the machinery itself, whoever sits at the data directory.
    Everything,
    /// Sees the restricted deals that they are a member of.
    Person(Uuid),
    /// Sees those, and those of the members of their teams.
    Lead(Uuid),
    /// Sees no restricted deal: a machine is a member of none.
    Machine,
}

impl Viewer {
    /// Returns the eyes of a person, or of a machine where `user` is none.
    pub fn new(role: Role, user: Option<Uuid>) -> Self {
        match user {
            _ if role == Role::Admin => Self::Everything,
            Some(user) if role.leads() => Self::Lead(user),
            Some(user) => Self::Person(user),
            None => Self::Machine,
        }
    }

    /// Returns the person, where it is one whose name matters.
    pub fn user(self) -> Option<Uuid> {
        match self {
            Self::Person(user) | Self::Lead(user) => Some(user),
            Self::Everything | Self::Machine => None,
        }
    }
}
