//! A whole media node over real sockets on loopback.

mod client;

use std::{
    net::{IpAddr, SocketAddr},
    time::{Duration, Instant},
};

use jumpa_protocol::{
    CallId, ErrorCode, ParticipantId, SourceKind,
    control::{MediaCommand, MediaEvent, MediaJoin, ParticipantMediaEvent, Subscription},
};
use jumpa_rtc::Transport;
use jumpa_sfu::{Sfu, SfuConfig, demux::DropReason};
use tokio::{
    net::UdpSocket,
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::client::{Client, PATIENCE, call};

struct Node {
    sfu: Sfu,
    events: mpsc::Receiver<MediaEvent>,
    seen: Vec<MediaEvent>,
    next_request: u64,
}

impl Node {
    fn start(config: SfuConfig) -> Self {
        let (sfu, events) = Sfu::start(config).expect("starts");
        Self { sfu, events, seen: Vec::new(), next_request: 1 }
    }

    fn on_loopback() -> Self {
        Self::start(loopback())
    }

    fn address(&self, worker: usize) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.sfu.media_ports()[worker]))
    }

    async fn tell(&self, command: MediaCommand) {
        self.sfu.commands().send(command).await.expect("the node runs");
    }

    async fn event(&mut self) -> MediaEvent {
        timeout(PATIENCE, self.events.recv()).await.expect("in time").expect("the node runs")
    }

    async fn answer_of(&mut self, wanted: u64) -> Result<String, ErrorCode> {
        loop {
            match self.event().await {
                MediaEvent::Answered { request_id, result } if request_id == wanted => {
                    return result;
                }
                event => self.seen.push(event),
            }
        }
    }

    async fn request(
        &mut self,
        make: impl FnOnce(u64) -> MediaCommand,
    ) -> Result<String, ErrorCode> {
        let request_id = self.next_request;
        self.next_request += 1;
        self.tell(make(request_id)).await;
        self.answer_of(request_id).await
    }

    async fn join(
        &mut self,
        call_id: CallId,
        participant_id: ParticipantId,
        number: u32,
        offer: String,
    ) -> Result<String, ErrorCode> {
        let subscription = Subscription::Client;
        self.request(|request_id| {
            MediaCommand::Join(MediaJoin {
                request_id,
                call_id,
                participant_id,
                number,
                offer,
                subscription,
            })
        })
        .await
    }

    /// A joined client with an open microphone.
    async fn client(&mut self, call_id: CallId, transport: Transport, number: u32) -> Client {
        let (mut client, offer) = Client::new(transport, self.address(0)).await;
        let participant_id = client.participant_id;
        let answer = self.join(call_id, participant_id, number, offer).await.expect("an answer");
        client.accept_answer(&answer);
        let source = SourceKind::Microphone;
        self.tell(MediaCommand::SetSourceOpen { call_id, participant_id, source, is_open: true })
            .await;
        client
    }

    fn take_events(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            self.seen.push(event);
        }
    }

    fn reported(&self, participant_id: ParticipantId, event: &ParticipantMediaEvent) -> bool {
        self.seen.iter().any(|seen| {
            matches!(seen, MediaEvent::Participant { participant_id: id, event: it, .. }
                if *id == participant_id && it == event)
        })
    }
}

fn loopback() -> SfuConfig {
    SfuConfig {
        bind: vec![IpAddr::from([127, 0, 0, 1])],
        media_port: 0,
        workers: 1,
        pins_threads: false,
        ..SfuConfig::default()
    }
}

/// Runs clients, who all speak, until something holds for them.
async fn run_until(
    clients: &mut [&mut Client],
    what: &str,
    holds: impl Fn(&[&mut Client]) -> bool,
) {
    let give_up_at = Instant::now() + PATIENCE;
    while !holds(clients) {
        assert!(Instant::now() < give_up_at, "{what} took too long");
        for client in clients.iter_mut() {
            if client.is_connected() {
                client.speak();
            }
            client.turn().await;
        }
    }
}

fn all_connected(clients: &[&mut Client]) -> bool {
    clients.iter().all(|client| client.is_connected())
}

async fn hear_each_other(transport: Transport, config: SfuConfig) {
    let mut node = Node::start(config);
    let call_id = call();
    let mut sari = node.client(call_id, transport, 1).await;
    let mut budi = node.client(call_id, transport, 2).await;
    run_until(&mut [&mut sari, &mut budi], "connecting", all_connected).await;
    run_until(&mut [&mut sari, &mut budi], "hearing", |clients| {
        clients.iter().all(|client| client.media_received() >= 10)
    })
    .await;
    node.take_events();
    for client in [&sari, &budi] {
        assert!(node.reported(client.participant_id, &ParticipantMediaEvent::Connected));
    }
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_hear_each_other_over_udp() {
    hear_each_other(Transport::Udp, loopback()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_hear_each_other_over_tcp_where_udp_is_off() {
    hear_each_other(Transport::Tcp, SfuConfig { udp: false, ..loopback() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_heard_and_hears_on_after_a_nat_rebinding() {
    let mut node = Node::on_loopback();
    let call_id = call();
    let mut sari = node.client(call_id, Transport::Udp, 1).await;
    let mut budi = node.client(call_id, Transport::Udp, 2).await;
    run_until(&mut [&mut sari, &mut budi], "hearing", |clients| {
        clients.iter().all(|client| client.media_received() >= 5)
    })
    .await;
    sari.rebind().await;
    let before = (sari.media_received(), budi.media_received());
    let rebound_at = Instant::now();
    run_until(&mut [&mut sari, &mut budi], "hearing again", |clients| {
        clients[0].media_received() > before.0 + 5 && clients[1].media_received() > before.1 + 5
    })
    .await;
    assert!(rebound_at.elapsed() < Duration::from_secs(5), "{:?}", rebound_at.elapsed());
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ice_restart_is_answered_and_media_goes_on() {
    let mut node = Node::on_loopback();
    let call_id = call();
    let mut sari = node.client(call_id, Transport::Udp, 1).await;
    let mut budi = node.client(call_id, Transport::Udp, 2).await;
    run_until(&mut [&mut sari, &mut budi], "connecting", all_connected).await;
    let offer = sari.restart_ice();
    let participant_id = sari.participant_id;
    let answer = node
        .request(|request_id| MediaCommand::Negotiate {
            request_id,
            call_id,
            participant_id,
            offer,
        })
        .await
        .expect("an answer");
    sari.accept_answer(&answer);
    let before = (sari.media_received(), budi.media_received());
    run_until(&mut [&mut sari, &mut budi], "hearing again", |clients| {
        clients[0].media_received() > before.0 + 20 && clients[1].media_received() > before.1 + 20
    })
    .await;
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_request_is_answered_whatever_it_asks() {
    let mut node = Node::on_loopback();
    let call_id = call();
    let (client, offer) = Client::new(Transport::Udp, node.address(0)).await;
    let stranger = ParticipantId::generate();
    let negotiate = |participant_id: ParticipantId, offer: String| {
        move |request_id| MediaCommand::Negotiate { request_id, call_id, participant_id, offer }
    };
    let unknown = node.request(negotiate(stranger, offer.clone())).await;
    assert_eq!(unknown, Err(ErrorCode::CallEnded));
    let unreadable = node.join(call_id, stranger, 9, "v=0 nonsense".to_owned()).await;
    assert_eq!(unreadable, Err(ErrorCode::OfferInvalid));
    let too_big = node.join(call_id, stranger, 9, "v".repeat(600 * 1024)).await;
    assert_eq!(too_big, Err(ErrorCode::OfferInvalid));
    node.join(call_id, client.participant_id, 1, offer.clone()).await.expect("an answer");
    let not_here = node.request(negotiate(stranger, offer.clone())).await;
    assert_eq!(not_here, Err(ErrorCode::ParticipantUnknown));
    node.tell(MediaCommand::End { call_id }).await;
    let over = node.request(negotiate(client.participant_id, offer)).await;
    assert_eq!(over, Err(ErrorCode::CallEnded));
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_stops_says_goodbye_and_answers_what_waits() {
    let mut node = Node::on_loopback();
    let call_id = call();
    let mut sari = node.client(call_id, Transport::Udp, 1).await;
    run_until(&mut [&mut sari], "connecting", all_connected).await;
    let (_late, offer) = Client::new(Transport::Udp, node.address(0)).await;
    let commands = node.sfu.commands();
    for request_id in 1_000..1_020 {
        let join = MediaJoin {
            request_id,
            call_id,
            participant_id: ParticipantId::generate(),
            number: 2,
            offer: offer.clone(),
            subscription: Subscription::Client,
        };
        commands.send(MediaCommand::Join(join)).await.expect("the node runs");
    }
    node.sfu.shutdown().await;
    let mut answered = Vec::new();
    while let Some(event) = timeout(PATIENCE, node.events.recv()).await.expect("in time") {
        if let MediaEvent::Answered { request_id, .. } = event {
            answered.push(request_id);
        }
    }
    answered.sort_unstable();
    assert_eq!(answered, (1_000..1_020).collect::<Vec<_>>());
    run_until(&mut [&mut sari], "noticing the goodbye", |clients| clients[0].is_closed()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_goodbye_is_reported_closed() {
    let mut node = Node::on_loopback();
    let call_id = call();
    let mut sari = node.client(call_id, Transport::Udp, 1).await;
    // str0m says goodbye once its data channel is up.
    run_until(&mut [&mut sari], "opening the channel", |clients| clients[0].is_open()).await;
    sari.close();
    let give_up_at = Instant::now() + PATIENCE;
    while !node.reported(sari.participant_id, &ParticipantMediaEvent::Closed) {
        assert!(Instant::now() < give_up_at, "the goodbye was not noticed");
        sari.turn().await;
        node.take_events();
    }
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_get_no_byte_back_and_are_counted() {
    let mut node = Node::on_loopback();
    let call_id = call();
    let mut sari = node.client(call_id, Transport::Udp, 1).await;
    run_until(&mut [&mut sari], "connecting", all_connected).await;
    let stranger = UdpSocket::bind("127.0.0.1:0").await.expect("binds");
    let to = node.address(0);
    let forged_check =
        [&[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42][..], b"transaction1", &[0, 6, 0, 4], b"ab:c"]
            .concat();
    let hello = [&[22, 0xfe, 0xff][..], &[0; 60]].concat();
    for _ in 0..100 {
        for datagram in [&forged_check[..], &hello, &[0x80; 60], &[0xff; 20], &[]] {
            stranger.send_to(datagram, to).await.expect("sends");
        }
    }
    let give_up_at = Instant::now() + PATIENCE;
    let enough = |reason| node.sfu.stats().dropped_for(reason) >= 100;
    while !(enough(DropReason::UnknownUser)
        && enough(DropReason::UnknownAddress)
        && enough(DropReason::Malformed))
    {
        assert!(Instant::now() < give_up_at, "{:?}", node.sfu.stats());
        sari.turn().await;
    }
    let mut buffer = [0; 64];
    assert!(stranger.try_recv(&mut buffer).is_err(), "a stranger was answered");
    assert!(!sari.is_closed());
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_spread_over_the_workers() {
    let mut node = Node::start(SfuConfig { workers: 2, ..loopback() });
    let mut ports = Vec::new();
    for number in 0..2 {
        let (client, offer) = Client::new(Transport::Udp, node.address(0)).await;
        let answer = node.join(call(), client.participant_id, number, offer).await;
        let answer = answer.expect("an answer");
        let is_of = |port: &&u16| answer.contains(&format!(" {port} typ host"));
        ports.extend(node.sfu.media_ports().iter().find(is_of).copied());
    }
    ports.sort_unstable();
    let mut expected = node.sfu.media_ports().to_vec();
    expected.sort_unstable();
    assert_eq!(ports, expected);
    node.sfu.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_emptied_is_forgotten_and_can_begin_again() {
    let mut node = Node::on_loopback();
    let call_id = call();
    for round in 1..=2 {
        let (client, offer) = Client::new(Transport::Udp, node.address(0)).await;
        let participant_id = client.participant_id;
        node.join(call_id, participant_id, round, offer).await.expect("an answer");
        node.tell(MediaCommand::Leave { call_id, participant_id }).await;
    }
    let give_up_at = Instant::now() + PATIENCE;
    while node.sfu.stats().calls != 0 || node.sfu.stats().participants != 0 {
        assert!(Instant::now() < give_up_at, "{:?}", node.sfu.stats());
        sleep(Duration::from_millis(20)).await;
    }
    node.sfu.shutdown().await;
}
