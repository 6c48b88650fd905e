use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::known::Known;
use super::{Error, KeptRates, Pipeline};
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

    /// Returns the same with what was kept in the deals of those handoffs.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn insight(
        &self,
        viewer: Viewer,
        by: GroupBy,
        of: &Of,
        now: Timestamp,
    ) -> Result<(Vec<GroupFigures>, KeptRates), Error> {
        let records = self.records(viewer, of).await?;
        let kept = self.kept_rates(viewer, &records, now).await?;
        Ok((handoff::figures(&records, by, now).map_err(Error::Odd)?, kept))
    }

    /// Returns what is measured of each handoff that there is for `viewer` and is `of` somebody.
    async fn records(&self, viewer: Viewer, of: &Of) -> Result<Vec<Record>, Error> {
        let (teams, users) = (self.store().teams().await?, self.store().users().await?);
        let teams_of = |login: &Option<String>| {
            let theirs = teams.iter().filter(|(_, member)| login.as_ref() == Some(member));
            theirs.map(|(team, _)| team.clone()).collect::<BTreeSet<_>>()
        };
        let members = self.store().deal_members(viewer).await?;
        let mut records = Vec::new();
        for known in self.all_known(viewer).await? {
            let record = record_of(known, &users, &members);
            let teams = &teams_of(&record.ae) | &teams_of(&record.csm);
            records.push(Record { teams, ..record });
        }
        records.retain(|record| of.takes(record));
        Ok(records)
    }
}

/// Returns what is measured of a handoff. One that nobody has touched counts for the deal's members, because it is the
/// one that is late.
fn record_of(known: Known, users: &[User], members: &HashMap<String, BTreeSet<String>>) -> Record {
    let Known { deal, handoff, calendar, .. } = known;
    let Handoff { ae, csm, events, rating, .. } = handoff;
    let member = |role: Role| {
        let members = members.get(&deal.id)?;
        let mut users = users.iter().filter(|user| user.role == role);
        users.find(|user| members.contains(&user.login)).map(|user| user.login.clone())
    };
    let (ae, csm) = (ae.or_else(|| member(Role::Ae)), csm.or_else(|| member(Role::Csm)));
    Record { deal: deal.id, ae, csm, teams: BTreeSet::new(), events, rating, calendar }
}
