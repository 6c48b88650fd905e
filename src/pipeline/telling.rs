use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::job::{NOTIFY, TELL, enqueue, subject};
use super::known::{Known, acts_of};
use super::{Error, Pipeline};
use crate::access::{Role, Viewer};
use crate::handoff::{self, Handoff, NEWS, Who};
use crate::notify::{Channel, Channels, Message, Recipient};
use crate::store::{self, Job, Lane, Tx, User};

/// Rows that are read from the store at a time.
const ROWS: u32 = 200;

/// How often a process says which channels it has; much more often than they are forgotten.
const NOTE_EVERY: Duration = Duration::from_secs(3600);

impl Pipeline {
    /// Has people told of what happens in handoffs.
    #[must_use]
    pub fn with_channels(mut self, channels: Option<Channels>) -> Self {
        self.channels = channels;
        self
    }

    /// Notes which channels there are, and has every handoff looked at, because they may be new since the last start.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn begin_telling(&self) -> Result<(), Error> {
        if self.channels.is_none() {
            return Ok(());
        }
        self.note_channels().await?;
        let (now, mut after) = (Timestamp::now(), None);
        loop {
            let page = self.store.deals(Viewer::Everything, after.as_ref(), ROWS).await?;
            let deals: Vec<String> = page.items.into_iter().map(|stored| stored.deal.id).collect();
            let work = self.store.write(move |tx| {
                Box::pin(async move {
                    for deal in deals {
                        enqueue(tx, TELL, &deal, now, now).await?;
                    }
                    Ok::<_, store::Error>(())
                })
            });
            work.await?;
            after = page.next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn note_channels(&self) -> Result<(), store::Error> {
        let (set, now) = (self.set_channels(), Timestamp::now());
        let noted = self.store.write(move |tx| {
            Box::pin(async move {
                for channel in set {
                    tx.note_channel(channel, now).await?;
                }
                Ok(())
            })
        });
        noted.await
    }

    /// Says every now and then that this process has its channels, until `stop` is cancelled.
    pub(super) async fn keep_channels(&self, stop: &CancellationToken) {
        while self.channels.is_some() {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(NOTE_EVERY) => {}
            }
            if let Err(error) = self.note_channels().await {
                tracing::error!(%error, "failed to note by which channels people are told");
            }
        }
    }

    fn set_channels(&self) -> Vec<Channel> {
        self.channels.iter().flat_map(Channels::set).collect()
    }

    /// Returns the work with messages that this process can do: what it has no channel for is others'.
    pub(super) fn lanes_of_messages(&self) -> Vec<Lane> {
        let telling = self.channels.is_some().then_some(Lane::Telling);
        telling.into_iter().chain(self.set_channels().into_iter().map(Lane::Messages)).collect()
    }

    /// Has a handoff looked at, in the transaction that changes it, where any process on this store tells people.
    pub(super) async fn owe_telling(tx: &mut Tx, deal: &str, now: Timestamp) -> Result<(), store::Error> {
        if tx.channels(now).await?.is_empty() { Ok(()) } else { enqueue(tx, TELL, deal, now, now).await }
    }

    /// Looks at a handoff: what is new is owed to every channel on this store, and the next look to the next deadline.
    pub(super) async fn tell(&self, job: &Job) -> Result<(), Error> {
        let deal = subject(job)?;
        let Some(stored) = self.store.deal(&deal).await? else { return self.complete(job).await };
        let decisions = self.store.decisions(&deal).await?;
        let (timeline, now) = (self.timeline(), Timestamp::now());
        let known = Known::new(stored.deal, &decisions, &timeline.calendar)?;
        let clocks = handoff::clocks(&known.handoff.events, &timeline.profile, &known.calendar, now);
        let notices = handoff::notices(&acts_of(&decisions)?, &clocks, &timeline.profile, now);
        let next = handoff::next_change(&clocks, now);
        let lease = job.lease.clone();
        let work = self.store.write(move |tx| {
            Box::pin(async move {
                let channels = tx.channels(now).await?;
                for notice in &notices {
                    let id = Uuid::now_v7();
                    if !tx.add_notice(id, &deal, notice, now).await? {
                        continue;
                    }
                    for channel in &channels {
                        let kind = format!("{NOTIFY}{}", channel.as_str());
                        enqueue(tx, &kind, &id.to_string(), now, now).await?;
                    }
                }
                if let Some(next) = next {
                    enqueue(tx, TELL, &deal, next, now).await?;
                }
                Ok::<_, Error>(tx.complete(&lease).await?)
            })
        });
        work.await
    }

    /// Sends a notice by one channel, unless the deal is not there for all who read it, or it is no news any more.
    pub(super) async fn notify(&self, job: &Job, channel: Channel) -> Result<(), Error> {
        let about = subject(job)?;
        let id = about.parse().map_err(|_| Error::Odd(format!("a notice `{about}`")))?;
        if let (Some(channels), Some(message)) = (&self.channels, self.message(id).await?) {
            let access = self.store.deal_access(&message.deal).await?;
            let restricted = access.is_none_or(|(access, _)| access.restricted);
            // A restricted deal does not exist for who else reads there.
            if !(channel.is_shared() && restricted) {
                channels.send(channel, &message).await?;
            }
        }
        self.complete(job).await
    }

    async fn message(&self, id: Uuid) -> Result<Option<Message>, Error> {
        // What was reported late is news from when it was kept.
        let is_news = |kept_at: Timestamp| Timestamp::now().duration_since(kept_at) <= NEWS;
        let notice = self.store.notice(id).await?.filter(|(_, _, kept_at)| is_news(*kept_at));
        let Some((deal, notice, _)) = notice else { return Ok(None) };
        let link = self.channels.as_ref().and_then(|channels| channels.link(&deal));
        let Some(stored) = self.store.deal(&deal).await? else { return Ok(None) };
        let decisions = self.store.decisions(&deal).await?;
        let known = Known::new(stored.deal, &decisions, &self.timeline().calendar)?;
        let to = self.recipients(&deal, &notice.tell, &known.handoff).await?;
        let handoff::Notice { kind, about, words, due_at, at, .. } = notice;
        Ok(Some(Message { id, kind, deal, account: known.deal.account, about, words, due_at, at, link, to }))
    }

    /// Returns who is told: whoever acted, else members of the deal in that role; managers of their teams, else all in
    /// that role. Nobody is told of a deal that is not there for them.
    async fn recipients(&self, deal: &str, tell: &[Who], handoff: &Handoff) -> Result<Vec<Recipient>, Error> {
        let mut users = self.store.users().await?;
        users.retain(|user| user.disabled_at.is_none());
        let members =
            self.store.deal_access(deal).await?.map(|(access, _)| access.members).unwrap_or_default();
        let teams = self.store.teams().await?;
        let of = |login: &str| -> BTreeSet<&str> {
            teams.iter().filter(|(_, member)| member == login).map(|(team, _)| team.as_str()).collect()
        };
        let mut to = Vec::new();
        for who in tell {
            let (role, acted) = match who {
                Who::Ae => (Role::Ae, &handoff.ae),
                Who::Csm => (Role::Csm, &handoff.csm),
                Who::Manager => (Role::Manager, &handoff.ae),
                Who::CsManager => (Role::CsManager, &handoff.csm),
            };
            let leads = matches!(who, Who::Manager | Who::CsManager);
            let led = if *who == Who::Manager { Role::Ae } else { Role::Csm };
            let theirs = users.iter().filter(|user| match acted {
                Some(login) => user.login == *login,
                None => user.role == led && members.contains(&user.login),
            });
            let teams: BTreeSet<&str> = theirs.flat_map(|user| of(&user.login)).collect();
            let in_role: Vec<&User> = users.iter().filter(|user| user.role == role).collect();
            let near = |user: &&User| match leads {
                true => !teams.is_disjoint(&of(&user.login)),
                false => acted.as_ref().map_or(members.contains(&user.login), |it| *it == user.login),
            };
            let mut told: Vec<&User> = in_role.iter().copied().filter(near).collect();
            if told.is_empty() && leads {
                told = in_role;
            }
            let mut known = false;
            for user in told {
                if !self.store.hides_deal(Viewer::new(user.role, Some(user.id)), deal).await? {
                    known = true;
                    to.push(Recipient { role: *who, login: user.login.clone(), name: user.name.clone() });
                }
            }
            if !known {
                to.push(Recipient { role: *who, login: String::new(), name: String::new() });
            }
        }
        Ok(to)
    }
}
