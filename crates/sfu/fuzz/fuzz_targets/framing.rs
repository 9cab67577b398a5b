#![no_main]

use jumpa_sfu::framing::FrameReader;

// The first byte chooses into which pieces the stream is cut; what comes out must not depend on it.
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&cut, stream)) = data.split_first() else { return };
    let pieces = stream.chunks(usize::from(cut) + 1);
    assert_eq!(read(pieces), read([stream].into_iter()));
});

/// The datagrams of a stream, and whether it could be read to its end.
fn read<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Vec<u8>>, bool) {
    let mut reader = FrameReader::default();
    let mut frames = Vec::new();
    for piece in pieces {
        reader.push(piece);
        loop {
            match reader.next_frame() {
                Ok(Some(frame)) => frames.push(frame.to_vec()),
                Ok(None) => break,
                Err(_) => return (frames, false),
            }
        }
    }
    (frames, true)
}
