//! Settings of a media node and why it could not start.

use std::{
    io,
    net::{IpAddr, SocketAddr},
};

use jumpa_rtc::{RtcError, Transport};

/// Settings of a media node.
#[derive(Debug, Clone)]
pub struct SfuConfig {
    /// Local addresses to listen on. Empty, or an unspecified one (`0.0.0.0`, `::`): every local
    /// address of that family. Each gets its own socket, so answers leave from where they were
    /// asked.
    pub bind: Vec<IpAddr>,
    /// UDP and TCP port of the first worker; worker `i` listens on `media_port + i`. 0: any free
    /// port for each worker.
    pub media_port: u16,
    /// Media threads; 0: one per core.
    pub workers: usize,
    /// Addresses that clients are told. Empty: the addresses that are listened on.
    pub candidate_ips: Vec<IpAddr>,
    /// Whether UDP is offered.
    pub udp: bool,
    /// Whether TCP is offered (ICE-TCP), for clients whose network blocks UDP.
    pub tcp: bool,
    /// Whether each media thread stays on one core.
    pub pins_threads: bool,
    /// First guess of what a client's downlink carries, bits per second. Larger shows sharp
    /// pictures sooner, smaller spares slow links a burst of loss at the start.
    pub initial_estimate_bps: u64,
}

impl Default for SfuConfig {
    fn default() -> Self {
        Self {
            bind: Vec::new(),
            media_port: 7_882,
            workers: 0,
            candidate_ips: Vec::new(),
            udp: true,
            tcp: true,
            pins_threads: true,
            initial_estimate_bps: 1_500_000,
        }
    }
}

/// Why a media node did not start. The texts say what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Another program has the port.
    #[error(
        "{} port {} on {} is taken by another program: stop that program or choose another \
         media port", transport_name(*transport), address.port(), address.ip()
    )]
    PortTaken {
        /// UDP or TCP.
        transport: Transport,
        /// What was wanted.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error(
        "listening on {} {address}: check that the address belongs to this machine and that the \
         port may be used", transport_name(*transport)
    )]
    Bind {
        /// UDP or TCP.
        transport: Transport,
        /// What was wanted.
        address: SocketAddr,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// No local address to listen on.
    #[error("this machine has no usable network address: name one to listen on")]
    NoAddress,
    /// The ports of the workers do not fit below 65,536.
    #[error(
        "media ports {first} to {first} + {workers} exceed 65535: choose a lower media port or \
         fewer workers"
    )]
    PortRange {
        /// Of the first worker.
        first: u16,
        /// How many there are.
        workers: usize,
    },
    /// Neither UDP nor TCP is wanted.
    #[error("media needs UDP or TCP, and both are switched off")]
    NoTransport,
    /// The network interfaces could not be listed.
    #[error("listing the network interfaces: name the addresses to listen on instead")]
    Interfaces(#[source] io::Error),
    /// No DTLS certificate could be made.
    #[error("making the DTLS certificate")]
    Certificate(#[source] RtcError),
    /// The operating system gave no thread or poll.
    #[error("starting a media thread")]
    Thread(#[source] io::Error),
    /// Called outside of a tokio runtime.
    #[error("the media node must be started inside of a tokio runtime")]
    NoRuntime,
}

fn transport_name(transport: Transport) -> &'static str {
    match transport {
        Transport::Udp => "UDP",
        Transport::Tcp => "TCP",
    }
}
