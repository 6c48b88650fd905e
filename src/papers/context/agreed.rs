use serde::Serialize;

use crate::papers::{Contract, Meeting, Milestone};

#[derive(Debug, Default, Serialize)]
pub(super) struct When {
    pub(super) day: Option<String>,
    pub(super) hour: Option<String>,
    pub(super) place: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct ContractView<'a> {
    pub(super) industry: Option<&'a str>,
    pub(super) size: Option<&'a str>,
    pub(super) value: Option<&'a str>,
    pub(super) starts: Option<String>,
    pub(super) renews: Option<String>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Reached<'a> {
    pub(super) day: Option<u16>,
    pub(super) what: Option<&'a str>,
    pub(super) owner: Option<&'a str>,
    pub(super) due: Option<String>,
}

impl From<&Meeting> for When {
    fn from(meeting: &Meeting) -> Self {
        let shown = |format: &str| meeting.at.as_ref().map(|at| at.strftime(format).to_string());
        Self { day: shown("%A, %-d %B %Y"), hour: shown("%H:%M (%Q)"), place: meeting.place.clone() }
    }
}

impl<'a> From<&'a Contract> for ContractView<'a> {
    fn from(contract: &'a Contract) -> Self {
        Self {
            industry: contract.industry.as_deref(),
            size: contract.size.as_deref(),
            value: contract.value.as_deref(),
            starts: contract.starts.map(|date| date.to_string()),
            renews: contract.renews.map(|date| date.to_string()),
        }
    }
}

impl<'a> From<&'a Milestone> for Reached<'a> {
    fn from(milestone: &'a Milestone) -> Self {
        Self {
            day: milestone.day,
            what: milestone.what.as_deref(),
            owner: milestone.owner.as_deref(),
            due: milestone.due.map(|date| date.to_string()),
        }
    }
}
