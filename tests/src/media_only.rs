//! An encoder or a player without signalling: WHIP and WHEP over the caller of `rtc`.

use std::{
    io,
    time::{Duration, Instant},
};

use jumpa_client::synthetic::{AudioSource, VideoFormat, VideoSource};
use jumpa_protocol::AppId;
use jumpa_rtc::{
    Caller, CallerConfig, CallerEvent, Certificate, IceCandidate, Kind, Line, MediaPacket,
    SendLayer, Transport,
};
use tokio::{net::UdpSocket, sync::mpsc, task::JoinHandle};

use crate::{Answer, Request, Server, within};

/// The longest datagram that media has.
const MAX_DATAGRAM_BYTES: usize = 2_048;

/// How often an encoder sends.
const FRAME_INTERVAL: Duration = Duration::from_millis(20);

/// An encoder or a player in a room.
#[derive(Debug)]
pub struct MediaOnly {
    /// Address of its resource on the server, for `DELETE` and `PATCH`.
    pub location: String,
    packets: mpsc::Receiver<MediaPacket>,
    task: JoinHandle<()>,
}

/// What it does in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// WHIP: sends sound and a picture.
    Publish,
    /// WHEP: receives one sound and one picture.
    Play,
}

impl MediaOnly {
    /// Joins, or gives the server's refusal.
    ///
    /// # Errors
    /// The answer when it is not `201 Created`.
    ///
    /// # Panics
    /// When no connection can be prepared, or the answer is not usable.
    pub async fn join(
        server: &Server,
        purpose: Purpose,
        app: &AppId,
        room: &str,
        token: Option<&str>,
    ) -> Result<Self, Box<Answer>> {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let address = socket.local_addr().expect("a bound socket");
        let slots = u16::from(purpose == Purpose::Play);
        let config = CallerConfig {
            certificate: Certificate::generate().expect("a certificate"),
            local: IceCandidate { transport: Transport::Udp, address },
            audio_slots: slots,
            video_slots: slots,
            video_codecs: vec![jumpa_rtc::Codec::Vp8],
            offers_red: false,
            camera_rids: vec![],
        };
        let (mut caller, offer) = Caller::offer(&config, Instant::now()).expect("an offer");
        let protocol = match purpose {
            Purpose::Publish => "whip",
            Purpose::Play => "whep",
        };
        let mut request = Request::new("POST", format!("/{protocol}/{app}/{room}"));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = server.send(request.body("application/sdp", offer)).await;
        if answer.status != 201 {
            return Err(Box::new(answer));
        }
        caller.accept_answer(&answer.text(), Instant::now()).expect("a usable answer");
        let location = answer.header("location").expect("an address to leave at").to_owned();
        let (sender, packets) = mpsc::channel(1_024);
        let task = tokio::spawn(run(caller, socket, sender, purpose));
        Ok(Self { location, packets, task })
    }

    /// The next packet of a kind.
    ///
    /// # Panics
    /// When none comes.
    pub async fn receives(&mut self, kind: Kind) -> MediaPacket {
        within(&format!("{kind:?} arrives"), async {
            loop {
                let packet = self.packets.recv().await.expect("the connection is up");
                if packet.slot.kind == kind {
                    return packet;
                }
            }
        })
        .await
    }
}

impl Drop for MediaOnly {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Drives the connection until it is aborted.
async fn run(
    mut caller: Caller,
    socket: UdpSocket,
    packets: mpsc::Sender<MediaPacket>,
    purpose: Purpose,
) {
    let mut encoder = Encoder::new();
    let mut frames = tokio::time::interval(FRAME_INTERVAL);
    let mut is_connected = false;
    let mut buffer = [0; MAX_DATAGRAM_BYTES];
    loop {
        while let Some((target, transmit)) = caller.poll_transmit() {
            // What the socket does not take is lost, as on any network.
            let _ = socket.try_send_to(&transmit.bytes, target);
        }
        while let Some(event) = caller.poll_event() {
            match event {
                CallerEvent::Connected => is_connected = true,
                CallerEvent::KeyframeRequested(..) => encoder.camera.request_keyframe(),
                CallerEvent::Media(packet) => {
                    // A test that reads slowly loses packets, as any slow player does.
                    let _ = packets.try_send(packet);
                }
                _ => {}
            }
        }
        let timeout = caller.poll_timeout().unwrap_or_else(|| Instant::now() + FRAME_INTERVAL);
        tokio::select! {
            received = socket.recv_from(&mut buffer) => {
                if let Ok((source, datagram)) = received_from(&buffer, received) {
                    caller.handle_datagram(Transport::Udp, source, datagram, Instant::now());
                }
            }
            _ = frames.tick() => {
                if is_connected && purpose == Purpose::Publish {
                    encoder.send(&mut caller);
                }
            }
            () = tokio::time::sleep_until(timeout.into()) => {
                caller.handle_timeout(Instant::now());
            }
        }
    }
}

fn received_from(
    buffer: &[u8],
    received: io::Result<(usize, std::net::SocketAddr)>,
) -> io::Result<(std::net::SocketAddr, &[u8])> {
    let (length, source) = received?;
    Ok((source, buffer.get(..length).unwrap_or_default()))
}

/// Sound and a picture without any encoder.
struct Encoder {
    microphone: AudioSource,
    camera: VideoSource,
}

impl Encoder {
    fn new() -> Self {
        let format = VideoFormat { width: 320, height: 180, fps: 50, bitrate_bps: 150_000 };
        let mut microphone = AudioSource::new(32_000, 1);
        microphone.set_level(30);
        Self { microphone, camera: VideoSource::new(format, 1) }
    }

    fn send(&mut self, caller: &mut Caller) {
        let now = Instant::now();
        let line = |line| SendLayer { line: Line(line), rid: None };
        caller.write(line(0), self.microphone.packet(now), now);
        for packet in self.camera.frame(now) {
            caller.write(line(1), packet, now);
        }
    }
}
