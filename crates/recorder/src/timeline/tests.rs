use proptest::prelude::{ProptestConfig, prop_assert, proptest};

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

#[test]
fn jitter_is_no_glitch() {
    let mut timeline = Timeline::new(AUDIO);
    let mut delay = jitter(60);
    let mut last = None;
    for frame in 0..3_000_u32 {
        let placed = timeline.place(frame * 960, FRAME * frame + delay());
        if let Some(last) = last.replace(placed.at)
            && frame > 60
        {
            assert!(distance(placed.at, last + FRAME) < 0.5, "frame {frame}");
        }
    }
    assert!(distance(last.unwrap(), FRAME * 2_999) < 2.0);
}

#[test]
fn an_hour_of_drift_is_followed() {
    for parts_per_million in [-200.0, 200.0] {
        let mut timeline = Timeline::new(AUDIO);
        let mut delay = jitter(20);
        for frame in 0..180_000_u32 {
            // The source's crystal is off: its 20 ms are not ours.
            let sent = (FRAME * frame).mul_f64(1.0 + parts_per_million / 1e6);
            let placed = timeline.place(frame.wrapping_mul(960), sent + delay());
            assert!(distance(placed.at, sent) < 25.0, "frame {frame}: {:?} {sent:?}", placed.at);
        }
    }
}

#[test]
fn timestamps_wrap_around() {
    let mut timeline = Timeline::new(AUDIO);
    let begin = 0_u32.wrapping_sub(960 * 50);
    for frame in 0..100 {
        let placed = timeline.place(begin.wrapping_add(frame * 960), FRAME * frame);
        assert_eq!(placed.is_new_anchor, frame == 0);
        assert!(distance(placed.at, FRAME * frame) < 0.1);
    }
}

#[test]
fn a_gap_stays_a_gap() {
    let mut timeline = Timeline::new(AUDIO);
    timeline.place(0, ms(0));
    // DTX: nothing for ten minutes, while the source counts on.
    let placed = timeline.place(600 * AUDIO, ms(600_000));
    assert!(!placed.is_new_anchor);
    assert!(distance(placed.at, ms(600_000)) < 1.0);
}

#[test]
fn a_source_that_did_not_count_while_it_paused_gets_a_new_anchor() {
    let mut timeline = Timeline::new(AUDIO);
    timeline.place(0, ms(0));
    timeline.place(960, ms(20));
    let placed = timeline.place(1_920, ms(244_000));
    assert_eq!(placed, Placed { at: ms(244_000), is_new_anchor: true });
    assert_eq!(timeline.place(2_880, ms(244_025)).at, ms(244_020));
}

#[test]
fn a_source_that_jumps_gets_a_new_anchor() {
    for jump in [AUDIO * 100, 0_u32.wrapping_sub(AUDIO * 100)] {
        let mut timeline = Timeline::new(AUDIO);
        timeline.place(5_000, ms(0));
        let placed = timeline.place(jump, ms(20));
        assert_eq!(placed, Placed { at: ms(20), is_new_anchor: true });
    }
}

#[test]
fn frames_after_a_jam_stand_where_they_belong() {
    let mut timeline = Timeline::new(AUDIO);
    for frame in 0..500_u32 {
        // From 4 s to 5.5 s nothing gets through, then everything comes at once.
        let sent = FRAME * frame;
        let arrived = if (ms(4_000)..ms(5_500)).contains(&sent) { ms(5_500) } else { sent };
        let placed = timeline.place(frame * 960, arrived);
        assert!(distance(placed.at, sent) < 1.0, "frame {frame}");
    }
}

#[test]
fn a_path_that_got_slower_is_followed_slowly() {
    let mut timeline = Timeline::new(AUDIO);
    let mut last: Option<Duration> = None;
    for frame in 0..3_000_u32 {
        let delay = if frame < 500 { ms(10) } else { ms(110) };
        let placed = timeline.place(frame * 960, FRAME * frame + delay);
        if let Some(last) = last.replace(placed.at) {
            assert!(distance(placed.at, last + FRAME) < 0.2);
        }
    }
    assert!(distance(last.unwrap(), FRAME * 2_999 + ms(110)) < 1.0);
}

#[test]
fn a_first_frame_that_was_delayed_does_not_spoil_the_place() {
    let mut timeline = Timeline::new(AUDIO);
    timeline.place(0, ms(300));
    for frame in 1..100_u32 {
        timeline.place(
            frame * 960,
            FRAME * frame + if frame < 15 { ms(300) - FRAME * frame } else { ms(0) },
        );
    }
    assert!(distance(timeline.place(960 * 100, ms(2_000)).at, ms(2_000)) < 1.0);
}

#[test]
fn sound_and_picture_of_one_person_stay_together() {
    let mut audio = Timeline::new(AUDIO);
    let mut video = Timeline::new(90_000);
    let mut delay = jitter(40);
    for second in 0..600_u32 {
        let sent = Duration::from_secs(second.into());
        for frame in 0..25_u32 {
            let at = sent + FRAME * 2 * frame;
            let arrived = at + delay();
            let heard = audio.place(second * AUDIO + frame * 1_920, arrived);
            let seen = video.place(77 + second * 90_000 + frame * 3_600, at + delay());
            if second > 2 {
                assert!(distance(heard.at, seen.at) < 45.0, "second {second}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn time_never_goes_backwards(frames: Vec<(u32, u16)>) {
        let mut timeline = Timeline::new(90_000);
        let mut arrived = Duration::ZERO;
        let mut last = None;
        for (timestamp, pause_ms) in frames {
            arrived += ms(u64::from(pause_ms));
            let at = timeline.place(timestamp, arrived).at;
            prop_assert!(last.is_none_or(|last| last < at));
            last = Some(at);
        }
    }
}
