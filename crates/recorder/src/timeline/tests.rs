use proptest::prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest};

use super::*;

const AUDIO: u32 = 48_000;
const FRAME: Duration = Duration::from_millis(20);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// How far `a` is from `b`, milliseconds.
fn distance(a: Duration, b: Duration) -> f64 {
    (a.as_secs_f64() - b.as_secs_f64()).abs() * 1_000.0
}

/// Delays of a network that jitters, the same in every run: 0 to `most` milliseconds.
fn jitter(most: u64) -> impl FnMut() -> Duration {
    let mut state = 7_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ms((state >> 33) % (most + 1))
    }
}

/// The places of frames, each given by its timestamp and the time when it arrives.
fn placed(ticks_per_second: u32, frames: impl IntoIterator<Item = (u32, Duration)>) -> Vec<Placed> {
    let mut timeline = Timeline::new(ticks_per_second);
    let mut places = Vec::new();
    for (timestamp, arrived) in frames {
        timeline.push(timestamp, Observed { arrived, captured: None }, ());
        places.extend(std::iter::from_fn(|| timeline.pop(arrived)));
    }
    places.extend(std::iter::from_fn(|| timeline.flush()));
    places.into_iter().map(|(placed, ())| placed).collect()
}

/// Whether frames of 20 ms follow each other as they were made, to within `tolerance` milliseconds.
fn assert_even(places: &[Placed], tolerance: f64) {
    for (frame, pair) in places.windows(2).enumerate() {
        assert!(distance(pair[1].at, pair[0].at + FRAME) < tolerance, "frame {frame}: {pair:?}");
    }
}

#[test]
fn jitter_is_no_glitch() {
    let mut delay = jitter(60);
    let places = placed(AUDIO, (0..3_000_u32).map(|frame| (frame * 960, FRAME * frame + delay())));
    assert_even(&places, 0.5);
    assert!(distance(places[2_999].at, FRAME * 2_999) < 2.0);
}

#[test]
fn an_hour_of_drift_is_followed() {
    for parts_per_million in [-200.0, 200.0] {
        // The source's crystal is off: its 20 ms are not ours.
        let sent = |frame: u32| (FRAME * frame).mul_f64(1.0 + parts_per_million / 1e6);
        let mut delay = jitter(20);
        let frames = (0..180_000_u32).map(|frame| (frame.wrapping_mul(960), sent(frame) + delay()));
        for (frame, placed) in (0..).zip(placed(AUDIO, frames)) {
            assert!(distance(placed.at, sent(frame)) < 25.0, "frame {frame}: {placed:?}");
        }
    }
}

#[test]
fn timestamps_wrap_around() {
    let begin = 0_u32.wrapping_sub(960 * 50);
    let frames = (0..100).map(|frame| (begin.wrapping_add(frame * 960), FRAME * frame));
    for (frame, placed) in (0..).zip(placed(AUDIO, frames)) {
        assert_eq!(placed.is_new_anchor, frame == 0);
        assert!(distance(placed.at, FRAME * frame) < 0.1);
    }
}

#[test]
fn a_gap_stays_a_gap() {
    // DTX: nothing for ten minutes, while the source counts on.
    let places = placed(AUDIO, [(0, ms(0)), (600 * AUDIO, ms(600_000))]);
    assert!(!places[1].is_new_anchor);
    assert!(distance(places[1].at, ms(600_000)) < 1.0);
}

#[test]
fn a_source_that_did_not_count_while_it_paused_gets_a_new_anchor() {
    let frames = [(0, ms(0)), (960, ms(20)), (1_920, ms(244_000)), (2_880, ms(244_025))];
    let places = placed(AUDIO, frames);
    assert_eq!(places[2], Placed { at: ms(244_000), is_too_early: false, is_new_anchor: true });
    assert_eq!(places[3], Placed { at: ms(244_020), is_too_early: false, is_new_anchor: false });
}

#[test]
fn a_source_that_jumps_gets_a_new_anchor() {
    for jump in [AUDIO * 100, 0_u32.wrapping_sub(AUDIO * 100)] {
        let places = placed(AUDIO, [(5_000, ms(0)), (jump, ms(20))]);
        assert_eq!(places[1], Placed { at: ms(20), is_too_early: false, is_new_anchor: true });
    }
}

#[test]
fn frames_after_a_jam_stand_where_they_belong() {
    // From 4 s to 5.5 s nothing gets through, then everything comes at once.
    let arrived = |sent| if (ms(4_000)..ms(5_500)).contains(&sent) { ms(5_500) } else { sent };
    let frames = (0..500_u32).map(|frame| (frame * 960, arrived(FRAME * frame)));
    for (frame, placed) in (0..).zip(placed(AUDIO, frames)) {
        assert!(distance(placed.at, FRAME * frame) < 1.0, "frame {frame}");
    }
}

#[test]
fn a_jam_of_seconds_is_one_jump_however_many_frames_come_out_of_it() {
    // From 4 s to 8 s nothing gets through. Reports are not believed about what is so late at first.
    let mut timeline = Timeline::new(AUDIO);
    let mut places = Vec::new();
    for sent in (0..600_u32).map(|frame| FRAME * frame) {
        let arrived = if (ms(4_000)..ms(8_000)).contains(&sent) { ms(8_000) } else { sent };
        let captured = Some(sent).filter(|_| arrived - sent < ms(3_000));
        let timestamp = sent.as_millis() as u32 * 48;
        timeline.push(timestamp, Observed { arrived, captured }, sent);
        places.extend(std::iter::from_fn(|| timeline.pop(arrived)));
    }
    places.extend(std::iter::from_fn(|| timeline.flush()));
    assert!(places.iter().all(|(placed, sent)| distance(placed.at, *sent) < 1.0));
    let jumps = places.iter().filter(|(placed, _)| placed.is_new_anchor);
    assert_eq!(jumps.map(|(_, sent)| *sent).collect::<Vec<_>>(), [ms(0), ms(4_000)]);
}

#[test]
fn a_path_that_got_slower_is_followed_slowly() {
    let delay = |frame| if frame < 500 { ms(10) } else { ms(110) };
    let places =
        placed(AUDIO, (0..3_000_u32).map(|frame| (frame * 960, FRAME * frame + delay(frame))));
    assert_even(&places, 0.2);
    assert!(distance(places[2_999].at, FRAME * 2_999 + ms(110)) < 1.0);
}

#[test]
fn first_frames_that_were_delayed_do_not_spoil_the_place() {
    // The first 0.3 s come together.
    let arrived = |frame: u32| (FRAME * frame).max(ms(300));
    let places = placed(AUDIO, (0..100_u32).map(|frame| (frame * 960, arrived(frame))));
    assert_even(&places, 0.1);
    assert!(distance(places[99].at, FRAME * 99) < 0.1);
}

#[test]
fn a_jam_of_the_first_seconds_is_made_good_without_a_jerk() {
    // Half a second of delay that goes away within four seconds, as while the server learns what
    // the path carries.
    let delay = |frame: u32| ms(500_u64.saturating_sub(u64::from(frame) * 5 / 2));
    let places =
        placed(AUDIO, (0..1_000_u32).map(|frame| (frame * 960, FRAME * frame + delay(frame))));
    assert_even(&places, 2.1);
    assert!(distance(places[999].at, FRAME * 999) < 20.0);
}

#[test]
fn sound_and_picture_of_one_person_stay_together() {
    let mut delay = jitter(40);
    let sent: Vec<Duration> = (0..15_000_u32).map(|frame| FRAME * 2 * frame).collect();
    let ticks = |sent: &Duration, per_ms: u32| (sent.as_millis() as u32).wrapping_mul(per_ms);
    let heard: Vec<_> = sent.iter().map(|at| (ticks(at, 48), *at + delay())).collect();
    let seen: Vec<_> = sent.iter().map(|at| (77 + ticks(at, 90), *at + delay())).collect();
    for (heard, seen) in placed(AUDIO, heard).iter().zip(placed(90_000, seen)) {
        assert!(distance(heard.at, seen.at) < 45.0, "{heard:?} {seen:?}");
    }
}

/// One source of a person on the way to the recorder: each frame with when it was captured, when
/// it arrives, and, from `reported_from` on, when reports say that it was.
#[derive(Debug, Clone)]
struct Way {
    least_delay_ms: u64,
    jitter_ms: u64,
    first_ms: u64,
    reported_from: Duration,
    drift: f64,
}

impl Way {
    fn places(&self, ticks_per_second: u32, frame: Duration) -> Vec<(Duration, Placed)> {
        let mut delay = jitter(self.jitter_ms);
        let mut timeline = Timeline::new(ticks_per_second);
        let mut places = Vec::new();
        let count = (Duration::from_secs(30).as_nanos() / frame.as_nanos()) as u32;
        let mut newest = Duration::ZERO;
        for number in 0..count {
            let captured = ms(self.first_ms) + frame * number;
            newest = newest.max(captured + ms(self.least_delay_ms) + delay());
            let media = (frame * number).mul_f64(1.0 + self.drift).as_secs_f64();
            let timestamp = (media * f64::from(ticks_per_second)) as u32;
            let is_reported = newest >= self.reported_from;
            let observed = Observed { arrived: newest, captured: is_reported.then_some(captured) };
            timeline.push(timestamp, observed, captured);
            places.extend(std::iter::from_fn(|| timeline.pop(newest)));
        }
        places.extend(std::iter::from_fn(|| timeline.flush()));
        places.into_iter().map(|(placed, captured)| (captured, placed)).collect()
    }
}

fn way(reported_within_ms: u64) -> impl Strategy<Value = Way> {
    (20..200_u64, 0..80_u64, 0..2_000_u64, 0..=reported_within_ms, -2e-4..2e-4).prop_map(
        |(least_delay_ms, jitter_ms, first_ms, reported_after_ms, drift)| Way {
            least_delay_ms,
            jitter_ms,
            first_ms,
            reported_from: ms(first_ms + least_delay_ms + reported_after_ms),
            drift,
        },
    )
}

/// How far the places of a source are off from when it was captured at most, milliseconds.
fn largest_error(way: &Way, ticks_per_second: u32, frame: Duration, from: Duration) -> f64 {
    let places = way.places(ticks_per_second, frame).into_iter();
    let late = places.filter(|(captured, _)| *captured >= ms(way.first_ms) + from);
    late.map(|(captured, placed)| distance(placed.at, captured)).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_reported_from_the_first_second_on_stands_right_at_once(
        sound in way(1_000),
        picture in way(1_000),
    ) {
        for (way, ticks, frame) in [(&sound, AUDIO, FRAME), (&picture, 90_000, ms(40))] {
            let error = largest_error(way, ticks, frame, Duration::ZERO);
            prop_assert!(error < 22.0, "{way:?}: {error} ms");
        }
    }

    #[test]
    fn reports_that_come_later_bring_sound_and_picture_together(
        sound in way(5_000),
        picture in way(1_500),
    ) {
        for (way, ticks, frame) in [(&sound, AUDIO, FRAME), (&picture, 90_000, ms(40))] {
            let error = largest_error(way, ticks, frame, Duration::from_secs(20));
            prop_assert!(error < 22.0, "{way:?}: {error} ms");
        }
    }

    #[test]
    fn time_never_goes_backwards(frames: Vec<(u32, u16)>) {
        let mut arrived = Duration::ZERO;
        let count = frames.len();
        let places = placed(90_000, frames.into_iter().map(|(timestamp, pause_ms)| {
            arrived += ms(u64::from(pause_ms));
            (timestamp, arrived)
        }));
        prop_assert_eq!(places.len(), count);
        prop_assert!(places.windows(2).all(|pair| pair[0].at < pair[1].at));
    }
}
