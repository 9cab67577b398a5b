//! Paths that fail, move and lie.

mod world;

use jumpa_netsim::Rng;
use jumpa_protocol::{
    control::ParticipantMediaEvent,
    signal::{QualityCause, QualityLevel},
};
use jumpa_rtc::Transport;
use world::{Camera, Frame, MS, SECOND, World, home};

fn call() -> (World, usize, usize) {
    let mut world = World::new();
    let [a, b] = world.join_many(home(), &Camera::small());
    world.view(a, &[(b, 180)]);
    world.view(b, &[(a, 180)]);
    world.settle();
    world.run(SECOND * 2);
    (world, a, b)
}

/// Lost, connected and closed, in order.
fn path_events(world: &World, client: usize) -> Vec<ParticipantMediaEvent> {
    let told = world.told(client).into_iter().map(|(_, event)| event);
    told.filter(|event| {
        matches!(
            event,
            ParticipantMediaEvent::Connected
                | ParticipantMediaEvent::PathLost
                | ParticipantMediaEvent::Closed
        )
    })
    .collect()
}

/// Time from the return of a path to the first decodable frame.
fn picture_after_a_cut_of(seconds: u32) -> std::time::Duration {
    let (mut world, a, b) = call();
    world.clients[b].path.set_cut(true);
    world.run(SECOND * seconds);
    world.clients[b].path.set_cut(false);
    world.forget();
    let returned_at = world.time();
    let frames_before = Frame::decodable(world.clients[b].pictures_on(0)).len();
    let took = world.run_until(SECOND * 5, |world| {
        Frame::decodable(world.clients[b].pictures_on(0)).len() > frames_before
    });
    let asked_at = world.clients[a].keyframe_requests.first().map(|(at, ..)| *at - returned_at);
    assert!(asked_at.is_some_and(|at| at < MS * 150), "asked after {asked_at:?}");
    world.run_until(SECOND * 5, |world| {
        let returned = world.clients[a].pictures_on(0).last();
        returned.is_some_and(|picture| world.time() - picture.at < MS * 50)
    });
    took
}

#[test]
fn after_a_cut_of_three_seconds_the_picture_is_back_at_once() {
    let took = picture_after_a_cut_of(3);
    assert!(took < MS * 800, "{took:?}");
}

#[test]
fn after_a_cut_of_one_second_the_picture_is_back_at_once() {
    let took = picture_after_a_cut_of(1);
    assert!(took < MS * 500, "{took:?}");
}

#[test]
fn a_dead_path_is_told_after_two_seconds_and_so_is_its_return() {
    let (mut world, _, b) = call();
    world.forget();
    world.clients[b].path.set_cut(true);
    let lost = world.run_until(SECOND * 5, |world| !path_events(world, b).is_empty());
    assert!((MS * 1_900..MS * 2_300).contains(&lost), "{lost:?}");
    let quality = (QualityLevel::Lost, Some(QualityCause::NoPackets));
    assert_eq!(world.qualities(b).last(), Some(&quality));
    world.clients[b].path.set_cut(false);
    world.run(SECOND * 3);
    let expected = [ParticipantMediaEvent::PathLost, ParticipantMediaEvent::Connected];
    assert_eq!(path_events(&world, b), expected);
    assert_ne!(world.qualities(b).last(), Some(&quality), "it is measured again");
}

#[test]
fn a_path_that_never_returns_is_closed_and_forgotten() {
    let (mut world, a, b) = call();
    world.clients[a].cameras.clear();
    world.clients[b].path.set_cut(true);
    world.run(SECOND * 29);
    assert!(!path_events(&world, b).contains(&ParticipantMediaEvent::Closed));
    world.run(SECOND * 2);
    assert_eq!(path_events(&world, b).last(), Some(&ParticipantMediaEvent::Closed));
    assert_eq!(world.room.local_ufrag(world.id(b)), None);
    assert!(world.room.local_ufrag(world.id(a)).is_some());
}

#[test]
fn somebody_who_neither_sends_nor_receives_media_is_not_taken_for_dead() {
    let mut world = World::new();
    let [a, b] = [world.join(home()), world.join(home())];
    world.settle();
    world.run(SECOND);
    // Browsers check a path only every few seconds; the simulated client does it more often.
    world.clients[a].sends_only_dtls = true;
    world.run(SECOND * 15);
    for client in [a, b] {
        assert_eq!(path_events(&world, client), [ParticipantMediaEvent::Connected]);
    }
}

#[test]
fn a_client_whose_address_changes_goes_on() {
    let (mut world, a, b) = call();
    world.forget();
    let old = world.clients[b].path.public_address();
    world.clients[b].path.rebind(std::net::SocketAddr::new(old.ip(), 50_000));
    world.run(SECOND * 2);
    let seen = |client: usize| Frame::decodable(world.clients[client].pictures_on(0));
    assert!(Frame::longest_gap(&seen(b)) < MS * 300, "{:?}", Frame::longest_gap(&seen(b)));
    assert!(seen(b).len() > 35);
    assert!(world.clients[a].pictures_on(0).count() > 45);
    assert!(path_events(&world, b).is_empty());
}

#[test]
fn hostile_datagrams_prove_nothing_and_disturb_nobody() {
    let (mut world, a, b) = call();
    let start = world.time();
    let mut rng = Rng::new(99);
    for round in 0..1_500_u32 {
        let len = rng.below(1_300) as usize;
        let mut bytes = vec![0; len];
        rng.fill(&mut bytes);
        // First bytes of STUN, DTLS, TURN channels, RTP and RTCP (RFC 7983).
        if let (Some(first), [_, ..]) = (bytes.first_mut(), [0, 1, 20, 22, 23, 64, 128, 144]) {
            *first = [0, 1, 20, 22, 23, 64, 128, 144][round as usize % 8];
        }
        let (id, now) = (world.id(b), world.now);
        assert!(!world.room.handle_datagram(id, Transport::Udp, &bytes, now));
        world.run(MS);
    }
    for client in [a, b] {
        let mut frames = Frame::decodable(world.clients[client].pictures_on(0));
        frames.retain(|frame| frame.at >= start);
        assert!(frames.len() >= 35, "{} frames", frames.len());
        assert!(Frame::longest_gap(&frames) < MS * 100);
    }
    assert!(world.stats().datagrams_unproven >= 1_500);
}

#[test]
fn datagrams_of_another_participant_are_refused() {
    let (mut world, a, b) = call();
    let now = world.now;
    world.clients[a].path.up().set_cut(true);
    let unknown = format!("par_{:032x}", 999).parse().expect("an id");
    assert!(!world.room.handle_datagram(unknown, Transport::Udp, &[0x80; 100], now));
    let stolen: Vec<Vec<u8>> = {
        let client = &mut world.clients[a];
        client.act(now + MS * 100);
        std::iter::from_fn(|| client.caller.poll_transmit()).map(|(_, sent)| sent.bytes).collect()
    };
    assert!(!stolen.is_empty());
    for bytes in stolen {
        let id = world.id(b);
        assert!(!world.room.handle_datagram(id, Transport::Udp, &bytes, now));
    }
}
