//! Links to files that work for a short time, for whoever has them.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jumpa_db::Timestamp;
use jumpa_protocol::{RecordingFileId, TenantId};
use uuid::Uuid;

/// Tenant, file, end in microseconds, whether it is to be saved: 16, 16, 8 and 1 bytes.
const FACTS: usize = 41;

/// Which file somebody may have until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileReference {
    pub(super) tenant_id: TenantId,
    pub(super) file_id: RecordingFileId,
    pub(super) expires_at: Timestamp,
    /// Whether browsers save it in place of showing it.
    pub(super) is_download: bool,
}

/// Signs references and reads them (HMAC-SHA256, RFC 2104).
pub(super) struct FileReferences(hmac::Key);

impl FileReferences {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The reference as it stands in a link.
    pub(super) fn sign(&self, reference: &FileReference) -> String {
        let mut token = reference.tenant_id.as_uuid().as_bytes().to_vec();
        token.extend(reference.file_id.as_uuid().as_bytes());
        token.extend(reference.expires_at.as_micros().to_be_bytes());
        token.push(u8::from(reference.is_download));
        let tag = hmac::sign(&self.0, &token);
        token.extend(tag.as_ref());
        URL_SAFE_NO_PAD.encode(token)
    }

    /// What a link refers to; none when it was not made here or is over.
    pub(super) fn read(&self, token: &str, now: Timestamp) -> Option<FileReference> {
        let token = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (facts, tag) = token.split_at_checked(FACTS)?;
        hmac::verify(&self.0, facts, tag).ok()?;
        let (tenant, rest) = facts.split_first_chunk::<16>()?;
        let (file, rest) = rest.split_first_chunk::<16>()?;
        let (end, rest) = rest.split_first_chunk::<8>()?;
        let reference = FileReference {
            tenant_id: TenantId::from_uuid(Uuid::from_bytes(*tenant)),
            file_id: RecordingFileId::from_uuid(Uuid::from_bytes(*file)),
            expires_at: Timestamp::from_micros(i64::from_be_bytes(*end)),
            is_download: rest == [1],
        };
        (now < reference.expires_at).then_some(reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn reference() -> FileReference {
        FileReference {
            tenant_id: TenantId::generate(),
            file_id: RecordingFileId::generate(),
            expires_at: at(100),
            is_download: true,
        }
    }

    #[test]
    fn a_reference_reads_back_until_it_is_over() {
        let references = FileReferences::new(&[7; 32]);
        let reference = reference();
        let token = references.sign(&reference);
        assert_eq!(references.read(&token, at(99)), Some(reference));
        assert_eq!(references.read(&token, at(100)), None);
    }

    #[test]
    fn a_reference_of_another_key_or_with_a_changed_letter_is_none() {
        let references = FileReferences::new(&[7; 32]);
        let token = references.sign(&reference());
        assert_eq!(FileReferences::new(&[8; 32]).read(&token, at(1)), None);
        for place in [0, 30, 50, token.len() - 2] {
            let mut letters: Vec<char> = token.chars().collect();
            letters[place] = if letters[place] == 'A' { 'B' } else { 'A' };
            assert_eq!(references.read(&letters.into_iter().collect::<String>(), at(1)), None);
        }
        assert_eq!(references.read("", at(1)), None);
        assert_eq!(references.read("????", at(1)), None);
    }
}
