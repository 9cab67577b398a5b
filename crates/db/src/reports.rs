//! What nodes report of their calls, as rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use jumpa_protocol::{
    AppId, CallId, ParticipantId, TenantId,
    report::{CallFact, CallReport, JoinedParticipant, LogEntry, LogPosition, Via},
    signal::{LeaveReason, MediaSummary, Role},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    DbError, MediaTally, OperatorScope, Timestamp,
    call_webhooks::{Told, tell_fact, tell_lost},
    calls::sum_up_call,
    prepared_rooms::use_preparation,
    recordings::insert_consent,
    statement::sql,
    transaction::Transaction,
    webhook_events::listens,
};

/// How long one row of media samples lasts, microseconds. Shorter makes more rows, longer makes
/// them large.
const SAMPLES_LAST_US: u64 = 5 * 60 * 1_000_000;

/// The end of a call whose server was gone before it could say why.
const SERVER_LOST: &str = "server_lost";

impl OperatorScope<'_> {
    /// How far the log of a node is stored.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn report_position(&self, log_id: Uuid) -> Result<LogPosition, DbError> {
        let row: Option<(i64, i64)> =
            sql("SELECT segment, byte_offset FROM report_positions WHERE log_id = $1")
                .bind(log_id)
                .fetch_optional(self)
                .await?;
        let unsigned = |number: i64| u64::try_from(number).unwrap_or_default();
        Ok(row.map_or_else(LogPosition::default, |(segment, offset)| LogPosition {
            segment: unsigned(segment),
            offset: unsigned(offset),
        }))
    }

    /// Stores entries of a node's log that end at `position`, and the position with them: all or
    /// nothing, so each entry is stored once. Reports of apps that are gone are left out; how many
    /// is the answer.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn store_reports(
        &self,
        log_id: Uuid,
        entries: &[LogEntry],
        position: LogPosition,
    ) -> Result<usize, DbError> {
        let mut batch = Batch {
            change: self.begin().await?,
            log_id,
            tenants: HashMap::new(),
            heard: HashMap::new(),
            changed: HashSet::new(),
            changed_from: HashMap::new(),
            media: BTreeMap::new(),
            listening: HashMap::new(),
            left_out: 0,
        };
        for entry in entries {
            match entry {
                LogEntry::Started { continues, .. } => batch.started(continues).await?,
                LogEntry::Call(report) => batch.report(report).await?,
            }
        }
        batch.finish(position).await
    }
}

/// Entries on their way into one transaction.
struct Batch {
    change: Transaction,
    log_id: Uuid,
    /// Who owns an app; none when it is gone.
    tenants: HashMap<AppId, Option<TenantId>>,
    /// The newest report of each call.
    heard: HashMap<(TenantId, CallId), Timestamp>,
    /// Calls of which stays changed.
    changed: HashSet<(TenantId, CallId)>,
    /// The earliest moment of each tenant that is counted otherwise from now on.
    changed_from: HashMap<TenantId, Timestamp>,
    /// How media was, by participant and beginning of the five minutes.
    media: BTreeMap<(TenantId, CallId, ParticipantId, Timestamp), MediaTally>,
    /// Which tenants have webhooks.
    listening: HashMap<TenantId, bool>,
    left_out: usize,
}

/// What a report is about.
#[derive(Clone, Copy)]
struct Subject {
    tenant_id: TenantId,
    call_id: CallId,
    at: Timestamp,
}

impl Batch {
    async fn finish(mut self, position: LogPosition) -> Result<usize, DbError> {
        self.store_media().await?;
        for (tenant_id, call_id) in std::mem::take(&mut self.changed) {
            sum_up_call(&mut self.change, tenant_id, call_id).await?;
        }
        for ((tenant_id, call_id), at) in std::mem::take(&mut self.heard) {
            sql(
                "UPDATE calls SET heard_at = $3 WHERE tenant_id = $1 AND id = $2 AND heard_at < $3",
            )
            .bind(tenant_id)
            .bind(call_id)
            .bind(at)
            .execute(&mut self.change)
            .await?;
        }
        for (tenant_id, from) in std::mem::take(&mut self.changed_from) {
            sql("UPDATE usage_progress SET counted_until = $2 \
                 WHERE tenant_id = $1 AND counted_until > $2")
            .bind(tenant_id)
            .bind(from)
            .execute(&mut self.change)
            .await?;
        }
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        sql("INSERT INTO report_positions (log_id, segment, byte_offset) VALUES ($1, $2, $3) \
             ON CONFLICT (log_id) DO UPDATE SET segment = excluded.segment, \
             byte_offset = excluded.byte_offset")
        .bind(self.log_id)
        .bind(signed(position.segment))
        .bind(signed(position.offset))
        .execute(&mut self.change)
        .await?;
        self.change.commit().await?;
        Ok(self.left_out)
    }

    /// Notes that a call is counted otherwise from `at` on.
    fn recounts(&mut self, subject: Subject, at: Timestamp) {
        self.changed.insert((subject.tenant_id, subject.call_id));
        self.recounts_tenant(subject.tenant_id, at);
    }

    fn recounts_tenant(&mut self, tenant_id: TenantId, at: Timestamp) {
        let from = self.changed_from.entry(tenant_id).or_insert(at);
        *from = at.min(*from);
    }

    /// Adds what was measured to the sums of participants and of their calls.
    async fn store_media(&mut self) -> Result<(), DbError> {
        for ((tenant_id, call_id, participant_id, began_at), tally) in
            std::mem::take(&mut self.media)
        {
            insert_tally(&mut self.change, (tenant_id, call_id, participant_id, began_at), &tally)
                .await?;
            sql("UPDATE calls SET measured_intervals = measured_intervals + $3, \
                 good_intervals = good_intervals + $4, poor_intervals = poor_intervals + $5 \
                 WHERE tenant_id = $1 AND id = $2")
            .bind(tenant_id)
            .bind(call_id)
            .bind(tally.measured_intervals)
            .bind(tally.good_intervals)
            .bind(tally.poor_intervals)
            .execute(&mut self.change)
            .await?;
        }
        Ok(())
    }

    /// Ends the calls that the node had and does not continue, at the time of their last report.
    async fn started(&mut self, continues: &[CallId]) -> Result<(), DbError> {
        let going_on: Vec<(Uuid, Uuid, i64)> =
            sql("SELECT tenant_id, id, heard_at FROM calls WHERE log_id = $1 AND ended_at IS NULL")
                .bind(self.log_id)
                .fetch_all(&mut self.change)
                .await?;
        let continues: HashSet<CallId> = continues.iter().copied().collect();
        for (tenant_id, call_id, heard_at) in going_on {
            let call_id = CallId::from_uuid(call_id);
            if !continues.contains(&call_id) {
                let tenant_id = TenantId::from_uuid(tenant_id);
                let at = Timestamp::from_micros(heard_at);
                if self.listens(tenant_id).await? {
                    let call = (tenant_id, call_id, at);
                    tell_lost(&mut self.change, call, SERVER_LOST).await?;
                }
                self.end(Subject { tenant_id, call_id, at }, Some(SERVER_LOST)).await?;
            }
        }
        Ok(())
    }

    async fn report(&mut self, report: &CallReport) -> Result<(), DbError> {
        let Some(tenant_id) = self.tenant_of(&report.room.app_id).await? else {
            self.left_out += 1;
            return Ok(());
        };
        let at = Timestamp::from_micros(i64::try_from(report.at_us).unwrap_or(i64::MAX));
        let subject = Subject { tenant_id, call_id: report.call_id, at };
        self.heard.insert((tenant_id, report.call_id), at);
        if self.listens(tenant_id).await? {
            let (room, call_id) = (report.room.clone(), report.call_id);
            let told = Told { tenant_id, room, call_id, at };
            tell_fact(&mut self.change, &told, report).await?;
        }
        match &report.fact {
            CallFact::CallBegan { started_at_ms } => {
                let began_at = from_ms(*started_at_ms);
                use_preparation(&mut self.change, tenant_id, &report.room, began_at).await?;
                self.begin_call(subject, report, *started_at_ms).await
            }
            CallFact::ParticipantJoined(joined) => self.join(subject, report, joined).await,
            CallFact::ParticipantLeft { participant_id, reason } => {
                self.leave(subject, *participant_id, *reason).await
            }
            CallFact::CallEnded { reason } => self.end(subject, reason.map(reason_name)).await,
            CallFact::MediaMeasured { participant_id, summary } => {
                self.media(subject, report.at_us, *participant_id, summary).await
            }
            CallFact::ConnectionChanged { participant_id, connection } => {
                let detail = json!({ "connection": connection });
                self.event(subject, report, *participant_id, "connection_changed", &detail).await
            }
            CallFact::SourceChanged { participant_id, source } => {
                let detail = json!(source);
                self.event(subject, report, *participant_id, "source_changed", &detail).await
            }
            CallFact::RoleChanged { participant_id, role } => {
                let detail = json!({ "role": role });
                self.event(subject, report, *participant_id, "role_changed", &detail).await
            }
            CallFact::NameChanged { participant_id, name } => {
                let detail = json!({ "name": name });
                self.event(subject, report, *participant_id, "name_changed", &detail).await
            }
            CallFact::RecordingConsented { participant_id, recording_id, agrees } => {
                let who = (subject.call_id, *participant_id);
                let of = (subject.tenant_id, *recording_id);
                insert_consent(&mut self.change, of, who, *agrees, subject.at).await?;
                let detail = json!({ "recording_id": recording_id });
                let kind = if *agrees { "recording_consented" } else { "recording_refused" };
                self.event(subject, report, *participant_id, kind, &detail).await
            }
            CallFact::LobbyEntered { participant_id, name } => {
                let detail = json!({ "name": name });
                self.event(subject, report, *participant_id, "lobby_entered", &detail).await
            }
            CallFact::LobbyLeft { participant_id, is_admitted } => {
                let detail = json!({ "is_admitted": is_admitted });
                self.event(subject, report, *participant_id, "lobby_left", &detail).await
            }
        }
    }

    /// Whether somebody wants to hear of a tenant's calls; looked up once for all entries.
    async fn listens(&mut self, tenant_id: TenantId) -> Result<bool, DbError> {
        if let Some(known) = self.listening.get(&tenant_id) {
            return Ok(*known);
        }
        let listens = listens(&mut self.change, tenant_id).await?;
        self.listening.insert(tenant_id, listens);
        Ok(listens)
    }

    async fn tenant_of(&mut self, app_id: &AppId) -> Result<Option<TenantId>, DbError> {
        if let Some(known) = self.tenants.get(app_id) {
            return Ok(*known);
        }
        let row: Option<(Uuid,)> = sql("SELECT tenant_id FROM apps WHERE id = $1")
            .bind(app_id)
            .fetch_optional(&mut self.change)
            .await?;
        let tenant_id = row.map(|(id,)| TenantId::from_uuid(id));
        self.tenants.insert(app_id.clone(), tenant_id);
        Ok(tenant_id)
    }

    /// The call goes on from here, also when it was thought to be over.
    async fn begin_call(
        &mut self,
        subject: Subject,
        report: &CallReport,
        started_at_ms: u64,
    ) -> Result<(), DbError> {
        self.recounts(subject, from_ms(started_at_ms));
        sql("INSERT INTO calls (tenant_id, id, app_id, room, log_id, started_at, heard_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (tenant_id, id) DO UPDATE SET \
             log_id = excluded.log_id, ended_at = NULL, end_reason = NULL")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(&report.room.app_id)
        .bind(report.room.room.as_str())
        .bind(self.log_id)
        .bind(from_ms(started_at_ms))
        .bind(subject.at)
        .execute(&mut self.change)
        .await?;
        Ok(())
    }

    async fn join(
        &mut self,
        subject: Subject,
        report: &CallReport,
        joined: &JoinedParticipant,
    ) -> Result<(), DbError> {
        // A call that goes on after a restart has begun before; what is not known of it is.
        self.begin_call(subject, report, joined.joined_at_ms).await?;
        sql("INSERT INTO stays (tenant_id, call_id, participant_id, joined_at, app_id, name, \
             subject, key_id, role, via, sdk, browser, os) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
             ON CONFLICT (tenant_id, call_id, participant_id, joined_at) DO UPDATE SET \
             left_at = NULL, leave_reason = NULL")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(joined.participant_id)
        .bind(from_ms(joined.joined_at_ms))
        .bind(&report.room.app_id)
        .bind(&joined.name)
        .bind(joined.subject.as_deref())
        .bind(joined.key_id.as_ref())
        .bind(role_name(joined.role))
        .bind(via_name(joined.via))
        .bind(&joined.client.sdk)
        .bind(&joined.client.browser)
        .bind(&joined.client.os)
        .execute(&mut self.change)
        .await?;
        for source in &joined.sources {
            // Its own id: the report is the join.
            let id = Uuid::now_v7();
            let who = joined.participant_id;
            self.insert_event(subject, id, who, "source_changed", &json!(source)).await?;
        }
        Ok(())
    }

    async fn leave(
        &mut self,
        subject: Subject,
        participant_id: ParticipantId,
        reason: LeaveReason,
    ) -> Result<(), DbError> {
        self.recounts(subject, subject.at);
        sql("UPDATE stays SET left_at = $4, leave_reason = $5 WHERE tenant_id = $1 \
             AND call_id = $2 AND participant_id = $3 AND left_at IS NULL")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(participant_id)
        .bind(subject.at)
        .bind(reason_name(reason))
        .execute(&mut self.change)
        .await?;
        Ok(())
    }

    async fn end(&mut self, subject: Subject, reason: Option<&str>) -> Result<(), DbError> {
        self.recounts(subject, subject.at);
        sql("UPDATE stays SET left_at = CASE WHEN joined_at > $3 THEN joined_at ELSE $3 END, \
             leave_reason = $4 WHERE tenant_id = $1 AND call_id = $2 AND left_at IS NULL")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(subject.at)
        .bind(reason.unwrap_or(reason_name(LeaveReason::Left)))
        .execute(&mut self.change)
        .await?;
        sql("UPDATE calls SET ended_at = $3, end_reason = $4 \
             WHERE tenant_id = $1 AND id = $2 AND ended_at IS NULL")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(subject.at)
        .bind(reason)
        .execute(&mut self.change)
        .await?;
        Ok(())
    }

    async fn media(
        &mut self,
        subject: Subject,
        at_us: u64,
        participant_id: ParticipantId,
        summary: &MediaSummary,
    ) -> Result<(), DbError> {
        let sample = json!({ "at_us": at_us, "summary": summary });
        let began_at_us = at_us - at_us % SAMPLES_LAST_US;
        let began_at = Timestamp::from_micros(i64::try_from(began_at_us).unwrap_or(i64::MAX));
        let place = (subject.tenant_id, subject.call_id, participant_id, began_at);
        self.media.entry(place).or_default().add(summary);
        self.recounts_tenant(subject.tenant_id, began_at);
        sql("INSERT INTO media_samples (tenant_id, call_id, participant_id, began_at, samples) \
             SELECT tenant_id, id, $3, $4, $5 FROM calls WHERE tenant_id = $1 AND id = $2 \
             ON CONFLICT (tenant_id, call_id, participant_id, began_at) DO UPDATE SET \
             samples = media_samples.samples || excluded.samples")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(participant_id)
        .bind(began_at)
        .bind(format!("{sample}\n"))
        .execute(&mut self.change)
        .await?;
        Ok(())
    }

    async fn event(
        &mut self,
        subject: Subject,
        report: &CallReport,
        participant_id: ParticipantId,
        kind: &'static str,
        detail: &serde_json::Value,
    ) -> Result<(), DbError> {
        self.insert_event(subject, report.id.as_uuid(), participant_id, kind, detail).await
    }

    /// Of a call that is not known, nothing is kept: somebody waited for it in vain.
    async fn insert_event(
        &mut self,
        subject: Subject,
        id: Uuid,
        participant_id: ParticipantId,
        kind: &'static str,
        detail: &serde_json::Value,
    ) -> Result<(), DbError> {
        sql("INSERT INTO call_events (tenant_id, call_id, id, participant_id, at, kind, detail) \
             SELECT tenant_id, id, $3, $4, $5, $6, $7 FROM calls \
             WHERE tenant_id = $1 AND id = $2 \
             ON CONFLICT (tenant_id, call_id, id) DO NOTHING")
        .bind(subject.tenant_id)
        .bind(subject.call_id)
        .bind(id)
        .bind(participant_id)
        .bind(subject.at)
        .bind(kind)
        .bind(detail.to_string())
        .execute(&mut self.change)
        .await?;
        Ok(())
    }
}

/// Adds to the sums of five minutes of somebody, of a call that is known.
async fn insert_tally(
    change: &mut Transaction,
    (tenant_id, call_id, participant_id, began_at): (TenantId, CallId, ParticipantId, Timestamp),
    tally: &MediaTally,
) -> Result<(), DbError> {
    sql("INSERT INTO media_quality (tenant_id, call_id, participant_id, began_at, app_id, \
         intervals, measured_intervals, good_intervals, poor_intervals, mos_sum, \
         lossy_intervals, slow_intervals, jittery_intervals, narrow_intervals, \
         concealing_intervals, tcp_intervals, freezes, transport, codecs) \
         SELECT tenant_id, id, $3, $4, app_id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
         $16, $17, $18 FROM calls WHERE tenant_id = $1 AND id = $2 \
         ON CONFLICT (tenant_id, call_id, participant_id, began_at) DO UPDATE SET \
         intervals = media_quality.intervals + excluded.intervals, \
         measured_intervals = media_quality.measured_intervals + excluded.measured_intervals, \
         good_intervals = media_quality.good_intervals + excluded.good_intervals, \
         poor_intervals = media_quality.poor_intervals + excluded.poor_intervals, \
         mos_sum = media_quality.mos_sum + excluded.mos_sum, \
         lossy_intervals = media_quality.lossy_intervals + excluded.lossy_intervals, \
         slow_intervals = media_quality.slow_intervals + excluded.slow_intervals, \
         jittery_intervals = media_quality.jittery_intervals + excluded.jittery_intervals, \
         narrow_intervals = media_quality.narrow_intervals + excluded.narrow_intervals, \
         concealing_intervals = \
         media_quality.concealing_intervals + excluded.concealing_intervals, \
         tcp_intervals = media_quality.tcp_intervals + excluded.tcp_intervals, \
         freezes = media_quality.freezes + excluded.freezes, \
         transport = COALESCE(excluded.transport, media_quality.transport), \
         codecs = CASE WHEN excluded.codecs = '' THEN media_quality.codecs \
         ELSE excluded.codecs END")
    .bind(tenant_id)
    .bind(call_id)
    .bind(participant_id)
    .bind(began_at)
    .bind(tally.intervals)
    .bind(tally.measured_intervals)
    .bind(tally.good_intervals)
    .bind(tally.poor_intervals)
    .bind(tally.mos_sum)
    .bind(tally.lossy_intervals)
    .bind(tally.slow_intervals)
    .bind(tally.jittery_intervals)
    .bind(tally.narrow_intervals)
    .bind(tally.concealing_intervals)
    .bind(tally.tcp_intervals)
    .bind(tally.freezes)
    .bind(tally.transport.as_deref())
    .bind(&tally.codecs)
    .execute(change)
    .await?;
    Ok(())
}

fn from_ms(ms: u64) -> Timestamp {
    Timestamp::from_micros(i64::try_from(ms.saturating_mul(1_000)).unwrap_or(i64::MAX))
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Moderator => "moderator",
        Role::Participant => "participant",
    }
}

fn via_name(via: Via) -> &'static str {
    match via {
        Via::Signalling => "signalling",
        Via::Whip => "whip",
        Via::Whep => "whep",
    }
}

fn reason_name(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "left",
        LeaveReason::ConnectionLost => "connection_lost",
        LeaveReason::Removed => "removed",
        LeaveReason::CallEnded => "call_ended",
        LeaveReason::ServerClosing => "server_closing",
        LeaveReason::AccessRevoked => "access_revoked",
        LeaveReason::RecordingLost => "recording_lost",
    }
}
