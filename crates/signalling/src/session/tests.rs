use super::*;

const JOIN: &str =
    r#"{"type":"join","request_id":1,"app_id":"klinik-sehat","room":"r","offer":"v=0"}"#;
const PING: &str = r#"{"type":"ping","request_id":2}"#;

fn joined(now: Instant) -> Session {
    let mut session = Session::new(now);
    assert!(matches!(session.handle_text(JOIN, now), Step::Join(1, _)));
    session
}

fn closed_with(step: &Step) -> Option<u16> {
    match step {
        Step::Close(_, code) => Some(*code),
        _ => None,
    }
}

fn error_of(step: &Step) -> Option<(Option<u32>, ErrorCode)> {
    match step {
        Step::Reply(ServerMessage::Error { request_id, code, .. })
        | Step::Close(Some(ServerMessage::Error { request_id, code, .. }), _) => {
            Some((*request_id, *code))
        }
        _ => None,
    }
}

/// A message of exactly this length with this beginning.
fn padded(head: &str, len: usize) -> String {
    let tail = r#"","more":""}"#;
    let text = format!("{head}{}{tail}", "x".repeat(len - head.len() - tail.len()));
    assert_eq!(text.len(), len);
    text
}

#[test]
fn the_first_message_is_a_join_or_a_resume() {
    let now = Instant::now();
    let resume = r#"{"type":"resume","request_id":1,"resume_token":"a.b","last_seq":4}"#;
    let step = Session::new(now).handle_text(resume, now);
    assert!(matches!(step, Step::Resume { request_id: 1, last_seq: 4, .. }));
    for first in [PING, r#"{"type":"leave","request_id":1}"#, r#"{"type":"x","request_id":1}"#] {
        let step = Session::new(now).handle_text(first, now);
        assert_eq!(closed_with(&step), Some(4001), "{first}");
    }
}

#[test]
fn a_first_message_that_cannot_be_read_closes() {
    let now = Instant::now();
    for first in ["", "{", "[]", "null", r#"{"type":"join","request_id":1}"#] {
        let mut session = Session::new(now);
        let step = session.handle_text(first, now);
        assert_eq!(closed_with(&step), Some(4001), "{first}");
        assert_eq!(session.take_refused_for(), Some(RefusedFor::Unreadable));
    }
}

#[test]
fn after_the_join_everything_goes_to_the_call() {
    let now = Instant::now();
    let mut session = joined(now);
    for text in [PING, JOIN, r#"{"type":"hologram","request_id":5}"#] {
        assert!(matches!(session.handle_text(text, now), Step::Forward(_)), "{text}");
    }
}

#[test]
fn a_later_message_that_cannot_be_read_is_answered_with_its_id() {
    let now = Instant::now();
    let mut session = joined(now);
    let step = session.handle_text(r#"{"type":"set_hand","request_id":9,"is_raised":"yes"}"#, now);
    assert_eq!(error_of(&step), Some((Some(9), ErrorCode::BadMessage)));
    assert_eq!(closed_with(&step), None);
    let step = session.handle_text("{", now);
    assert_eq!(error_of(&step), Some((None, ErrorCode::BadMessage)));
}

#[test]
fn nobody_waits_longer_than_10_s_for_the_first_message() {
    let now = Instant::now();
    let mut session = Session::new(now);
    let step = session.handle_timeout(now + Duration::from_millis(9_999));
    assert_eq!(closed_with(&step), None);
    let step = session.handle_timeout(now + Duration::from_secs(10));
    assert_eq!(closed_with(&step), Some(4001));
}

#[test]
fn after_a_refused_resume_there_are_10_s_for_a_join() {
    let now = Instant::now();
    let mut session = Session::new(now);
    let resume = r#"{"type":"resume","request_id":1,"resume_token":"a.b","last_seq":4}"#;
    session.handle_text(resume, now);
    session.resume_was_refused(now);
    assert!(matches!(session.handle_text(JOIN, now), Step::Join(1, _)));
    session.resume_was_refused(now);
    let step = session.handle_timeout(now + Duration::from_secs(10));
    assert_eq!(closed_with(&step), Some(4001));
}

#[test]
fn a_plain_message_has_at_most_64_kib() {
    let now = Instant::now();
    let head = r#"{"type":"send_chat","request_id":3,"text":""#;
    for (len, is_taken) in [(65_535, true), (65_536, true), (65_537, false)] {
        let mut session = joined(now);
        let step = session.handle_text(&padded(head, len), now);
        assert_eq!(matches!(step, Step::Forward(_)), is_taken, "{len}");
        assert_eq!(closed_with(&step), (!is_taken).then_some(1009));
    }
}

#[test]
fn a_message_with_an_offer_has_at_most_512_kib() {
    let now = Instant::now();
    let join = r#"{"type":"join","request_id":3,"app_id":"klinik-sehat","room":"r","offer":""#;
    let negotiate = r#"{"type":"negotiate","request_id":3,"offer":""#;
    for (len, is_taken) in [(524_287, true), (524_288, true), (524_289, false)] {
        let step = Session::new(now).handle_text(&padded(join, len), now);
        assert_eq!(matches!(step, Step::Join(..)), is_taken, "{len}");
        let step = joined(now).handle_text(&padded(negotiate, len), now);
        assert_eq!(matches!(step, Step::Forward(_)), is_taken, "{len}");
    }
}

#[test]
fn a_large_message_that_cannot_be_read_counts_as_too_large() {
    let now = Instant::now();
    let step = joined(now).handle_text(&"x".repeat(65_537), now);
    assert_eq!(closed_with(&step), Some(1009));
}

#[test]
fn a_burst_of_30_is_taken_the_31st_is_refused() {
    let now = Instant::now();
    let mut session = joined(now);
    for _ in 1..30 {
        assert!(matches!(session.handle_text(PING, now), Step::Forward(_)));
    }
    let step = session.handle_text(PING, now);
    assert_eq!(error_of(&step), Some((Some(2), ErrorCode::TooManyMessages)));
    assert_eq!(session.take_refused_for(), Some(RefusedFor::Rate));
}

#[test]
fn thirty_a_second_may_go_on_for_ever() {
    let start = Instant::now();
    let mut session = joined(start);
    for n in 1..3_000 {
        let now = start + Duration::from_millis(34 * n);
        assert!(matches!(session.handle_text(PING, now), Step::Forward(_)), "{n}");
    }
}

#[test]
fn who_goes_on_over_the_limit_is_closed() {
    let now = Instant::now();
    let mut session = joined(now);
    let steps: Vec<_> = (0..60).map(|_| session.handle_text(PING, now)).collect();
    let closed: Vec<_> = steps.iter().filter_map(closed_with).collect();
    assert_eq!(closed, [4008]);
    assert_eq!(closed_with(&steps[59]), Some(4008));
}

#[test]
fn who_pauses_after_refusals_is_forgiven() {
    let start = Instant::now();
    let mut session = joined(start);
    for round in 0..5 {
        let now = start + Duration::from_secs(2 * round);
        for _ in 0..50 {
            assert_eq!(closed_with(&session.handle_text(PING, now)), None);
        }
    }
}

#[test]
fn a_flood_of_pings_is_closed_too() {
    let now = Instant::now();
    let mut session = joined(now);
    let closed = (0..100).find_map(|_| closed_with(&session.handle_control(now)));
    assert_eq!(closed, Some(4008));
}

#[test]
fn a_binary_frame_closes() {
    let now = Instant::now();
    let mut session = joined(now);
    assert_eq!(closed_with(&session.handle_binary()), Some(1003));
    assert_eq!(session.take_refused_for(), Some(RefusedFor::Binary));
}

/// Runs the timeouts of a session until `until`; gives the number of pings and the close code.
fn run(session: &mut Session, until: Instant) -> (u32, Option<u16>) {
    let mut pings = 0;
    while session.poll_timeout() <= until {
        match session.handle_timeout(session.poll_timeout()) {
            Step::Ping => pings += 1,
            Step::Close(_, code) => return (pings, Some(code)),
            _ => {}
        }
    }
    (pings, None)
}

#[test]
fn a_silent_client_is_pinged_every_5_s_and_closed_after_15() {
    let start = Instant::now();
    let mut session = joined(start);
    assert_eq!(run(&mut session, start + Duration::from_millis(14_999)), (2, None));
    let (_, code) = run(&mut session, start + Duration::from_secs(15));
    assert_eq!(code, Some(4005));
}

#[test]
fn a_client_that_answers_pings_stays() {
    let start = Instant::now();
    let mut session = joined(start);
    for second in (0..3_600).step_by(5) {
        let now = start + Duration::from_secs(second);
        assert_eq!(run(&mut session, now).1, None);
        assert!(matches!(session.handle_control(now), Step::Nothing));
    }
}
