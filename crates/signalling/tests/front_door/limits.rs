//! What apps and the server have room for, at a real front door.

use std::sync::Arc;

use jumpa_protocol::{
    ErrorCode,
    directory::{AppEntry, Directory, Environment},
    signal::{ClientRequest, Event, LeaveReason, ServerMessage},
};

use crate::{
    client::{Client, join},
    world::{World, app, key, signed, staff_token},
};

async fn refused(client: &mut Client, room: &str, token: Option<&str>) -> ErrorCode {
    let app_id = if token.is_some() { "klinik-sehat" } else { "toko-melati" };
    let request = ClientRequest::Join(join(app_id, room, "Rini", token));
    match client.ask(request).await {
        ServerMessage::Error { code, .. } => code,
        other => panic!("not refused: {other:?}"),
    }
}

async fn guest_refused(world: &World, room: &str) -> ErrorCode {
    refused(&mut world.connect().await, room, None).await
}

#[tokio::test]
async fn an_app_has_as_many_calls_as_it_may() {
    let world = World::start().await;
    world.change_directory(|directory| shop(directory).max_calls = Some(1));
    let _first = world.guest("Siti").await;
    assert_eq!(guest_refused(&world, "gudang").await, ErrorCode::TooManyCalls);
    let _second = world.guest("Budi").await;
    let _other_app = world.staff("dr. Ayu", false).await;

    world.change_directory(|directory| shop(directory).max_calls = Some(2));
    let mut elsewhere = world.connect().await;
    elsewhere.join("toko-melati", "gudang", "Rini", None).await;
}

#[tokio::test]
async fn without_minutes_nobody_comes_in_but_who_was_inside() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let resume_token = siti.joined().resume_token.clone();
    world.change_directory(|directory| shop(directory).has_used_up_minutes = true);
    assert_eq!(guest_refused(&world, "kasir").await, ErrorCode::MinutesUsedUp);
    assert_eq!(guest_refused(&world, "gudang").await, ErrorCode::MinutesUsedUp);
    assert!(matches!(siti.ask(ClientRequest::Ping).await, ServerMessage::Ok { .. }));

    let mut again = world.connect().await;
    let mut request = join("toko-melati", "kasir", "Siti", None);
    request.resume_token = Some(resume_token);
    assert!(matches!(again.ask(ClientRequest::Join(request)).await, ServerMessage::Joined(_)));
}

#[tokio::test]
async fn trial_apps_leave_room_for_production() {
    let world = World::start_with(|config| config.max_trial_participants = 1).await;
    world.change_directory(|directory| shop(directory).environment = Environment::Trial);
    let mut siti = world.guest("Siti").await;
    assert!(siti.joined().snapshot.app.is_trial);
    assert_eq!(guest_refused(&world, "gudang").await, ErrorCode::TrialFull);
    let staff = world.staff("dr. Ayu", false).await;
    assert!(!staff.joined().snapshot.app.is_trial);

    siti.ask(ClientRequest::Leave).await;
    // The place is free when the call has noticed, which the next who comes may be faster than.
    loop {
        let mut next = world.connect().await;
        let request = ClientRequest::Join(join("toko-melati", "gudang", "Rini", None));
        match next.ask(request).await {
            ServerMessage::Joined(_) => break,
            ServerMessage::Error { code: ErrorCode::TrialFull, .. } => {
                tokio::task::yield_now().await;
            }
            other => panic!("neither joined nor full: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_for_lack_of_room_does_not_use_up_a_token() {
    let world = World::start().await;
    let clinic = app("klinik-sehat");
    world.change_directory(|directory| {
        let clinic = directory.apps.get_mut(&clinic).expect("the app");
        clinic.one_time_tokens = true;
        clinic.max_calls = Some(0);
    });
    let token = signed(|claims| {
        claims.name = Some("dr. Ayu".to_owned());
        claims.jti = Some("once".to_owned());
    });
    let code = refused(&mut world.connect().await, "ruang-1", Some(&token)).await;
    assert_eq!(code, ErrorCode::TooManyCalls);
    world.change_directory(|directory| {
        directory.apps.get_mut(&clinic).expect("the app").max_calls = None;
    });
    let mut client = world.connect().await;
    client.join("klinik-sehat", "ruang-1", "dr. Ayu", Some(&token)).await;
}

#[tokio::test]
async fn a_page_that_the_app_does_not_name_may_not_join() {
    let world = World::start().await;
    world.change_directory(|directory| {
        shop(directory).origins.push("https://toko.example".parse().expect("an origin"));
    });
    let mut evil = Client::connect_from(world.address, "https://evil.example").await.expect("open");
    assert_eq!(refused(&mut evil, "kasir", None).await, ErrorCode::OriginRefused);
    for origin in ["https://toko.example", &format!("http://{}", world.address)] {
        let mut page = Client::connect_from(world.address, origin).await.expect("open");
        page.join("toko-melati", "kasir", "Siti", None).await;
    }
    world.guest("a program").await;
}

#[tokio::test]
async fn a_ban_takes_effect_on_those_inside_and_outside() {
    let world = World::start().await;
    let token = signed(|claims| {
        claims.name = Some("dr. Ayu".to_owned());
        claims.sub = Some("staff-7".to_owned());
    });
    let mut inside = world.connect().await;
    inside.join("klinik-sehat", "ruang-1", "dr. Ayu", Some(&token)).await;
    world.change_directory(|directory| {
        let clinic = directory.apps.get_mut(&app("klinik-sehat")).expect("the app");
        clinic.bans = Arc::new([("staff-7".to_owned(), None)].into());
    });
    let left = Event::Left { reason: LeaveReason::AccessRevoked, retry_after_ms: None };
    assert_eq!(inside.event_where(|event| matches!(event, Event::Left { .. })).await, left);
    let code = refused(&mut world.connect().await, "ruang-1", Some(&token)).await;
    assert_eq!(code, ErrorCode::UserBanned);
    let other = staff_token("Budi", false);
    world.connect().await.join("klinik-sehat", "ruang-1", "Budi", Some(&other)).await;
}

#[tokio::test]
async fn the_use_of_keys_is_reported() {
    let world = World::start().await;
    let _staff = world.staff("dr. Ayu", false).await;
    let signalling = Arc::clone(&world.signalling);
    assert_eq!(signalling.key_uses()().into_keys().collect::<Vec<_>>(), [key()]);
}

fn shop(directory: &mut Directory) -> &mut AppEntry {
    directory.apps.get_mut(&app("toko-melati")).expect("the shop")
}
