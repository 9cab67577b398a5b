//! What a list shows of each recording beside its own row: its poster, and who was there.

use std::collections::HashMap;

use jumpa_protocol::RecordingId;
use sqlx::FromRow;
use uuid::Uuid;

use super::evidence::RecordingFile;
use crate::{DbError, TenantScope, statement::sql, transaction::Transaction};

/// Recordings that are looked up with one statement.
const AT_ONCE: usize = 20;

/// Most names that are given of one recording.
pub const MAX_LISTED_NAMES: usize = 10;

/// What a list shows of a recording beside its own row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingOverview {
    /// A picture of a moment.
    pub poster: Option<RecordingFile>,
    /// Names of those who were in the call while it was recorded, in order and none twice, at most
    /// [`MAX_LISTED_NAMES`].
    pub names: Vec<String>,
    /// How many people that were.
    pub people: usize,
}

#[derive(FromRow)]
struct Person {
    #[sqlx(try_from = "Uuid")]
    recording_id: RecordingId,
    participant_id: Uuid,
    name: String,
}

impl TenantScope<'_> {
    /// What a list shows of these recordings; one with neither poster nor people is left out.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_overviews(
        &self,
        ids: &[RecordingId],
    ) -> Result<HashMap<RecordingId, RecordingOverview>, DbError> {
        let mut found: HashMap<RecordingId, RecordingOverview> = HashMap::new();
        let mut view = self.snapshot().await?;
        for ids in ids.chunks(AT_ONCE) {
            for poster in self.posters(&mut view, ids).await? {
                let overview = found.entry(poster.recording_id).or_default();
                overview.poster = Some(poster);
            }
            let mut last = None;
            for Person { recording_id, participant_id, name } in self.people(&mut view, ids).await?
            {
                let overview = found.entry(recording_id).or_default();
                if last.replace((recording_id, participant_id))
                    != Some((recording_id, participant_id))
                {
                    overview.people += 1;
                }
                if !overview.names.contains(&name) {
                    overview.names.push(name);
                }
            }
        }
        view.commit().await?;
        for overview in found.values_mut() {
            overview.names.sort();
            overview.names.truncate(MAX_LISTED_NAMES);
        }
        Ok(found)
    }

    async fn posters(
        &self,
        view: &mut Transaction,
        ids: &[RecordingId],
    ) -> Result<Vec<RecordingFile>, DbError> {
        let mut statement = sql("SELECT * FROM recording_files \
             WHERE tenant_id = $1 AND role = 'poster' AND recording_id IN ($2, $3, $4, $5, $6, \
             $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)")
        .bind(self.tenant_id());
        for place in 0..AT_ONCE {
            statement = statement.bind(ids.get(place).copied());
        }
        statement.fetch_all(view).await
    }

    async fn people(
        &self,
        view: &mut Transaction,
        ids: &[RecordingId],
    ) -> Result<Vec<Person>, DbError> {
        let mut statement = sql("SELECT r.id AS recording_id, s.participant_id, s.name \
             FROM recordings r JOIN stays s ON s.tenant_id = r.tenant_id \
             AND s.call_id = r.call_id AND (s.left_at IS NULL OR s.left_at > r.started_at) \
             AND (r.ended_at IS NULL OR s.joined_at < r.ended_at) \
             WHERE r.tenant_id = $1 AND r.started_at IS NOT NULL AND r.id IN ($2, $3, $4, $5, \
             $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
             ORDER BY r.id, s.participant_id")
        .bind(self.tenant_id());
        for place in 0..AT_ONCE {
            statement = statement.bind(ids.get(place).copied());
        }
        statement.fetch_all(view).await
    }
}
