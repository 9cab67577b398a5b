//! What a change of apps and keys does to a running call.

use jumpa_protocol::{
    ErrorCode, SourceKind,
    directory::{AppEntry, Directory},
    signal::{LeaveReason, SourceState},
};

use super::{Call, CallRules, member::Member};
use crate::{Moment, admission::Identity};

impl Call {
    /// Applies what changed in apps and keys: ends what is no longer allowed.
    ///
    /// Who was banned is out in any case. A stopped app, a revoked key and a feature that was
    /// switched off leave running calls alone where the app says so.
    pub fn directory_changed(&mut self, directory: &Directory, now: Moment) {
        let app = directory.apps.get(&self.config.room.app_id);
        let Some(app) = app.filter(|app| !app.is_stopped() || app.keeps_running_calls) else {
            let is_suspended = app.is_some_and(|app| app.is_tenant_suspended);
            let code =
                if is_suspended { ErrorCode::TenantSuspended } else { ErrorCode::AppDisabled };
            self.end(LeaveReason::AccessRevoked, code, None);
            return;
        };
        let features = self.config.rules.features;
        self.config.rules = CallRules::from(app);
        if app.keeps_running_calls {
            self.config.rules.features = features;
        }

        let lost_access = |identity: &Identity| lost_access(identity, directory, app, now);
        let waiting: Vec<_> = self
            .waiting
            .iter()
            .filter_map(|waiting| {
                let code = lost_access(&waiting.entry.identity)?;
                Some((waiting.entry.participant_id, code))
            })
            .collect();
        for (participant_id, code) in waiting {
            self.refuse_waiting(participant_id, code.into());
        }
        let out: Vec<_> = self
            .members
            .values()
            .filter_map(|member| Some((member.number, lost_access(&member.identity)?)))
            .filter(|(_, code)| *code == ErrorCode::UserBanned || !app.keeps_running_calls)
            .collect();
        for (number, code) in out {
            self.eject(number, LeaveReason::AccessRevoked, code);
        }
        if features != self.config.rules.features {
            self.stop_what_is_not_offered(now);
        }
        self.settle();
    }

    /// Switches off sources and lowers hands after features were taken away.
    fn stop_what_is_not_offered(&mut self, now: Moment) {
        let features = self.config.rules.features;
        let is_not_offered = |member: &Member, source: SourceKind| {
            member.source(source) != SourceState::Off && !member.may_send(source, features)
        };
        let numbers: Vec<_> = self.members.keys().copied().collect();
        for number in numbers {
            for source in SourceKind::ALL {
                if self.members.get(&number).is_some_and(|member| is_not_offered(member, source)) {
                    self.change_source(number, source, SourceState::Off);
                }
            }
            if !features.raised_hands {
                self.set_hand(number, false, now);
            }
        }
    }
}

/// Why somebody may not be here any more. A key whose time is over is still a key: it was replaced,
/// and who came by it stays.
fn lost_access(
    identity: &Identity,
    directory: &Directory,
    app: &AppEntry,
    now: Moment,
) -> Option<ErrorCode> {
    if app.is_banned(identity.subject.as_deref(), now.unix_ms / 1_000) {
        return Some(ErrorCode::UserBanned);
    }
    let key_id = identity.key_id.as_ref()?;
    (!directory.keys.contains_key(key_id)).then_some(ErrorCode::TokenKeyUnknown)
}
