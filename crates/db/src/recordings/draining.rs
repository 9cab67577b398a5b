//! Recorders that were taken out of service.

use std::collections::BTreeSet;

use crate::{Author, DbError, OperatorScope, Timestamp, audit::Act, statement::sql};

impl OperatorScope<'_> {
    /// The recorders that get no more jobs, also those that are away.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn draining_recorders(&self) -> Result<BTreeSet<String>, DbError> {
        let rows: Vec<(String,)> =
            sql("SELECT recorder_id FROM draining_recorders").fetch_all(self).await?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Notes that a recorder gets no more jobs, or gets them again; what is as it was leaves no line
    /// in the audit.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn set_recorder_draining(
        &self,
        recorder_id: &str,
        is_draining: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let changed = if is_draining {
            sql("INSERT INTO draining_recorders (recorder_id, since) VALUES ($1, $2) \
                 ON CONFLICT (recorder_id) DO NOTHING")
            .bind(recorder_id)
            .bind(now)
            .execute(&mut change)
            .await?
        } else {
            sql("DELETE FROM draining_recorders WHERE recorder_id = $1")
                .bind(recorder_id)
                .execute(&mut change)
                .await?
        };
        if changed > 0 {
            let action = if is_draining { "recorder.drained" } else { "recorder.undrained" };
            Act::new(action, None, ("recorder", recorder_id)).record(&mut change, by, now).await?;
        }
        change.commit().await
    }
}
