//! One function per target: takes any bytes, panics when something is wrong.

use std::{cell::RefCell, collections::VecDeque, sync::OnceLock, time::Duration};

use jumpa_rtc::{
    Caller, CallerConfig, Certificate, Codec, IceCandidate, Offer, Peer, PeerConfig, PeerEvent,
    Transport, h264, red, rtcp, vp8,
};

/// A session description, taken through parsing and two negotiations.
pub fn offer(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let now = jumpa_netsim::epoch();
    let Ok(offer) = Offer::parse(text) else {
        return;
    };
    let slots = offer.slots(jumpa_rtc::Kind::Video);
    let Ok((mut peer, answer)) = Peer::accept(peer_config(), offer, now) else {
        return;
    };
    assert!(answer.starts_with("v=0"));
    assert_eq!(peer.slots(jumpa_rtc::Kind::Video), slots);
    if let Ok(again) = Offer::parse(text) {
        let _ = peer.negotiate(again, now);
    }
    peer.handle_timeout(now + Duration::from_secs(1));
    while peer.poll_transmit().is_some() {}
}

/// A payload of VP8.
pub fn vp8(data: &[u8]) {
    let facts = vp8::facts(data);
    assert!(facts.starts_frame || !facts.starts_keyframe);
    assert!(facts.size.is_none() || facts.starts_keyframe);
    assert!(facts.picture_id.is_none_or(|id| id < 1 << 15));
    assert!(vp8::data(data).is_none_or(|behind| !behind.is_empty() && behind.len() < data.len()));
}

/// A payload of H.264.
pub fn h264(data: &[u8]) {
    let facts = h264::facts(data);
    assert!(facts.starts_frame || !facts.starts_keyframe);
    assert!(facts.size.is_none() || facts.starts_keyframe);
}

/// A payload of RED.
pub fn red(data: &[u8]) {
    let Some(parsed) = red::Red::parse(data) else {
        return;
    };
    assert!(parsed.primary(data).len() < data.len());
    let older: Vec<_> = parsed.older(data).collect();
    assert_eq!(older.len() + 1, parsed.blocks());
    let blocks = older.iter().map(|(_, block)| block.len()).sum::<usize>();
    assert!(blocks + parsed.primary(data).len() < data.len());
    let mut copy = data.to_vec();
    parsed.set_payload_type(&mut copy, 109);
    assert_eq!(red::Red::parse(&copy).as_ref(), Some(&parsed));
    assert!(parsed.has_payload_type(&copy, 109));
    assert_eq!(parsed.primary(&copy), parsed.primary(data));
}

/// A compound RTCP packet.
pub fn rtcp(data: &[u8]) {
    assert!(rtcp::lost_packets(data).len() <= 1_024);
    if rtcp::is_sound(data, Some(0)) {
        assert!(rtcp::is_sound(data, None));
    }
}

/// A datagram from anybody to a peer. With an odd first byte, which is taken off, the peer is
/// connected. It must not be taken for one of the client, and the connection must live on.
pub fn datagram(data: &[u8]) {
    let Some((mode, datagram)) = data.split_first() else {
        return;
    };
    // Made once: a stranger's datagrams leave no trace in a peer, which is what is tested.
    thread_local! {
        static FRESH: RefCell<Option<Peer>> = const { RefCell::new(None) };
        static CONNECTED: RefCell<Option<Peer>> = const { RefCell::new(None) };
    }
    if mode & 1 == 0 {
        FRESH.with_borrow_mut(|peer| strike(peer.get_or_insert_with(fresh_peer), datagram));
    } else {
        CONNECTED.with_borrow_mut(|peer| strike(peer.get_or_insert_with(connected_peer), datagram));
    }
}

fn strike(peer: &mut Peer, datagram: &[u8]) {
    let now = peer.poll_timeout().unwrap_or_else(jumpa_netsim::epoch);
    for transport in [Transport::Udp, Transport::Tcp] {
        assert!(!peer.accepts_stun(transport, datagram));
        assert!(!peer.handle_datagram(transport, datagram, now));
    }
    peer.handle_timeout(now);
    while peer.poll_transmit().is_some() {}
    while let Some(event) = peer.poll_event() {
        assert!(!matches!(event, PeerEvent::Media(_) | PeerEvent::Closed), "{event:?}");
    }
    assert!(peer.is_alive(), "a stranger's datagram closed the connection");
}

fn peer_config() -> &'static PeerConfig {
    static CONFIG: OnceLock<PeerConfig> = OnceLock::new();
    CONFIG.get_or_init(|| PeerConfig {
        certificate: Certificate::generate().expect("the library makes certificates"),
        candidates: vec![IceCandidate { transport: Transport::Udp, address: server() }],
        initial_estimate_bps: Some(1_000_000),
    })
}

fn server() -> std::net::SocketAddr {
    ([203, 0, 113, 5], 7882).into()
}

fn ends() -> (Peer, Caller) {
    let now = jumpa_netsim::epoch();
    let config = CallerConfig {
        certificate: peer_config().certificate.clone(),
        local: IceCandidate {
            transport: Transport::Udp,
            address: ([198, 51, 100, 7], 40_000).into(),
        },
        audio_slots: 1,
        video_slots: 1,
        video_codecs: vec![Codec::Vp8, Codec::H264],
        offers_red: true,
        camera_rids: Vec::new(),
    };
    let (mut caller, offer) = Caller::offer(&config, now).expect("the settings are consistent");
    let offer = Offer::parse(&offer).expect("our own offer is valid");
    let (peer, answer) = Peer::accept(peer_config(), offer, now).expect("the offer fits");
    caller.accept_answer(&answer, now).expect("our own answer is valid");
    (peer, caller)
}

fn fresh_peer() -> Peer {
    ends().0
}

/// A peer after the handshake, in virtual time that jumps from one timeout to the next.
fn connected_peer() -> Peer {
    let (mut peer, mut caller) = ends();
    let mut now = jumpa_netsim::epoch();
    let mut is_connected = false;
    for _ in 0..1_000 {
        now += Duration::from_millis(1);
        peer.handle_timeout(now);
        caller.handle_timeout(now);
        let mut up: VecDeque<Vec<u8>> = VecDeque::new();
        while let Some((_, transmit)) = caller.poll_transmit() {
            up.push_back(transmit.bytes);
        }
        for datagram in up {
            peer.handle_datagram(Transport::Udp, &datagram, now);
        }
        while let Some(transmit) = peer.poll_transmit() {
            caller.handle_datagram(Transport::Udp, server(), &transmit.bytes, now);
        }
        while let Some(event) = peer.poll_event() {
            is_connected |= matches!(event, PeerEvent::FastOpen);
        }
        if is_connected {
            return peer;
        }
    }
    panic!("the two ends did not connect");
}
