//! Rooms that are prepared before anybody comes.

use std::{collections::HashMap, sync::Arc};

use jumpa_protocol::{
    AppId, RoomKey, RoomName, TenantId,
    directory::{PreparedRoom, Secret},
    recording::{AutoRecord, RecordingPolicy},
};
use serde_json::json;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, Database, DbError, TenantScope, Timestamp, apps::note_directory_change,
    audit::Act, statement::sql, transaction::Transaction,
};

/// Most rooms that an app has prepared at a time: every one lies in the memory of the server.
pub const MAX_PREPARED_ROOMS: u32 = 10_000;

/// How the next call of a room shall begin.
#[derive(Debug, Clone, Default)]
pub struct RoomPreparation {
    /// What newcomers are asked for.
    pub password: Option<String>,
    /// Whether they wait until somebody lets them in.
    pub has_lobby: bool,
    /// Most participants, where that is less than the app allows.
    pub max_participants: Option<u32>,
    /// What is recorded without anybody asking for it, where that is more than in other rooms.
    pub recording: RecordingPolicy,
    /// Until when a call begins so.
    pub expires_at: Option<Timestamp>,
}

#[derive(FromRow)]
pub(crate) struct PreparedRow {
    app_id: String,
    room: String,
    #[sqlx(try_from = "Uuid")]
    id: Uuid,
    sealed_password: Option<Vec<u8>>,
    has_lobby: bool,
    max_participants: Option<i64>,
    #[sqlx(json(nullable))]
    auto_record: Option<AutoRecord>,
    recording_required: bool,
    expires_at: Option<Timestamp>,
}

impl TenantScope<'_> {
    /// Prepares a room, in place of what was prepared for it before, and gives the id under which
    /// the directory has it.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::TooManyPreparedRooms`], [`DbError::Query`].
    pub async fn prepare_room(
        &self,
        room: &RoomKey,
        preparation: &RoomPreparation,
        by: &Author,
        now: Timestamp,
    ) -> Result<Uuid, DbError> {
        let mut change = self.begin().await?;
        let app: Option<(String,)> = sql("SELECT id FROM apps WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(&room.app_id)
            .fetch_optional(&mut change)
            .await?;
        app.ok_or(DbError::AppUnknown)?;
        sql("DELETE FROM prepared_rooms WHERE tenant_id = $1 AND app_id = $2 \
             AND (expires_at <= $3 OR room = $4)")
        .bind(self.tenant_id())
        .bind(&room.app_id)
        .bind(now)
        .bind(room.room.as_str())
        .execute(&mut change)
        .await?;
        let (count,): (i64,) =
            sql("SELECT COUNT(*) FROM prepared_rooms WHERE tenant_id = $1 AND app_id = $2")
                .bind(self.tenant_id())
                .bind(&room.app_id)
                .fetch_one(&mut change)
                .await?;
        if count >= i64::from(MAX_PREPARED_ROOMS) {
            return Err(DbError::TooManyPreparedRooms);
        }
        let id = Uuid::now_v7();
        let seal =
            |text: &String| self.database().master_key().seal(&seal_context(id), text.as_bytes());
        sql(
            "INSERT INTO prepared_rooms (tenant_id, app_id, room, id, sealed_password, has_lobby, \
             max_participants, expires_at, prepared_at, auto_record, recording_required) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(self.tenant_id())
        .bind(&room.app_id)
        .bind(room.room.as_str())
        .bind(id)
        .bind(preparation.password.as_ref().map(seal))
        .bind(preparation.has_lobby)
        .bind(preparation.max_participants)
        .bind(preparation.expires_at)
        .bind(now)
        .bind(preparation.recording.auto_record.as_ref().map(|auto| json!(auto)))
        .bind(preparation.recording.is_required)
        .execute(&mut change)
        .await?;
        note_directory_change(&mut change).await?;
        let after = json!({
            "has_password": preparation.password.is_some(),
            "has_lobby": preparation.has_lobby,
            "max_participants": preparation.max_participants,
            "auto_record": preparation.recording.auto_record,
            "recording_required": preparation.recording.is_required,
        });
        Act::new("room.prepared", self.tenant_id(), ("room", room))
            .after(after)
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(id)
    }
}

/// What every app has prepared, as part of reading the directory. A password that cannot be opened
/// costs its room the preparation and is told in the log.
pub(crate) async fn prepared_rooms(
    view: &mut Transaction,
    database: &Database,
) -> Result<HashMap<AppId, Arc<HashMap<RoomName, PreparedRoom>>>, DbError> {
    let rows: Vec<PreparedRow> = sql("SELECT app_id, room, id, sealed_password, has_lobby, \
         max_participants, auto_record, recording_required, expires_at FROM prepared_rooms")
    .fetch_all(view)
    .await?;
    let mut by_app: HashMap<AppId, HashMap<RoomName, PreparedRoom>> = HashMap::new();
    for row in rows {
        let app_id: AppId = row.app_id.parse().map_err(|_| DbError::Damaged("app id"))?;
        let room: RoomName = row.room.parse().map_err(|_| DbError::Damaged("room name"))?;
        match row.open(database) {
            Ok(prepared) => {
                by_app.entry(app_id).or_default().insert(room, prepared);
            }
            Err(error) => {
                tracing::error!(app.id = %app_id, %error, "a prepared room cannot be used");
            }
        }
    }
    Ok(by_app.into_iter().map(|(app_id, rooms)| (app_id, Arc::new(rooms))).collect())
}

impl PreparedRow {
    fn open(self, database: &Database) -> Result<PreparedRoom, DbError> {
        let sealed = self.sealed_password.as_deref();
        let open = |sealed| database.master_key().open(&seal_context(self.id), sealed).map(Secret);
        let seconds = |at: Timestamp| u64::try_from(at.as_micros() / 1_000_000).unwrap_or_default();
        Ok(PreparedRoom {
            id: self.id,
            password: sealed.map(open).transpose()?,
            has_lobby: self.has_lobby,
            max_participants: self.max_participants.and_then(|most| u32::try_from(most).ok()),
            recording: RecordingPolicy {
                auto_record: self.auto_record,
                is_required: self.recording_required,
            },
            expires_at: self.expires_at.map(seconds),
        })
    }
}

/// Takes out what a room was prepared for, as part of storing that a call began in it at
/// `began_at`. What was prepared later is for the next one.
pub(crate) async fn use_preparation(
    change: &mut Transaction,
    tenant_id: TenantId,
    room: &RoomKey,
    began_at: Timestamp,
) -> Result<(), DbError> {
    let used = sql("DELETE FROM prepared_rooms WHERE tenant_id = $1 AND app_id = $2 \
         AND room = $3 AND prepared_at <= $4")
    .bind(tenant_id)
    .bind(&room.app_id)
    .bind(room.room.as_str())
    .bind(began_at)
    .execute(change)
    .await?;
    if used > 0 { note_directory_change(change).await } else { Ok(()) }
}

fn seal_context(id: Uuid) -> String {
    format!("prepared room {id}")
}
