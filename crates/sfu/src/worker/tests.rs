use std::net::Ipv4Addr;

use jumpa_protocol::control::Subscription;
use jumpa_rtc::{Caller, CallerConfig, Certificate, Codec, IceCandidate};
use mio::Waker;

use super::*;
use crate::{
    SfuConfig,
    mailbox::{Mailbox, StayId},
};

struct Bench {
    worker: Worker,
    events: mpsc::Receiver<MediaEvent>,
    notices: mpsc::UnboundedReceiver<Notice>,
    _mailbox: Mailbox,
}

fn bench() -> Bench {
    let config =
        SfuConfig { bind: vec![Ipv4Addr::LOCALHOST.into()], media_port: 0, ..SfuConfig::default() };
    let sockets = WorkerSockets::bind(&config, &config.bind, 0, 1).expect("a free port");
    let poll = Poll::new().expect("a poll");
    let waker = Waker::new(poll.registry(), WAKE).expect("a waker");
    let (mailbox, inbox) = Mailbox::new(waker);
    let (event_sender, events) = mpsc::channel(100);
    let (notice_sender, notices) = mpsc::unbounded_channel();
    let peer = PeerConfig {
        certificate: Certificate::generate().expect("a certificate"),
        candidates: sockets.candidates.clone(),
        initial_estimate_bps: Some(1_000_000),
    };
    let parts = WorkerParts {
        index: 0,
        poll,
        sockets,
        inbox,
        events: event_sender,
        notices: notice_sender,
        peer,
    };
    let worker = Worker::new(parts).expect("a worker");
    Bench { worker, events, notices, _mailbox: mailbox }
}

fn offer() -> Offer {
    let config = CallerConfig {
        certificate: Certificate::generate().expect("a certificate"),
        local: IceCandidate { transport: Transport::Udp, address: (Ipv4Addr::LOCALHOST, 9).into() },
        audio_slots: 1,
        video_slots: 1,
        video_codecs: vec![Codec::Vp8],
        offers_red: false,
        camera_rids: Vec::new(),
    };
    let (_, offer) = Caller::offer(&config, Instant::now()).expect("an offer");
    Offer::parse(&offer).expect("our own offer")
}

impl Bench {
    fn join(&mut self, call_id: CallId) -> ParticipantId {
        let participant_id = ParticipantId::generate();
        let order = JoinOrder {
            request_id: 1,
            call_id,
            stay: StayId(7),
            participant_id,
            number: 1,
            offer: offer(),
            subscription: Subscription::Client,
        };
        self.worker.obey(Order::Join(Box::new(order)));
        participant_id
    }

    fn reported(&mut self) -> Vec<MediaEvent> {
        self.worker.outbox.flush();
        std::iter::from_fn(|| self.events.try_recv().ok()).collect()
    }

    fn noticed(&mut self) -> Vec<Notice> {
        std::iter::from_fn(|| self.notices.try_recv().ok()).collect()
    }
}

#[test]
fn a_defect_in_one_room_closes_that_room_and_no_other() {
    let mut bench = bench();
    let (broken, healthy) = (CallId::generate(), CallId::generate());
    let sari = bench.join(broken);
    let budi = bench.join(healthy);
    bench.reported();
    bench.noticed();

    let result = bench.worker.rooms.with(broken, |_| panic!("a defect, made for this test"));
    let survived: Option<()> = bench.worker.unless_failed(broken, result);

    assert_eq!(survived, None);
    let closed = MediaEvent::Participant {
        call_id: broken,
        participant_id: sari,
        event: ParticipantMediaEvent::Closed,
    };
    assert_eq!(bench.reported(), [closed]);
    assert_eq!(bench.noticed(), [Notice::RoomClosed { call_id: broken, stay: StayId(7) }]);
    assert_eq!(bench.worker.wire.stats.calls_failed, 1);
    assert!(!bench.worker.rooms.contains(broken));
    assert_eq!(bench.worker.demux.member(sari), None);
    assert!(bench.worker.rooms.has_participant(healthy, budi));
    assert!(bench.worker.demux.member(budi).is_some());
}

#[test]
fn a_participant_that_joins_again_replaces_its_connection() {
    let mut bench = bench();
    let call_id = CallId::generate();
    let sari = bench.join(call_id);
    let order = JoinOrder {
        request_id: 2,
        call_id,
        stay: StayId(7),
        participant_id: sari,
        number: 1,
        offer: offer(),
        subscription: Subscription::Client,
    };
    bench.worker.obey(Order::Join(Box::new(order)));
    let answers = bench
        .reported()
        .into_iter()
        .filter(|event| matches!(event, MediaEvent::Answered { result: Ok(_), .. }));
    assert_eq!(answers.count(), 2);
    assert_eq!(bench.worker.rooms.participant_ids(call_id), [sari]);
}

#[test]
fn a_worker_that_stops_answers_what_waits_in_its_mailbox() {
    let Bench { worker, mut events, _mailbox: mailbox, .. } = bench();
    for request_id in 10..13 {
        let order = Order::Negotiate {
            request_id,
            call_id: CallId::generate(),
            participant_id: ParticipantId::generate(),
            offer: Box::new(offer()),
        };
        mailbox.try_post(order).expect("there is room");
    }
    mailbox.stop();
    worker.run();
    let answered: Vec<u64> = std::iter::from_fn(|| events.try_recv().ok())
        .filter_map(|event| match event {
            MediaEvent::Answered { request_id, result: Err(ErrorCode::ServerClosing) } => {
                Some(request_id)
            }
            _ => None,
        })
        .collect();
    assert_eq!(answered, [10, 11, 12]);
}
