//! The server's side of a connection: answers offers, ICE-lite.

mod datagram;
mod path;
mod transport_seq;

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use str0m::{
    Event, Input,
    bwe::{Bitrate, BweKind},
    channel::ChannelId,
    media::{KeyframeRequestKind, Mid},
    net::TcpType,
    rtp::{Extension, RtpPacket},
};

use crate::{
    Codec, FAST_LABEL, Kind, Line, MediaPacket, Offer, OutPacket, PeerConfig, Rid, RtcError, Slot,
    Transmit, Transport,
    crypto::{self, Opened},
    engine::{self, Engine, MAX_FAST_BACKLOG, Produced},
    history::{self, History},
    offer::{Role, Section},
    rtcp,
    rtp::{self, PayloadTypes, Place},
    waiting::Waiting,
};

use self::{path::Path, transport_seq::TransportSeq};

/// How old the oldest packet in a slot's send queue may be. The pacer drains it at the estimated
/// rate; what waits longer would only come too late and fill the memory.
const MAX_QUEUE_AGE: Duration = Duration::from_millis(750);

/// While packets wait, the engine is looked at this often: it does not tell when its queue is empty.
const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// How often waiting packets are given to the engine in one go; the rest follows after
/// [`LOOK_AGAIN`].
const MAX_ROUNDS: u32 = 16;

/// Streams that one client may open over the life of a connection. Restarting every encoding each
/// second for an hour stays below; above it the memory would grow with each one.
const MAX_STREAMS: usize = 16_384;

/// Streams whose place is remembered; looked up again beyond.
const MAX_KNOWN_STREAMS: usize = 64;

/// What happened on a connection.
#[derive(Debug)]
pub enum PeerEvent {
    /// ICE and DTLS are done; media can flow.
    Connected,
    /// The client closed the connection (DTLS close_notify) or it failed for good.
    Closed,
    /// A media packet came.
    Media(MediaPacket),
    /// The receiver of a slot asks for a keyframe (PLI or FIR, RFC 4585, RFC 5104).
    KeyframeRequested(Slot),
    /// The receiver asked for packets of this slot that are no longer in the history, or asks for
    /// them after a time in which they should have come.
    NackUnanswered(Slot),
    /// What the downlink to this client carries, bits per second.
    Estimate(u64),
    /// The data channel is open.
    FastOpen,
    /// A text message came over the data channel.
    Fast(String),
}

/// Figures of a connection since the last call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PeerStats {
    /// Round-trip time, from receiver reports.
    pub round_trip_time: Option<Duration>,
    /// Share of packets from the client that did not arrive, 0 to 1, before repair.
    pub uplink_loss: Option<f32>,
    /// Share of packets to the client that did not arrive, 0 to 1, before repair.
    pub downlink_loss: Option<f32>,
    /// Packets that [`Peer::write`] dropped: the codec was not negotiated, the payload was
    /// malformed or too long, or the queue was full.
    pub dropped: u64,
}

/// One connection to a client.
#[derive(Debug)]
pub struct Peer {
    engine: Engine,
    path: Path,
    sections: Vec<Section>,
    lines: Vec<Mid>,
    audio_slots: Vec<SlotState>,
    video_slots: Vec<SlotState>,
    places: HashMap<Mid, Place>,
    /// Slots by the SSRC that we send on.
    slot_of_ssrc: HashMap<u32, Slot>,
    known_streams: HashMap<u32, Place>,
    streams_seen: usize,
    highest_srtcp_index: Option<u32>,
    /// Whether SRTCP of the client is AEAD, once it is known.
    is_aead: Option<bool>,
    transport_seq: TransportSeq,
    fast: Option<ChannelId>,
    ufrag: String,
    is_connected: bool,
    said_closed: bool,
    /// Something was given to the engine that it handles only with the next input.
    unflushed: bool,
    /// See [`Peer::take_queue_delay`].
    queue_delay: Duration,
    now: Instant,
    transmits: VecDeque<Transmit>,
    events: VecDeque<PeerEvent>,
    stats: PeerStats,
}

#[derive(Debug)]
struct SlotState {
    mid: Mid,
    codecs: Vec<Codec>,
    types: PayloadTypes,
    history: History,
    waiting: Waiting,
}

impl Peer {
    /// Makes a connection from the first offer and gives the answer.
    ///
    /// # Errors
    /// [`RtcError::Negotiation`] when no codec fits or the description is inconsistent.
    pub fn accept(
        config: &PeerConfig,
        offer: Offer,
        now: Instant,
    ) -> Result<(Self, String), RtcError> {
        let path = Path::new(config)?;
        let PeerConfig { certificate, initial_estimate_bps, .. } = config;
        let mut rtc_config =
            engine::config(certificate, *initial_estimate_bps, engine::REPORT_INTERVAL)
                .set_ice_lite(true);
        for codec in [Codec::Opus, Codec::Vp8, Codec::H264] {
            rtc_config = engine::enable_codec(rtc_config, codec, true);
        }
        let mut engine = Engine::new(rtc_config, now);
        for at in &config.candidates {
            let candidate = engine::candidate(*at, TcpType::Passive)?;
            engine.with(|rtc| rtc.add_local_candidate(candidate).is_some());
        }
        let mut peer = Self {
            engine,
            path,
            sections: Vec::new(),
            lines: Vec::new(),
            audio_slots: Vec::new(),
            video_slots: Vec::new(),
            places: HashMap::new(),
            slot_of_ssrc: HashMap::new(),
            known_streams: HashMap::new(),
            streams_seen: 0,
            highest_srtcp_index: None,
            is_aead: None,
            transport_seq: TransportSeq::default(),
            fast: None,
            ufrag: String::new(),
            is_connected: false,
            said_closed: false,
            unflushed: false,
            queue_delay: Duration::ZERO,
            now,
            transmits: VecDeque::new(),
            events: VecDeque::new(),
            stats: PeerStats::default(),
        };
        let answer = peer.apply(offer, now)?;
        let is_useful = peer.places.keys().any(|mid| {
            peer.engine.rtc().media(*mid).is_some_and(|media| !media.remote_pts().is_empty())
        });
        if !is_useful {
            return Err(RtcError::Negotiation("no codec fits".into()));
        }
        Ok((peer, answer))
    }

    /// Applies a further offer: more slots at the end, or an ICE restart.
    ///
    /// # Errors
    /// As [`Self::accept`]; the connection goes on as it was. [`RtcError::Contract`] when m-lines
    /// changed their role or vanished.
    pub fn negotiate(&mut self, offer: Offer, now: Instant) -> Result<String, RtcError> {
        if !self.engine.is_alive() {
            return Err(RtcError::Closed);
        }
        let known = offer.sections.iter().zip(&self.sections);
        let is_same = known.clone().all(|(new, old)| new.mid == old.mid && new.kind == old.kind);
        if offer.sections.len() < self.sections.len() || !is_same {
            return Err(RtcError::Contract("m-lines of earlier offers are missing or changed"));
        }
        let changes_role = known.clone().any(|(new, old)| {
            new.role != old.role && new.role != Role::Inactive && old.role != Role::Inactive
        });
        if changes_role {
            return Err(RtcError::Contract("an m-line changed its direction"));
        }
        let mut added = offer.sections.iter().skip(self.sections.len());
        if added.any(|section| section.role == Role::Sends) {
            return Err(RtcError::Contract("sending m-lines belong into the first offer"));
        }
        self.flush();
        self.apply(offer, now)
    }

    /// Gives the offer to str0m and takes over the new m-lines.
    fn apply(&mut self, offer: Offer, now: Instant) -> Result<String, RtcError> {
        let Offer { sdp, sections, .. } = offer;
        let answer = self
            .engine
            .with(|rtc| rtc.sdp_api().accept_offer(sdp))
            .ok_or_else(|| RtcError::Negotiation("the description is inconsistent".into()))?
            .map_err(|error| RtcError::Negotiation(error.to_string()))?
            .to_sdp_string();
        for section in sections.into_iter().skip(self.sections.len()) {
            match section.role {
                Role::Sends => self.add_line(&section),
                Role::Receives => self.add_slot(&section),
                Role::Inactive => {}
            }
            self.sections.push(section);
        }
        self.ufrag = self
            .engine
            .with(|rtc| rtc.direct_api().local_ice_credentials().ufrag)
            .unwrap_or_default();
        self.transport_seq.extension_id = self.sections.iter().find_map(|section| {
            let media = self.engine.rtc().media(section.mid)?;
            media.remote_extmap().id_of(Extension::TransportSequenceNumber)
        });
        self.known_streams.clear();
        self.handle_timeout(now);
        Ok(answer)
    }

    fn add_line(&mut self, section: &Section) {
        let line = Line(self.lines.len() as u8);
        let slot = Slot { kind: Kind::Audio, index: 0 };
        self.lines.push(section.mid);
        self.places.insert(section.mid, Place { line, slot, rid: None });
    }

    fn add_slot(&mut self, section: &Section) {
        let mid = section.mid;
        let rtc = self.engine.rtc();
        let agreed = rtc.media(mid).map(|media| media.remote_pts()).unwrap_or_default();
        let types = PayloadTypes::new(rtc.codec_config(), agreed, section.has_red);
        let slots = self.slots_mut(section.kind);
        let slot = Slot { kind: section.kind, index: slots.len() as u16 };
        slots.push(SlotState {
            mid,
            codecs: types.codecs(),
            types,
            history: History::default(),
            waiting: Waiting::default(),
        });
        self.places.insert(mid, Place { line: Line(0), slot, rid: None });
        let ssrc = self.engine.with(|rtc| {
            let mut direct = rtc.direct_api();
            let stream = direct.stream_tx_by_mid(mid, None)?;
            if section.kind == Kind::Video {
                let packets = history::MAX_PACKETS as usize;
                stream.set_rtx_cache(packets, history::MAX_AGE, Some(history::MAX_RESENT_SHARE));
            }
            Some(*stream.ssrc())
        });
        if let Some(ssrc) = ssrc.flatten() {
            self.slot_of_ssrc.insert(ssrc, slot);
        }
    }

    fn slots_mut(&mut self, kind: Kind) -> &mut Vec<SlotState> {
        match kind {
            Kind::Audio => &mut self.audio_slots,
            Kind::Video => &mut self.video_slots,
        }
    }

    fn slots_of(&self, kind: Kind) -> &[SlotState] {
        match kind {
            Kind::Audio => &self.audio_slots,
            Kind::Video => &self.video_slots,
        }
    }

    fn slot(&self, slot: Slot) -> Option<&SlotState> {
        self.slots_of(slot.kind).get(usize::from(slot.index))
    }

    fn slot_mut(&mut self, slot: Slot) -> Option<&mut SlotState> {
        self.slots_mut(slot.kind).get_mut(usize::from(slot.index))
    }

    /// The ICE user name fragment of our side; changes with an ICE restart. First part of the
    /// USERNAME in checks of the client (RFC 8445 section 7.2.2).
    #[must_use]
    pub fn local_ufrag(&self) -> String {
        self.ufrag.clone()
    }

    /// Receiving m-lines of the client of a kind.
    #[must_use]
    pub fn slots(&self, kind: Kind) -> u16 {
        self.slots_of(kind).len() as u16
    }

    /// Codecs that the receiver takes on a slot. Without [`Codec::Red`] it gets primary blocks.
    #[must_use]
    pub fn slot_codecs(&self, slot: Slot) -> &[Codec] {
        self.slot(slot).map(|slot| slot.codecs.as_slice()).unwrap_or_default()
    }

    /// Whether a datagram is a STUN check of this client with a correct MESSAGE-INTEGRITY.
    #[must_use]
    pub fn accepts_stun(&self, _transport: Transport, datagram: &[u8]) -> bool {
        if !engine::is_stun(datagram) || !self.engine.is_alive() {
            return false;
        }
        let Path { protocol, local, stranger, .. } = self.path;
        let Some(received) = engine::receive(protocol, stranger, local, datagram) else {
            return false;
        };
        // str0m takes everything from the address that it knows, so it is asked about another.
        let input = Input::Receive(self.now, received);
        engine::guarded(|| self.engine.rtc().accepts(&input)).unwrap_or(false)
    }

    /// Takes a datagram. Returns whether it proved to be from the client: a STUN check with a
    /// correct integrity, or SRTP or SRTCP that decrypted and was no replay. The real address does
    /// not matter here: the caller keeps it (path following).
    ///
    /// What [`Self::poll_transmit`] gives next may be the answer to a check (its first byte is
    /// below 4): it belongs to the address that the check came from.
    pub fn handle_datagram(&mut self, transport: Transport, datagram: &[u8], now: Instant) -> bool {
        self.now = self.now.max(now);
        let is_check = engine::is_stun(datagram);
        if is_check && !self.accepts_stun(transport, datagram) {
            return false;
        }
        let Path { protocol, local, remote, .. } = self.path;
        let Some(received) = engine::receive(protocol, remote, local, datagram) else {
            return false;
        };
        if self.is_aead == Some(false) && datagram::is_unencrypted_rtcp(datagram) {
            return false;
        }
        self.path.answering = transport;
        self.unflushed = false;
        let engine = &mut self.engine;
        let ((), opened) = crypto::observe(datagram, self.transport_seq.bound(), || {
            engine.handle(Input::Receive(now, received));
        });
        if opened.is_authentic {
            self.is_aead = Some(opened.is_aead);
        }
        let is_authentic = is_check || self.is_fresh(datagram, &opened);
        // Before the handshake is done, its packets show which path the client chose.
        if is_authentic || (!self.is_connected && datagram::is_dtls(datagram)) {
            self.path.heard(transport, is_check, now);
        }
        if !opened.rtcp.is_empty() && opened.is_authentic {
            self.look_for_unanswered(&opened.rtcp);
        }
        self.drain();
        is_authentic
    }

    /// Whether something was opened that is no replay. str0m checks replays of SRTP; the index of
    /// SRTCP (RFC 3711 section 3.4) must grow.
    fn is_fresh(&mut self, datagram: &[u8], opened: &Opened) -> bool {
        if !opened.is_authentic || opened.rtcp.is_empty() {
            return opened.is_authentic;
        }
        let behind_index = if opened.is_aead { 0 } else { datagram::SRTCP_TAG_LEN };
        let index = datagram
            .len()
            .checked_sub(behind_index)
            .and_then(|end| datagram.get(..end)?.last_chunk::<4>())
            .map(|index| u32::from_be_bytes(*index) & 0x7fff_ffff);
        let is_newer = index > self.highest_srtcp_index;
        self.highest_srtcp_index = self.highest_srtcp_index.max(index);
        is_newer
    }

    fn look_for_unanswered(&mut self, rtcp: &[u8]) {
        let now = self.now;
        let mut unanswered: Vec<Slot> = Vec::new();
        for lost in rtcp::lost_packets(rtcp) {
            let Some(slot) = self.slot_of_ssrc.get(&lost.ssrc).copied() else {
                continue;
            };
            let state = self.slot_mut(slot);
            let gives_up = state.is_some_and(|state| state.history.gives_up(lost.seq, now));
            if gives_up && !unanswered.contains(&slot) {
                unanswered.push(slot);
            }
        }
        self.events.extend(unanswered.into_iter().map(PeerEvent::NackUnanswered));
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
        if self.unflushed {
            return Some(self.now);
        }
        let waiting = self.has_waiting().then_some(self.now + LOOK_AGAIN);
        [self.engine.timeout(), waiting].into_iter().flatten().min()
    }

    /// The next datagram to send.
    pub fn poll_transmit(&mut self) -> Option<Transmit> {
        self.flush();
        self.transmits.pop_front()
    }

    /// The next event.
    pub fn poll_event(&mut self) -> Option<PeerEvent> {
        self.flush();
        self.events.pop_front()
    }

    /// Lets the engine handle what was written since the last input.
    fn flush(&mut self) {
        if self.unflushed {
            self.handle_timeout(self.now);
        }
    }

    fn has_waiting(&self) -> bool {
        self.engine.is_alive() && self.video_slots.iter().any(|slot| !slot.waiting.is_empty())
    }

    /// Gives waiting packets to the engine; `true` when it got some.
    fn give_waiting(&mut self) -> bool {
        let Self { engine, video_slots, .. } = self;
        let mut has_given = false;
        for slot in video_slots.iter_mut().filter(|slot| !slot.waiting.is_empty()) {
            let given = engine.with(|rtc| {
                let mut direct = rtc.direct_api();
                let stream = direct.stream_tx_by_mid(slot.mid, None);
                stream.is_some_and(|stream| slot.waiting.give(stream))
            });
            has_given |= given.unwrap_or(false);
        }
        has_given
    }

    fn drain(&mut self) {
        self.collect();
        let mut rounds = MAX_ROUNDS;
        while rounds > 0 && self.give_waiting() {
            self.engine.handle(Input::Timeout(self.now));
            self.collect();
            rounds -= 1;
        }
    }

    fn collect(&mut self) {
        while let Some(produced) = self.engine.poll(self.now) {
            match produced {
                Produced::Transmit { bytes, .. } => {
                    self.transport_seq.sent(&bytes);
                    let transport = self.path.transport_for(&bytes);
                    self.transmits.push_back(Transmit { transport, bytes });
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
            self.events.push_back(PeerEvent::Closed);
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Connected => {
                self.is_connected = true;
                self.events.push_back(PeerEvent::Connected);
            }
            Event::Closed => self.say_closed(),
            Event::RtpPacket(packet) => self.take_packet(packet),
            Event::KeyframeRequest(request) => {
                if let Some(place) = self.places.get(&request.mid) {
                    self.events.push_back(PeerEvent::KeyframeRequested(place.slot));
                }
            }
            Event::EgressBitrateEstimate(BweKind::Twcc { estimate, .. }) => {
                self.events.push_back(PeerEvent::Estimate(estimate.as_u64()));
            }
            Event::ChannelOpen(id, label) if label == FAST_LABEL && self.fast.is_none() => {
                self.fast = Some(id);
                self.events.push_back(PeerEvent::FastOpen);
            }
            Event::ChannelClose(id) if self.fast == Some(id) => self.fast = None,
            Event::ChannelData(data) if self.fast == Some(data.id) && !data.binary => {
                if let Ok(text) = String::from_utf8(data.data) {
                    self.events.push_back(PeerEvent::Fast(text));
                }
            }
            Event::PeerStats(stats) => {
                self.stats.round_trip_time = stats.rtt.or(self.stats.round_trip_time);
                self.stats.uplink_loss = stats.ingress_loss_fraction.or(self.stats.uplink_loss);
                self.stats.downlink_loss = stats.egress_loss_fraction.or(self.stats.downlink_loss);
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
        self.events.extend(rtp::incoming(packet, place, codec).map(PeerEvent::Media));
    }

    fn place_of(&mut self, ssrc: u32) -> Option<Place> {
        if let Some(place) = self.known_streams.get(&ssrc) {
            return Some(*place);
        }
        let (mid, rid) = self
            .engine
            .with(|rtc| {
                let mut direct = rtc.direct_api();
                let stream = direct.stream_rx(&ssrc.into())?;
                Some((stream.mid(), stream.rid()))
            })
            .flatten()?;
        let rid = rid.and_then(|rid| Rid::new(&rid));
        let place = Place { rid, ..*self.places.get(&mid)? };
        self.streams_seen += 1;
        if self.streams_seen > MAX_STREAMS {
            self.engine.with(str0m::Rtc::disconnect);
            return None;
        }
        if self.known_streams.len() >= MAX_KNOWN_STREAMS {
            self.known_streams.clear();
        }
        self.known_streams.insert(ssrc, place);
        Some(place)
    }

    /// Sends a packet on a slot. A codec the receiver did not negotiate is dropped and counted.
    ///
    /// Nothing is sent before [`PeerEvent::Connected`]. What was written goes out with the next
    /// [`Self::poll_transmit`], so several packets may be written before it is polled.
    pub fn write(&mut self, slot: Slot, packet: OutPacket, now: Instant) {
        self.now = self.now.max(now);
        if !self.is_connected {
            return;
        }
        let now = self.now;
        let seq = packet.seq;
        let Some(state) = self.slot(slot) else {
            self.stats.dropped += 1;
            return;
        };
        let bytes = packet.payload.len();
        let write = rtp::outgoing(packet, &state.types, now);
        let mut queue_delay = Duration::ZERO;
        let is_written = write.is_some_and(|write| {
            let Self { engine, audio_slots, video_slots, .. } = self;
            let slots = if slot.kind == Kind::Audio { audio_slots } else { video_slots };
            let Some(state) = slots.get_mut(usize::from(slot.index)) else {
                return false;
            };
            let is_written = engine.with(|rtc| {
                let mut direct = rtc.direct_api();
                let Some(stream) = direct.stream_tx_by_mid(state.mid, None) else {
                    return false;
                };
                if slot.kind == Kind::Audio {
                    // Sound is not paced.
                    stream.write_rtp(write);
                    return true;
                }
                let oldest = state.waiting.oldest(stream);
                queue_delay = oldest.map_or(queue_delay, |at| now.saturating_duration_since(at));
                if queue_delay > MAX_QUEUE_AGE {
                    return false;
                }
                state.waiting.push(write, bytes, now);
                state.waiting.give(stream);
                true
            });
            is_written.unwrap_or(false)
        });
        self.queue_delay = self.queue_delay.max(queue_delay);
        if let Some(state) = self.slot_mut(slot) {
            if is_written {
                state.history.wrote(seq, now);
            } else {
                state.history.dropped(seq);
            }
        }
        if is_written {
            self.unflushed = true;
        } else {
            self.stats.dropped += 1;
        }
    }

    /// How long the oldest packet of any slot had waited for its turn, at most, since the last
    /// call. The estimate is smoothed over seconds; packets that wait show sooner that the downlink
    /// does not carry what is written.
    pub fn take_queue_delay(&mut self) -> Duration {
        std::mem::take(&mut self.queue_delay)
    }

    /// Forgets what was written on a slot so far: what still waits is not sent, and nothing is sent
    /// again. After a switch to another source or layer it would only be in the way of what the
    /// receiver needs.
    pub fn forget_written(&mut self, slot: Slot) {
        let Some(state) = self.slot_mut(slot) else {
            return;
        };
        state.waiting.forget();
        state.history.forget();
        let mid = state.mid;
        self.engine.with(|rtc| {
            if let Some(stream) = rtc.direct_api().stream_tx_by_mid(mid, None) {
                let packets = history::MAX_PACKETS as usize;
                stream.set_rtx_cache(packets, history::MAX_AGE, Some(history::MAX_RESENT_SHARE));
            }
        });
    }

    /// Asks the client for a keyframe of a line, of one encoding when it has several; of all of
    /// them with `None`. Encodings that never sent anything cannot be asked.
    pub fn request_keyframe(&mut self, line: Line, rid: Option<Rid>, now: Instant) {
        self.now = self.now.max(now);
        let Some(mid) = self.lines.get(usize::from(line.0)).copied() else {
            return;
        };
        let rids: Vec<Option<str0m::media::Rid>> = match rid {
            Some(rid) => vec![Some(rid.as_str().into())],
            None => self
                .known_streams
                .values()
                .filter(|place| {
                    place.line == line && place.slot == Slot { kind: Kind::Audio, index: 0 }
                })
                .filter_map(|place| place.rid)
                .map(|rid| Some(rid.as_str().into()))
                .chain([None])
                .collect(),
        };
        let is_asked = self.engine.with(|rtc| {
            let mut direct = rtc.direct_api();
            let mut is_asked = false;
            for rid in rids {
                if let Some(stream) = direct.stream_rx_by_mid(mid, rid) {
                    stream.request_keyframe(KeyframeRequestKind::Pli);
                    is_asked = true;
                }
            }
            is_asked
        });
        self.unflushed |= is_asked.unwrap_or(false);
    }

    /// What we would send if the downlink were endless, bits per second: probing aims at it.
    pub fn set_desired_bitrate(&mut self, bps: u64) {
        self.engine.with(|rtc| rtc.bwe().set_bitrate(Bitrate::from(0), Bitrate::from(bps)));
        self.unflushed = true;
    }

    /// Forgets what is known of the downlink and estimates anew from `bps`, bits per second.
    pub fn restart_estimate(&mut self, bps: u64) {
        self.engine.with(|rtc| rtc.bwe().reset(Bitrate::from(bps)));
        self.unflushed = true;
    }

    /// Sends a text over the data channel. `false` when it is not open or full; nothing is queued.
    pub fn send_fast(&mut self, text: &str, now: Instant) -> bool {
        self.now = self.now.max(now);
        let Some(id) = self.fast else {
            return false;
        };
        let is_sent = self.engine.with(|rtc| {
            let Some(mut channel) = rtc.channel(id) else {
                return false;
            };
            if channel.buffered_amount() + text.len() > MAX_FAST_BACKLOG {
                return false;
            }
            channel.write(false, text.as_bytes()).unwrap_or(false)
        });
        self.unflushed = true;
        is_sent.unwrap_or(false)
    }

    /// Figures since the last call.
    pub fn take_stats(&mut self) -> PeerStats {
        std::mem::take(&mut self.stats)
    }

    /// Says goodbye (DTLS close_notify); poll the last datagrams afterwards.
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

#[cfg(test)]
mod tests;
