use super::*;

const SILENT: Duration = Duration::from_millis(50);
const HOME: &str = "198.51.100.7:40000";
const REBOUND: &str = "198.51.100.7:40001";
const FOREIGN: &str = "203.0.113.9:5000";

/// One worker's demultiplexer with rooms that believe what carries a secret word.
struct World {
    demux: Demux,
    now: Instant,
    checks: u64,
}

fn udp(address: &str) -> Path {
    Path::Udp { socket: 0, remote: address.parse().expect("an address") }
}

fn source_of(path: Path) -> IpAddr {
    match path {
        Path::Udp { remote, .. } => remote.ip(),
        Path::Tcp(_) => IpAddr::from([192, 0, 2, 1]),
    }
}

fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_be_bytes().to_vec();
    bytes.extend((value.len() as u16).to_be_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn check(ufrag: &str, is_nominated: bool, number: u64) -> Vec<u8> {
    let mut attributes = attribute(6, format!("{ufrag}:theirs").as_bytes());
    if is_nominated {
        attributes.extend(attribute(0x25, &[]));
    }
    let mut bytes = vec![0, 1];
    bytes.extend((attributes.len() as u16).to_be_bytes());
    bytes.extend([0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0]);
    bytes.extend(number.to_be_bytes());
    bytes.extend(attributes);
    bytes
}

fn answer_to(check: &[u8]) -> Vec<u8> {
    let mut bytes = check[..20].to_vec();
    bytes[0] = 1;
    bytes
}

fn media(ssrc: u32) -> Vec<u8> {
    let mut bytes = vec![0x80, 111, 0, 1, 0, 0, 0, 0];
    bytes.extend(ssrc.to_be_bytes());
    bytes.extend([0; 30]);
    bytes
}

fn dtls() -> Vec<u8> {
    vec![22; 60]
}

impl World {
    fn new() -> Self {
        let now = Instant::now();
        Self { demux: Demux::new(now), now, checks: 0 }
    }

    fn join(&mut self, ufrag: &str) -> ParticipantId {
        let member =
            Member { call_id: CallId::generate(), participant_id: ParticipantId::generate() };
        self.demux.register(member, ufrag.to_owned());
        member.participant_id
    }

    /// A participant whose current path is `path`, nominated, with a learned source.
    fn connected(&mut self, ufrag: &str, path: Path, ssrc: u32) -> ParticipantId {
        let participant_id = self.join(ufrag);
        self.check(path, ufrag, true);
        self.authentic(path, &media(ssrc));
        participant_id
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    fn datagram(&mut self, path: Path, datagram: &[u8], is_authentic: bool) -> Outcome {
        match self.demux.arrival(path, source_of(path), datagram, self.now) {
            Ok(arrival) => {
                if is_authentic {
                    self.demux.expect_answer(&arrival);
                }
                self.demux.conclude(&arrival, is_authentic, self.now)
            }
            Err(reason) => Outcome::Dropped(reason),
        }
    }

    fn authentic(&mut self, path: Path, datagram: &[u8]) -> Outcome {
        self.datagram(path, datagram, true)
    }

    fn spoofed(&mut self, path: Path, datagram: &[u8]) -> Outcome {
        self.datagram(path, datagram, false)
    }

    fn check(&mut self, path: Path, ufrag: &str, is_nominated: bool) -> Outcome {
        self.checks += 1;
        let bytes = check(ufrag, is_nominated, self.checks);
        self.authentic(path, &bytes)
    }
}

#[test]
fn a_first_check_makes_the_path_and_later_media_is_known_by_address() {
    let mut world = World::new();
    let sari = world.join("sari");
    assert_eq!(world.check(udp(HOME), "sari", false), Outcome::Unchanged);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
    assert_eq!(world.authentic(udp(HOME), &media(7)), Outcome::Unchanged);
}

#[test]
fn a_check_with_a_wrong_integrity_teaches_nothing() {
    let mut world = World::new();
    let sari = world.join("sari");
    let outcome = world.spoofed(udp(FOREIGN), &check("sari", true, 1));
    assert_eq!(outcome, Outcome::Dropped(DropReason::WrongIntegrity));
    assert_eq!(world.demux.current_path(sari), None);
    assert_eq!(world.demux.destination(sari, &media(1)), None);
    assert_eq!(world.spoofed(udp(FOREIGN), &dtls()), Outcome::Dropped(DropReason::UnknownAddress));
}

#[test]
fn a_check_for_nobody_is_dropped_without_a_proof() {
    let mut world = World::new();
    world.join("sari");
    let outcome = world.authentic(udp(FOREIGN), &check("budi", true, 1));
    assert_eq!(outcome, Outcome::Dropped(DropReason::UnknownUser));
}

#[test]
fn dtls_is_taken_only_from_an_address_that_passed_a_check() {
    let mut world = World::new();
    world.connected("sari", udp(HOME), 7);
    assert_eq!(world.authentic(udp(HOME), &dtls()), Outcome::Unchanged);
    let unknown = Outcome::Dropped(DropReason::UnknownAddress);
    assert_eq!(world.authentic(udp(FOREIGN), &dtls()), unknown);
    world.pass(SILENT);
    assert_eq!(world.authentic(udp(REBOUND), &media(7)), Outcome::Moved);
    assert_eq!(world.authentic(udp(REBOUND), &dtls()), unknown);
    world.check(udp(REBOUND), "sari", true);
    assert_eq!(world.authentic(udp(REBOUND), &dtls()), Outcome::Unchanged);
}

#[test]
fn a_nat_rebinding_moves_the_path_with_the_first_packet_after_the_silence() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.pass(SILENT - Duration::from_millis(1));
    assert_eq!(world.authentic(udp(REBOUND), &media(7)), Outcome::Unchanged);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
    world.pass(Duration::from_millis(1));
    assert_eq!(world.authentic(udp(REBOUND), &media(7)), Outcome::Moved);
    assert_eq!(world.demux.destination(sari, &media(1)), Some(udp(REBOUND)));
}

#[test]
fn spoofed_packets_move_nothing_and_are_not_remembered() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.pass(Duration::from_secs(1));
    for datagram in [media(7), check("sari", true, 99), dtls(), vec![0; 20], vec![200; 20]] {
        assert!(matches!(world.spoofed(udp(FOREIGN), &datagram), Outcome::Dropped(_)));
        assert_eq!(world.demux.destination(sari, &media(1)), Some(udp(HOME)));
    }
    assert!(!world.demux.by_path.contains_key(&udp(FOREIGN)));
}

#[test]
fn media_of_an_unknown_source_from_an_unknown_address_is_dropped_without_a_proof() {
    let mut world = World::new();
    world.connected("sari", udp(HOME), 7);
    world.pass(SILENT);
    let outcome = world.authentic(udp(FOREIGN), &media(8));
    assert_eq!(outcome, Outcome::Dropped(DropReason::UnknownAddress));
}

#[test]
fn a_check_repeated_from_another_address_moves_nothing_and_opens_nothing() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    let overheard = check("sari", true, 77);
    world.authentic(udp(HOME), &overheard);
    world.pass(Duration::from_secs(1));
    assert_eq!(world.authentic(udp(FOREIGN), &overheard), Outcome::Unchanged);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
    assert_eq!(
        world.authentic(udp(FOREIGN), &dtls()),
        Outcome::Dropped(DropReason::UnknownAddress)
    );
}

#[test]
fn a_spare_path_is_answered_where_it_asked_but_not_used() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.pass(Duration::from_secs(2));
    let spare = check("sari", false, 500);
    assert_eq!(world.authentic(udp(REBOUND), &spare), Outcome::Unchanged);
    assert_eq!(world.demux.destination(sari, &answer_to(&spare)), Some(udp(REBOUND)));
    assert_eq!(world.demux.destination(sari, &media(1)), Some(udp(HOME)));
}

#[test]
fn a_check_that_nominates_nothing_moves_a_path_that_is_dead() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.pass(SILENCE_BEFORE_UNCHOSEN);
    assert_eq!(world.check(udp(REBOUND), "sari", false), Outcome::Moved);
    assert_eq!(world.demux.current_path(sari), Some(udp(REBOUND)));
}

#[test]
fn the_first_nomination_wins_over_the_first_check_at_once() {
    let mut world = World::new();
    let sari = world.join("sari");
    world.check(udp(HOME), "sari", false);
    assert_eq!(world.check(Path::Tcp(ConnectionId(1)), "sari", true), Outcome::Moved);
    assert_eq!(world.demux.current_path(sari), Some(Path::Tcp(ConnectionId(1))));
}

#[test]
fn a_client_that_nominates_tcp_after_udp_went_silent_is_followed_and_back() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    let tcp = Path::Tcp(ConnectionId(3));
    assert_eq!(world.check(tcp, "sari", false), Outcome::Unchanged);
    world.pass(SILENT);
    assert_eq!(world.check(tcp, "sari", true), Outcome::Moved);
    assert_eq!(world.demux.current_path(sari), Some(tcp));
    world.pass(SILENT);
    assert_eq!(world.check(udp(HOME), "sari", true), Outcome::Moved);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
}

#[test]
fn a_closed_connection_hands_over_to_the_other_path() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    let tcp = Path::Tcp(ConnectionId(3));
    world.pass(SILENT);
    world.check(tcp, "sari", true);
    let moved = world.demux.forget_path(tcp).map(|member| member.participant_id);
    assert_eq!(moved, Some(sari));
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
    assert_eq!(world.demux.forget_path(udp(HOME)), None);
    assert_eq!(world.demux.current_path(sari), None);
}

#[test]
fn a_move_that_no_check_confirms_is_undone() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.pass(SILENT);
    world.authentic(udp(REBOUND), &media(7));
    world.pass(CONFIRM_WITHIN - Duration::from_millis(1));
    assert!(world.demux.expire(world.now).is_empty());
    world.pass(Duration::from_millis(1));
    assert_eq!(world.demux.expire(world.now).len(), 1);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
}

#[test]
fn a_move_that_a_check_confirms_stays() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.pass(SILENT);
    world.authentic(udp(REBOUND), &media(7));
    world.pass(Duration::from_secs(4));
    world.check(udp(REBOUND), "sari", false);
    world.pass(CONFIRM_WITHIN);
    assert!(world.demux.expire(world.now).is_empty());
    assert_eq!(world.demux.current_path(sari), Some(udp(REBOUND)));
}

#[test]
fn an_address_of_somebody_active_is_not_taken_over() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    let budi = world.join("budi");
    let taken = world.check(udp(HOME), "budi", true);
    assert_eq!(taken, Outcome::Dropped(DropReason::AddressTaken));
    assert_eq!(world.authentic(udp(HOME), &media(7)), Outcome::Unchanged);
    world.pass(KEEP_ADDRESS_FOR);
    world.check(udp(HOME), "budi", true);
    assert_eq!(world.demux.current_path(budi), Some(udp(HOME)));
    assert_eq!(world.demux.current_path(sari), None);
}

#[test]
fn a_source_number_stays_with_the_first_who_proved_it() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    let budi = world.connected("budi", udp("198.51.100.8:1"), 7);
    world.demux.remove(budi);
    world.pass(SILENT);
    assert_eq!(world.authentic(udp(REBOUND), &media(7)), Outcome::Moved);
    assert_eq!(world.demux.current_path(sari), Some(udp(REBOUND)));
}

#[test]
fn an_ice_restart_keeps_the_path_and_changes_the_name() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    let member = world.demux.member(sari).expect("is registered");
    world.demux.register(member, "sari-two".to_owned());
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
    assert_eq!(world.check(udp(REBOUND), "sari", true), Outcome::Dropped(DropReason::UnknownUser));
    world.pass(SILENT);
    assert_eq!(world.check(udp(REBOUND), "sari-two", true), Outcome::Moved);
}

#[test]
fn nothing_of_a_removed_participant_stays() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.demux.remove(sari);
    let demux = &world.demux;
    assert!(demux.is_empty() && demux.by_path.is_empty() && demux.by_ssrc.is_empty());
    assert!(demux.by_ufrag.is_empty());
}

#[test]
fn known_addresses_and_sources_are_bounded() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    for port in 0..100 {
        world.check(udp(&format!("198.51.100.7:{}", 1_000 + port)), "sari", false);
        world.authentic(udp(HOME), &media(1_000 + port));
    }
    assert_eq!(world.demux.by_path.len(), MAX_PATHS);
    assert_eq!(world.demux.by_ssrc.len(), MAX_SSRCS);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
}

#[test]
fn addresses_out_of_use_are_forgotten() {
    let mut world = World::new();
    let sari = world.connected("sari", udp(HOME), 7);
    world.check(udp(REBOUND), "sari", false);
    world.pass(FORGET_AFTER);
    assert!(world.demux.expire(world.now).is_empty());
    assert_eq!(world.demux.by_path.len(), 1);
    assert_eq!(world.demux.current_path(sari), Some(udp(HOME)));
}

#[test]
fn a_stranger_that_fails_often_is_not_even_tried() {
    let mut world = World::new();
    world.connected("sari", udp(HOME), 7);
    let mut tried = 0;
    for number in 0..1_000 {
        match world.spoofed(udp(FOREIGN), &check("sari", true, number)) {
            Outcome::Dropped(DropReason::WrongIntegrity) => tried += 1,
            outcome => assert_eq!(outcome, Outcome::Dropped(DropReason::RateLimited)),
        }
    }
    assert!(tried < 100, "{tried}");
    assert_eq!(world.authentic(udp(HOME), &media(7)), Outcome::Unchanged);
}
