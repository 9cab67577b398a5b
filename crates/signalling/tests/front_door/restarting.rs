//! A server that ends and another that goes on with its calls.

use std::{fs, path::Path, time::Duration};

use jumpa_protocol::{
    ErrorCode,
    signal::{ClientRequest, Event, Join, Joined, LeaveReason, Role, ServerMessage},
};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::{
    client::{Client, join},
    world::{World, app, key},
};

const PATIENCE: Duration = Duration::from_secs(20);
const POLL_INTERVAL: Duration = Duration::from_millis(5);

async fn start(folder: &Path) -> World {
    World::start_with(|config| config.calls_folder = Some(folder.to_owned())).await
}

fn contents(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).expect("the folder of the calls").map(|entry| {
        // A file may be gone that was there a moment ago.
        fs::read_to_string(entry.expect("an entry").path()).unwrap_or_default()
    });
    files.filter(|text| !text.is_empty()).collect()
}

/// Waits until the files of the calls are as wanted.
async fn until(folder: &Path, wanted: impl Fn(&[String]) -> bool) {
    let waits = async {
        while !wanted(&contents(folder)) {
            sleep(POLL_INTERVAL).await;
        }
    };
    timeout(PATIENCE, waits).await.unwrap_or_else(|_| panic!("{:?}", contents(folder)));
}

/// What a server leaves behind that is killed as soon as its files hold `text`.
async fn killed_after(folder: &Path, text: &str) -> TempDir {
    until(folder, |files| files.iter().any(|file| file.contains(text))).await;
    let copy = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(folder).expect("the folder of the calls") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, copy.path().join(path.file_name().expect("a file"))).expect("room");
    }
    copy
}

async fn done(client: &mut Client, request: ClientRequest) {
    let answer = client.ask(request).await;
    assert!(matches!(answer, ServerMessage::Ok { .. }), "{answer:?}");
}

fn chat(text: &str) -> ClientRequest {
    ClientRequest::SendChat { text: text.to_owned(), to: None }
}

fn return_of(joined: &Joined) -> Join {
    let room = joined.snapshot.room.as_str();
    let mut join = join(joined.snapshot.app.id.as_str(), room, "Siapa", None);
    join.resume_token = Some(joined.resume_token.clone());
    join
}

async fn come_back(world: &World, joined: &Joined) -> (Client, ServerMessage) {
    let mut client = world.connect().await;
    let answer = client.ask(ClientRequest::Join(return_of(joined))).await;
    (client, answer)
}

#[tokio::test]
async fn a_stranger_who_is_first_after_a_kill_meets_the_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = start(folder.path()).await;
    let mut ayu = before.staff("dr. Ayu", true).await;
    let budi = before.staff("Budi", false).await;
    done(&mut ayu, ClientRequest::SetPassword { password: Some("rahasia".to_owned()) }).await;
    done(&mut ayu, chat("hasil lab")).await;
    let left_behind = killed_after(folder.path(), "hasil lab").await;

    let after = start(left_behind.path()).await;
    let mut stranger = after.connect().await;
    let token = crate::world::staff_token("Tamu", false);
    let knock = join("klinik-sehat", "ruang-1", "Tamu", Some(&token));
    let refused = stranger.ask(ClientRequest::Join(knock)).await;
    let code = ErrorCode::PasswordRequired;
    assert!(matches!(refused, ServerMessage::Error { code: c, .. } if c == code), "{refused:?}");
    assert_eq!(stranger.closed().await, 4003);

    let (_budi, answer) = come_back(&after, budi.joined()).await;
    let ServerMessage::Joined(back) = answer else { panic!("not joined: {answer:?}") };
    assert_eq!(back.participant_id, budi.joined().participant_id);
    assert_eq!(back.snapshot.call, budi.joined().snapshot.call);
    assert!(back.snapshot.settings.has_password);
    let texts: Vec<_> = back.snapshot.chat.iter().map(|message| &message.text).collect();
    assert_eq!(texts, ["hasil lab"]);
}

#[tokio::test]
async fn a_call_goes_on_over_a_polite_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = start(folder.path()).await;
    let mut siti = before.guest("Siti").await;
    done(&mut siti, chat("sampai nanti")).await;
    before.signalling.shutdown(PATIENCE).await;
    let after = start(folder.path()).await;
    let (_client, answer) = come_back(&after, siti.joined()).await;
    let ServerMessage::Joined(back) = answer else { panic!("not joined: {answer:?}") };
    assert_eq!(back.snapshot.chat.len(), 1);
}

#[tokio::test]
async fn a_call_that_ended_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = start(folder.path()).await;
    let mut siti = world.guest("Siti").await;
    done(&mut siti, chat("rahasia dapur")).await;
    until(folder.path(), |files| files.iter().any(|file| file.contains("rahasia dapur"))).await;
    done(&mut siti, ClientRequest::Leave).await;
    until(folder.path(), <[String]>::is_empty).await;
}

#[tokio::test]
async fn a_call_that_was_ended_before_the_restart_stays_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = start(folder.path()).await;
    let mut ayu = before.staff("dr. Ayu", true).await;
    let budi = before.staff("Budi", false).await;
    let participant_id = budi.joined().participant_id;
    let role = Role::Moderator;
    done(&mut ayu, ClientRequest::SetRole { participant_id, role }).await;
    let (_budi, answer) = come_back(&before, budi.joined()).await;
    let ServerMessage::Joined(budi) = answer else { panic!("not joined: {answer:?}") };
    until(folder.path(), |files| files.len() == 1).await;
    ayu.ask(ClientRequest::EndCall).await;
    until(folder.path(), <[String]>::is_empty).await;

    let after = start(folder.path()).await;
    let (_client, answer) = come_back(&after, &budi).await;
    let ServerMessage::Joined(back) = answer else { panic!("not joined: {answer:?}") };
    assert_ne!(back.snapshot.call.id, budi.snapshot.call.id);
    let roles = |joined: &Joined| -> Vec<_> {
        joined.snapshot.participants.iter().map(|person| person.role).collect()
    };
    assert_eq!(roles(&budi), [role, role]);
    assert_eq!(roles(&back), [Role::Participant], "a role that was given ended with its call");
}

#[tokio::test]
async fn who_was_removed_before_the_restart_is_told_after_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = start(folder.path()).await;
    let mut ayu = before.staff("dr. Ayu", true).await;
    let budi = before.staff("Budi", false).await;
    let remove = ClientRequest::RemoveParticipant {
        participant_id: budi.joined().participant_id,
        ban: true,
    };
    done(&mut ayu, remove).await;
    let left_behind = killed_after(folder.path(), "\"removed\"").await;
    let after = start(left_behind.path()).await;
    let mut client = after.connect().await;
    let resume_token = budi.joined().resume_token.clone();
    client.send(ClientRequest::Resume { resume_token, last_seq: 0 }).await;
    let left = client.event().await.expect("told");
    assert!(matches!(left, Event::Left { reason: LeaveReason::Removed, .. }), "{left:?}");
    let (_client, answer) = come_back(&after, budi.joined()).await;
    let code = ErrorCode::Banned;
    assert!(matches!(answer, ServerMessage::Error { code: c, .. } if c == code), "{answer:?}");
}

#[tokio::test]
async fn an_app_that_was_disabled_meanwhile_has_no_calls_to_go_on_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = start(folder.path()).await;
    let ayu = before.staff("dr. Ayu", true).await;
    let left_behind = killed_after(folder.path(), "klinik-sehat").await;
    let path = left_behind.path().to_owned();
    let after = World::start_with(|config| {
        let mut directory = (**config.directory.borrow()).clone();
        directory.apps.get_mut(&app("klinik-sehat")).expect("the clinic").is_disabled = true;
        config.directory = tokio::sync::watch::channel(directory.into()).1;
        config.calls_folder = Some(path);
    })
    .await;
    until(left_behind.path(), <[String]>::is_empty).await;
    let (_client, answer) = come_back(&after, ayu.joined()).await;
    let code = ErrorCode::AppDisabled;
    assert!(matches!(answer, ServerMessage::Error { code: c, .. } if c == code), "{answer:?}");
}

#[tokio::test]
async fn a_key_that_was_revoked_meanwhile_opens_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = start(folder.path()).await;
    let ayu = before.staff("dr. Ayu", true).await;
    let left_behind = killed_after(folder.path(), "dr. Ayu").await;
    let after = start(left_behind.path()).await;
    after.change_directory(|directory| {
        directory.keys.remove(&key());
    });
    let (_client, answer) = come_back(&after, ayu.joined()).await;
    let code = ErrorCode::TokenRequired;
    assert!(matches!(answer, ServerMessage::Error { code: c, .. } if c == code), "{answer:?}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_does_not_keep_the_server_from_starting() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let world = start(file.path()).await;
    let mut siti = world.guest("Siti").await;
    done(&mut siti, chat("tetap jalan")).await;
}
