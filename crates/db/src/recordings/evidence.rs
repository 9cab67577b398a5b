//! What shows that a recording is what it was: files with checksums, consents, who saw it.

use jumpa_protocol::{
    CallId, ParticipantId, RecordingFileId, RecordingId, RecordingLinkId, RecordingViewId,
    TenantId, recording::RecordedFileRole,
};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use super::Recording;
use crate::{
    Author, DbError, TenantScope, Timestamp,
    audit::{Act, RECORDING},
    statement::sql,
    transaction::Transaction,
};

/// A file of a recording.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingFile {
    /// Of which recording.
    #[sqlx(try_from = "Uuid")]
    pub recording_id: RecordingId,
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: RecordingFileId,
    /// Its key in the storage.
    pub storage_key: String,
    /// What it is.
    #[sqlx(try_from = "String")]
    pub role: RecordedFileRole,
    /// Media type.
    pub content_type: String,
    /// Its size.
    pub bytes: i64,
    /// SHA-256 of its content, lower-case hexadecimal.
    pub sha256: String,
    participant_id: Option<Uuid>,
    /// Of a track: how they were called.
    pub participant_name: Option<String>,
    /// Of a track: which source.
    pub source: Option<String>,
    /// Its codec as WebM names it.
    pub codec: Option<String>,
    /// Of media: where it begins on the clock of the recording, milliseconds.
    pub start_ms: Option<i64>,
    /// Of media: how long it is, milliseconds.
    pub duration_ms: Option<i64>,
    /// When it was last read again.
    pub verified_at: Option<Timestamp>,
    /// Whether its checksum was right then.
    pub is_intact: Option<bool>,
}

impl RecordingFile {
    /// Of a track: whose.
    #[must_use]
    pub fn participant_id(&self) -> Option<ParticipantId> {
        self.participant_id.map(ParticipantId::from_uuid)
    }
}

/// Somebody said whether they agree to be in a recording.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingConsent {
    /// Who.
    #[sqlx(try_from = "Uuid")]
    pub participant_id: ParticipantId,
    /// How they were called.
    pub name: String,
    /// When they said it.
    pub consented_at: Timestamp,
    /// Whether they agree.
    pub agrees: bool,
    /// Whether they began the recording, and so were not asked.
    pub is_starter: bool,
}

/// What somebody was given to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewed {
    /// A link to a file, or the file.
    File(RecordingFileId),
    /// The recording, by a link for people without a login.
    LinkOpened,
    /// The bundle of evidence.
    Evidence,
}

/// Who sees a recording.
#[derive(Debug, Clone)]
pub enum Viewer<'a> {
    /// Somebody whom the audit knows.
    Author(&'a Author),
    /// Whoever has a link.
    Link {
        /// Which.
        id: RecordingLinkId,
        /// Who made it.
        created_by: &'a str,
        /// The network address that the request came from.
        address: Option<&'a str>,
    },
}

/// One time that somebody was given something of a recording.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct RecordingView {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: RecordingViewId,
    /// When.
    pub at: Timestamp,
    /// `file`, `link_opened` or `evidence`.
    pub kind: String,
    file_id: Option<Uuid>,
    link_id: Option<Uuid>,
    /// `user`, `operator`, `api_key` or `link`.
    pub viewer_kind: String,
    /// Their public id.
    pub viewer_id: Option<String>,
    /// Their name at that moment; of a link, who made it.
    pub viewer: String,
    /// From which network address.
    pub address: Option<String>,
}

impl RecordingView {
    /// Which file.
    #[must_use]
    pub fn file_id(&self) -> Option<RecordingFileId> {
        self.file_id.map(RecordingFileId::from_uuid)
    }

    /// With which link.
    #[must_use]
    pub fn link_id(&self) -> Option<RecordingLinkId> {
        self.link_id.map(RecordingLinkId::from_uuid)
    }
}

impl TenantScope<'_> {
    /// The files of a recording: what is for people first, tracks as they began.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_files(&self, id: RecordingId) -> Result<Vec<RecordingFile>, DbError> {
        sql("SELECT * FROM recording_files WHERE tenant_id = $1 AND recording_id = $2 \
             ORDER BY CASE role WHEN 'composite' THEN 0 WHEN 'track' THEN 1 WHEN 'poster' THEN 2 \
             WHEN 'events' THEN 3 ELSE 4 END, start_ms, storage_key")
        .bind(self.tenant_id())
        .bind(id)
        .fetch_all(self)
        .await
    }

    /// One file of a recording.
    ///
    /// # Errors
    /// [`DbError::RecordingUnknown`], [`DbError::Query`].
    pub async fn recording_file(&self, id: RecordingFileId) -> Result<RecordingFile, DbError> {
        sql("SELECT * FROM recording_files WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(id)
            .fetch_optional(self)
            .await?
            .ok_or(DbError::RecordingUnknown)
    }

    /// Stores whether files were still what they should be.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_verified(
        &self,
        id: RecordingId,
        found: &[(RecordingFileId, bool)],
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        for (file_id, is_intact) in found {
            sql("UPDATE recording_files SET verified_at = $4, is_intact = $5 \
                 WHERE tenant_id = $1 AND recording_id = $2 AND id = $3")
            .bind(self.tenant_id())
            .bind(id)
            .bind(*file_id)
            .bind(now)
            .bind(*is_intact)
            .execute(&mut change)
            .await?;
        }
        let intact = found.iter().filter(|(_, is_intact)| *is_intact).count();
        Act::new("recording.verified", self.tenant_id(), (RECORDING, id))
            .after(json!({ "files": found.len(), "intact": intact }))
            .record(&mut change, by, now)
            .await?;
        change.commit().await
    }

    /// Who said whether they agree to be in a recording, in the order in which they did.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_consents(
        &self,
        id: RecordingId,
    ) -> Result<Vec<RecordingConsent>, DbError> {
        sql("SELECT participant_id, name, consented_at, agrees, is_starter \
             FROM recording_consents \
             WHERE tenant_id = $1 AND recording_id = $2 ORDER BY consented_at, participant_id")
        .bind(self.tenant_id())
        .bind(id)
        .fetch_all(self)
        .await
    }

    /// Notes that somebody was given something of a recording; of somebody whom the audit knows it
    /// tells the audit.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_view(
        &self,
        id: RecordingId,
        viewed: Viewed,
        viewer: &Viewer<'_>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let (kind, file_id) = match viewed {
            Viewed::File(file_id) => ("file", Some(file_id)),
            Viewed::LinkOpened => ("link_opened", None),
            Viewed::Evidence => ("evidence", None),
        };
        let (viewer_kind, viewer_id, name, address, link_id) = match viewer {
            Viewer::Author(author) => {
                let address = author.address.as_deref();
                (author.kind.as_str(), author.id.clone(), author.name.as_str(), address, None)
            }
            Viewer::Link { id, created_by, address } => {
                ("link", Some(id.to_string()), *created_by, *address, Some(*id))
            }
        };
        let mut change = self.begin().await?;
        sql(
            "INSERT INTO recording_views (tenant_id, recording_id, id, at, kind, file_id, link_id, \
             viewer_kind, viewer_id, viewer, address) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(self.tenant_id())
        .bind(id)
        .bind(RecordingViewId::generate())
        .bind(now)
        .bind(kind)
        .bind(file_id)
        .bind(link_id)
        .bind(viewer_kind)
        .bind(viewer_id)
        .bind(name)
        .bind(address)
        .execute(&mut change)
        .await?;
        if let Viewer::Author(author) = viewer {
            Act::new("recording.viewed", self.tenant_id(), (RECORDING, id))
                .after(json!({ "kind": kind, "file_id": file_id }))
                .record(&mut change, author, now)
                .await?;
        }
        change.commit().await
    }

    /// Who saw a recording, the newest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_views(
        &self,
        id: RecordingId,
        after: Option<(Timestamp, RecordingViewId)>,
        limit: u32,
    ) -> Result<Vec<RecordingView>, DbError> {
        let (after_at, after_id) = after.unzip();
        sql("SELECT * FROM recording_views WHERE tenant_id = $1 AND recording_id = $2 \
             AND ($3 IS NULL OR at < $3 OR (at = $3 AND id > $4)) \
             ORDER BY at DESC, id LIMIT $5")
        .bind(self.tenant_id())
        .bind(id)
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }
}

/// Stores that who begins a recording knows of it and agrees.
pub(super) async fn insert_starter(
    change: &mut Transaction,
    recording: &Recording,
    (participant_id, name): (ParticipantId, &String),
    at: Timestamp,
) -> Result<(), DbError> {
    sql("INSERT INTO recording_consents (tenant_id, recording_id, participant_id, name, \
         consented_at, agrees, is_starter) VALUES ($1, $2, $3, $4, $5, $6, $6)")
    .bind(recording.tenant_id)
    .bind(recording.id)
    .bind(participant_id)
    .bind(name)
    .bind(at)
    .bind(true)
    .execute(change)
    .await?;
    Ok(())
}

/// Stores what somebody in a call said about being in a recording of it. The same answer twice is
/// stored once; another one is stored beside the first.
pub(crate) async fn insert_consent(
    change: &mut Transaction,
    (tenant_id, recording_id): (TenantId, RecordingId),
    (call_id, participant_id): (CallId, ParticipantId),
    agrees: bool,
    at: Timestamp,
) -> Result<(), DbError> {
    sql("INSERT INTO recording_consents (tenant_id, recording_id, participant_id, name, \
         consented_at, agrees) SELECT r.tenant_id, r.id, s.participant_id, s.name, $5, $6 \
         FROM recordings r JOIN stays s ON s.tenant_id = r.tenant_id AND s.call_id = r.call_id \
         WHERE r.tenant_id = $1 AND r.id = $2 AND r.call_id = $3 AND s.participant_id = $4 \
         AND NOT EXISTS (SELECT 1 FROM recording_consents c WHERE c.tenant_id = r.tenant_id \
         AND c.recording_id = r.id AND c.participant_id = s.participant_id AND c.agrees = $6 \
         AND c.consented_at = (SELECT MAX(l.consented_at) FROM recording_consents l \
         WHERE l.tenant_id = c.tenant_id AND l.recording_id = c.recording_id \
         AND l.participant_id = c.participant_id)) \
         ORDER BY s.joined_at DESC LIMIT 1 \
         ON CONFLICT (tenant_id, recording_id, participant_id, consented_at) DO NOTHING")
    .bind(tenant_id)
    .bind(recording_id)
    .bind(call_id)
    .bind(participant_id)
    .bind(at)
    .bind(agrees)
    .execute(change)
    .await?;
    Ok(())
}
