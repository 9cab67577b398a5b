//! One participant of a call, as the call keeps it.

use std::{
    collections::{BTreeMap, VecDeque},
    time::{Duration, Instant},
};

use jumpa_protocol::{
    Layer, MediaKind, ParticipantId, Refusal, SourceKind,
    directory::Features,
    signal::{
        ClientInfo, ConnectionState, Participant, QualityCause, QualityLevel, Role, SlotState,
        SourceInfo, SourceState, SourceUpdate,
    },
};

use super::{MEDIA_ONLY_PATIENCE, SessionId, SessionKind, event_log::EventLog};
use crate::{Moment, admission::Identity};

/// How long a participant may be without WebSocket before others see it, while media flows.
///
/// A phone that changes networks resumes within this time, and nobody needs to know.
pub(super) const UNSEEN_RESUME: Duration = Duration::from_secs(3);

/// Answers that are remembered, so that a request that is sent again after a resume, because its
/// answer was lost, is answered again and not done again.
const MAX_REMEMBERED_ANSWERS: usize = 64;

/// One participant.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) id: ParticipantId,
    pub(super) number: u32,
    pub(super) identity: Identity,
    pub(super) kind: SessionKind,
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) joined_at_ms: u64,
    /// Set until the media plane has answered the offer.
    pub(super) entering: Option<Entering>,
    /// Whether they have come in: they hear what happens and can resume.
    pub(super) is_inside: bool,
    pub(super) link: Link,
    pub(super) media: MediaLink,
    /// By the order of [`SourceKind::ALL`].
    sources: [SourceState; 4],
    pub(super) hand_raised_at_ms: Option<u64>,
    pub(super) server_quality: (QualityLevel, Option<QualityCause>),
    pub(super) own_quality: QualityLevel,
    pub(super) own_quality_at: Option<Instant>,
    /// When their client summed up its media last.
    pub(super) summed_up_at: Option<Instant>,
    /// Their client, as it says itself.
    pub(super) client: ClientInfo,
    /// What others were told last.
    pub(super) told_connection: ConnectionState,
    pub(super) told_quality: (QualityLevel, Option<QualityCause>),
    pub(super) log: EventLog,
    /// What their slots show, to tell it again after a snapshot.
    pub(super) slots: BTreeMap<(MediaKind, u16), SlotState>,
    /// What layers they were told to send.
    pub(super) layers: BTreeMap<SourceKind, Vec<Layer>>,
    answers: VecDeque<(u32, Option<Refusal>)>,
}

/// A join that waits for the media plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entering {
    pub(super) request_id: u32,
}

/// The connection between a participant's client and the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Attached(SessionId),
    /// The client may resume until `until`; from `shown_at` on others see that it is away.
    Detached {
        /// `None` when they see it already.
        shown_at: Option<Instant>,
        until: Instant,
        /// The page was closed or reloaded rather than cut off.
        is_away: bool,
    },
}

/// What is known of somebody's media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaLink {
    Connecting { since: Instant },
    Connected,
    Lost { since: Instant },
    Closed,
}

impl Member {
    pub(super) fn new(
        id: ParticipantId,
        number: u32,
        identity: Identity,
        role: Role,
        session: (SessionId, SessionKind),
        now: Moment,
    ) -> Self {
        Self {
            id,
            number,
            name: identity.name.clone(),
            identity,
            kind: session.1,
            role,
            joined_at_ms: now.unix_ms,
            entering: None,
            is_inside: false,
            link: Link::Attached(session.0),
            media: MediaLink::Connecting { since: now.instant },
            sources: [SourceState::Off; 4],
            hand_raised_at_ms: None,
            server_quality: (QualityLevel::Unknown, None),
            own_quality: QualityLevel::Unknown,
            own_quality_at: None,
            summed_up_at: None,
            client: ClientInfo::default(),
            told_connection: ConnectionState::Connecting,
            told_quality: (QualityLevel::Unknown, None),
            log: EventLog::default(),
            slots: BTreeMap::new(),
            layers: BTreeMap::new(),
            answers: VecDeque::new(),
        }
    }

    /// Whether they record: nobody sees them, and they count nowhere.
    pub(super) fn is_recorder(&self) -> bool {
        self.identity.recording_id.is_some()
    }

    /// Whether others know of them.
    pub(super) fn is_listed(&self) -> bool {
        self.is_inside && !self.is_recorder()
    }

    pub(super) fn is_moderator(&self) -> bool {
        self.role == Role::Moderator
    }

    pub(super) fn session(&self) -> Option<SessionId> {
        match self.link {
            Link::Attached(session) => Some(session),
            Link::Detached { .. } => None,
        }
    }

    pub(super) fn source(&self, kind: SourceKind) -> SourceState {
        self.sources.get(kind as usize).copied().unwrap_or(SourceState::Off)
    }

    pub(super) fn set_source(&mut self, kind: SourceKind, state: SourceState) {
        if let Some(source) = self.sources.get_mut(kind as usize) {
            *source = state;
        }
    }

    /// Whether their grants, in an app with these features, include sending this kind.
    pub(super) fn may_send(&self, kind: SourceKind, features: Features) -> bool {
        let grants = features.limit(self.identity.grants);
        match kind {
            SourceKind::Microphone | SourceKind::Camera => grants.publish,
            SourceKind::Screen | SourceKind::ScreenAudio => grants.share_screen,
        }
    }

    /// How their connection is at `now`.
    pub(super) fn connection(&self, now: Instant) -> ConnectionState {
        let is_away = match self.link {
            Link::Attached(_) => false,
            Link::Detached { shown_at, .. } => shown_at.is_none_or(|at| now >= at),
        };
        match self.media {
            _ if is_away || self.is_inside && self.entering.is_some() => {
                ConnectionState::Reconnecting
            }
            MediaLink::Connecting { .. } => ConnectionState::Connecting,
            MediaLink::Connected => ConnectionState::Connected,
            MediaLink::Lost { .. } | MediaLink::Closed => ConnectionState::Reconnecting,
        }
    }

    /// How good their connection is: the worse of what the server and their client see. The cause
    /// belongs to what the server sees.
    pub(super) fn quality(&self) -> (QualityLevel, Option<QualityCause>) {
        let (level, cause) = self.server_quality;
        if severity(self.own_quality) > severity(level) {
            (self.own_quality, None)
        } else {
            (level, cause)
        }
    }

    /// When something is due: being seen as away, leaving for good.
    pub(super) fn next_timeout(&self) -> Option<Instant> {
        if self.kind != SessionKind::Signalled {
            return self.media_patience_ends();
        }
        match self.link {
            Link::Attached(_) => None,
            Link::Detached { shown_at, until, .. } => Some(shown_at.unwrap_or(until).min(until)),
        }
    }

    /// When somebody who has nothing but media is given up for lack of it.
    pub(super) fn media_patience_ends(&self) -> Option<Instant> {
        match self.media {
            MediaLink::Connecting { since } | MediaLink::Lost { since } => {
                Some(since + MEDIA_ONLY_PATIENCE)
            }
            MediaLink::Connected | MediaLink::Closed => None,
        }
    }

    /// Sets what they send from the start; kinds that are not named or not granted are off.
    pub(super) fn take_sources(&mut self, updates: &[SourceUpdate], features: Features) {
        self.sources = [SourceState::Off; 4];
        for update in updates {
            if self.may_send(update.source, features) {
                self.set_source(update.source, update.state);
            }
        }
    }

    /// Starts a new session of the same participant: what belonged to the old one is forgotten.
    pub(super) fn start_over(&mut self, session: (SessionId, SessionKind), now: Moment) {
        self.link = Link::Attached(session.0);
        self.kind = session.1;
        self.media = MediaLink::Connecting { since: now.instant };
        self.server_quality = (QualityLevel::Unknown, None);
        self.own_quality = QualityLevel::Unknown;
        self.log = EventLog::default();
        self.slots.clear();
        self.layers.clear();
        self.answers.clear();
    }

    pub(super) fn remembered_answer(&self, request_id: u32) -> Option<&Option<Refusal>> {
        self.answers.iter().find(|(id, _)| *id == request_id).map(|(_, answer)| answer)
    }

    pub(super) fn remember_answer(&mut self, request_id: u32, answer: Option<Refusal>) {
        if self.answers.len() == MAX_REMEMBERED_ANSWERS {
            self.answers.pop_front();
        }
        self.answers.push_back((request_id, answer));
    }

    /// What others see of them.
    pub(super) fn to_participant(&self) -> Participant {
        let sources = SourceKind::ALL
            .into_iter()
            .map(|source| SourceInfo { source, state: self.source(source) })
            .filter(|info| info.state != SourceState::Off)
            .collect();
        Participant {
            id: self.id,
            number: self.number,
            name: self.name.clone(),
            avatar: self.identity.avatar.clone(),
            role: self.role,
            is_verified: self.identity.is_verified,
            joined_at_ms: self.joined_at_ms,
            connection: self.told_connection,
            hand_raised_at_ms: self.hand_raised_at_ms,
            quality: self.told_quality.0,
            quality_cause: self.told_quality.1,
            sources,
        }
    }
}

fn severity(level: QualityLevel) -> u8 {
    match level {
        QualityLevel::Unknown => 0,
        QualityLevel::Good => 1,
        QualityLevel::Fair => 2,
        QualityLevel::Poor => 3,
        QualityLevel::Lost => 4,
    }
}
