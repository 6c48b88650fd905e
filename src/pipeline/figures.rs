use std::collections::BTreeSet;

use jiff::Timestamp;

use super::handoff::Known;
use super::{Error, Pipeline};
use crate::access::{Role, Viewer};
use crate::handoff::{self, GroupBy, GroupFigures, Handoff, Of, Record};
use crate::store::User;

impl Pipeline {
    /// Returns what is measured of the handoffs that there are for `viewer`, as far as they are `of` somebody.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn handoff_figures(
        &self,
        viewer: Viewer,
        by: GroupBy,
        of: &Of,
        now: Timestamp,
    ) -> Result<Vec<GroupFigures>, Error> {
        let records = self.records(viewer, of).await?;
        handoff::figures(&records, by, now).map_err(Error::Odd)
    }

    /// Returns what is measured of each handoff that there is for `viewer` and is `of` somebody.
    pub(super) async fn records(&self, viewer: Viewer, of: &Of) -> Result<Vec<Record>, Error> {
        let (teams, users) = (self.store().teams().await?, self.store().users().await?);
        let teams_of = |login: &Option<String>| {
            let theirs = teams.iter().filter(|(_, member)| login.as_ref() == Some(member));
            theirs.map(|(team, _)| team.clone()).collect::<BTreeSet<_>>()
        };
        let mut records = Vec::new();
        for known in self.all_known(viewer).await? {
            let record = self.record_of(known, &users).await?;
            let teams = &teams_of(&record.ae) | &teams_of(&record.csm);
            records.push(Record { teams, ..record });
        }
        records.retain(|record| of.takes(record));
        Ok(records)
    }

    /// Returns what is measured of a handoff. One that nobody has touched counts for the deal's members, because it is the
    /// one that is late.
    async fn record_of(&self, known: Known, users: &[User]) -> Result<Record, Error> {
        let Known { deal, handoff, calendar, .. } = known;
        let Handoff { mut ae, mut csm, events, rating, .. } = handoff;
        if ae.is_none() || csm.is_none() {
            let access = self.store().deal_access(&deal.id).await?;
            let members = access.map(|(access, _)| access.members).unwrap_or_default();
            let member = |role: Role| {
                let mut users = users.iter().filter(|user| user.role == role);
                users.find(|user| members.contains(&user.login)).map(|user| user.login.clone())
            };
            (ae, csm) = (ae.or_else(|| member(Role::Ae)), csm.or_else(|| member(Role::Csm)));
        }
        Ok(Record { deal: deal.id, ae, csm, teams: BTreeSet::new(), events, rating, calendar })
    }
}
