//! The media node: pinned worker threads, sockets, demultiplexing and timers.
