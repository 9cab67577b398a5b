use jumpa_netsim::epoch;

use super::*;
use crate::ladder::Rung;

/// 180p at 150, 360p at 500 and 720p at 1,500 kbit/s, of which the first `live` are sent.
fn camera(live: usize) -> Ladder {
    let mut ladder = Ladder::default();
    for (tag, (height, kbps)) in [(180, 150), (360, 500), (720, 1_500)].into_iter().enumerate() {
        ladder.add(Rung {
            height,
            bitrate_bps: kbps * 1_000,
            is_live: tag < live,
            was_seen: true,
            tag: tag as u8,
        });
    }
    ladder
}

fn demand(max_height: u16, now: Now) -> Demand {
    Demand { priority: 0, max_height, ladder: camera(3), now }
}

fn plays(rung: usize) -> Choice {
    Choice::Play { playable: rung, wanted: rung }
}

/// A receiver that applies what it is given.
struct Receiver {
    allocator: Allocator,
    demands: Vec<Demand>,
    choices: Vec<Choice>,
}

impl Receiver {
    fn new(demands: Vec<Demand>) -> Self {
        Self { allocator: Allocator::default(), demands, choices: Vec::new() }
    }

    fn at(&mut self, ms: u64, kbps: u64) -> Vec<Choice> {
        let now = epoch() + Duration::from_millis(ms);
        let budget = Budget { lowest_bps: kbps * 1_000, total_bps: kbps * 1_000 };
        self.allocator.allocate(budget, &self.demands, &mut self.choices, now);
        for (demand, choice) in self.demands.iter_mut().zip(&self.choices) {
            demand.now = match choice {
                Choice::Nothing => Now::New,
                Choice::Pause => Now::Paused,
                Choice::Play { playable, .. } => Now::Plays(*playable),
            };
        }
        self.choices.clone()
    }
}

#[test]
fn a_wide_downlink_carries_what_each_slot_asks_for() {
    let mut receiver =
        Receiver::new(vec![demand(720, Now::New), demand(180, Now::New), demand(360, Now::New)]);
    assert_eq!(receiver.at(0, 5_000), [plays(2), plays(0), plays(1)]);
}

#[test]
fn everybody_gets_the_lowest_layer_before_anybody_gets_more() {
    let mut receiver = Receiver::new(vec![demand(720, Now::New); 4]);
    assert_eq!(receiver.at(0, 700), [plays(0); 4]);
}

#[test]
fn slots_of_equal_priority_are_raised_in_turns() {
    let mut receiver = Receiver::new(vec![demand(720, Now::New); 3]);
    assert_eq!(receiver.at(0, 1_700), [plays(1); 3]);
}

#[test]
fn a_higher_priority_is_raised_first() {
    let mut receiver = Receiver::new(vec![
        demand(720, Now::New),
        Demand { priority: 9, ..demand(720, Now::New) },
        demand(720, Now::New),
    ]);
    assert_eq!(receiver.at(0, 1_900), [plays(0), plays(2), plays(0)]);
}

#[test]
fn of_equal_priority_the_larger_tile_comes_first() {
    let mut receiver = Receiver::new(vec![demand(360, Now::New), demand(720, Now::New)]);
    assert_eq!(receiver.at(0, 200), [Choice::Pause, plays(0)]);
}

#[test]
fn what_cannot_get_its_lowest_layer_is_paused() {
    let mut receiver = Receiver::new(vec![demand(180, Now::New); 3]);
    assert_eq!(receiver.at(0, 320), [plays(0), plays(0), Choice::Pause]);
}

#[test]
fn a_source_that_sends_nothing_costs_nothing() {
    let silent = Demand { ladder: camera(0), ..demand(720, Now::New) };
    let mut receiver = Receiver::new(vec![silent, demand(180, Now::New)]);
    assert_eq!(receiver.at(0, 160), [Choice::Nothing, plays(0)]);
}

#[test]
fn a_layer_that_is_switched_off_is_wanted_while_a_smaller_one_plays() {
    let mut receiver = Receiver::new(vec![Demand { ladder: camera(1), ..demand(720, Now::New) }]);
    assert_eq!(receiver.at(0, 5_000), [Choice::Play { playable: 0, wanted: 2 }]);
}

#[test]
fn a_layer_that_is_switched_off_is_not_wanted_beyond_the_budget() {
    let mut receiver = Receiver::new(vec![Demand { ladder: camera(1), ..demand(720, Now::New) }]);
    assert_eq!(receiver.at(0, 600), [Choice::Play { playable: 0, wanted: 1 }]);
}

#[test]
fn a_drop_of_the_estimate_lowers_at_once() {
    let mut receiver = Receiver::new(vec![demand(720, Now::New)]);
    assert_eq!(receiver.at(0, 2_000), [plays(2)]);
    assert_eq!(receiver.at(100, 300), [plays(0)]);
}

#[test]
fn a_small_dip_changes_nothing() {
    let mut receiver = Receiver::new(vec![demand(720, Now::New)]);
    receiver.at(0, 2_000);
    assert_eq!(receiver.at(100, 1_440), [plays(2)]);
}

#[test]
fn nothing_is_raised_right_after_something_was_lowered() {
    let mut receiver = Receiver::new(vec![demand(720, Now::New)]);
    receiver.at(0, 2_000);
    receiver.at(100, 300);
    assert_eq!(receiver.at(2_000, 2_000), [plays(0)]);
    assert_eq!(receiver.at(2_101, 2_000), [plays(2)]);
}

#[test]
fn a_raise_needs_more_than_the_bare_bitrate() {
    let mut receiver = Receiver::new(vec![demand(720, Now::Plays(1))]);
    assert_eq!(receiver.at(0, 1_600), [plays(1)]);
    assert_eq!(receiver.at(100, 1_730), [plays(2)]);
}

#[test]
fn a_raise_that_fails_again_and_again_is_tried_less_often() {
    let mut receiver = Receiver::new(vec![demand(720, Now::New)]);
    let mut raises = 0;
    let mut plays_top = false;
    for ms in (0..60_000).step_by(100) {
        // The link carries 1 Mbit/s; the estimate is too high whenever the top layer is not sent.
        let choices = receiver.at(ms, if plays_top { 1_000 } else { 2_000 });
        raises += u32::from(!plays_top && choices == [plays(2)]);
        plays_top = choices == [plays(2)];
    }
    assert!((4..=8).contains(&raises), "{raises}");
}

#[test]
fn a_paused_slot_comes_back_when_there_is_room() {
    let mut receiver = Receiver::new(vec![demand(180, Now::Plays(0))]);
    assert_eq!(receiver.at(0, 100), [Choice::Pause]);
    assert_eq!(receiver.at(1_000, 400), [Choice::Pause]);
    assert_eq!(receiver.at(2_100, 160), [Choice::Pause]);
    assert_eq!(receiver.at(2_200, 400), [plays(0)]);
}

#[test]
fn the_desired_bitrate_is_that_of_all_asked_layers_whatever_the_budget() {
    let mut choices = Vec::new();
    let demands = [demand(720, Now::New), demand(360, Now::New)];
    let budget = Budget { lowest_bps: 0, total_bps: 0 };
    let outcome = Allocator::default().allocate(budget, &demands, &mut choices, epoch());
    let expected = Outcome { desired_bps: 2_000_000, used_bps: 0, is_satisfied: false };
    assert_eq!(outcome, expected);
}

#[test]
fn a_budget_that_is_mistrusted_lowers_but_does_not_pause() {
    let demands = [demand(720, Now::Plays(2))];
    let mut choices = Vec::new();
    let budget = Budget { lowest_bps: 1_000_000, total_bps: 100_000 };
    Allocator::default().allocate(budget, &demands, &mut choices, epoch());
    assert_eq!(choices, [plays(0)]);
}

#[test]
fn a_paused_picture_is_tried_again_after_a_while_and_given_some_time() {
    let mut receiver = Receiver::new(vec![demand(180, Now::Plays(0))]);
    assert_eq!(receiver.at(0, 100), [Choice::Pause]);
    assert_eq!(receiver.at(7_900, 100), [Choice::Pause]);
    assert_eq!(receiver.at(8_000, 100), [plays(0)]);
    assert_eq!(receiver.at(11_900, 100), [plays(0)]);
    assert_eq!(receiver.at(12_000, 100), [Choice::Pause]);
    assert_eq!(receiver.at(19_900, 100), [Choice::Pause]);
    assert_eq!(receiver.at(20_000, 100), [plays(0)]);
}

#[test]
fn a_hopeless_picture_is_not_tried_again() {
    let mut receiver = Receiver::new(vec![demand(180, Now::Plays(0))]);
    for ms in (0..60_000).step_by(500) {
        assert_eq!(receiver.at(ms, 70), [Choice::Pause]);
    }
}
