use std::time::Duration;

use jumpa_protocol::{
    control::MediaCommand,
    signal::{ClientRequest, Event, LeaveReason},
};
use tokio_tungstenite::tungstenite;

use crate::{
    client::Client,
    world::{World, app, key},
};

#[tokio::test]
async fn a_server_that_stops_says_so_and_takes_nobody() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let mut idle = world.connect().await;
    let signalling = world.signalling.clone();
    let stopped = tokio::spawn(async move { signalling.shutdown(Duration::from_secs(10)).await });
    let left = siti.event_where(|event| matches!(event, Event::Left { .. })).await;
    let Event::Left { reason, retry_after_ms } = left else { unreachable!() };
    assert_eq!(reason, LeaveReason::ServerClosing);
    assert!(retry_after_ms.is_some_and(|ms| (500..1_500).contains(&ms)));
    assert_eq!(siti.closed().await, 1012);
    assert_eq!(idle.closed().await, 1012);
    stopped.await.expect("stopped");
    let refused = Client::connect(world.address).await.err();
    assert!(
        matches!(refused, Some(tungstenite::Error::Http(response)) if response.status() == 503)
    );
    let commands = world.media.commands();
    assert!(matches!(commands.last(), Some(MediaCommand::End { .. })));
}

#[tokio::test]
async fn an_app_that_is_disabled_ends_its_calls_alone() {
    let world = World::start().await;
    let mut siti = world.guest("Siti").await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    world.change_directory(|directory| {
        directory.apps.get_mut(&app("toko-melati")).expect("the shop").is_disabled = true;
    });
    let left = siti.event_where(|event| matches!(event, Event::Left { .. })).await;
    assert!(matches!(left, Event::Left { reason: LeaveReason::AccessRevoked, .. }));
    assert_eq!(siti.closed().await, 4000);
    ayu.ask(ClientRequest::Ping).await;
}

#[tokio::test]
async fn a_revoked_key_ends_access() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    world.change_directory(|directory| {
        directory.keys.remove(&key());
    });
    let left = ayu.event_where(|event| matches!(event, Event::Left { .. })).await;
    assert!(matches!(left, Event::Left { reason: LeaveReason::AccessRevoked, .. }));
}

#[tokio::test]
async fn a_moderator_ends_the_call_for_everybody() {
    let world = World::start().await;
    let mut ayu = world.staff("dr. Ayu", true).await;
    let mut budi = world.staff("Budi", false).await;
    ayu.send(ClientRequest::EndCall).await;
    for client in [&mut ayu, &mut budi] {
        let left = client.event_where(|event| matches!(event, Event::Left { .. })).await;
        assert!(matches!(left, Event::Left { reason: LeaveReason::CallEnded, .. }));
        assert_eq!(client.closed().await, 4000);
    }
}
