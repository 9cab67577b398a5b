//! str0m behind a wall: what it panics on ends one connection, never a thread with many.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use str0m::{
    Candidate, Event, Input, Output, Rtc, RtcConfig,
    bwe::Bitrate,
    format::{Codec as Str0mCodec, FormatParams},
    media::{Frequency, Pt},
    net::{Protocol, Receive, TcpType},
};

use crate::{Certificate, Codec, IceCandidate, RtcError, Transport, crypto};

/// How often a server sends reports. str0m's five seconds for sound would leave a new receiver
/// without lip sync for as long.
pub(crate) const REPORT_INTERVAL: Duration = Duration::from_secs(1);

/// How often a client does. Browsers report before each keyframe; str0m does not, and until the
/// server has heard a report the moments of capture are those of the arrivals.
pub(crate) const CLIENT_REPORT_INTERVAL: Duration = Duration::from_millis(250);

/// How often round-trip time and loss are read.
const STATS_INTERVAL: Duration = Duration::from_secs(1);

/// Bytes that wait in the data channel at most; what is above is old before it arrives.
pub(crate) const MAX_FAST_BACKLOG: usize = 16 * 1024;

/// Constrained baseline, level 3.1 (profile-level-id of RFC 6184 section 8.1).
const H264_PROFILE_LEVEL: u32 = 0x42_e0_1f;

/// A timeout of str0m that is farther away than this means "none".
const FAR_AWAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What str0m gave out.
#[expect(clippy::large_enum_variant, reason = "lives on the stack for a moment, once per packet")]
pub(crate) enum Produced {
    Transmit { protocol: Protocol, destination: SocketAddr, bytes: Vec<u8> },
    Event(Event),
}

pub(crate) struct Engine {
    rtc: Rtc,
    timeout: Option<Instant>,
    is_broken: bool,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("is_broken", &self.is_broken).finish_non_exhaustive()
    }
}

impl Engine {
    pub(crate) fn new(config: RtcConfig, now: Instant) -> Self {
        Self { rtc: config.build(now), timeout: Some(now), is_broken: false }
    }

    pub(crate) fn rtc(&self) -> &Rtc {
        &self.rtc
    }

    pub(crate) fn is_alive(&self) -> bool {
        !self.is_broken && self.rtc.is_alive()
    }

    /// When [`Input::Timeout`] is due next.
    pub(crate) fn timeout(&self) -> Option<Instant> {
        self.timeout.filter(|_| self.is_alive())
    }

    /// Does something with str0m; `None` when the connection is broken or breaks by it.
    pub(crate) fn with<T>(&mut self, work: impl FnOnce(&mut Rtc) -> T) -> Option<T> {
        if !self.is_alive() {
            return None;
        }
        let rtc = &mut self.rtc;
        match catch_unwind(AssertUnwindSafe(|| work(rtc))) {
            Ok(done) => Some(done),
            Err(_) => {
                tracing::error!("the connection engine panicked; the connection is closed");
                self.is_broken = true;
                None
            }
        }
    }

    /// Hands time or a datagram in. An error is a datagram that made no sense; str0m keeps going.
    pub(crate) fn handle(&mut self, input: Input<'_>) {
        if let Some(Err(error)) = self.with(|rtc| rtc.handle_input(input)) {
            tracing::debug!(%error, "an input was refused");
        }
    }

    /// The next output; `None` when everything is out.
    pub(crate) fn poll(&mut self, now: Instant) -> Option<Produced> {
        match self.with(Rtc::poll_output)? {
            Ok(Output::Transmit(transmit)) => Some(Produced::Transmit {
                protocol: transmit.proto,
                destination: transmit.destination,
                bytes: transmit.contents.into(),
            }),
            Ok(Output::Event(event)) => Some(Produced::Event(event)),
            Ok(Output::Timeout(at)) => {
                self.timeout = (at < now + FAR_AWAY).then_some(at);
                None
            }
            Err(error) => {
                tracing::debug!(%error, "the connection failed");
                self.is_broken = true;
                None
            }
        }
    }
}

/// Does something with text or bytes of the other side before there is a connection; `None` when
/// the library panicked on it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// What both sides have in common.
pub(crate) fn config(
    certificate: &Certificate,
    initial_estimate_bps: Option<u64>,
    report_interval: Duration,
) -> RtcConfig {
    RtcConfig::new()
        .set_crypto_provider(crypto::provider())
        .set_dtls_cert(certificate.inner().clone())
        .clear_codecs()
        .set_rtp_mode(true)
        .set_stats_interval(Some(STATS_INTERVAL))
        .set_rtcp_report_interval_audio(report_interval)
        .set_rtcp_report_interval_video(report_interval)
        .enable_bwe(initial_estimate_bps.map(Bitrate::from))
}

/// Enables a codec; RED comes with `Codec::Opus` when `has_red`.
pub(crate) fn enable_codec(config: RtcConfig, codec: Codec, has_red: bool) -> RtcConfig {
    match codec {
        Codec::Opus => config.enable_opus(true, has_red),
        Codec::Red => config,
        Codec::Vp8 => config.enable_vp8(true),
        Codec::H264 => {
            let mut config = config;
            config.codec_config().add_config(
                Pt::from(108),
                Some(Pt::from(109)),
                Str0mCodec::H264,
                Frequency::NINETY_KHZ,
                None,
                FormatParams {
                    level_asymmetry_allowed: Some(true),
                    packetization_mode: Some(1),
                    profile_level_id: Some(H264_PROFILE_LEVEL),
                    ..FormatParams::default()
                },
            );
            config
        }
    }
}

pub(crate) fn protocol(transport: Transport) -> Protocol {
    match transport {
        Transport::Udp => Protocol::Udp,
        Transport::Tcp => Protocol::Tcp,
    }
}

/// A host candidate; over TCP the server is passive and the client active (RFC 6544).
pub(crate) fn candidate(at: IceCandidate, tcp: TcpType) -> Result<Candidate, RtcError> {
    let built = match at.transport {
        Transport::Udp => Candidate::builder().udp().host(at.address).build(),
        Transport::Tcp => Candidate::builder().tcp().host(at.address).tcptype(tcp).build(),
    };
    built.map_err(|error| RtcError::Negotiation(error.to_string()))
}

/// An address that stands for "the other side, wherever it is" (RFC 5737, RFC 3849).
pub(crate) fn stand_in(local: SocketAddr, port: u16) -> SocketAddr {
    let address = match local.ip() {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
    };
    SocketAddr::new(address, port)
}

/// Whether a datagram is STUN (RFC 7983).
pub(crate) fn is_stun(datagram: &[u8]) -> bool {
    datagram.first().is_some_and(|byte| *byte < 4)
}

/// Reads a datagram; `None` when it is none of STUN, DTLS, RTP and RTCP.
pub(crate) fn receive<'a>(
    protocol: Protocol,
    source: SocketAddr,
    destination: SocketAddr,
    datagram: &'a [u8],
) -> Option<Receive<'a>> {
    guarded(|| Receive::new(protocol, source, destination, datagram).ok()).flatten()
}
