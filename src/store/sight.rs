//! Which deals there are for whom.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, Store, Tx, args};
use crate::access::Viewer;

/// The condition under which there is a deal `d` for a viewer: `$kind` is how they look, `$user` who they are, as
/// [`eyes`] writes them.
macro_rules! seen {
    ($kind:literal, $user:literal) => {
        concat!(
            "(d.restricted = 0 OR ",
            $kind,
            " = 'everything'
              OR EXISTS (SELECT 1 FROM deal_members m WHERE m.deal_id = d.id AND m.user_id = ",
            $user,
            ") OR (",
            $kind,
            " = 'lead' AND EXISTS (SELECT 1 FROM deal_members m
                  JOIN team_members theirs ON theirs.user_id = m.user_id
                  JOIN team_members mine ON mine.team = theirs.team
                  WHERE m.deal_id = d.id AND mine.user_id = ",
            $user,
            ")))"
        )
    };
}
pub(super) use seen;

/// Returns the two values of [`seen`].
pub(super) fn eyes(viewer: Viewer) -> (&'static str, String) {
    let kind = match viewer {
        Viewer::Everything => "everything",
        Viewer::Person(_) => "person",
        Viewer::Lead(_) => "lead",
        Viewer::Machine => "machine",
    };
    (kind, viewer.user().map(|user| user.to_string()).unwrap_or_default())
}

/// Who sees a deal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealAccess {
    /// Whether it is there for its members alone.
    pub restricted: bool,
    /// The members' logins.
    pub members: BTreeSet<String>,
}

impl Store {
    /// Tells whether there is a deal `id` which `viewer` must not hear of.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hides_deal(&self, viewer: Viewer, id: &str) -> Result<bool, Error> {
        let sql = concat!("SELECT d.id FROM deals d WHERE d.id = $3 AND NOT ", seen!("$1", "$2"));
        self.hides(viewer, sql, id).await
    }

    /// Tells whether the call `id` belongs to a deal which `viewer` must not hear of.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hides_call(&self, viewer: Viewer, id: &str) -> Result<bool, Error> {
        let sql = concat!(
            "SELECT d.id FROM calls c JOIN deals d ON d.id = c.deal_id WHERE c.id = $3 AND NOT ",
            seen!("$1", "$2")
        );
        self.hides(viewer, sql, id).await
    }

    async fn hides(&self, viewer: Viewer, sql: &'static str, id: &str) -> Result<bool, Error> {
        let (kind, user) = eyes(viewer);
        // An id with a NUL is nobody's.
        if viewer == Viewer::Everything || id.contains('\0') {
            return Ok(false);
        }
        Ok(self.first(sql, args![kind, user, id]).await?.is_some())
    }

    /// Returns the ids of all deals that `viewer` must not hear of: what a search leaves out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn hidden_deals(&self, viewer: Viewer) -> Result<Vec<String>, Error> {
        let sql = concat!(
            "SELECT d.id FROM deals d WHERE d.restricted = 1 AND NOT ",
            seen!("$1", "$2"),
            " ORDER BY d.id"
        );
        let (kind, user) = eyes(viewer);
        self.all(sql, args![kind, user]).await?.iter().map(|row| row.text(0)).collect()
    }

    /// Returns who sees the deal `id`, and the deal's revision.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn deal_access(&self, id: &str) -> Result<Option<(DealAccess, u64)>, Error> {
        let sql = "SELECT restricted, revision FROM deals WHERE id = $1";
        let Some(row) = self.first(sql, args![id]).await? else { return Ok(None) };
        let sql = "SELECT u.login FROM deal_members m JOIN users u ON u.id = m.user_id WHERE m.deal_id = $1";
        let members = self.all(sql, args![id]).await?;
        let members = members.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        Ok(Some((DealAccess { restricted: row.number::<i64>(0)? == 1, members }, row.number(1)?)))
    }

    /// Returns the logins of who works on each deal that there is for `viewer`, by the deal's id; a deal without members
    /// is left out.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn deal_members(&self, viewer: Viewer) -> Result<HashMap<String, BTreeSet<String>>, Error> {
        let sql = concat!(
            "SELECT d.id, u.login FROM deals d JOIN deal_members m ON m.deal_id = d.id
             JOIN users u ON u.id = m.user_id WHERE ",
            seen!("$1", "$2")
        );
        let (kind, user) = eyes(viewer);
        let mut members = HashMap::<String, BTreeSet<String>>::new();
        for row in self.all(sql, args![kind, user]).await? {
            members.entry(row.text(0)?).or_default().insert(row.text(1)?);
        }
        Ok(members)
    }
}

impl Tx {
    /// Says who sees a deal, and returns its new revision. With `expected`, only if nobody else has edited the deal
    /// since that revision.
    ///
    /// # Errors
    /// [`Error::Missing`] where there is no such deal or user; [`Error::Stale`] where somebody else was faster.
    pub async fn put_deal_access(
        &mut self,
        id: &str,
        access: &DealAccess,
        expected: Option<u64>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        self.hold(id).await?;
        let row = self.first("SELECT revision FROM deals WHERE id = $1", args![id]).await?;
        let revision: u64 =
            row.ok_or_else(|| Error::Missing { what: "deal", id: id.to_owned() })?.number(0)?;
        if expected.is_some_and(|expected| expected != revision) {
            return Err(Error::Stale { what: "deal", id: id.to_owned() });
        }
        self.run("DELETE FROM deal_members WHERE deal_id = $1", args![id]).await?;
        for login in &access.members {
            let sql = "INSERT INTO deal_members (deal_id, user_id) SELECT $1, id FROM users WHERE login = $2";
            if self.run(sql, args![id, login]).await? == 0 {
                return Err(Error::Missing { what: "user", id: login.clone() });
            }
        }
        let sql = "UPDATE deals SET restricted = $2, revision = revision + 1, updated_at = $3
                   WHERE id = $1 AND revision = $4 RETURNING revision";
        let values = args![id, i64::from(access.restricted), now, revision as i64];
        let row = self.first(sql, values).await?;
        row.ok_or_else(|| Error::Stale { what: "deal", id: id.to_owned() })?.number(0)
    }
}
