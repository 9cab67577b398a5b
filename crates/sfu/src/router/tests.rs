use std::{net::Ipv4Addr, time::Instant};

use jumpa_protocol::{SourceKind, control::Subscription};
use jumpa_rtc::{Caller, CallerConfig, Certificate, Codec, IceCandidate, Transport};
use mio::{Poll, Token, Waker};

use super::*;
use crate::mailbox::Inbox;

/// A router in front of workers that do nothing by themselves.
struct Desk {
    commands: mpsc::Sender<MediaCommand>,
    events: mpsc::Receiver<MediaEvent>,
    notices: mpsc::UnboundedSender<Notice>,
    inboxes: Vec<Inbox>,
    mailboxes: Vec<Mailbox>,
    stop: watch::Sender<bool>,
    _polls: Vec<Poll>,
}

fn desk(workers: usize) -> Desk {
    let (commands, command_receiver) = mpsc::channel(64);
    let (event_sender, events) = mpsc::channel(64);
    let (notices, notice_receiver) = mpsc::unbounded_channel();
    let (stop, is_stopping) = watch::channel(false);
    let (mut polls, mut mailboxes, mut inboxes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..workers {
        let poll = Poll::new().expect("a poll");
        let waker = Waker::new(poll.registry(), Token(0)).expect("a waker");
        let (mailbox, inbox) = Mailbox::new(waker);
        polls.push(poll);
        mailboxes.push(mailbox);
        inboxes.push(inbox);
    }
    let parts = RouterParts {
        commands: command_receiver,
        events: event_sender,
        mailboxes: mailboxes.clone(),
        notices: notice_receiver,
        notice_sender: notices.clone(),
        is_stopping,
    };
    tokio::spawn(Router::new(parts).run());
    Desk { commands, events, notices, inboxes, mailboxes, stop, _polls: polls }
}

fn offer() -> String {
    let config = CallerConfig {
        certificate: Certificate::generate().expect("a certificate"),
        local: IceCandidate { transport: Transport::Udp, address: (Ipv4Addr::LOCALHOST, 9).into() },
        audio_slots: 1,
        video_slots: 1,
        video_codecs: vec![Codec::Vp8],
        offers_red: false,
        camera_rids: Vec::new(),
    };
    Caller::offer(&config, Instant::now()).expect("an offer").1
}

fn join(request_id: u64, call_id: CallId, offer: String) -> MediaCommand {
    MediaCommand::Join(MediaJoin {
        request_id,
        call_id,
        participant_id: ParticipantId::generate(),
        number: 1,
        offer,
        subscription: Subscription::Client,
    })
}

fn negotiate(request_id: u64, call_id: CallId) -> MediaCommand {
    let participant_id = ParticipantId::generate();
    MediaCommand::Negotiate { request_id, call_id, participant_id, offer: offer() }
}

impl Desk {
    async fn tell(&self, command: MediaCommand) {
        self.commands.send(command).await.expect("the router runs");
    }

    async fn refused(&mut self) -> (u64, ErrorCode) {
        match self.events.recv().await.expect("the router runs") {
            MediaEvent::Answered { request_id, result: Err(code) } => (request_id, code),
            event => panic!("{event:?} is no refusal"),
        }
    }

    async fn order(&mut self, worker: usize) -> Order {
        self.inboxes[worker].orders.recv().await.expect("the router runs")
    }
}

#[tokio::test]
async fn orders_of_a_call_keep_their_order_behind_an_offer_that_is_being_parsed() {
    let mut desk = desk(1);
    let (call_id, participant_id) = (CallId::generate(), ParticipantId::generate());
    desk.tell(join(1, call_id, offer())).await;
    let source = SourceKind::Microphone;
    for is_open in [true, false] {
        desk.tell(MediaCommand::SetSourceOpen { call_id, participant_id, source, is_open }).await;
    }
    desk.tell(MediaCommand::Leave { call_id, participant_id }).await;
    assert!(matches!(desk.order(0).await, Order::Join(join) if join.request_id == 1));
    assert!(matches!(desk.order(0).await, Order::SetSourceOpen { is_open: true, .. }));
    assert!(matches!(desk.order(0).await, Order::SetSourceOpen { is_open: false, .. }));
    assert!(matches!(desk.order(0).await, Order::Leave { .. }));
}

#[tokio::test]
async fn a_full_mailbox_refuses_a_join_and_the_call_is_forgotten() {
    let mut desk = desk(1);
    while desk.mailboxes[0].try_post(Order::End { call_id: CallId::generate() }).is_ok() {}
    let call_id = CallId::generate();
    desk.tell(join(1, call_id, offer())).await;
    assert_eq!(desk.refused().await, (1, ErrorCode::MediaUnavailable));
    // The refusal is noticed after it is answered; asking until then has no other end.
    let mut request_id = 2;
    loop {
        desk.tell(negotiate(request_id, call_id)).await;
        match desk.refused().await {
            (_, ErrorCode::MediaUnavailable) => request_id += 1,
            refused => break assert_eq!(refused, (request_id, ErrorCode::CallEnded)),
        }
    }
}

#[tokio::test]
async fn a_worker_that_is_gone_is_answered_for() {
    let mut desk = desk(1);
    desk.inboxes.clear();
    desk.tell(join(1, CallId::generate(), offer())).await;
    assert_eq!(desk.refused().await, (1, ErrorCode::ServerClosing));
}

#[tokio::test]
async fn commands_that_wait_when_the_node_stops_are_answered() {
    let mut desk = desk(1);
    desk.stop.send_replace(true);
    for request_id in 1..=3 {
        // The router may have closed its end already: then nobody waits for an answer.
        if desk.commands.send(negotiate(request_id, CallId::generate())).await.is_err() {
            break;
        }
    }
    while let Some(event) = desk.events.recv().await {
        let MediaEvent::Answered { result, .. } = event else { panic!("{event:?}") };
        assert!(matches!(result, Err(ErrorCode::ServerClosing | ErrorCode::CallEnded)));
    }
}

#[tokio::test]
async fn new_calls_go_where_the_fewest_are() {
    let mut desk = desk(2);
    let (first, second) = (CallId::generate(), CallId::generate());
    desk.tell(join(1, first, offer())).await;
    desk.tell(join(2, second, offer())).await;
    assert!(matches!(desk.order(0).await, Order::Join(join) if join.call_id == first));
    assert!(matches!(desk.order(1).await, Order::Join(join) if join.call_id == second));
}

#[tokio::test]
async fn a_call_whose_room_closed_is_forgotten_unless_somebody_is_on_the_way() {
    let mut desk = desk(1);
    let call_id = CallId::generate();
    desk.tell(join(1, call_id, offer())).await;
    let Order::Join(first) = desk.order(0).await else { panic!("no join") };
    let stay = first.stay;
    desk.tell(join(2, call_id, offer())).await;
    assert!(matches!(desk.order(0).await, Order::Join(join) if join.stay == stay));
    let tell = |notice| desk.notices.send(notice).expect("the router runs");
    tell(Notice::JoinSettled { call_id, stay, has_room: true });
    tell(Notice::RoomClosed { call_id, stay });
    tell(Notice::JoinSettled { call_id, stay, has_room: true });
    desk.tell(negotiate(3, call_id)).await;
    assert!(matches!(desk.order(0).await, Order::Negotiate { request_id: 3, .. }));
    desk.notices.send(Notice::RoomClosed { call_id, stay }).expect("the router runs");
    let mut request_id = 4;
    while desk.events.is_empty() {
        // Notices and commands are taken in any order.
        desk.tell(negotiate(request_id, call_id)).await;
        tokio::task::yield_now().await;
        while desk.inboxes[0].orders.try_recv().is_ok() {}
        request_id += 1;
    }
    assert_eq!(desk.refused().await.1, ErrorCode::CallEnded);
}
