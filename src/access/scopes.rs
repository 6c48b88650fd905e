use super::{Act, Role};

/// What a token may be used for, within what its holder may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Option<Vec<Act>>);

impl Scopes {
    /// Everything that the holder may do.
    pub const ALL: Self = Self(None);

    /// Nothing but `acts`; everything where there is none.
    pub fn only(acts: &[Act]) -> Self {
        Self((!acts.is_empty()).then(|| acts.to_vec()))
    }

    /// Tells whether `act` is within them.
    pub fn allow(&self, act: Act) -> bool {
        self.0.as_ref().is_none_or(|acts| acts.contains(&act))
    }

    /// Tells whether `other` allows nothing that these do not.
    pub fn cover(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(_), Some(acts)) => acts.iter().all(|act| self.allow(*act)),
        }
    }

    /// Tells whether whoever has `role` may do nothing that these do not allow.
    pub fn cover_role(&self, role: Role) -> bool {
        Act::ALL.into_iter().all(|act| !role.may(act) || self.allow(act))
    }

    /// Returns the first of the acts that nobody of `role` may do: a scope that opens nothing is a mistake.
    pub fn beyond(&self, role: Role) -> Option<Act> {
        self.0.iter().flatten().copied().find(|act| !role.may(*act))
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words: Vec<_> = self.0.iter().flatten().map(|act| act.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

impl std::str::FromStr for Scopes {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, Self::Err> {
        let acts: Vec<Act> = words.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self::only(&acts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_as_they_were_written_and_narrow_only() {
        let scopes: Scopes = "read deliver".parse().unwrap();
        assert_eq!(scopes.to_string().parse::<Scopes>().unwrap(), scopes);
        assert!(scopes.allow(Act::Read) && !scopes.allow(Act::Correct));
        assert_eq!(scopes.beyond(Role::Recorder), Some(Act::Read));
        assert!(Scopes::ALL.allow(Act::Operate) && Scopes::ALL.to_string().is_empty());
        let read = Scopes::only(&[Act::Read]);
        assert!(scopes.cover(&read) && scopes.cover(&scopes) && Scopes::ALL.cover(&Scopes::ALL));
        assert!(!read.cover(&scopes) && !read.cover(&Scopes::ALL));
        assert!(Scopes::ALL.cover_role(Role::Admin) && !Scopes::only(&[Act::Admit]).cover_role(Role::Admin));
        assert!("reed".parse::<Scopes>().unwrap_err().contains("`reed`"));
    }
}
