//! A participant in Rust: join, publish, view, reconnect.
//!
//! [`Client::join`] enters a room and gives two things: the [`Client`], a handle that may be
//! cloned, which publishes, asks and views; and [`Events`], where everything that happens arrives.
//!
//! Behind them one task owns the WebSocket, the media socket and the connection. It comes back by
//! itself: a lost WebSocket is resumed while media goes on, a path that is silent for 1.5 s gets an
//! ICE restart from a new socket, and when the server has forgotten the session the client joins
//! again as the same participant, with its sources and its view.
//!
//! [`synthetic`] makes media without any encoder, for tests and for load.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use jumpa_client::{Client, JoinOptions};
//!
//! let options = JoinOptions::new("http://127.0.0.1:8080", "toko-melati".parse()?, "kasir".parse()?)
//!     .named("Sari");
//! let (client, mut events) = Client::join(options).await?;
//! client.wait_for_media().await?;
//! while let Some(event) = events.next().await {
//!     println!("{event:?}");
//! }
//! # Ok(())
//! # }
//! ```

mod backoff;
mod client;
mod error;
mod event;
mod media;
mod options;
mod reconnect;
mod roster;
mod session;
mod signal_socket;
mod socket;
mod stats;
pub mod synthetic;
mod tcp;
mod tls;

pub use client::Client;
pub use error::{JoinError, RequestError};
pub use event::{Arrival, ClientEvent, Events, PublishSignal, RemotePacket, RemoteSource};
pub use options::{JoinOptions, LobbyNotice};
pub use stats::{ClientStats, SlotStats};
pub use tls::tls_connector;

/// Words of the media plane that appear in this crate's interface.
pub use jumpa_rtc::{Codec, MediaPacket, OutPacket, Slot, Transport};
