use jumpa_netsim::epoch;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::test_packet::{keyframe, packet};

const X: LayerKey =
    LayerKey { source: SourceKey { member: 1, kind: SourceKind::Camera }, layer: 0 };
const Y: LayerKey =
    LayerKey { source: SourceKey { member: 2, kind: SourceKind::Camera }, layer: 0 };

const fn number(layer: LayerKey) -> SourceNumber {
    SourceNumber::new(layer.source.member as u32, layer.source.kind)
}

/// A slot with what it sent.
struct Receiver {
    slot: VideoSlot,
    sent: Vec<OutPacket>,
}

impl Receiver {
    /// A slot that plays X, whose packets 100 and 101 went out.
    fn of_x() -> Self {
        let mut receiver = Self { slot: VideoSlot::default(), sent: Vec::new() };
        receiver.wish(X);
        receiver.slot.aim(X, epoch());
        receiver.take(X, &keyframe(packet(1, 100, 0), 180));
        receiver.take(X, &packet(1, 101, 33));
        receiver
    }

    fn wish(&mut self, layer: LayerKey) {
        let wish = Wish {
            participant_id: participant(layer),
            kind: layer.source.kind,
            max_height: 720,
            priority: 0,
        };
        self.slot.set_wish(Some(wish), Some(layer.source));
    }

    fn take(&mut self, from: LayerKey, packet: &MediaPacket) -> Forwarded {
        self.slot.forward(from, number(from), packet, &mut self.sent)
    }

    fn owners(&self) -> Vec<u32> {
        self.sent.iter().filter_map(|packet| packet.csrc).collect()
    }

    fn seqs(&self) -> Vec<u64> {
        self.sent.iter().map(|packet| packet.seq).collect()
    }
}

fn participant(layer: LayerKey) -> ParticipantId {
    // Any two different ids do: 16 equal bytes each.
    format!("par_{}", format!("{:02x}", layer.source.member).repeat(16))
        .parse()
        .expect("32 hexadecimal digits")
}

#[test]
fn nothing_is_sent_before_a_keyframe() {
    let mut receiver = Receiver { slot: VideoSlot::default(), sent: Vec::new() };
    receiver.wish(X);
    assert!(receiver.slot.aim(X, epoch()));
    assert_eq!(receiver.take(X, &packet(1, 99, 0)), Forwarded::NeedsKeyframe);
    assert!(receiver.sent.is_empty());
}

#[test]
fn every_packet_names_its_source() {
    assert_eq!(Receiver::of_x().owners(), [number(X).0; 2]);
}

#[test]
fn the_old_source_goes_on_until_the_keyframe_of_the_new_one() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    receiver.slot.aim(Y, epoch());
    receiver.take(X, &packet(1, 102, 66));
    receiver.take(Y, &packet(2, 500, 70));
    receiver.take(X, &packet(1, 103, 99));
    receiver.take(Y, &keyframe(packet(2, 501, 103), 180));
    let (x, y) = (number(X).0, number(Y).0);
    assert_eq!(receiver.owners(), [x, x, x, x, y]);
    assert_eq!(receiver.seqs(), [1, 2, 3, 4, 5]);
}

#[test]
fn nothing_of_the_old_source_is_sent_after_the_new_one() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    receiver.slot.aim(Y, epoch());
    receiver.take(Y, &keyframe(packet(2, 501, 103), 180));
    receiver.take(X, &packet(1, 102, 104));
    receiver.take(X, &keyframe(packet(1, 103, 120), 180));
    assert_eq!(receiver.owners().last(), Some(&number(Y).0));
    assert_eq!(receiver.sent.len(), 3);
}

#[test]
fn what_overtook_the_start_of_the_keyframe_is_sent_behind_it() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    receiver.slot.aim(Y, epoch());
    for seq in [498, 503, 502] {
        receiver.take(Y, &packet(2, seq, 90));
    }
    receiver.take(Y, &keyframe(packet(2, 501, 103), 180));
    receiver.take(Y, &packet(2, 504, 104));
    receiver.take(Y, &packet(2, 502, 105));
    assert_eq!(receiver.seqs(), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn an_emptied_slot_stops_at_once() {
    let mut receiver = Receiver::of_x();
    receiver.slot.set_wish(None, None);
    receiver.take(X, &packet(1, 102, 66));
    assert_eq!(receiver.sent.len(), 2);
}

#[test]
fn a_source_that_was_closed_is_not_forwarded_even_while_another_is_waited_for() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    receiver.slot.aim(Y, epoch());
    receiver.slot.drop_source(X.source);
    receiver.take(X, &packet(1, 102, 66));
    assert_eq!(receiver.sent.len(), 2);
}

#[test]
fn the_old_source_does_not_go_on_for_ever() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    receiver.slot.aim(Y, epoch());
    assert!(!receiver.slot.give_up_waiting(epoch() + MAX_WAIT - Duration::from_millis(1)));
    assert!(receiver.slot.give_up_waiting(epoch() + MAX_WAIT));
    receiver.take(X, &packet(1, 102, 3_000));
    assert_eq!(receiver.sent.len(), 2);
}

#[test]
fn a_lower_layer_of_the_same_source_may_be_waited_for_without_end() {
    let mut receiver = Receiver::of_x();
    receiver.slot.aim(LayerKey { layer: 1, ..X }, epoch());
    assert!(!receiver.slot.give_up_waiting(epoch() + MAX_WAIT * 10));
}

#[test]
fn a_draining_slot_sends_nothing_until_the_lower_layer_begins_and_still_counts_as_playing() {
    let low = LayerKey { layer: 1, ..X };
    let mut receiver = Receiver::of_x();
    receiver.slot.changed_state();
    receiver.slot.aim(low, epoch());
    receiver.slot.crowd();
    receiver.slot.stop_until_next();
    receiver.take(X, &packet(1, 102, 66));
    assert_eq!(receiver.sent.len(), 2);
    assert_eq!(receiver.slot.changed_state(), None);
    receiver.take(low, &keyframe(packet(9, 7, 99), 90));
    assert_eq!(receiver.seqs(), [1, 2, 3]);
    let switched_at = epoch() + Duration::from_millis(99);
    let confirms =
        [499, 500, 501].map(|ms| receiver.slot.confirms(switched_at + Duration::from_millis(ms)));
    assert_eq!(confirms, [false, true, false]);
    assert_eq!(receiver.slot.changed_state(), None);
}

#[test]
fn an_encoding_that_restarts_goes_on_from_its_keyframe() {
    let mut receiver = Receiver::of_x();
    assert_eq!(receiver.take(X, &packet(7, 9_000, 60)), Forwarded::NeedsKeyframe);
    assert!(receiver.slot.waits_for(X));
    receiver.take(X, &keyframe(packet(7, 9_001, 70), 180));
    receiver.take(X, &packet(1, 102, 71));
    receiver.take(X, &packet(7, 9_002, 80));
    assert_eq!(receiver.seqs(), [1, 2, 3, 4]);
}

#[test]
fn a_hole_too_large_to_repair_needs_a_keyframe() {
    let mut receiver = Receiver::of_x();
    assert_eq!(receiver.take(X, &packet(1, 5_000, 3_000)), Forwarded::NeedsKeyframe);
    assert!(receiver.slot.waits_for(X));
    receiver.take(X, &keyframe(packet(1, 5_001, 3_033), 180));
    assert_eq!(receiver.seqs(), [1, 2, 3]);
}

#[test]
fn a_hole_in_the_old_source_does_not_bring_it_back_instead_of_the_new_one() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    receiver.slot.aim(Y, epoch());
    receiver.take(X, &packet(1, 5_000, 50));
    receiver.take(X, &keyframe(packet(1, 5_001, 60), 180));
    assert_eq!(receiver.sent.len(), 2);
    receiver.take(Y, &keyframe(packet(2, 7, 70), 180));
    assert_eq!(receiver.owners().last(), Some(&number(Y).0));
}

#[test]
fn a_recovering_receiver_waits_until_a_keyframe_was_forwarded() {
    let mut receiver = Receiver::of_x();
    assert_eq!(receiver.slot.recover(), Some(X));
    receiver.take(X, &packet(1, 102, 66));
    assert!(receiver.slot.waits_for(X));
    receiver.take(X, &keyframe(packet(1, 103, 99), 180));
    assert!(!receiver.slot.waits_for(X));
}

#[test]
fn the_state_tells_waiting_playing_paused_and_empty_once_each() {
    let (participant_id, source) = (participant(X), SourceKind::Camera);
    let mut receiver = Receiver { slot: VideoSlot::default(), sent: Vec::new() };
    assert_eq!(receiver.slot.changed_state(), None);
    receiver.wish(X);
    receiver.slot.aim(X, epoch());
    let waiting = SlotState::Waiting { participant_id, source };
    assert_eq!(receiver.slot.changed_state(), Some(waiting));
    receiver.take(X, &keyframe(packet(1, 100, 0), 180));
    let playing = SlotState::Playing { participant_id, source };
    assert_eq!(receiver.slot.changed_state(), Some(playing));
    assert_eq!(receiver.slot.changed_state(), None);
    receiver.slot.pause();
    let paused = SlotState::Paused { participant_id, source };
    assert_eq!(receiver.slot.changed_state(), Some(paused));
    receiver.slot.set_wish(None, None);
    assert_eq!(receiver.slot.changed_state(), Some(SlotState::Empty));
}

#[test]
fn a_slot_that_plays_another_source_than_the_wished_one_is_waiting() {
    let mut receiver = Receiver::of_x();
    receiver.wish(Y);
    let waiting = SlotState::Waiting { participant_id: participant(Y), source: SourceKind::Camera };
    assert_eq!(receiver.slot.changed_state(), Some(waiting));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever order packets of two sources arrive in, with losses and duplicates: no number is
    /// sent twice, and nothing of X follows Y.
    #[test]
    fn numbers_are_unique_and_sources_do_not_mix(
        order in proptest::collection::vec((any::<bool>(), 0_u64..40, any::<bool>()), 1..300),
    ) {
        let mut receiver = Receiver::of_x();
        receiver.wish(Y);
        receiver.slot.aim(Y, epoch());
        for (is_x, step, is_keyframe) in order {
            let (layer, ssrc, base) = if is_x { (X, 1, 90) } else { (Y, 2, 70_000) };
            let plain = packet(ssrc, base + step, 40);
            let packet = if is_keyframe { keyframe(plain, 180) } else { plain };
            receiver.take(layer, &packet);
        }
        let mut seqs = receiver.seqs();
        seqs.sort_unstable();
        seqs.dedup();
        prop_assert_eq!(seqs.len(), receiver.sent.len());
        let x = number(X).0;
        let first_y = receiver.sent.iter().filter(|sent| sent.csrc != Some(x)).map(|sent| sent.seq).min();
        let last_x = receiver.sent.iter().filter(|sent| sent.csrc == Some(x)).map(|sent| sent.seq).max();
        prop_assert!(first_y.is_none() || last_x < first_y);
    }
}
