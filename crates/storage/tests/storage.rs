//! Files in folders and in buckets of a real S3 server: uploaded, interrupted, read in parts.
#![expect(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::{fs, path::PathBuf};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::TryStreamExt as _;
use jumpa_protocol::{
    AllowedNetworks,
    recording::{DataKey, RecordingStorage, S3Bucket, StoragePlace},
};
use jumpa_storage::{Storage, StorageError, StoredFile};
use jumpa_test_storage::S3Server;
use tempfile::TempDir;

const MIB: usize = 1 << 20;
const KEY: &str = "ten_1/klinik-sehat/rec_1/001-siti-camera.webm";

/// A file of the spool.
struct Local {
    folder: TempDir,
    content: Vec<u8>,
    sha256: String,
}

impl Local {
    fn of(bytes: usize) -> Self {
        // Every frame is another, so that frames in a wrong order show.
        let content: Vec<u8> = (0..bytes).map(|at| (at / 251) as u8 ^ (at % 251) as u8).collect();
        let sum = digest::digest(&digest::SHA256, &content);
        let sha256 = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), &content).unwrap();
        Self { folder, content, sha256 }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("file.json")
    }

    fn described(&self) -> StoredFile<'_> {
        StoredFile { key: KEY, bytes: self.content.len() as u64, sha256: &self.sha256 }
    }

    async fn upload(&self, storage: &Storage) -> Result<(), StorageError> {
        storage.upload(&self.path(), &self.described(), &self.journal()).await
    }
}

fn data_key(byte: u8) -> DataKey {
    DataKey(STANDARD.encode([byte; 32]))
}

fn plain(bucket: S3Bucket) -> RecordingStorage {
    RecordingStorage { place: StoragePlace::S3(bucket), data_key: None }
}

fn open(storage: &RecordingStorage) -> Storage {
    Storage::open(storage, &std::env::temp_dir()).unwrap()
}

async fn read(storage: &Storage, file: &StoredFile<'_>, part: (usize, usize)) -> Vec<u8> {
    let part = part.0 as u64..part.1 as u64;
    let content = storage.read(file, Some(part)).await.unwrap().expect("it is there");
    let pieces: Vec<_> = content.try_collect().await.unwrap();
    pieces.concat()
}

fn count(requests: &[String], beginning: &str) -> usize {
    requests.iter().filter(|request| request.starts_with(beginning)).count()
}

/// Uploads, and reads parts that begin and end within frames, at their borders and at the end.
async fn comes_back(storage: &Storage) {
    let local = Local::of(9 * MIB + 77);
    local.upload(storage).await.unwrap();
    let (file, end) = (local.described(), local.content.len());
    assert_eq!(storage.sha256(&file).await.unwrap().as_ref(), Some(&local.sha256));
    for part in [(0, 1), (MIB - 1, MIB + 1), (MIB, 2 * MIB), (5, 5), (end - 3, end), (0, end)] {
        let found = read(storage, &file, part).await;
        assert!(found == local.content[part.0..part.1], "{part:?}");
    }
    let other = StoredFile { key: "ten_1/klinik-sehat/rec_2/001.webm", ..file };
    assert!(storage.read(&other, None).await.unwrap().is_none());
    assert_eq!(storage.sha256(&other).await.unwrap(), None);
    assert_eq!(storage.remove_folder("ten_1/klinik-sehat/rec_1").await.unwrap(), 1);
    assert!(storage.read(&file, None).await.unwrap().is_none());
    assert_eq!(storage.remove_folder("ten_1/klinik-sehat/rec_1").await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_in_a_bucket_comes_back_in_parts() {
    let server = S3Server::start().await;
    let bucket = S3Bucket { prefix: "panggilan/2026".to_owned(), ..server.bucket() };
    let storage = open(&plain(bucket));
    storage.check().await.unwrap();
    assert_eq!(server.keys(), Vec::<String>::new(), "a check leaves nothing");
    let small = Local::of(5);
    small.upload(&storage).await.unwrap();
    assert_eq!(server.keys(), [format!("panggilan/2026/{KEY}")]);
    comes_back(&storage).await;
}

#[tokio::test]
async fn a_file_in_a_folder_comes_back_in_parts() {
    let folder = tempfile::tempdir().unwrap();
    let place = RecordingStorage { place: StoragePlace::Folder, data_key: None };
    let storage = Storage::open(&place, &folder.path().join("library")).unwrap();
    storage.check().await.unwrap();
    comes_back(&storage).await;
    let sealed = RecordingStorage { data_key: Some(data_key(1)), ..place };
    comes_back(&storage.with_data_key(&sealed).unwrap()).await;
}

#[tokio::test]
async fn an_encrypted_file_comes_back_in_parts_and_lies_there_unreadable() {
    let server = S3Server::start().await;
    let sealed = RecordingStorage { data_key: Some(data_key(1)), ..plain(server.bucket()) };
    let storage = open(&sealed);
    comes_back(&storage).await;

    let local = Local::of(3 * MIB);
    local.upload(&storage).await.unwrap();
    let stored = fs::read(server.path_of(KEY)).unwrap();
    assert_eq!(stored.len(), 3 * MIB + 3 * 16);
    assert!(!stored.windows(64).any(|bytes| bytes == &local.content[MIB..MIB + 64]));
    let other_key = RecordingStorage { data_key: Some(data_key(2)), ..sealed };
    let stranger = open(&other_key);
    assert_eq!(stranger.sha256(&local.described()).await.unwrap(), None);
    let mut changed = stored;
    changed[2 * MIB] ^= 1;
    fs::write(server.path_of(KEY), changed).unwrap();
    assert_eq!(storage.sha256(&local.described()).await.unwrap(), None);
}

#[tokio::test]
async fn the_server_of_the_bucket_is_asked_to_encrypt() {
    let server = S3Server::start().await;
    let bucket = S3Bucket { has_sse: true, ..server.bucket() };
    let storage = open(&plain(bucket));
    let local = Local::of(9 * MIB);
    local.upload(&storage).await.unwrap();
    let headers = server.take_encryption_headers();
    assert_eq!(headers, ["AES256"], "said once, where the upload begins");
}

#[tokio::test]
async fn an_upload_that_was_killed_goes_on_with_the_part_it_was_at() {
    for data_key in [None, Some(data_key(1))] {
        let server = S3Server::start().await;
        let described = RecordingStorage { data_key, ..plain(server.bucket()) };
        let local = Local::of(28 * MIB);
        server.stop_at("PUT", 3);
        {
            // The server goes silent with the third part, and the process is gone before it is back.
            let storage = open(&described);
            let upload = local.upload(&storage);
            tokio::pin!(upload);
            tokio::select! {
                done = &mut upload => panic!("{done:?}"),
                () = server.until_down() => {}
            }
        }
        assert_eq!(count(&server.take_requests(), "PUT"), 3);
        server.resume();
        local.upload(&open(&described)).await.unwrap();
        let requests = server.take_requests();
        assert_eq!(count(&requests, "PUT"), 2, "{requests:?}");
        let storage = open(&described);
        let found = storage.sha256(&local.described()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&local.sha256));
        server.take_requests();
        local.upload(&storage).await.unwrap();
        assert!(server.take_requests().is_empty(), "what is stored is not looked at again");
    }
}

#[tokio::test]
async fn a_part_that_the_server_lost_is_sent_again() {
    let server = S3Server::start().await;
    let storage = open(&plain(server.bucket()));
    let local = Local::of(28 * MIB);
    server.stop_at("PUT", 4);
    let lost = local.upload(&storage).await;
    assert!(matches!(lost, Err(StorageError::Unreachable(_))), "{lost:?}");
    server.lose_part(2);
    server.resume();
    local.upload(&storage).await.unwrap_err();
    local.upload(&storage).await.unwrap();
    let found = storage.sha256(&local.described()).await.unwrap();
    assert_eq!(found.as_ref(), Some(&local.sha256));
    assert_eq!(server.uploads(), Vec::<String>::new(), "the first attempt is aborted");
}

/// Begins an upload of which the server hears two parts.
async fn interrupted(server: &S3Server, storage: &Storage, local: &Local) {
    server.stop_at("PUT", 3);
    let lost = local.upload(storage).await;
    assert!(matches!(lost, Err(StorageError::Unreachable(_))), "{lost:?}");
    server.resume();
    assert_eq!(server.uploads().len(), 1);
}

#[tokio::test]
async fn an_upload_of_what_a_file_was_before_is_aborted() {
    let server = S3Server::start().await;
    let storage = open(&plain(server.bucket()));
    let mut local = Local::of(28 * MIB);
    interrupted(&server, &storage, &local).await;
    let other = Local::of(20 * MIB);
    fs::write(local.path(), &other.content).unwrap();
    (local.content, local.sha256) = (other.content, other.sha256);
    local.upload(&storage).await.unwrap();
    assert_eq!(server.uploads(), Vec::<String>::new());
    assert_eq!(server.keys(), [KEY]);
}

#[tokio::test]
async fn what_was_never_completed_is_removed_with_its_folder_and_nothing_of_another() {
    let server = S3Server::start().await;
    for prefix in ["", "panggilan & rapat/2026"] {
        let bucket = S3Bucket { prefix: prefix.to_owned(), ..server.bucket() };
        let storage = open(&plain(bucket));
        interrupted(&server, &storage, &Local::of(28 * MIB)).await;
        storage.remove_folder("ten_1/klinik-sehat/rec_").await.unwrap();
        storage.remove_folder("ten_1/klinik-sehat/rec_11").await.unwrap();
        assert_eq!(server.uploads().len(), 1, "it is another folder's");
        storage.remove_folder("ten_1/klinik-sehat/rec_1").await.unwrap();
        assert_eq!(server.uploads(), Vec::<String>::new());
    }
    let wrong = S3Bucket { secret_access_key: "salah".to_owned(), ..server.bucket() };
    let refused = open(&plain(wrong)).remove_folder("ten_1").await;
    assert!(matches!(refused, Err(StorageError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn what_an_attempt_left_in_a_folder_that_was_killed_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let place = RecordingStorage { place: StoragePlace::Folder, data_key: None };
    let storage = Storage::open(&place, folder.path()).unwrap();
    let local = Local::of(9 * MIB);
    let target = folder.path().join(KEY);
    let recording = target.parent().unwrap();
    fs::create_dir_all(recording).unwrap();
    let staged = [1, 2].map(|number| folder.path().join(format!("{KEY}#{number}")));
    staged.iter().for_each(|path| fs::write(path, "half").unwrap());
    local.upload(&storage).await.unwrap();
    let names: Vec<_> =
        fs::read_dir(recording).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names, std::slice::from_ref(&target));

    fs::write(&staged[0], "half").unwrap();
    assert_eq!(storage.remove_folder("ten_1/klinik-sehat/rec_1").await.unwrap(), 1);
    assert!(!recording.exists());
}

#[tokio::test]
async fn a_file_that_is_not_what_was_described_is_no_success() {
    let server = S3Server::start().await;
    let storage = open(&plain(server.bucket()));
    let local = Local::of(100);
    fs::write(local.path(), vec![1; 100]).unwrap();
    let changed = local.upload(&storage).await;
    assert!(matches!(changed, Err(StorageError::Changed)), "{changed:?}");
    fs::write(local.path(), &local.content).unwrap();
    local.upload(&storage).await.unwrap();
}

#[tokio::test]
async fn a_storage_says_why_it_refuses() {
    let server = S3Server::start().await;
    let bucket = server.bucket();
    let wrong = |change: fn(&mut S3Bucket)| {
        let mut bucket = bucket.clone();
        change(&mut bucket);
        open(&plain(bucket))
    };
    let cases = [
        (wrong(|bucket| bucket.secret_access_key = "salah".to_owned()), "SignatureDoesNotMatch"),
        (wrong(|bucket| bucket.access_key_id = "GKlain".to_owned()), "InvalidAccessKeyId"),
        (wrong(|bucket| bucket.allowed_networks = AllowedNetworks::default()), "not public"),
        (wrong(|bucket| bucket.endpoint = Some("http://9.9.9.9".to_owned())), "only https"),
    ];
    for (storage, expected) in cases {
        match storage.check().await {
            Err(StorageError::Refused(reason)) => {
                assert!(reason.contains(expected), "{reason}, not {expected}");
                assert!(!reason.contains("rahasia") && !reason.contains("salah"), "{reason}");
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
    server.stop();
    server.until_down().await;
    let away = open(&plain(bucket)).check().await;
    assert!(matches!(away, Err(StorageError::Unreachable(_))), "{away:?}");
}
