//! Media that decodes: a colour and a tone, encoded once by ffmpeg and sent in real time.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jumpa_client::{Client, Codec, OutPacket};
use jumpa_load::encoded;
use jumpa_protocol::SourceKind;
use tokio::{task::JoinHandle, time::interval};

/// How long the encoded media is before it is sent from the beginning again.
const LOOP_SECONDS: u32 = 4;
const FPS: u32 = 25;
/// How loud the tone is said to be, −dBov.
const LEVEL: u8 = 20;
/// The most that a packet carries.
const MAX_PAYLOAD: usize = 1_100;

/// A picture of one colour and a tone.
#[derive(Debug, Clone)]
pub struct EncodedMedia {
    /// VP8 frames, a keyframe in each second.
    pictures: Vec<Vec<u8>>,
    /// Opus packets of 20 ms.
    sounds: Vec<Vec<u8>>,
}

/// Media that is being sent; stops when this is dropped.
#[derive(Debug)]
pub struct Sending(Vec<JoinHandle<()>>);

impl Drop for Sending {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl EncodedMedia {
    /// Encodes a colour that ffmpeg knows by name, with noise so that frames have a size, and a tone.
    ///
    /// # Panics
    /// When ffmpeg cannot.
    #[must_use]
    pub fn new(colour: &str, tone_hz: u32) -> Self {
        let picture = format!(
            "color={colour}:size=320x180:rate={FPS}:duration={LOOP_SECONDS},noise=alls=12:allf=t"
        );
        let sound = format!("sine=frequency={tone_hz}:sample_rate=48000:duration={LOOP_SECONDS}");
        Self {
            pictures: encoded::vp8(&picture, FPS, 300_000).expect("ffmpeg makes a picture"),
            sounds: encoded::opus(&sound).expect("ffmpeg makes a sound"),
        }
    }

    /// Sends picture and tone of a participant without simulcast from now on, who has said when they
    /// joined that both are live.
    #[must_use]
    pub fn send(self, client: &Client) -> Sending {
        let (pictures, sounds) = (client.clone(), client.clone());
        Sending(vec![
            tokio::spawn(send_pictures(pictures, self.pictures)),
            tokio::spawn(send_sounds(sounds, self.sounds)),
        ])
    }
}

async fn send_pictures(client: Client, pictures: Vec<Vec<u8>>) {
    let mut clock = interval(Duration::from_secs(1) / FPS);
    let mut seq = 1;
    for (number, picture) in (0_u32..).zip(pictures.iter().cycle()) {
        clock.tick().await;
        let parts: Vec<&[u8]> = picture.chunks(MAX_PAYLOAD).collect();
        for (index, part) in parts.iter().enumerate() {
            // The S bit begins a frame (RFC 7741 section 4.2).
            let descriptor = if index == 0 { 0x10 } else { 0 };
            let packet = OutPacket {
                codec: Codec::Vp8,
                seq,
                timestamp: number.wrapping_mul(90_000 / FPS),
                marker: index + 1 == parts.len(),
                payload: [&[descriptor], *part].concat().into(),
                ..empty()
            };
            client.write(SourceKind::Camera, None, packet);
            seq += 1;
        }
    }
}

async fn send_sounds(client: Client, sounds: Vec<Vec<u8>>) {
    let mut clock = interval(Duration::from_millis(20));
    for (number, sound) in (0_u32..).zip(sounds.iter().cycle()) {
        clock.tick().await;
        let packet = OutPacket {
            codec: Codec::Opus,
            seq: 1 + u64::from(number),
            timestamp: number.wrapping_mul(960),
            audio_level: Some(LEVEL),
            voice_activity: Some(true),
            payload: sound.as_slice().into(),
            ..empty()
        };
        client.write(SourceKind::Microphone, None, packet);
    }
}

fn empty() -> OutPacket {
    OutPacket {
        codec: Codec::Opus,
        seq: 0,
        timestamp: 0,
        marker: false,
        csrc: None,
        audio_level: None,
        voice_activity: None,
        rotation: None,
        vp8: None,
        payload: Arc::from([]),
        captured_at: Instant::now(),
    }
}
