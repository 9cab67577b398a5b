//! What composers draw: PNG and JPEG, as browsers do, and no vast ones.

/// The longest side, pixels. A small file may be a huge picture, which would take the memory of the
/// composer: 4,096 x 4,096 pixels are 64 MB there.
pub(super) const MAX_SIDE: u32 = 4_096;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Start of an image, JPEG (ITU-T T.81, table B.1).
const JPEG: &[u8] = &[0xff, 0xd8];

/// Whether a file is an image that can be drawn, by what stands in it: what a server says of its
/// files is often wrong.
pub(super) fn is_drawable(file: &[u8]) -> bool {
    let size = png_size(file).or_else(|| jpeg_size(file));
    size.is_some_and(|(width, height)| {
        (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height)
    })
}

/// Width and height of a PNG: its first chunk is always IHDR (W3C PNG, section 11.2.1).
fn png_size(file: &[u8]) -> Option<(u32, u32)> {
    let chunk = file.strip_prefix(PNG)?.get(4..)?.strip_prefix(b"IHDR")?;
    let (width, rest) = chunk.split_first_chunk::<4>()?;
    let (height, _) = rest.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)))
}

/// Width and height of a JPEG, which stand in its frame header (ITU-T T.81, section B.2.2).
fn jpeg_size(file: &[u8]) -> Option<(u32, u32)> {
    let mut rest = file.strip_prefix(JPEG)?;
    loop {
        let (&[mark, marker, high, low], _) = rest.split_first_chunk::<4>()?;
        if mark != 0xff {
            return None;
        }
        if marker == 0xff {
            // Fill bytes may stand before any marker.
            rest = rest.get(1..)?;
            continue;
        }
        let segment = rest.get(2..)?;
        if is_frame(marker) {
            let &[height_high, height_low, width_high, width_low] = segment.get(3..7)? else {
                return None;
            };
            let number = |high, low| u32::from(u16::from_be_bytes([high, low]));
            return Some((number(width_high, width_low), number(height_high, height_low)));
        }
        rest = segment.get(usize::from(u16::from_be_bytes([high, low])).max(2)..)?;
    }
}

/// SOF0 to SOF15, between which DHT, JPG and DAC stand.
const fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [PNG, &[0, 0, 0, 13], b"IHDR", &size].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let comment = [0xff, 0xfe, 0, 4, 1, 2];
        let frame =
            [&[0xff, 0xff, 0xc2, 0, 11, 8][..], &height.to_be_bytes(), &width.to_be_bytes()];
        [JPEG, &comment, &frame.concat(), &[1]].concat()
    }

    #[test]
    fn pictures_of_a_usual_size_are_drawn() {
        assert!(is_drawable(&png(320, 80)) && is_drawable(&jpeg(320, 80)));
        assert_eq!(png_size(&png(320, 80)), Some((320, 80)));
        assert_eq!(jpeg_size(&jpeg(320, 80)), Some((320, 80)));
    }

    #[test]
    fn vast_and_empty_pictures_are_not() {
        assert!(!is_drawable(&png(30_000, 30)) && !is_drawable(&jpeg(30, 30_000)));
        assert!(!is_drawable(&png(0, 8)) && !is_drawable(&jpeg(8, 0)));
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_not() {
        for whole in [png(320, 80), jpeg(320, 80)] {
            assert!((0..whole.len() - 1).all(|length| !is_drawable(&whole[..length])));
        }
        assert!(!is_drawable(b"<svg xmlns='http://www.w3.org/2000/svg'/>"));
        assert!(!is_drawable(&[0xff; 64]) && !is_drawable(&[JPEG, &[0xff, 0xfe, 0, 0]].concat()));
    }
}
