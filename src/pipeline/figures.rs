use std::collections::BTreeSet;

use jiff::Timestamp;

use super::handoff::Known;
use super::{Error, Pipeline};
use crate::access::{Role, Viewer};
use crate::handoff::{self, GroupBy, GroupFigures, Handoff, Record};
use crate::store::{StoredDeal, User};

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

impl Pipeline {
    /// Returns what is measured of the handoffs that there are for `viewer`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn handoff_figures(
        &self,
        viewer: Viewer,
        by: GroupBy,
        now: Timestamp,
    ) -> Result<Vec<GroupFigures>, Error> {
        let (teams, users) = (self.store().teams().await?, self.store().users().await?);
        let teams_of = |login: &Option<String>| {
            let theirs = teams.iter().filter(|(_, member)| login.as_ref() == Some(member));
            theirs.map(|(team, _)| team.clone()).collect::<BTreeSet<_>>()
        };
        let mut records = Vec::new();
        let mut after = None;
        loop {
            let page = self.store().deals(viewer, after.as_ref(), ROWS).await?;
            for deal in page.items {
                let record = self.figures_of(deal, &users).await?;
                let teams = &teams_of(&record.ae) | &teams_of(&record.csm);
                records.push(Record { teams, ..record });
            }
            after = page.next;
            if after.is_none() {
                return handoff::figures(&records, by, now).map_err(Error::Odd);
            }
        }
    }

    /// Returns what is measured of a deal's handoff. One that nobody has touched counts for the deal's members, because it
    /// is the one that is late.
    async fn figures_of(&self, deal: StoredDeal, users: &[User]) -> Result<Record, Error> {
        let decisions = self.store().decisions(&deal.deal.id).await?;
        let Known { deal, handoff, calendar, .. } =
            Known::new(deal.deal, &decisions, &self.timeline().calendar)?;
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
