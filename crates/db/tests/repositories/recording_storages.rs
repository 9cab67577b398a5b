//! Where recordings lie: chosen, replaced, kept for what lies there.

use jumpa_db::{
    AuditFilter, ChosenStorage, DELETED_RECORDINGS_KEPT, DELETION_GRACE, DbError, FILES_PATIENCE,
    NewApp, NewRecording, PlacedRecording, Recording, RecordingProgress, Requester, S3Settings,
    StorageSettings,
};
use jumpa_protocol::{
    AppId, CallId, TenantId,
    recording::{
        RecordingEncryption, RecordingKind, RecordingOptions, RecordingState, S3Bucket,
        StoragePlace,
    },
};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

struct Clinic {
    world: TestDatabase,
    tenant_id: TenantId,
    app_id: AppId,
}

impl Clinic {
    async fn new(engine: Engine) -> Self {
        let world = TestDatabase::new(engine).await;
        let tenant_id =
            world.database.operator().create_tenant("Klinik Sehat", at(1)).await.unwrap();
        let scope = world.database.tenant(tenant_id);
        let app_id = scope.create_app(&NewApp::named("Klinik"), &by(), at(2)).await.unwrap().id;
        Self { world, tenant_id, app_id }
    }

    async fn set(
        &self,
        settings: &StorageSettings,
        secret: Option<&str>,
    ) -> Result<ChosenStorage, DbError> {
        let scope = self.world.database.tenant(self.tenant_id);
        scope.set_recording_storage(&self.app_id, settings, secret, &by(), at(3)).await
    }

    async fn unset(&self) {
        let scope = self.world.database.tenant(self.tenant_id);
        scope.unset_recording_storage(&self.app_id, &by(), at(4)).await.unwrap();
    }

    /// A recording that a recorder has.
    async fn begun(&self) -> Recording {
        let new = NewRecording {
            app_id: self.app_id.clone(),
            room: "ruang-1".parse().unwrap(),
            call_id: CallId::generate(),
            options: RecordingOptions::new(RecordingKind::Tracks),
            max_height: 720,
            targets: vec![],
            requester: Requester::Author(by()),
        };
        let scope = self.world.database.tenant(self.tenant_id);
        let queued = scope.start_recording(&new, at(5)).await.unwrap();
        self.become_state(&queued, RecordingState::Starting).await
    }

    async fn become_state(&self, recording: &Recording, state: RecordingState) -> Recording {
        let next = |before: &Recording| {
            let recorder_id = Some("perekam-1".to_owned());
            Some(RecordingProgress { state, recorder_id, ..before.into() })
        };
        let operator = self.world.database.operator();
        operator.change_recording(recording.id, next, "", at(6)).await.unwrap().recording
    }

    async fn placed(&self, recording: &Recording) -> PlacedRecording {
        let operator = self.world.database.operator();
        operator.placed_recording(recording.id).await.unwrap().unwrap()
    }
}

fn bucket(name: &str) -> StorageSettings {
    let s3 = S3Settings {
        endpoint: Some("https://s3.sehat.example".to_owned()),
        region: "garage".to_owned(),
        bucket: name.to_owned(),
        prefix: "panggilan".to_owned(),
        is_path_style: true,
        access_key_id: "GK1".to_owned(),
    };
    StorageSettings { s3: Some(s3), encryption: RecordingEncryption::None }
}

fn opened(placed: &PlacedRecording) -> &S3Bucket {
    match &placed.storage.place {
        StoragePlace::S3(bucket) => bucket,
        StoragePlace::Folder => panic!("it lies in the folder"),
    }
}

#[on_both_engines]
async fn a_recording_keeps_the_storage_it_began_with(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let in_folder = clinic.begun().await;
    clinic.set(&bucket("lama"), Some("rahasia")).await.unwrap();
    let in_old = clinic.begun().await;
    clinic.set(&bucket("baru"), Some("lain")).await.unwrap();
    let in_new = clinic.begun().await;
    clinic.unset().await;
    let later = clinic.begun().await;
    clinic.become_state(&in_folder, RecordingState::Active).await;

    for folder in [&in_folder, &later] {
        assert_eq!(clinic.placed(folder).await.storage.place, StoragePlace::Folder);
    }
    for (recording, name, secret) in [(&in_old, "lama", "rahasia"), (&in_new, "baru", "lain")] {
        let placed = clinic.placed(recording).await;
        let bucket = opened(&placed);
        assert_eq!((bucket.bucket.as_str(), bucket.secret_access_key.as_str()), (name, secret));
        assert_eq!(placed.recorder_id.as_deref(), Some("perekam-1"));
    }
}

#[on_both_engines]
async fn whose_recordings_go_into_a_bucket_is_told(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let operator = clinic.world.database.operator();
    let (ours, other) = (clinic.app_id.clone(), "toko-melati-23456".parse().unwrap());
    let have = async || {
        let owners = operator.bucket_owners().await.unwrap();
        (owners.have(&ours), owners.have(&other), owners.is_empty())
    };
    let folder = StorageSettings { s3: None, encryption: RecordingEncryption::None };
    assert_eq!(have().await, (false, false, true));
    clinic.set(&bucket("rekaman"), Some("rahasia")).await.unwrap();
    assert_eq!(have().await, (true, false, false));
    operator.set_recording_storage(&bucket("semua"), Some("lain"), &by(), at(7)).await.unwrap();
    clinic.set(&folder, None).await.unwrap();
    assert_eq!(have().await, (false, true, false), "an app may keep the folder");
    clinic.unset().await;
    assert_eq!(have().await, (true, true, false));
    operator.unset_recording_storage(&by(), at(8)).await.unwrap();
    assert_eq!(have().await, (false, false, true));
}

#[on_both_engines]
async fn a_mended_key_opens_what_lies_there_already(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let first = clinic.set(&bucket("rekaman"), Some("salah")).await.unwrap();
    let recording = clinic.begun().await;
    let mut mended = bucket("rekaman");
    if let Some(s3) = &mut mended.s3 {
        s3.access_key_id = "GK2".to_owned();
    }
    let missing = clinic.set(&mended, None).await;
    assert!(matches!(missing, Err(DbError::StorageSecretMissing)), "{missing:?}");
    let second = clinic.set(&mended, Some("benar")).await.unwrap();
    assert_eq!(second.id, first.id);
    // The same key needs no secret again.
    let sse = StorageSettings { encryption: RecordingEncryption::Sse, ..mended };
    clinic.set(&sse, None).await.unwrap();
    let placed = clinic.placed(&recording).await;
    let bucket = opened(&placed);
    assert_eq!((bucket.secret_access_key.as_str(), bucket.has_sse), ("benar", true));
}

#[on_both_engines]
async fn apps_without_their_own_use_the_storage_of_the_platform(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let operator = clinic.world.database.operator();
    let platform = bucket("bersama");
    operator.set_recording_storage(&platform, Some("rahasia"), &by(), at(3)).await.unwrap();
    let common = clinic.begun().await;
    assert_eq!(opened(&clinic.placed(&common).await).bucket, "bersama");
    clinic.set(&bucket("sendiri"), Some("lain")).await.unwrap();
    let own = clinic.begun().await;
    assert_eq!(opened(&clinic.placed(&own).await).bucket, "sendiri");

    operator.unset_recording_storage(&by(), at(9)).await.unwrap();
    assert_eq!(operator.recording_storage().await.unwrap(), None);
    assert_eq!(opened(&clinic.placed(&common).await).bucket, "bersama");
}

#[on_both_engines]
async fn each_recording_has_a_data_key_of_its_own_until_it_is_purged(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let settings = StorageSettings { s3: None, encryption: RecordingEncryption::Envelope };
    let operator = clinic.world.database.operator();
    operator.set_recording_storage(&settings, None, &by(), at(3)).await.unwrap();
    let (one, other) = (clinic.begun().await, clinic.begun().await);
    let keys = (
        clinic.placed(&one).await.storage.data_key.unwrap(),
        clinic.placed(&other).await.storage.data_key.unwrap(),
    );
    assert_ne!(keys.0, keys.1);
    assert_eq!(clinic.placed(&one).await.storage.data_key, Some(keys.0));

    let over = clinic.become_state(&one, RecordingState::Failed).await;
    let scope = clinic.world.database.tenant(clinic.tenant_id);
    scope.delete_recording(over.id, "permintaan pasien", &by(), at(9)).await.unwrap();
    let later = at(9) + DELETED_RECORDINGS_KEPT;
    let due = operator.purgeable_recordings(10, later).await.unwrap();
    operator.note_recording_purged(&due[0], later).await.unwrap();
    let purged = clinic.placed(&one).await;
    assert_eq!((purged.storage.data_key, purged.chosen), (None, None));
}

#[on_both_engines]
async fn a_storage_is_forgotten_when_nothing_lies_there(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    clinic.set(&bucket("lama"), Some("rahasia")).await.unwrap();
    clinic.set(&bucket("baru"), Some("lain")).await.unwrap();
    // Nothing was recorded there, so its secret is not known any more.
    let forgotten = clinic.set(&bucket("lama"), None).await;
    assert!(matches!(forgotten, Err(DbError::StorageSecretMissing)), "{forgotten:?}");
    clinic.begun().await;
    clinic.set(&bucket("lama"), Some("rahasia")).await.unwrap();
    clinic.set(&bucket("baru"), None).await.unwrap();
}

#[on_both_engines]
async fn the_audit_tells_what_was_chosen_and_no_secret(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    clinic.set(&bucket("rekaman"), Some("sangat-rahasia")).await.unwrap();
    clinic.unset().await;
    let scope = clinic.world.database.tenant(clinic.tenant_id);
    let lines = scope.audit(&AuditFilter::default(), None, 2).await.unwrap();
    let told: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(told, ["recording_storage.removed", "recording_storage.changed"]);
    let text = format!("{lines:?}");
    assert!(text.contains("rekaman") && !text.contains("sangat-rahasia"), "{text}");
}

#[on_both_engines]
async fn a_tenant_is_removed_when_its_files_are_gone(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let recording = clinic.begun().await;
    clinic.become_state(&recording, RecordingState::Ready).await;
    let scope = clinic.world.database.tenant(clinic.tenant_id);
    scope.hold_recording(recording.id, true, &by(), at(8)).await.unwrap();
    clinic.set(&bucket("rekaman"), Some("rahasia")).await.unwrap();
    let operator = clinic.world.database.operator();
    operator.delete_tenant(clinic.tenant_id, &by(), at(10)).await.unwrap();
    let over = at(10) + DELETION_GRACE;
    assert_eq!(operator.remove_deleted_tenants(over).await.unwrap(), []);
    let due = operator.purgeable_recordings(10, over).await.unwrap();
    assert_eq!(due[0].id, recording.id);
    operator.note_recording_purged(&due[0], over).await.unwrap();
    assert_eq!(operator.remove_deleted_tenants(over).await.unwrap(), [clinic.tenant_id]);
}

#[on_both_engines]
async fn a_storage_that_is_away_for_ever_keeps_no_tenant(engine: Engine) {
    let clinic = Clinic::new(engine).await;
    let recording = clinic.begun().await;
    clinic.become_state(&recording, RecordingState::Ready).await;
    let operator = clinic.world.database.operator();
    operator.delete_tenant(clinic.tenant_id, &by(), at(10)).await.unwrap();
    let over = at(10) + DELETION_GRACE + FILES_PATIENCE;
    assert_eq!(operator.remove_deleted_tenants(over).await.unwrap(), [clinic.tenant_id]);
}
