//! A client that sends damaged messages harms nobody but itself.

use std::{fs, path::Path, time::Duration};

use jumpa_protocol::signal::{Event, SourceState};
use serde_json::{Value, json};

use super::world::{Person, World, guest};
use crate::session::{Session, Step};

/// A small generator of numbers that look random and are the same in each run (xorshift64*).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// The golden messages of clients.
fn golden_messages() -> Vec<String> {
    let folder = Path::new(env!("JUMPA_CHECKOUT")).join("crates/protocol/tests/fixtures");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the golden messages")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("client_"))
        })
        .collect();
    paths.sort();
    assert!(paths.len() > 20);
    paths.iter().map(|path| fs::read_to_string(path).expect("text")).collect()
}

const JOIN: &str =
    r#"{"type":"join","request_id":1,"app_id":"klinik-sehat","room":"r","offer":"v=0"}"#;

/// Things that parsers stumble over.
const PIECES: &[&str] = &[
    "null",
    "true",
    "-1",
    "0",
    "4294967295",
    "4294967296",
    "1e999",
    "1.5",
    "\"\"",
    "{}",
    "[]",
    "\"type\"",
    "\"type\":\"end_call\",",
    "\"request_id\":7,",
    "\\u0000",
    "\\ud800",
    "\u{202e}",
    "[[[[[[[[",
    "{\"a\":",
    "\"par_00000000000000000000000000000001\"",
    "😀",
    ",",
    "\"",
    "}",
];

/// Damages a message in one to four places.
fn damage(message: &str, dice: &mut Dice) -> String {
    let mut bytes = message.as_bytes().to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => {
                let end = (at + dice.below(12)).min(bytes.len());
                bytes.drain(at..end);
            }
            2 => {
                let end = (at + dice.below(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => bytes.truncate(at.max(1)),
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                let end = (at + dice.below(8)).min(bytes.len());
                bytes.splice(at..end, piece.bytes());
            }
        }
        if bytes.is_empty() {
            bytes.push(b'{');
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Gives fields of a message other values, so that it stays JSON.
fn twist(message: &str, dice: &mut Dice) -> String {
    let mut json: Value = serde_json::from_str(message).expect("a golden message");
    let fields = json.as_object_mut().expect("an object");
    let names: Vec<String> = fields.keys().filter(|name| *name != "type").cloned().collect();
    let name = names[dice.below(names.len())].clone();
    let numbers = [0, 1, 48, 49, 65_535, 65_536, u64::from(u32::MAX), u64::MAX];
    let value = match dice.below(5) {
        0 => json!(numbers[dice.below(numbers.len())]),
        1 => json!("\u{0}\u{202e} ".repeat(dice.below(30))),
        2 => json!("x".repeat(dice.below(9_000))),
        3 => json!([fields.clone(), null, true]),
        _ => fields.values().nth(dice.below(fields.len())).cloned().unwrap_or_default(),
    };
    fields.insert(name, value);
    json.to_string()
}

/// Puts real ids into a golden message, so that damaged ones still mean somebody.
fn aimed_at(message: &str, person: Person, dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => message.to_owned(),
        _ => message
            .replace("par_019b7700000070008000000000000002", &person.id.to_string())
            .replace("par_019b7700000070008000000000000003", &person.id.to_string()),
    }
}

/// Whether an event is something that a plain participant cannot do to somebody.
fn harms(event: &Event, victims: &[Person]) -> bool {
    let is_victim = |id| victims.iter().any(|victim| victim.id == id);
    match event {
        Event::Left { .. }
        | Event::MutedByModerator { .. }
        | Event::UnmuteAsked { .. }
        | Event::RoleChanged { .. }
        | Event::RoomChanged { .. }
        | Event::LobbyChanged { .. } => true,
        Event::ParticipantLeft { participant_id, .. }
        | Event::NameChanged { participant_id, .. }
        | Event::HandChanged { participant_id, .. }
        | Event::Reacted { participant_id, .. }
        | Event::ConnectionChanged { participant_id, .. } => is_victim(*participant_id),
        Event::SourceChanged { participant_id, source } => {
            is_victim(*participant_id) && source.state != SourceState::Off
        }
        Event::ChatReceived { message } => is_victim(message.from),
        _ => false,
    }
}

#[test]
fn damaged_messages_break_nothing_and_touch_nobody_else() {
    let golden = golden_messages();
    let mut dice = Dice(0x6a75_6d70_6121);
    let (mut world, ayu, budi) = World::with_two();
    let mut reached_the_call = 0;
    let mut hostile = world.join(guest("Tamu"));
    for round in 0..40_000 {
        if !world.is_open(hostile.session) {
            hostile = world.join(guest("Tamu"));
        }
        let message = aimed_at(&golden[dice.below(golden.len())], ayu, &mut dice);
        let text =
            if round % 2 == 0 { damage(&message, &mut dice) } else { twist(&message, &mut dice) };
        // A socket of its own each time: the rate limit would hide most of what is tried here.
        let mut session = Session::new(world.now.instant);
        session.handle_text(JOIN, world.now.instant);
        if let Step::Forward(message) = session.handle_text(&text, world.now.instant) {
            reached_the_call += 1;
            world.call.request(hostile.session, *message, world.now);
            world.drain();
        }
        if round % 64 == 0 {
            for victim in [ayu, budi] {
                let harm =
                    world.events(victim.session).into_iter().find(|e| harms(e, &[ayu, budi]));
                assert_eq!(harm, None);
                assert!(world.is_open(victim.session));
            }
            world.pass(Duration::from_millis(10));
            world.forget();
        }
    }
    assert!(reached_the_call > 4_000, "{reached_the_call} messages were whole enough");
    assert!(world.ask(budi.session, jumpa_protocol::signal::ClientRequest::Ping).is_ok());
}

#[test]
fn damaged_first_messages_open_nothing() {
    let golden = golden_messages();
    let mut dice = Dice(0x6b6c_696e_696b);
    let now = World::new().now.instant;
    for _ in 0..20_000 {
        let text = damage(&golden[dice.below(golden.len())], &mut dice);
        let step = Session::new(now).handle_text(&text, now);
        assert!(!matches!(step, Step::Forward(_)), "{text}");
    }
}
