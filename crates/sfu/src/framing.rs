//! Datagrams over a TCP stream (RFC 4571): two bytes of length, then the datagram.

use std::io::{self, IoSlice, Write};

use crate::datagram::MAX_DATAGRAM_BYTES;

/// Bytes of the length in front of each datagram.
const HEADER_BYTES: usize = 2;

/// Most bytes that wait for one client's TCP window.
///
/// It holds a burst such as a keyframe of several layers. More would only add delay: a client that
/// is this far behind is better served by a loss, which its estimate sees.
pub const MAX_QUEUED_BYTES: usize = 128 * 1024;

/// Why a stream cannot be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// A length above [`MAX_DATAGRAM_BYTES`]: the other side speaks something else.
    #[error("a frame of {0} bytes is over the limit")]
    Oversize(usize),
}

/// Cuts a byte stream into datagrams.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    read: usize,
}

impl FrameReader {
    /// Takes the next bytes of the stream, in pieces of any size.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.read > 0 {
            self.buffer.drain(..self.read);
            self.read = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next complete datagram, or `None` until more bytes come. Empty frames are skipped.
    ///
    /// # Errors
    /// [`FramingError::Oversize`]; the stream is of no use afterwards.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FramingError> {
        let (start, len) = loop {
            let Some((&[high, low], rest)) =
                self.buffer.get(self.read..).and_then(<[u8]>::split_first_chunk)
            else {
                return Ok(None);
            };
            let len = usize::from(u16::from_be_bytes([high, low]));
            if len > MAX_DATAGRAM_BYTES {
                return Err(FramingError::Oversize(len));
            }
            if rest.len() < len {
                return Ok(None);
            }
            let start = self.read + HEADER_BYTES;
            self.read = start + len;
            if len > 0 {
                break (start, len);
            }
        };
        Ok(self.buffer.get(start..start + len))
    }

    /// Bytes that wait for the rest of their frame.
    #[must_use]
    pub fn buffered_bytes(&self) -> usize {
        self.buffer.len() - self.read
    }
}

/// Frames that did not fit into the socket's buffer, to be sent when it has room.
#[derive(Debug, Default)]
pub struct FrameWriter {
    queue: Vec<u8>,
    sent: usize,
}

impl FrameWriter {
    /// Sends a datagram, or queues what the socket does not take. `false` when the datagram was
    /// dropped: it is empty, too long for a frame, or too much is waiting already.
    ///
    /// # Errors
    /// The error of the socket, except `WouldBlock`.
    pub fn send(&mut self, socket: &mut impl Write, datagram: &[u8]) -> io::Result<bool> {
        let Ok(len) = u16::try_from(datagram.len()) else { return Ok(false) };
        if len == 0 {
            return Ok(false);
        }
        let header = len.to_be_bytes();
        if self.is_empty() {
            let sent = unless_blocked(
                socket.write_vectored(&[IoSlice::new(&header), IoSlice::new(datagram)]),
            )?;
            self.queue.extend(header.iter().chain(datagram).skip(sent));
            return Ok(true);
        }
        if self.waiting_bytes() + HEADER_BYTES + datagram.len() > MAX_QUEUED_BYTES {
            return Ok(false);
        }
        self.queue.extend_from_slice(&header);
        self.queue.extend_from_slice(datagram);
        Ok(true)
    }

    /// Sends what waits, as far as the socket takes it.
    ///
    /// # Errors
    /// The error of the socket, except `WouldBlock`.
    pub fn flush(&mut self, socket: &mut impl Write) -> io::Result<()> {
        while let Some(waiting @ [_, ..]) = self.queue.get(self.sent..) {
            let sent = unless_blocked(socket.write(waiting))?;
            if sent == 0 {
                break;
            }
            self.sent += sent;
        }
        if self.is_empty() {
            self.queue.clear();
            self.sent = 0;
        } else if self.sent > MAX_QUEUED_BYTES / 2 {
            self.queue.drain(..self.sent);
            self.sent = 0;
        }
        Ok(())
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting_bytes() == 0
    }

    fn waiting_bytes(&self) -> usize {
        self.queue.len() - self.sent
    }
}

/// Takes a full buffer for zero bytes written.
fn unless_blocked(result: io::Result<usize>) -> io::Result<usize> {
    match result {
        Err(error)
            if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) =>
        {
            Ok(0)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests;
