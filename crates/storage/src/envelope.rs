//! Encryption before files leave this machine, in frames, so that any part of a file can be read.
//!
//! A file is cut into frames of 1 MiB, the last one shorter; each becomes its ciphertext and a tag of
//! 16 bytes (AES-256-GCM, NIST SP 800-38D), one after another without a head. The key of a file comes
//! from the data key of its recording, its name and its SHA-256 (HKDF-SHA256, RFC 5869): a file that
//! is sent again gives the same bytes, so parts of two attempts fit together, and two contents never
//! share a key, so counting frames makes every nonce unique. The length is authenticated with each
//! frame, so a file cannot be cut.

use std::ops::Range;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, Salt},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jumpa_protocol::recording::DataKey;

use crate::{StorageError, StoredFile};

/// Plain bytes of a frame. Larger frames make a jump in a player read more than it needs.
pub(crate) const FRAME_BYTES: u64 = 1 << 20;

/// What a frame is longer by.
const TAG_BYTES: u64 = 16;

/// Length of a data key, bytes.
const KEY_BYTES: usize = 32;

/// The data key of a recording.
#[derive(Clone)]
pub(crate) struct Envelope([u8; KEY_BYTES]);

impl Envelope {
    pub(crate) fn new(key: &DataKey) -> Result<Self, StorageError> {
        let bytes = STANDARD.decode(&key.0).ok().and_then(|bytes| bytes.try_into().ok());
        let unfit = || StorageError::Refused("the data key does not have 32 bytes".to_owned());
        bytes.map(Self).ok_or_else(unfit)
    }

    pub(crate) fn of(&self, file: &StoredFile<'_>) -> FileEnvelope {
        let purpose = [b"file".as_slice(), file.key.as_bytes(), b"\0", file.sha256.as_bytes()];
        let key = Salt::new(HKDF_SHA256, b"jumpa recording")
            .extract(&self.0)
            .expand(&purpose, &AES_256_GCM)
            .map(UnboundKey::from)
            .expect("a key of AES-256 is within what HKDF-SHA256 can give");
        FileEnvelope { key: LessSafeKey::new(key), length: file.bytes }
    }
}

/// Seals and opens the frames of one file.
pub(crate) struct FileEnvelope {
    key: LessSafeKey,
    /// Of the plain file, bytes.
    length: u64,
}

impl FileEnvelope {
    /// Encrypts a frame in its place.
    pub(crate) fn seal(&self, index: u64, frame: &mut Vec<u8>) {
        self.key
            .seal_in_place_append_tag(nonce(index), self.context(), frame)
            .expect("a frame is far below the 64 GiB that one nonce may encrypt");
    }

    /// Decrypts a frame in its place.
    pub(crate) fn open(&self, index: u64, frame: &mut Vec<u8>) -> Result<(), StorageError> {
        let opened = self.key.open_in_place(nonce(index), self.context(), frame);
        let length = opened.map_err(|_| StorageError::Changed)?.len();
        frame.truncate(length);
        Ok(())
    }

    fn context(&self) -> Aad<[u8; 8]> {
        Aad::from(self.length.to_be_bytes())
    }
}

fn nonce(index: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[NONCE_LEN - 8..].copy_from_slice(&index.to_be_bytes());
    Nonce::assume_unique_for_key(nonce)
}

/// How many bytes a file has that is encrypted.
pub(crate) fn sealed_length(length: u64) -> u64 {
    length + length.div_ceil(FRAME_BYTES) * TAG_BYTES
}

/// Where the frames lie that hold a part of a file, which is not empty.
pub(crate) fn sealed_range(part: &Range<u64>, length: u64) -> Range<u64> {
    let sealed_frame = FRAME_BYTES + TAG_BYTES;
    let first = part.start / FRAME_BYTES;
    let after = part.end.div_ceil(FRAME_BYTES);
    first * sealed_frame..(after * sealed_frame).min(sealed_length(length))
}

/// Bytes of a whole frame as it lies in the storage.
pub(crate) const SEALED_FRAME_BYTES: usize = (FRAME_BYTES + TAG_BYTES) as usize;

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope(key: &str, sha256: &str, bytes: u64) -> FileEnvelope {
        let data_key = Envelope([7; KEY_BYTES]);
        data_key.of(&StoredFile { key, bytes, sha256 })
    }

    #[test]
    fn a_frame_opens_in_its_place_alone() {
        let mine = envelope("ten_1/a/rec_1/001.webm", "aa", 5);
        let mut sealed = b"suara".to_vec();
        mine.seal(3, &mut sealed);
        assert_eq!(sealed.len(), 5 + 16);
        let mut frame = sealed.clone();
        mine.open(3, &mut frame).unwrap();
        assert_eq!(frame, b"suara");
        let others = [
            (envelope("ten_1/a/rec_1/002.webm", "aa", 5), 3),
            (envelope("ten_1/a/rec_1/001.webm", "bb", 5), 3),
            (envelope("ten_1/a/rec_1/001.webm", "aa", 6), 3),
            (mine, 4),
        ];
        for (other, index) in others {
            assert!(other.open(index, &mut sealed.clone()).is_err());
        }
    }

    #[test]
    fn a_part_is_found_among_the_frames() {
        let (frame, sealed) = (FRAME_BYTES, FRAME_BYTES + TAG_BYTES);
        let length = 2 * frame + 10;
        assert_eq!(sealed_length(length), length + 3 * TAG_BYTES);
        assert_eq!(sealed_range(&(0..1), length), 0..sealed);
        assert_eq!(sealed_range(&(frame - 1..frame + 1), length), 0..2 * sealed);
        assert_eq!(sealed_range(&(2 * frame..length), length), 2 * sealed..2 * sealed + 26);
        assert_eq!(sealed_length(0), 0);
    }

    #[test]
    fn a_data_key_has_32_bytes() {
        assert!(Envelope::new(&DataKey(STANDARD.encode([1; 32]))).is_ok());
        assert!(Envelope::new(&DataKey(STANDARD.encode([1; 31]))).is_err());
        assert!(Envelope::new(&DataKey("?".to_owned())).is_err());
    }
}
