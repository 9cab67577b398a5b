//! Rooms that are prepared before anybody comes.

use std::{collections::HashMap, sync::Arc};

use jumpa_protocol::{
    AppId, RoomKey, RoomName, TenantId,
    directory::{PreparedRoom, Secret},
    recording::{AutoRecord, RecordingPolicy},
};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, Database, DbError, TenantScope, Timestamp, apps::note_directory_change, audit::Act,
    statement::sql, tenants::containing, transaction::Transaction,
};

/// Most rooms that an app has prepared at a time: every one lies in the memory of the server.
pub const MAX_PREPARED_ROOMS: u32 = 10_000;

/// How the next call of a room shall begin.
#[derive(Debug, Clone, Default)]
pub struct RoomPreparation {
    /// What newcomers are asked for.
    pub password: RoomPassword,
    /// Whether they wait until somebody lets them in.
    pub has_lobby: bool,
    /// Most participants, where that is less than the app allows.
    pub max_participants: Option<u32>,
    /// What is recorded without anybody asking for it, where that is more than in other rooms.
    pub recording: RecordingPolicy,
    /// Until when a call begins so.
    pub expires_at: Option<Timestamp>,
}

/// The password of a room that is prepared. Nobody is shown it, so whoever changes something else
/// cannot send it again.
#[derive(Debug, Clone, Default)]
pub enum RoomPassword {
    /// There is none.
    #[default]
    None,
    /// This one.
    New(String),
    /// As it was prepared before.
    Kept,
}

/// A room that is prepared. Its password is shown to nobody.
#[derive(Debug, Clone, FromRow)]
pub struct StoredPreparation {
    /// Under which the directory has it; another one with each change.
    pub id: Uuid,
    /// The app.
    #[sqlx(try_from = "String")]
    pub app_id: AppId,
    /// The room.
    #[sqlx(try_from = "String")]
    pub room: RoomName,
    /// Whether newcomers wait until somebody lets them in.
    pub has_lobby: bool,
    /// Until when a call begins so.
    pub expires_at: Option<Timestamp>,
    /// When it was prepared, or changed for the last time.
    pub prepared_at: Timestamp,
    sealed_password: Option<Vec<u8>>,
    max_participants: Option<i64>,
    #[sqlx(json(nullable))]
    auto_record: Option<AutoRecord>,
    recording_required: bool,
}

/// Which prepared rooms are looked for; `None` takes all.
#[derive(Debug, Clone, Default)]
pub struct PreparationFilter {
    /// Those of one app.
    pub app_id: Option<AppId>,
    /// Those with this text in the name.
    pub search: Option<String>,
}

impl TenantScope<'_> {
    /// Prepares a room, in place of what was prepared for it before.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::TooManyPreparedRooms`]; [`DbError::RoomNotPrepared`]
    /// where a password should be kept and nothing is prepared, [`DbError::KeyFile`],
    /// [`DbError::Query`].
    pub async fn prepare_room(
        &self,
        room: &RoomKey,
        preparation: &RoomPreparation,
        by: &Author,
        now: Timestamp,
    ) -> Result<StoredPreparation, DbError> {
        let mut change = self.begin().await?;
        change.lock("prepared rooms").await?;
        let app: Option<(String,)> = sql("SELECT id FROM apps WHERE tenant_id = $1 AND id = $2")
            .bind(self.tenant_id())
            .bind(&room.app_id)
            .fetch_optional(&mut change)
            .await?;
        app.ok_or(DbError::AppUnknown)?;
        let before = self.preparation_in(&mut change, room, now).await?;
        let id = Uuid::now_v7();
        let sealed_password = self.sealed_password(&preparation.password, before.as_ref(), id)?;
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
        let stored: StoredPreparation = sql(
            "INSERT INTO prepared_rooms (tenant_id, app_id, room, id, sealed_password, has_lobby, \
             max_participants, expires_at, prepared_at, auto_record, recording_required) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING *",
        )
        .bind(self.tenant_id())
        .bind(&room.app_id)
        .bind(room.room.as_str())
        .bind(id)
        .bind(sealed_password)
        .bind(preparation.has_lobby)
        .bind(preparation.max_participants)
        .bind(preparation.expires_at)
        .bind(now)
        .bind(preparation.recording.auto_record.as_ref().map(|auto| json!(auto)))
        .bind(preparation.recording.is_required)
        .fetch_one(&mut change)
        .await?;
        note_directory_change(&mut change).await?;
        let mut act = Act::new("room.prepared", self.tenant_id(), ("room", room));
        if let Some(before) = before {
            act = act.before(before.told());
        }
        act.after(stored.told()).record(&mut change, by, now).await?;
        change.commit().await?;
        Ok(stored)
    }

    /// Rooms that are prepared for a call to come and come after `after` (time and id of one), the
    /// newest first. Those of deleted apps are left out.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn prepared_rooms(
        &self,
        filter: &PreparationFilter,
        after: Option<(Timestamp, Uuid)>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<StoredPreparation>, DbError> {
        let (after_at, after_id) = after.unzip();
        sql("SELECT p.* FROM prepared_rooms p \
             JOIN apps a ON a.tenant_id = p.tenant_id AND a.id = p.app_id \
             WHERE p.tenant_id = $1 AND a.deleted_at IS NULL \
             AND (p.expires_at IS NULL OR p.expires_at > $2) \
             AND ($3 IS NULL OR p.app_id = $3) AND ($4 IS NULL OR p.room LIKE $4 ESCAPE '\\') \
             AND ($5 IS NULL OR p.prepared_at < $5 OR (p.prepared_at = $5 AND p.id > $6)) \
             ORDER BY p.prepared_at DESC, p.id LIMIT $7")
        .bind(self.tenant_id())
        .bind(now)
        .bind(filter.app_id.as_ref())
        .bind(filter.search.as_deref().map(containing))
        .bind(after_at)
        .bind(after_id)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// How the next call of a room begins.
    ///
    /// # Errors
    /// [`DbError::RoomNotPrepared`], [`DbError::Query`].
    pub async fn prepared_room(
        &self,
        room: &RoomKey,
        now: Timestamp,
    ) -> Result<StoredPreparation, DbError> {
        let mut view = self.snapshot().await?;
        self.preparation_in(&mut view, room, now).await?.ok_or(DbError::RoomNotPrepared)
    }

    /// Takes back what a room was prepared for, and gives the id under which the directory has it.
    ///
    /// # Errors
    /// [`DbError::RoomNotPrepared`], [`DbError::Query`].
    pub async fn delete_prepared_room(
        &self,
        room: &RoomKey,
        by: &Author,
        now: Timestamp,
    ) -> Result<Uuid, DbError> {
        let mut change = self.begin().await?;
        let deleted: Option<StoredPreparation> = sql("DELETE FROM prepared_rooms \
             WHERE tenant_id = $1 AND app_id = $2 AND room = $3 \
             AND (expires_at IS NULL OR expires_at > $4) RETURNING *")
        .bind(self.tenant_id())
        .bind(&room.app_id)
        .bind(room.room.as_str())
        .bind(now)
        .fetch_optional(&mut change)
        .await?;
        let deleted = deleted.ok_or(DbError::RoomNotPrepared)?;
        note_directory_change(&mut change).await?;
        Act::new("room.unprepared", self.tenant_id(), ("room", room))
            .before(deleted.told())
            .record(&mut change, by, now)
            .await?;
        change.commit().await?;
        Ok(deleted.id)
    }

    async fn preparation_in(
        &self,
        view: &mut Transaction,
        room: &RoomKey,
        now: Timestamp,
    ) -> Result<Option<StoredPreparation>, DbError> {
        sql("SELECT * FROM prepared_rooms WHERE tenant_id = $1 AND app_id = $2 AND room = $3 \
             AND (expires_at IS NULL OR expires_at > $4)")
        .bind(self.tenant_id())
        .bind(&room.app_id)
        .bind(room.room.as_str())
        .bind(now)
        .fetch_optional(view)
        .await
    }

    /// The password as the preparation `id` stores it.
    fn sealed_password(
        &self,
        password: &RoomPassword,
        before: Option<&StoredPreparation>,
        id: Uuid,
    ) -> Result<Option<Vec<u8>>, DbError> {
        let key = self.database().master_key();
        let kept = match password {
            RoomPassword::None => return Ok(None),
            RoomPassword::New(text) => Some(text.as_bytes().to_vec()),
            RoomPassword::Kept => {
                let before = before.ok_or(DbError::RoomNotPrepared)?;
                before.password(self.database())?.map(|Secret(text)| text)
            }
        };
        Ok(kept.map(|text| key.seal(&seal_context(id), &text)))
    }
}

impl StoredPreparation {
    /// Whether newcomers are asked for a password.
    #[must_use]
    pub fn has_password(&self) -> bool {
        self.sealed_password.is_some()
    }

    /// Most participants, where that is less than the app allows.
    #[must_use]
    pub fn max_participants(&self) -> Option<u32> {
        self.max_participants.and_then(|most| u32::try_from(most).ok())
    }

    /// What is recorded without anybody asking for it, where that is more than in other rooms.
    #[must_use]
    pub fn recording(&self) -> RecordingPolicy {
        RecordingPolicy {
            auto_record: self.auto_record.clone(),
            is_required: self.recording_required,
        }
    }

    /// As the audit tells of it.
    fn told(&self) -> Value {
        json!({
            "has_password": self.has_password(),
            "has_lobby": self.has_lobby,
            "max_participants": self.max_participants,
            "auto_record": self.auto_record,
            "recording_required": self.recording_required,
            "expires_at_us": self.expires_at.map(Timestamp::as_micros),
        })
    }

    fn password(&self, database: &Database) -> Result<Option<Secret>, DbError> {
        let open = |sealed: &Vec<u8>| {
            database.master_key().open(&seal_context(self.id), sealed).map(Secret)
        };
        self.sealed_password.as_ref().map(open).transpose()
    }

    /// As admission sees it.
    fn open(&self, database: &Database) -> Result<PreparedRoom, DbError> {
        let seconds = |at: Timestamp| u64::try_from(at.as_micros() / 1_000_000).unwrap_or_default();
        Ok(PreparedRoom {
            id: self.id,
            password: self.password(database)?,
            has_lobby: self.has_lobby,
            max_participants: self.max_participants(),
            recording: self.recording(),
            expires_at: self.expires_at.map(seconds),
        })
    }
}

/// What every app has prepared, as part of reading the directory. A password that cannot be opened
/// costs its room the preparation and is told in the log.
pub(crate) async fn prepared_rooms(
    view: &mut Transaction,
    database: &Database,
) -> Result<HashMap<AppId, Arc<HashMap<RoomName, PreparedRoom>>>, DbError> {
    let rows: Vec<StoredPreparation> = sql("SELECT * FROM prepared_rooms").fetch_all(view).await?;
    let mut by_app: HashMap<AppId, HashMap<RoomName, PreparedRoom>> = HashMap::new();
    for row in rows {
        match row.open(database) {
            Ok(prepared) => {
                by_app.entry(row.app_id).or_default().insert(row.room, prepared);
            }
            Err(error) => {
                tracing::error!(app.id = %row.app_id, %error, "a prepared room cannot be used");
            }
        }
    }
    Ok(by_app.into_iter().map(|(app_id, rooms)| (app_id, Arc::new(rooms))).collect())
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
