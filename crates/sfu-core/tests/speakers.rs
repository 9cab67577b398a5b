//! Who is heard and who speaks.

mod world;

use jumpa_protocol::{
    MediaKind, ParticipantId, SourceKind,
    control::{ParticipantMediaEvent, Subscription},
    fast::FastMessage,
};
use world::{MS, SECOND, Settings, World, home};

/// A room of people that are silent and receive nothing, with one who listens.
fn quiet_room<const N: usize>() -> (World, usize, [usize; N]) {
    let mut world = World::new();
    let listener = world.join(home());
    let people = std::array::from_fn(|_| {
        let settings = Settings {
            audio_slots: 0,
            video_slots: 0,
            subscription: Subscription::None,
            ..Settings::default()
        };
        let client = world.join_with(home(), settings);
        world.speak(client, 127);
        client
    });
    world.settle();
    world.run(SECOND);
    world.forget();
    (world, listener, people)
}

/// Slots of a client that changed.
fn audio_changes(world: &World, client: usize) -> usize {
    let told = world.told(client).into_iter();
    told.filter(|(_, event)| {
        matches!(event, ParticipantMediaEvent::SlotChanged { kind: MediaKind::Audio, .. })
    })
    .count()
}

#[test]
fn with_as_many_people_as_slots_nothing_ever_moves() {
    let (mut world, listener, people) = quiet_room::<5>();
    for round in 0..10 {
        world.speak(people[round % 5], 25);
        world.run(MS * 700);
        world.speak(people[round % 5], 127);
    }
    assert_eq!(audio_changes(&world, listener), 0);
    let heard = |client: usize| {
        world.clients[listener].sounds.iter().filter(|sound| sound.is_of(client)).count()
    };
    assert!(people.iter().all(|client| heard(*client) > 300));
}

#[test]
fn with_more_people_than_slots_whoever_speaks_is_heard_from_the_first_word() {
    let (mut world, listener, people) = quiet_room::<9>();
    for speaker in people {
        world.forget();
        world.speak(speaker, 25);
        world.run(SECOND);
        let heard =
            world.clients[listener].sounds.iter().filter(|sound| sound.is_of(speaker)).count();
        assert!(heard >= 42, "{heard} of 50 packets of {speaker}");
        world.speak(speaker, 127);
        world.run(SECOND);
    }
}

#[test]
fn a_slot_does_not_move_because_of_a_cough() {
    let (mut world, listener, people) = quiet_room::<9>();
    for speaker in &people[..5] {
        world.speak(*speaker, 25);
    }
    world.run(SECOND * 2);
    world.forget();
    world.speak(people[7], 25);
    world.run(SECOND);
    assert_eq!(audio_changes(&world, listener), 0, "five others speak as loud");
}

#[test]
fn the_speakers_are_told_when_they_change_and_only_then() {
    let (mut world, _, people) = quiet_room::<3>();
    world.speak(people[1], 25);
    world.run(SECOND * 3);
    world.speak(people[1], 127);
    world.speak(people[2], 25);
    world.run(SECOND * 3);
    let ids = |people: &[usize]| people.iter().map(|one| world.id(*one)).collect::<Vec<_>>();
    let told: Vec<Vec<ParticipantId>> = world
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            jumpa_sfu_core::RoomEvent::Speakers { participant_ids } => {
                Some(participant_ids.clone())
            }
            _ => None,
        })
        .collect();
    let expected = [
        ids(&[people[1]]),
        ids(&[people[1], people[2]]),
        ids(&[people[2], people[1]]),
        ids(&[people[2]]),
    ];
    assert!(told.len() <= expected.len(), "{told:?}");
    assert!(told.iter().all(|list| expected.contains(list)), "{told:?}");
    assert_eq!(told.last(), expected.last());
}

#[test]
fn levels_are_told_five_times_a_second_and_name_the_loud() {
    let (mut world, listener, people) = quiet_room::<3>();
    world.speak(people[1], 25);
    world.run(SECOND * 2);
    let texts = &world.clients[listener].texts;
    assert!((9..=11).contains(&texts.len()), "{} reports", texts.len());
    let (_, last) = texts.last().expect("there were reports");
    let message: FastMessage = serde_json::from_str(last).expect("it is JSON");
    let FastMessage::Levels { levels } = message else { panic!("{message:?}") };
    assert_eq!(levels.len(), 1);
    assert_eq!(levels[0].0, people[1] as u32);
    assert!((23..=27).contains(&levels[0].1), "{levels:?}");
}

#[test]
fn sound_that_moves_between_slots_is_one_stream_per_slot() {
    let (mut world, listener, people) = quiet_room::<9>();
    for speaker in people {
        world.speak(speaker, 25);
        world.run(SECOND);
        world.speak(speaker, 127);
        world.run(SECOND);
    }
    assert!(audio_changes(&world, listener) > 3, "slots had to move");
    for slot in 0..5 {
        let sounds = world.clients[listener].sounds.iter().filter(|sound| sound.slot == slot);
        let sounds: Vec<_> = sounds.collect();
        assert!(sounds.len() > 500);
        for pair in sounds.windows(2) {
            assert_eq!(pair[1].seq, pair[0].seq + 1);
            let ticks = u128::from(pair[1].timestamp.wrapping_sub(pair[0].timestamp));
            let passed = (pair[1].at - pair[0].at).as_micros() * 48 / 1_000;
            assert!(ticks.abs_diff(passed) < 48 * 40, "{ticks} ticks in {passed}");
        }
    }
}

#[test]
fn nobody_hears_themselves() {
    let mut world = World::new();
    let people = [world.join(home()), world.join(home())];
    world.speak(people[0], 20);
    world.speak(people[1], 127);
    world.settle();
    world.run(SECOND);
    assert!(world.clients[people[0]].sounds.iter().all(|sound| sound.is_of(people[1])));
    assert!(!world.clients[people[0]].sounds.is_empty());
    world.open(people[1], SourceKind::Microphone, false);
    world.run(MS * 100);
    world.forget();
    world.run(SECOND);
    assert!(world.clients[people[0]].sounds.is_empty());
}
