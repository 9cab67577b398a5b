//! The media node: pinned worker threads, sockets, demultiplexing and timers.

pub mod datagram;
pub mod demux;
pub mod framing;
#[cfg(test)]
mod mutation;
pub mod tcp;
