//! One room of the SFU, sans-IO.
//!
//! [`Room`] owns the peer connections of one call and decides what everybody receives. It reads no
//! clock and no socket: datagrams, orders of signalling and time go in, datagrams, events and a
//! next moment come out.
//!
//! A participant *sends* up to four sources, each with up to four layers, and *receives* on
//! numbered slots. Video slots show what the client asks for; audio slots the loudest. A packet
//! that arrives is noted at its source, given to every slot that is subscribed to the source,
//! rewritten so that each slot is one continuous stream, and handed to the receiver's connection;
//! its payload is shared by all of them.
//!
//! Each choice is a small state machine of its own, without a connection: which layer a slot gets
//! (`allocator`, `ladder`), how one source follows another (`video_slot`, `rewriter`), who is heard
//! (`voice`, `audio_assignment`, `active_speakers`), when a publisher is asked for a keyframe
//! (`keyframe_throttle`, `loss_tracker`) and for encodings (`layers_wanted`), and how good a
//! connection is (`path_watch`, `quality`).

mod active_speakers;
mod allocator;
mod audio_assignment;
mod audio_slot;
mod automatic_view;
mod bitrate_meter;
mod doubt;
mod downlink;
mod event;
mod keyframe_throttle;
mod keys;
mod ladder;
mod layers_wanted;
mod level_report;
mod loss_tracker;
mod member;
mod path_watch;
mod probe_prompt;
mod quality;
mod received_window;
mod rewriter;
mod room;
mod source;
#[cfg(test)]
mod test_packet;
mod video_slot;
mod voice;

pub use event::{Join, RoomConfig, RoomEvent, RoomStats};
pub use room::Room;
