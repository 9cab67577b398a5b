//! What can be run.

mod av_offset;
mod join_latency;
mod one_to_fifty;
mod ready_after_hang_up;
mod recorded_calls;
mod room_of_ten;

use std::time::Duration;

use anyhow::Context;
use clap::ValueEnum;
use jumpa_client::{Client, JoinOptions};
use jumpa_protocol::SourceKind;

use crate::{
    camera::Camera, cli::Options, microphone::Microphone, receiver::Receiver, report::Figures,
    server::Server,
};

/// How long a load settles before it is measured: estimates climb and everybody gets the layer it
/// asked for.
const SETTLE: Duration = Duration::from_secs(10);

/// A load with a question to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Scenario {
    /// One sends camera and microphone to many
    OneToFifty,
    /// Everybody sends and sees everybody
    RoomOfTen,
    /// How soon somebody who joins sees and hears
    JoinLatency,
    /// Calls of ten whose tracks are recorded
    RecordedCalls,
    /// How soon the tracks of a long call are in the library
    ReadyAfterHangUp,
    /// How far sound and pictures of a long recorded call are apart
    AvOffset,
}

impl Scenario {
    /// Every scenario that is run unasked, in the order of the report. [`Self::AvOffset`] takes as
    /// long as the call.
    pub const USUAL: [Self; 5] = [
        Self::OneToFifty,
        Self::RoomOfTen,
        Self::JoinLatency,
        Self::RecordedCalls,
        Self::ReadyAfterHangUp,
    ];

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::OneToFifty => "one_to_fifty",
            Self::RoomOfTen => "room_of_ten",
            Self::JoinLatency => "join_latency",
            Self::RecordedCalls => "recorded_calls",
            Self::ReadyAfterHangUp => "ready_after_hang_up",
            Self::AvOffset => "av_offset",
        }
    }

    /// Runs it against a fresh server.
    ///
    /// # Errors
    /// When a client cannot join or the server fails.
    pub async fn run(self, server: &Server, options: &Options) -> anyhow::Result<Figures> {
        match self {
            Self::OneToFifty => one_to_fifty::run(server, options).await,
            Self::RoomOfTen => room_of_ten::run(server, options).await,
            Self::JoinLatency => join_latency::run(server, options).await,
            Self::RecordedCalls => recorded_calls::run(server, options).await,
            Self::ReadyAfterHangUp => ready_after_hang_up::run(options).await,
            Self::AvOffset => av_offset::run(server, options).await,
        }
    }
}

/// Somebody who sends camera and voice, and may receive.
struct Sender {
    receiver: Receiver,
    media: Media,
}

/// Media that is being sent; stops when this is dropped.
type Media = (Camera, Microphone);

impl Sender {
    async fn join(options: JoinOptions, seed: u32) -> anyhow::Result<Self> {
        let options = options.sending(SourceKind::Microphone).sending(SourceKind::Camera);
        let (client, events) = Client::join(options).await.context("joining as a sender")?;
        client.wait_for_media().await.context("waiting for a sender's media")?;
        let camera = Camera::publish(&client, seed);
        let microphone = Microphone::publish(&client, seed);
        let receiver = Receiver::new(client, events);
        Ok(Self { receiver, media: (camera, microphone) })
    }

    fn into_parts(self) -> (Media, Receiver) {
        (self.media, self.receiver)
    }
}
