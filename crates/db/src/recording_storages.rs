//! Where recordings lie: what the platform and its apps chose, and what each recording got.
//!
//! A recording keeps the storage that was chosen when a recorder got it. Another place is another
//! row, and the old one stays for as long as recordings lie there; the same place with another key is
//! the same row, so that a mended key also opens what lies there already.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jumpa_protocol::{
    AllowedNetworks, AppId, RecordingId, RecordingStorageId, TenantId,
    recording::{DataKey, RecordingEncryption, RecordingStorage, S3Bucket, StoragePlace},
};
use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, DbError, MasterKey, OperatorScope, TenantScope, Timestamp,
    audit::Act,
    statement::{On, sql},
    transaction::Transaction,
};

/// Length of a data key, bytes.
const DATA_KEY_BYTES: usize = 32;

/// What a storage is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageSettings {
    /// The bucket; `None` for the folder of the server.
    pub s3: Option<S3Settings>,
    /// How files are kept from others who can read there.
    pub encryption: RecordingEncryption,
}

/// A bucket without the secret half of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Settings {
    /// Address of the server; `None` for that of AWS.
    pub endpoint: Option<String>,
    /// Its region.
    pub region: String,
    /// The name of the bucket.
    pub bucket: String,
    /// What keys begin with; empty for nothing.
    pub prefix: String,
    /// Whether the bucket stands in the path and not in the name of the host.
    pub is_path_style: bool,
    /// The public half of the key.
    pub access_key_id: String,
}

/// A storage that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenStorage {
    /// Its id.
    pub id: RecordingStorageId,
    /// What it is set to.
    pub settings: StorageSettings,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Where the files of a recording lie, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlacedRecording {
    /// Whose.
    pub tenant_id: TenantId,
    /// The app.
    pub app_id: AppId,
    /// The recorder that has it.
    pub recorder_id: Option<String>,
    /// The storage and when it was last changed; `None` for the folder of the server.
    pub chosen: Option<(RecordingStorageId, Timestamp)>,
    /// Where, with secrets. Which networks may be reached is not known here.
    pub storage: RecordingStorage,
}

/// Whose recordings go into a bucket. Those of all others go into the folder of the server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BucketOwners {
    is_platform: bool,
    /// Apps with a storage of their own, and whether that is a bucket.
    apps: BTreeMap<AppId, bool>,
}

impl BucketOwners {
    /// Whether recordings of an app go into a bucket.
    #[must_use]
    pub fn have(&self, app_id: &AppId) -> bool {
        self.apps.get(app_id).copied().unwrap_or(self.is_platform)
    }

    /// Whether all recordings go into the folder of the server.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.is_platform && !self.apps.values().any(|is_bucket| *is_bucket)
    }
}

/// Whose storage it is: of an app, or of the platform.
#[derive(Debug, Clone, Copy)]
struct Owner<'a>(Option<(TenantId, &'a AppId)>);

impl Owner<'_> {
    fn tenant_id(&self) -> Option<TenantId> {
        self.0.map(|(tenant_id, _)| tenant_id)
    }

    fn app_id(&self) -> Option<&AppId> {
        self.0.map(|(_, app_id)| app_id)
    }

    /// What stands in the audit as the thing that was changed.
    fn target(&self) -> (&'static str, String) {
        let whose = self.app_id().map_or_else(|| "platform".to_owned(), ToString::to_string);
        ("recording_storage", whose)
    }
}

#[derive(FromRow)]
struct StorageRow {
    #[sqlx(try_from = "Uuid")]
    id: RecordingStorageId,
    is_current: bool,
    endpoint: Option<String>,
    region: Option<String>,
    bucket: Option<String>,
    prefix: String,
    is_path_style: bool,
    access_key_id: Option<String>,
    sealed_secret: Option<Vec<u8>>,
    #[sqlx(try_from = "String")]
    encryption: RecordingEncryption,
    updated_at: Timestamp,
}

impl StorageRow {
    fn settings(&self) -> StorageSettings {
        let s3 = self.bucket.as_ref().map(|bucket| S3Settings {
            endpoint: self.endpoint.clone(),
            region: self.region.clone().unwrap_or_default(),
            bucket: bucket.clone(),
            prefix: self.prefix.clone(),
            is_path_style: self.is_path_style,
            access_key_id: self.access_key_id.clone().unwrap_or_default(),
        });
        StorageSettings { s3, encryption: self.encryption }
    }

    fn chosen(&self) -> ChosenStorage {
        ChosenStorage { id: self.id, settings: self.settings(), updated_at: self.updated_at }
    }

    /// Whether the settings lead to the same files.
    fn is_same_place(&self, settings: &StorageSettings) -> bool {
        let place = |s3: &S3Settings| (s3.endpoint.clone(), s3.bucket.clone(), s3.prefix.clone());
        self.settings().s3.as_ref().map(place) == settings.s3.as_ref().map(place)
    }

    fn opened(&self, key: &MasterKey) -> Result<StoragePlace, DbError> {
        let Some(s3) = self.settings().s3 else { return Ok(StoragePlace::Folder) };
        let sealed = self.sealed_secret.as_ref().ok_or(DbError::Damaged("storage"))?;
        let secret = key.open(&self.id.to_string(), sealed)?;
        let secret = String::from_utf8(secret).map_err(|_| DbError::Damaged("storage"))?;
        Ok(StoragePlace::S3(s3.opened(secret, self.encryption)))
    }
}

impl S3Settings {
    /// The bucket with the secret half of its key.
    #[must_use]
    pub fn opened(self, secret_access_key: String, encryption: RecordingEncryption) -> S3Bucket {
        S3Bucket {
            endpoint: self.endpoint,
            region: self.region,
            bucket: self.bucket,
            prefix: self.prefix,
            is_path_style: self.is_path_style,
            access_key_id: self.access_key_id,
            secret_access_key,
            has_sse: encryption == RecordingEncryption::Sse,
            allowed_networks: AllowedNetworks::default(),
        }
    }
}

impl TenantScope<'_> {
    /// The storage of an app; `None` where it uses that of the platform.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::Query`].
    pub async fn recording_storage(
        &self,
        app_id: &AppId,
    ) -> Result<Option<ChosenStorage>, DbError> {
        self.app(app_id).await?.ok_or(DbError::AppUnknown)?;
        let owner = Owner(Some((self.tenant_id(), app_id)));
        Ok(current(self, owner).await?.map(|row| row.chosen()))
    }

    /// What the app's storage is, with its secret, if it was set to these settings; the secret of
    /// before is taken where none is given and the key is the same.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::StorageSecretMissing`], [`DbError::Query`].
    pub async fn proposed_recording_storage(
        &self,
        app_id: &AppId,
        settings: &StorageSettings,
        secret: Option<&str>,
    ) -> Result<StoragePlace, DbError> {
        self.app(app_id).await?.ok_or(DbError::AppUnknown)?;
        let owner = Owner(Some((self.tenant_id(), app_id)));
        proposed(self, owner, self.database().master_key(), settings, secret).await
    }

    /// Sets the storage of an app; recordings begin there from now on.
    ///
    /// # Errors
    /// As [`Self::proposed_recording_storage`].
    pub async fn set_recording_storage(
        &self,
        app_id: &AppId,
        settings: &StorageSettings,
        secret: Option<&str>,
        by: &Author,
        now: Timestamp,
    ) -> Result<ChosenStorage, DbError> {
        self.app(app_id).await?.ok_or(DbError::AppUnknown)?;
        let owner = Owner(Some((self.tenant_id(), app_id)));
        let mut change = self.begin().await?;
        let key = self.database().master_key();
        let stored = set(&mut change, owner, key, (settings, secret), by, now).await?;
        change.commit().await?;
        Ok(stored)
    }

    /// Lets an app use the storage of the platform again. What lies in its own stays there.
    ///
    /// # Errors
    /// [`DbError::AppUnknown`], [`DbError::Query`].
    pub async fn unset_recording_storage(
        &self,
        app_id: &AppId,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.app(app_id).await?.ok_or(DbError::AppUnknown)?;
        let mut change = self.begin().await?;
        unset(&mut change, Owner(Some((self.tenant_id(), app_id))), by, now).await?;
        change.commit().await
    }

    /// Notes that somebody tried the storage of an app.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_storage_tested(
        &self,
        app_id: &AppId,
        is_fit: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        note_tested(&mut change, Owner(Some((self.tenant_id(), app_id))), is_fit, by, now).await?;
        change.commit().await
    }
}

impl OperatorScope<'_> {
    /// The storage of the platform; `None` where it is the folder of the server.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn recording_storage(&self) -> Result<Option<ChosenStorage>, DbError> {
        Ok(current(self, Owner(None)).await?.map(|row| row.chosen()))
    }

    /// Whose recordings go into a bucket from now on.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn bucket_owners(&self) -> Result<BucketOwners, DbError> {
        let rows: Vec<(Option<String>, bool)> =
            sql("SELECT app_id, bucket IS NOT NULL FROM recording_storages WHERE is_current")
                .fetch_all(self)
                .await?;
        let mut owners = BucketOwners::default();
        for (app_id, is_bucket) in rows {
            match app_id {
                Some(id) => {
                    let id = id.parse().map_err(|_| DbError::Damaged("app id"))?;
                    owners.apps.insert(id, is_bucket);
                }
                None => owners.is_platform = is_bucket,
            }
        }
        Ok(owners)
    }

    /// As [`TenantScope::proposed_recording_storage`], for the platform.
    ///
    /// # Errors
    /// [`DbError::StorageSecretMissing`], [`DbError::Query`].
    pub async fn proposed_recording_storage(
        &self,
        settings: &StorageSettings,
        secret: Option<&str>,
    ) -> Result<StoragePlace, DbError> {
        proposed(self, Owner(None), self.database().master_key(), settings, secret).await
    }

    /// Sets the storage of the platform.
    ///
    /// # Errors
    /// [`DbError::StorageSecretMissing`], [`DbError::Query`].
    pub async fn set_recording_storage(
        &self,
        settings: &StorageSettings,
        secret: Option<&str>,
        by: &Author,
        now: Timestamp,
    ) -> Result<ChosenStorage, DbError> {
        let mut change = self.begin().await?;
        let key = self.database().master_key();
        let stored = set(&mut change, Owner(None), key, (settings, secret), by, now).await?;
        change.commit().await?;
        Ok(stored)
    }

    /// Lets recordings begin in the folder of the server again, as they are.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn unset_recording_storage(
        &self,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        unset(&mut change, Owner(None), by, now).await?;
        change.commit().await
    }

    /// Notes that somebody tried the storage of the platform.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_recording_storage_tested(
        &self,
        is_fit: bool,
        by: &Author,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        note_tested(&mut change, Owner(None), is_fit, by, now).await?;
        change.commit().await
    }

    /// Where the files of a recording lie, with secrets; `None` when there is no such recording.
    ///
    /// # Errors
    /// [`DbError::KeyFile`], [`DbError::Damaged`], [`DbError::Query`].
    pub async fn placed_recording(
        &self,
        id: RecordingId,
    ) -> Result<Option<PlacedRecording>, DbError> {
        let mut view = self.snapshot().await?;
        let placed: Option<PlacedRow> = sql("SELECT tenant_id, app_id, recorder_id, storage_id, \
             sealed_data_key FROM recordings WHERE id = $1")
        .bind(id)
        .fetch_optional(&mut view)
        .await?;
        let Some(placed) = placed else { return Ok(None) };
        let row: Option<StorageRow> = sql("SELECT * FROM recording_storages WHERE id = $1")
            .bind(placed.storage_id.map(RecordingStorageId::from_uuid))
            .fetch_optional(&mut view)
            .await?;
        view.commit().await?;
        let key = self.database().master_key();
        let place = row.as_ref().map(|row| row.opened(key)).transpose()?;
        let data_key = placed.sealed_data_key.map(|sealed| key.open(&id.to_string(), &sealed));
        let data_key = data_key.transpose()?.map(|bytes| DataKey(STANDARD.encode(bytes)));
        Ok(Some(PlacedRecording {
            tenant_id: placed.tenant_id,
            app_id: placed.app_id,
            recorder_id: placed.recorder_id,
            chosen: row.map(|row| (row.id, row.updated_at)),
            storage: RecordingStorage { place: place.unwrap_or(StoragePlace::Folder), data_key },
        }))
    }
}

#[derive(FromRow)]
struct PlacedRow {
    #[sqlx(try_from = "Uuid")]
    tenant_id: TenantId,
    #[sqlx(try_from = "String")]
    app_id: AppId,
    recorder_id: Option<String>,
    storage_id: Option<Uuid>,
    sealed_data_key: Option<Vec<u8>>,
}

/// Chooses where the files of a recording go, in the change that gives it to its first recorder.
pub(crate) async fn choose(
    change: &mut Transaction,
    key: &MasterKey,
    (tenant_id, app_id, id): (TenantId, &AppId, RecordingId),
) -> Result<(), DbError> {
    let row: Option<StorageRow> = sql("SELECT * FROM recording_storages WHERE is_current \
         AND ((tenant_id = $1 AND app_id = $2) OR tenant_id IS NULL) \
         ORDER BY CASE WHEN tenant_id IS NULL THEN 1 ELSE 0 END LIMIT 1")
    .bind(tenant_id)
    .bind(app_id)
    .fetch_optional(&mut *change)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let data_key = (row.encryption == RecordingEncryption::Envelope)
        .then(|| key.seal(&id.to_string(), &rand::random::<[u8; DATA_KEY_BYTES]>()));
    sql("UPDATE recordings SET storage_id = $2, sealed_data_key = $3 WHERE id = $1")
        .bind(id)
        .bind(row.id)
        .bind(data_key)
        .execute(change)
        .await?;
    Ok(())
}

async fn current<'a>(
    on: impl Into<On<'a>>,
    owner: Owner<'_>,
) -> Result<Option<StorageRow>, DbError> {
    Ok(rows(on, owner).await?.into_iter().find(|row| row.is_current))
}

/// Every storage that an owner ever chose and that is still needed.
async fn rows<'a>(on: impl Into<On<'a>>, owner: Owner<'_>) -> Result<Vec<StorageRow>, DbError> {
    sql("SELECT * FROM recording_storages WHERE (tenant_id = $1 AND app_id = $2) \
         OR ($1 IS NULL AND tenant_id IS NULL) ORDER BY created_at, id")
    .bind(owner.tenant_id())
    .bind(owner.app_id())
    .fetch_all(on)
    .await
}

async fn proposed<'a>(
    on: impl Into<On<'a>>,
    owner: Owner<'_>,
    key: &MasterKey,
    settings: &StorageSettings,
    secret: Option<&str>,
) -> Result<StoragePlace, DbError> {
    let Some(s3) = settings.s3.clone() else { return Ok(StoragePlace::Folder) };
    let known = rows(on, owner).await?;
    let before = known.iter().find(|row| row.is_same_place(settings));
    let secret = secret_of(key, before, &s3, secret)?;
    Ok(StoragePlace::S3(s3.opened(secret, settings.encryption)))
}

/// The secret that was given, or else the one that is known for the same key.
fn secret_of(
    key: &MasterKey,
    before: Option<&StorageRow>,
    s3: &S3Settings,
    given: Option<&str>,
) -> Result<String, DbError> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    let before = before.map(|row| row.opened(key)).transpose()?;
    match before {
        Some(StoragePlace::S3(known)) if known.access_key_id == s3.access_key_id => {
            Ok(known.secret_access_key)
        }
        _ => Err(DbError::StorageSecretMissing),
    }
}

async fn set(
    change: &mut Transaction,
    owner: Owner<'_>,
    key: &MasterKey,
    (settings, secret): (&StorageSettings, Option<&str>),
    by: &Author,
    now: Timestamp,
) -> Result<ChosenStorage, DbError> {
    change.lock("recording storages").await?;
    let known = rows(&mut *change, owner).await?;
    let before = known.iter().find(|row| row.is_current).map(StorageRow::settings);
    let same = known.iter().find(|row| row.is_same_place(settings));
    let id = same.map_or_else(RecordingStorageId::generate, |row| row.id);
    let sealed = match &settings.s3 {
        Some(s3) => {
            let secret = secret_of(key, same, s3, secret)?;
            Some(key.seal(&id.to_string(), secret.as_bytes()))
        }
        None => None,
    };
    retire(change, owner).await?;
    let s3 = settings.s3.clone();
    let text = |of: fn(&S3Settings) -> String| s3.as_ref().map(of);
    sql("INSERT INTO recording_storages (id, tenant_id, app_id, is_current, endpoint, region, \
         bucket, prefix, is_path_style, access_key_id, sealed_secret, encryption, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13) \
         ON CONFLICT (id) DO UPDATE SET is_current = excluded.is_current, \
         region = excluded.region, is_path_style = excluded.is_path_style, \
         access_key_id = excluded.access_key_id, sealed_secret = excluded.sealed_secret, \
         encryption = excluded.encryption, updated_at = excluded.updated_at")
    .bind(id)
    .bind(owner.tenant_id())
    .bind(owner.app_id())
    .bind(true)
    .bind(s3.as_ref().and_then(|s3| s3.endpoint.clone()))
    .bind(text(|s3| s3.region.clone()))
    .bind(text(|s3| s3.bucket.clone()))
    .bind(text(|s3| s3.prefix.clone()).unwrap_or_default())
    .bind(s3.as_ref().is_some_and(|s3| s3.is_path_style))
    .bind(text(|s3| s3.access_key_id.clone()))
    .bind(sealed)
    .bind(settings.encryption)
    .bind(now)
    .execute(&mut *change)
    .await?;
    forget_unused(change, owner).await?;
    let mut act = Act::new("recording_storage.changed", owner.tenant_id(), owner.target())
        .after(told(settings, secret.is_some()));
    act.before = before.map(|before| told(&before, false));
    act.record(change, by, now).await?;
    Ok(ChosenStorage { id, settings: settings.clone(), updated_at: now })
}

async fn unset(
    change: &mut Transaction,
    owner: Owner<'_>,
    by: &Author,
    now: Timestamp,
) -> Result<(), DbError> {
    change.lock("recording storages").await?;
    let Some(before) = current(&mut *change, owner).await? else { return Ok(()) };
    retire(change, owner).await?;
    forget_unused(change, owner).await?;
    Act::new("recording_storage.removed", owner.tenant_id(), owner.target())
        .before(told(&before.settings(), false))
        .record(change, by, now)
        .await
}

async fn note_tested(
    change: &mut Transaction,
    owner: Owner<'_>,
    is_fit: bool,
    by: &Author,
    now: Timestamp,
) -> Result<(), DbError> {
    Act::new("recording_storage.tested", owner.tenant_id(), owner.target())
        .after(json!({ "is_fit": is_fit }))
        .record(change, by, now)
        .await
}

async fn retire(change: &mut Transaction, owner: Owner<'_>) -> Result<(), DbError> {
    sql("UPDATE recording_storages SET is_current = $3 WHERE (tenant_id = $1 AND app_id = $2) \
         OR ($1 IS NULL AND tenant_id IS NULL)")
    .bind(owner.tenant_id())
    .bind(owner.app_id())
    .bind(false)
    .execute(change)
    .await?;
    Ok(())
}

/// Forgets what was replaced and where no recording lies any more, secrets first of all.
async fn forget_unused(change: &mut Transaction, owner: Owner<'_>) -> Result<(), DbError> {
    sql("DELETE FROM recording_storages WHERE NOT is_current \
         AND ((tenant_id = $1 AND app_id = $2) OR ($1 IS NULL AND tenant_id IS NULL)) \
         AND NOT EXISTS (SELECT 1 FROM recordings WHERE storage_id = recording_storages.id)")
    .bind(owner.tenant_id())
    .bind(owner.app_id())
    .execute(change)
    .await?;
    Ok(())
}

/// What stands in the audit.
fn told(settings: &StorageSettings, has_new_secret: bool) -> Value {
    let s3 = settings.s3.as_ref().map(|s3| {
        json!({
            "endpoint": s3.endpoint, "region": s3.region, "bucket": s3.bucket,
            "prefix": s3.prefix, "is_path_style": s3.is_path_style,
            "access_key_id": s3.access_key_id, "has_new_secret": has_new_secret,
        })
    });
    json!({ "s3": s3, "encryption": settings.encryption })
}
