//! The client's side of a connection: makes offers. Used by the Rust client and by simulations.

use std::{
    collections::{HashMap, VecDeque},
    net::SocketAddr,
    time::{Duration, Instant},
};

use str0m::{
    Event, IceConnectionState, Input,
    bwe::{Bitrate, BweKind},
    change::{SdpAnswer, SdpApi, SdpOffer, SdpPendingOffer},
    channel::{ChannelConfig, ChannelId, Reliability},
    media::{Direction, KeyframeRequestKind, MediaKind, Mid, Simulcast, SimulcastLayer},
    net::{Protocol, TcpType},
    rtp::RtpPacket,
};

use crate::{
    CallerConfig, Codec, FAST_LABEL, IceCandidate, Kind, Line, MediaPacket, OutPacket, Rid,
    RtcError, Slot, Transmit, Transport,
    engine::{self, Engine, MAX_FAST_BACKLOG, Produced},
    history,
    rtp::{self, PayloadTypes, Place},
};

/// First guess of what the uplink carries, bits per second: one camera in three sizes.
const INITIAL_ESTIMATE_BPS: u64 = 2_500_000;
/// How often a path that works is checked, at the longest. The server answers each check, so a
/// client that hears nothing for twice as long knows that its path is dead.
const MAX_CHECK_INTERVAL: Duration = Duration::from_millis(700);
/// What a client would send at most: camera and screen. Probing aims at it.
const DESIRED_BPS: u64 = 5_000_000;

/// What happened on a connection.
#[derive(Debug)]
pub enum CallerEvent {
    /// ICE and DTLS are done; media can flow.
    Connected,
    /// ICE lost the server; a restart may help.
    Disconnected,
    /// The connection is over.
    Closed,
    /// A media packet came on a slot.
    Media(MediaPacket),
    /// The server asks for a keyframe of a line, of one encoding when it has several.
    KeyframeRequested(Line, Option<Rid>),
    /// What the uplink carries, bits per second.
    Estimate(u64),
    /// The data channel is open.
    FastOpen,
    /// A text message came over the data channel.
    Fast(String),
}

/// Where a packet of the client is sent: a line, and the encoding of a line that has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendLayer {
    /// The sending m-line.
    pub line: Line,
    /// The encoding.
    pub rid: Option<Rid>,
}

/// One connection to the server.
pub struct Caller {
    engine: Engine,
    local: IceCandidate,
    pending: Option<Pending>,
    lines: Vec<LineState>,
    /// The encodings of the camera until the first answer.
    rids: Vec<Rid>,
    audio_slots: Vec<Mid>,
    video_slots: Vec<Mid>,
    places: HashMap<Mid, Place>,
    known_streams: HashMap<u32, Place>,
    fast: Option<ChannelId>,
    is_connected: bool,
    said_closed: bool,
    unflushed: bool,
    now: Instant,
    transmits: VecDeque<(SocketAddr, Transmit)>,
    events: VecDeque<CallerEvent>,
}

/// An offer that waits for its answer.
struct Pending {
    offer: SdpPendingOffer,
    audio_slots: Vec<Mid>,
    video_slots: Vec<Mid>,
    /// Whether it restarts ICE; the local candidate is told again then.
    restarts_ice: bool,
}

#[derive(Debug)]
struct LineState {
    mid: Mid,
    types: PayloadTypes,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller")
            .field("local", &self.local)
            .field("is_connected", &self.is_connected)
            .finish_non_exhaustive()
    }
}

impl Caller {
    /// Makes a connection and its first offer: four sending m-lines (microphone, camera, screen,
    /// screen audio), the slots, the data channel.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] when the settings are inconsistent.
    pub fn offer(config: &CallerConfig, now: Instant) -> Result<(Self, String), RtcError> {
        let mut rtc_config = engine::config(
            &config.certificate,
            Some(INITIAL_ESTIMATE_BPS),
            engine::CLIENT_REPORT_INTERVAL,
        );
        rtc_config = engine::enable_codec(rtc_config, Codec::Opus, config.offers_red);
        for codec in &config.video_codecs {
            if matches!(codec, Codec::Opus | Codec::Red) {
                return Err(RtcError::Negotiation("a sound codec is no video codec".into()));
            }
            rtc_config = engine::enable_codec(rtc_config, *codec, false);
        }
        rtc_config.set_max_stun_rto(MAX_CHECK_INTERVAL);
        let mut engine = Engine::new(rtc_config, now);
        let candidate = engine::candidate(config.local, TcpType::Active)?;
        engine.with(|rtc| rtc.add_local_candidate(candidate).is_some());
        let mut caller = Self {
            engine,
            local: config.local,
            pending: None,
            lines: Vec::new(),
            rids: config.camera_rids.clone(),
            audio_slots: Vec::new(),
            video_slots: Vec::new(),
            places: HashMap::new(),
            known_streams: HashMap::new(),
            fast: None,
            is_connected: false,
            said_closed: false,
            unflushed: false,
            now,
            transmits: VecDeque::new(),
            events: VecDeque::new(),
        };
        let offer = caller.first_offer(config)?;
        Ok((caller, offer))
    }

    fn first_offer(&mut self, config: &CallerConfig) -> Result<String, RtcError> {
        let mut lines = Vec::new();
        let offer = self.make_offer(config.audio_slots, config.video_slots, false, |api| {
            for (kind, is_camera) in [
                (MediaKind::Audio, false),
                (MediaKind::Video, true),
                (MediaKind::Video, false),
                (MediaKind::Audio, false),
            ] {
                let simulcast = (is_camera && !config.camera_rids.is_empty())
                    .then(|| simulcast(&config.camera_rids));
                lines.push(api.add_media(kind, Direction::SendOnly, None, None, simulcast));
            }
        })?;
        self.lines = lines
            .into_iter()
            .map(|mid| LineState { mid, types: PayloadTypes::default() })
            .collect();
        let slot = Slot { kind: Kind::Audio, index: 0 };
        for (index, line) in self.lines.iter().enumerate() {
            let line_number = Line(index as u8);
            self.places.insert(line.mid, Place { line: line_number, slot, rid: None });
        }
        self.engine.with(|rtc| rtc.bwe().set_bitrate(Bitrate::from(0), Bitrate::from(DESIRED_BPS)));
        Ok(offer)
    }

    /// Makes an offer with that many more slots. The first one, known by having lines, also gets
    /// the data channel.
    fn make_offer(
        &mut self,
        audio_slots: u16,
        video_slots: u16,
        restarts_ice: bool,
        add_lines: impl FnOnce(&mut SdpApi<'_>),
    ) -> Result<String, RtcError> {
        if self.pending.is_some() {
            return Err(RtcError::Negotiation("an offer is still open".into()));
        }
        let is_first = self.lines.is_empty();
        let mut audio = Vec::new();
        let mut video = Vec::new();
        let made = self.engine.with(|rtc| {
            let mut api = rtc.sdp_api();
            add_lines(&mut api);
            let mut add = |kind| api.add_media(kind, Direction::RecvOnly, None, None, None);
            audio.extend((0..audio_slots).map(|_| add(MediaKind::Audio)));
            video.extend((0..video_slots).map(|_| add(MediaKind::Video)));
            if is_first {
                api.add_channel_with_config(ChannelConfig {
                    label: FAST_LABEL.to_owned(),
                    ordered: false,
                    reliability: Reliability::MaxRetransmits { retransmits: 0 },
                    ..ChannelConfig::default()
                });
            }
            if restarts_ice {
                api.ice_restart(false);
            }
            api.apply()
        });
        let (offer, pending): (SdpOffer, SdpPendingOffer) = made
            .ok_or(RtcError::Closed)?
            .ok_or_else(|| RtcError::Negotiation("the offer would change nothing".into()))?;
        self.pending =
            Some(Pending { offer: pending, audio_slots: audio, video_slots: video, restarts_ice });
        Ok(offer.to_sdp_string())
    }

    /// Applies the server's answer to the last offer.
    ///
    /// # Errors
    /// [`RtcError::Sdp`] or [`RtcError::Negotiation`].
    pub fn accept_answer(&mut self, answer: &str, now: Instant) -> Result<(), RtcError> {
        let answer = engine::guarded(|| SdpAnswer::from_sdp_string(answer))
            .ok_or_else(|| RtcError::Sdp("the description cannot be read".into()))?
            .map_err(|error| RtcError::Sdp(error.to_string()))?;
        let pending = self
            .pending
            .take()
            .ok_or_else(|| RtcError::Negotiation("no offer waits for an answer".into()))?;
        self.engine
            .with(|rtc| rtc.sdp_api().accept_answer(pending.offer, answer))
            .ok_or(RtcError::Closed)?
            .map_err(|error| RtcError::Negotiation(error.to_string()))?;
        if pending.restarts_ice {
            let candidate = engine::candidate(self.local, TcpType::Active)?;
            self.engine.with(|rtc| rtc.add_local_candidate(candidate).is_some());
        }
        let is_first = !self.lines.iter().any(|line| !line.types.codecs().is_empty());
        self.add_slots(Kind::Audio, pending.audio_slots);
        self.add_slots(Kind::Video, pending.video_slots);
        let rtc = self.engine.rtc();
        for line in &mut self.lines {
            let agreed = rtc.media(line.mid).map(|media| media.remote_pts()).unwrap_or_default();
            line.types = PayloadTypes::new(rtc.codec_config(), agreed, true);
        }
        if is_first {
            self.keep_history();
        }
        self.handle_timeout(now);
        Ok(())
    }

    /// Makes str0m keep what was sent for as long as the server does.
    fn keep_history(&mut self) {
        let mids: Vec<Mid> = self.lines.iter().map(|line| line.mid).collect();
        let rids = std::mem::take(&mut self.rids);
        self.engine.with(|rtc| {
            let mut direct = rtc.direct_api();
            for mid in mids {
                for rid in
                    [None].into_iter().chain(rids.iter().map(|rid| Some(rid.as_str().into())))
                {
                    if let Some(stream) = direct.stream_tx_by_mid(mid, rid) {
                        let packets = history::MAX_PACKETS as usize;
                        stream.set_rtx_cache(
                            packets,
                            history::MAX_AGE,
                            Some(history::MAX_RESENT_SHARE),
                        );
                    }
                }
            }
        });
    }

    fn add_slots(&mut self, kind: Kind, mids: Vec<Mid>) {
        let slots = match kind {
            Kind::Audio => &mut self.audio_slots,
            Kind::Video => &mut self.video_slots,
        };
        for mid in mids {
            let slot = Slot { kind, index: slots.len() as u16 };
            slots.push(mid);
            self.places.insert(mid, Place { line: Line(0), slot, rid: None });
        }
    }

    /// Receiving m-lines of a kind that the server has answered.
    #[must_use]
    pub fn slots(&self, kind: Kind) -> u16 {
        match kind {
            Kind::Audio => self.audio_slots.len() as u16,
            Kind::Video => self.video_slots.len() as u16,
        }
    }

    /// Codecs that the server takes on a line; none before the first answer.
    #[must_use]
    pub fn line_codecs(&self, line: Line) -> Vec<Codec> {
        self.lines.get(usize::from(line.0)).map(|line| line.types.codecs()).unwrap_or_default()
    }

    /// A further offer with more video slots: `video_slots` in all.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] while an offer is open, or when there are as many already.
    pub fn grow(&mut self, video_slots: u16) -> Result<String, RtcError> {
        let more = video_slots.saturating_sub(self.slots(Kind::Video));
        self.make_offer(0, more, false, |_| {})
    }

    /// A further offer that restarts ICE, from the address of [`Self::move_to`] when the socket
    /// changed.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] while an offer is open.
    pub fn restart_ice(&mut self) -> Result<String, RtcError> {
        self.make_offer(0, 0, true, |_| {})
    }

    /// Gives up an offer that the server refused or that was lost.
    pub fn drop_offer(&mut self) {
        self.pending = None;
    }

    /// The client has another socket; the next [`Self::restart_ice`] tells the server.
    pub fn move_to(&mut self, local: IceCandidate) {
        self.local = local;
    }

    /// Takes a datagram from the server at `source`.
    pub fn handle_datagram(
        &mut self,
        transport: Transport,
        source: SocketAddr,
        datagram: &[u8],
        now: Instant,
    ) {
        self.now = self.now.max(now);
        let protocol = engine::protocol(transport);
        let received = engine::receive(protocol, source, self.local.address, datagram);
        if let Some(received) = received {
            self.unflushed = false;
            self.engine.handle(Input::Receive(now, received));
            self.drain();
        }
    }

    /// Does what is due at `now`.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.unflushed = false;
        self.engine.handle(Input::Timeout(self.now));
        self.drain();
    }

    /// When [`Self::handle_timeout`] wants to be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.unflushed { Some(self.now) } else { self.engine.timeout() }
    }

    /// The next datagram to send, with its destination.
    pub fn poll_transmit(&mut self) -> Option<(SocketAddr, Transmit)> {
        self.flush();
        self.transmits.pop_front()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<CallerEvent> {
        self.flush();
        self.events.pop_front()
    }

    fn flush(&mut self) {
        if self.unflushed {
            self.handle_timeout(self.now);
        }
    }

    fn drain(&mut self) {
        while let Some(produced) = self.engine.poll(self.now) {
            match produced {
                Produced::Transmit { protocol, destination, bytes } => {
                    let transport = match protocol {
                        Protocol::Udp => Transport::Udp,
                        _ => Transport::Tcp,
                    };
                    self.transmits.push_back((destination, Transmit { transport, bytes }));
                }
                Produced::Event(event) => self.take(event),
            }
        }
        if !self.engine.is_alive() {
            self.say_closed();
        }
    }

    fn say_closed(&mut self) {
        if !self.said_closed {
            self.said_closed = true;
            self.is_connected = false;
            self.events.push_back(CallerEvent::Closed);
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Connected => {
                self.is_connected = true;
                self.events.push_back(CallerEvent::Connected);
            }
            Event::IceConnectionStateChange(IceConnectionState::Disconnected) => {
                self.events.push_back(CallerEvent::Disconnected);
            }
            Event::Closed => self.say_closed(),
            Event::RtpPacket(packet) => self.take_packet(packet),
            Event::KeyframeRequest(request) => {
                if let Some(place) = self.places.get(&request.mid) {
                    let rid = request.rid.and_then(|rid| Rid::new(&rid));
                    self.events.push_back(CallerEvent::KeyframeRequested(place.line, rid));
                }
            }
            Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                self.events.push_back(CallerEvent::Estimate(estimate.as_u64()));
            }
            Event::ChannelOpen(id, label) if label == FAST_LABEL => {
                self.fast = Some(id);
                self.events.push_back(CallerEvent::FastOpen);
            }
            Event::ChannelData(data) if self.fast == Some(data.id) && !data.binary => {
                if let Ok(text) = String::from_utf8(data.data) {
                    self.events.push_back(CallerEvent::Fast(text));
                }
            }
            _ => {}
        }
    }

    fn take_packet(&mut self, packet: RtpPacket) {
        let Some(place) = self.place_of(*packet.header.ssrc) else {
            return;
        };
        let config = self.engine.rtc().codec_config();
        let Some(codec) = rtp::codec_of(config, packet.header.payload_type) else {
            return;
        };
        self.events.extend(rtp::incoming(packet, place, codec).map(CallerEvent::Media));
    }

    fn place_of(&mut self, ssrc: u32) -> Option<Place> {
        if let Some(place) = self.known_streams.get(&ssrc) {
            return Some(*place);
        }
        let mid = self
            .engine
            .with(|rtc| rtc.direct_api().stream_rx(&ssrc.into()).map(|stream| stream.mid()))
            .flatten()?;
        let place = *self.places.get(&mid)?;
        self.known_streams.insert(ssrc, place);
        Some(place)
    }

    /// Sends a media packet on a line. `csrc` and `vp8` of the packet are usually empty here.
    /// Dropped before [`CallerEvent::Connected`] and when the server did not take the codec.
    pub fn write(&mut self, to: SendLayer, packet: OutPacket, now: Instant) {
        self.now = self.now.max(now);
        let Some(line) = self.lines.get(usize::from(to.line.0)).filter(|_| self.is_connected)
        else {
            return;
        };
        let mid = line.mid;
        let rid = to.rid.map(|rid| rid.as_str().into());
        let Some(write) = rtp::outgoing(packet, &line.types, self.now) else {
            return;
        };
        self.engine.with(|rtc| {
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, rid) {
                stream.write_rtp(write);
            }
        });
        self.unflushed = true;
    }

    /// Asks the server for a keyframe on a slot.
    pub fn request_keyframe(&mut self, slot: Slot, now: Instant) {
        self.now = self.now.max(now);
        let slots = match slot.kind {
            Kind::Audio => &self.audio_slots,
            Kind::Video => &self.video_slots,
        };
        let Some(mid) = slots.get(usize::from(slot.index)).copied() else {
            return;
        };
        self.engine.with(|rtc| {
            if let Some(stream) = rtc.direct_api().stream_rx_by_mid(mid, None) {
                stream.request_keyframe(KeyframeRequestKind::Pli);
            }
        });
        self.unflushed = true;
    }

    /// Sends a text over the data channel. `false` when it is not open or full.
    pub fn send_fast(&mut self, text: &str, now: Instant) -> bool {
        self.now = self.now.max(now);
        let Some(id) = self.fast else {
            return false;
        };
        let is_sent = self.engine.with(|rtc| {
            rtc.channel(id).is_some_and(|mut channel| {
                channel.buffered_amount() + text.len() <= MAX_FAST_BACKLOG
                    && channel.write(false, text.as_bytes()).unwrap_or(false)
            })
        });
        self.unflushed = true;
        is_sent.unwrap_or(false)
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant) {
        self.now = self.now.max(now);
        self.flush();
        if let Some(Err(error)) = self.engine.with(str0m::Rtc::close) {
            tracing::debug!(%error, "closing the connection");
        }
        self.drain();
    }

    /// Whether anything can still happen on the connection.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.engine.is_alive()
    }
}

fn simulcast(rids: &[Rid]) -> Simulcast {
    let mut simulcast = Simulcast::new();
    for rid in rids {
        simulcast.add_send_layer(SimulcastLayer::new(rid.as_str()));
    }
    simulcast
}
