use super::*;
use crate::mutation::Mutator;

fn framed(datagrams: &[&[u8]]) -> Vec<u8> {
    let mut stream = Vec::new();
    for datagram in datagrams {
        stream.extend((datagram.len() as u16).to_be_bytes());
        stream.extend(*datagram);
    }
    stream
}

fn read_all(reader: &mut FrameReader) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let Some(frame) = reader.next_frame().expect("well-formed frames") {
        frames.push(frame.to_vec());
    }
    frames
}

/// A socket that takes a given number of bytes and then blocks.
struct Narrow {
    room: usize,
    taken: Vec<u8>,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        if taken == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.room -= taken;
        self.taken.extend(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_frame_split_at_every_byte_comes_out_whole() {
    let stream = framed(&[b"halo", b"dunia"]);
    let mut reader = FrameReader::default();
    let mut frames = Vec::new();
    for byte in &stream {
        reader.push(std::slice::from_ref(byte));
        frames.extend(read_all(&mut reader));
    }
    assert_eq!(frames, [b"halo".to_vec(), b"dunia".to_vec()]);
}

#[test]
fn frames_that_arrive_together_come_out_one_by_one() {
    let mut reader = FrameReader::default();
    reader.push(&framed(&[b"a", b"", b"bc", b"def"]));
    assert_eq!(read_all(&mut reader), [b"a".to_vec(), b"bc".to_vec(), b"def".to_vec()]);
    assert_eq!(reader.buffered_bytes(), 0);
}

#[test]
fn the_largest_frame_is_taken_and_a_larger_one_refused() {
    for (len, is_taken) in [
        (MAX_DATAGRAM_BYTES - 1, true),
        (MAX_DATAGRAM_BYTES, true),
        (MAX_DATAGRAM_BYTES + 1, false),
    ] {
        let mut reader = FrameReader::default();
        reader.push(&framed(&[&vec![7; len]]));
        assert_eq!(reader.next_frame().is_ok(), is_taken, "{len}");
    }
}

#[test]
fn an_oversize_length_is_refused_before_its_bytes_come() {
    let mut reader = FrameReader::default();
    reader.push(&[0xff, 0xff]);
    assert_eq!(reader.next_frame(), Err(FramingError::Oversize(0xffff)));
}

#[test]
fn mutated_streams_never_panic_and_never_yield_more_than_came_in() {
    let seed = framed(&[b"\x00\x01\x00\x08aaaabbbbccccdddd", &[0x80; 1_200], b"", &[22; 60]]);
    let mut mutator = Mutator::new(4_571);
    for _ in 0..5_000 {
        let stream = mutator.mutate(&seed);
        let mut reader = FrameReader::default();
        let mut yielded = 0;
        'stream: for piece in stream.chunks(mutator.below(97) + 1) {
            reader.push(piece);
            loop {
                match reader.next_frame() {
                    Ok(Some(frame)) => yielded += HEADER_BYTES + frame.len(),
                    Ok(None) => break,
                    Err(_) => break 'stream,
                }
            }
        }
        assert!(yielded <= stream.len());
    }
}

#[test]
fn a_partly_sent_frame_is_finished_before_the_next_one() {
    let mut socket = Narrow { room: 4, taken: Vec::new() };
    let mut writer = FrameWriter::default();
    assert!(writer.send(&mut socket, b"halo").expect("sends"));
    assert!(writer.send(&mut socket, b"dunia").expect("queues"));
    socket.room = 100;
    writer.flush(&mut socket).expect("flushes");
    assert!(writer.is_empty());
    assert_eq!(socket.taken, framed(&[b"halo", b"dunia"]));
}

#[test]
fn a_full_queue_drops_whole_datagrams() {
    let mut socket = Narrow { room: 0, taken: Vec::new() };
    let mut writer = FrameWriter::default();
    let datagram = [1; 1_000];
    let mut queued = 0;
    while writer.send(&mut socket, &datagram).expect("queues or drops") {
        queued += 1;
        assert!(queued < 1_000, "the queue has a bound");
    }
    assert_eq!(queued, MAX_QUEUED_BYTES / (HEADER_BYTES + datagram.len()));
    socket.room = usize::MAX;
    writer.flush(&mut socket).expect("flushes");
    let mut reader = FrameReader::default();
    reader.push(&socket.taken);
    assert_eq!(read_all(&mut reader).len(), queued);
}
