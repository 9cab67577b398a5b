//! The crypto library of all connections (aws-lc-rs), and what it saw.
//!
//! str0m does not tell whether a datagram was authentic, nor which packets a receiver asks for
//! again. Both can be seen where SRTP is opened: the ciphers here note in a thread-local register
//! that they opened something, and keep the plain text of RTCP. [`observe`] reads the register
//! around one call of str0m, which does all of its work on the calling thread.
//!
//! RTCP that str0m would panic on is refused here, as if it had not opened.

use std::{
    cell::RefCell,
    sync::{Arc, LazyLock},
};

use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, CryptoProvider,
    SrtpProvider, SupportedAeadAes128Gcm, SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
    from_feature_flags,
};

use crate::rtcp;

/// Bytes of an RTCP packet that are not encrypted.
const RTCP_CLEAR: usize = 8;
/// Bytes of the SRTCP index, which AEAD authenticates with them.
const SRTCP_INDEX_LEN: usize = 4;

/// What was opened while a call was observed.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// Whether a packet was authentic.
    pub(crate) is_authentic: bool,
    /// Whether the cipher was AEAD, whose SRTCP index stands at the very end of a packet.
    pub(crate) is_aead: bool,
    /// The compound RTCP packet in plain text; empty when none was opened.
    pub(crate) rtcp: Vec<u8>,
}

#[derive(Debug, Default)]
struct Register {
    /// Whether the datagram is RTCP, whose plain text is kept and checked.
    keeps: bool,
    last_transport_seq: Option<u16>,
    opened: Opened,
}

thread_local! {
    static REGISTER: RefCell<Register> = RefCell::default();
}

/// Calls `work` with a datagram of the other side and tells what was opened by it.
///
/// `last_transport_seq` is the last transport-wide sequence number that was sent, `None` when there
/// were more than 65,535 ([`rtcp::is_sound`]).
pub(crate) fn observe<T>(
    datagram: &[u8],
    last_transport_seq: Option<u16>,
    work: impl FnOnce() -> T,
) -> (T, Opened) {
    let is_rtcp = datagram.get(1).is_some_and(|byte| (192..224).contains(byte));
    REGISTER.with_borrow_mut(|register| {
        register.keeps = is_rtcp;
        register.last_transport_seq = last_transport_seq;
        register.opened.is_authentic = false;
        register.opened.rtcp.clear();
        if is_rtcp {
            register.opened.rtcp.extend_from_slice(datagram.get(..RTCP_CLEAR).unwrap_or_default());
        }
    });
    let done = work();
    let opened = REGISTER.with_borrow_mut(|register| {
        // What is opened outside of an observed call is none of ours.
        register.keeps = false;
        std::mem::take(&mut register.opened)
    });
    (done, opened)
}

/// Notes that something was opened, `clear` bytes of which were not encrypted; an error when str0m
/// must not see it.
fn admit(is_aead: bool, clear: usize, plain: &mut [u8]) -> Result<(), CryptoError> {
    #[cfg(test)]
    tests::tamper(plain);
    REGISTER.with_borrow_mut(|register| {
        if register.keeps {
            register.opened.rtcp.extend_from_slice(plain);
            let is_sound = clear <= RTCP_CLEAR + SRTCP_INDEX_LEN
                && rtcp::is_sound(&register.opened.rtcp, register.last_transport_seq);
            if !is_sound {
                register.opened.rtcp.clear();
                return Err(CryptoError::Other("unsound RTCP".to_owned()));
            }
        }
        register.opened.is_authentic = true;
        register.opened.is_aead = is_aead;
        Ok(())
    })
}

/// The provider that every connection is built with.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
        Arc::new(CryptoProvider { srtp_provider: &Observing, ..from_feature_flags() })
    });
    Arc::clone(&PROVIDER)
}

fn inner() -> &'static dyn SrtpProvider {
    static INNER: LazyLock<&'static dyn SrtpProvider> =
        LazyLock::new(|| from_feature_flags().srtp_provider);
    *INNER
}

/// Hands everything to the library and notes what was opened.
#[derive(Debug)]
struct Observing;

impl SrtpProvider for Observing {
    fn aes_128_cm_sha1_80(&self) -> &'static dyn SupportedAes128CmSha1_80 {
        &Observing
    }

    fn aead_aes_128_gcm(&self) -> &'static dyn SupportedAeadAes128Gcm {
        &Observing
    }

    fn aead_aes_256_gcm(&self) -> &'static dyn SupportedAeadAes256Gcm {
        &Observing
    }

    fn srtp_aes_128_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        inner().srtp_aes_128_ecb_round(key, input, output);
    }

    fn srtp_aes_256_ecb_round(&self, key: &[u8], input: &[u8], output: &mut [u8]) {
        inner().srtp_aes_256_ecb_round(key, input, output);
    }
}

impl SupportedAes128CmSha1_80 for Observing {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn Aes128CmSha1_80Cipher> {
        Box::new(Observed(inner().aes_128_cm_sha1_80().create_cipher(key, encrypt)))
    }
}

impl SupportedAeadAes128Gcm for Observing {
    fn create_cipher(&self, key: [u8; 16], encrypt: bool) -> Box<dyn AeadAes128GcmCipher> {
        Box::new(Observed(inner().aead_aes_128_gcm().create_cipher(key, encrypt)))
    }
}

impl SupportedAeadAes256Gcm for Observing {
    fn create_cipher(&self, key: [u8; 32], encrypt: bool) -> Box<dyn AeadAes256GcmCipher> {
        Box::new(Observed(inner().aead_aes_256_gcm().create_cipher(key, encrypt)))
    }
}

#[derive(Debug)]
struct Observed<C: ?Sized>(Box<C>);

impl Aes128CmSha1_80Cipher for Observed<dyn Aes128CmSha1_80Cipher> {
    fn encrypt(&mut self, iv: &[u8; 16], input: &[u8], out: &mut [u8]) -> Result<(), CryptoError> {
        self.0.encrypt(iv, input, out)
    }

    // The tag of this profile is checked by str0m before it decrypts.
    fn decrypt(&mut self, iv: &[u8; 16], input: &[u8], out: &mut [u8]) -> Result<(), CryptoError> {
        self.0.decrypt(iv, input, out)?;
        admit(false, 0, out.get_mut(..input.len()).unwrap_or_default())
    }
}

impl AeadAes128GcmCipher for Observed<dyn AeadAes128GcmCipher> {
    fn encrypt(
        &mut self,
        iv: &[u8; 12],
        aad: &[u8],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        self.0.encrypt(iv, aad, input, output)
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        let len = self.0.decrypt(iv, aads, input, output)?;
        let clear = aads.iter().map(|part| part.len()).sum();
        admit(true, clear, output.get_mut(..len).unwrap_or_default())?;
        Ok(len)
    }
}

impl AeadAes256GcmCipher for Observed<dyn AeadAes256GcmCipher> {
    fn encrypt(
        &mut self,
        iv: &[u8; 12],
        aad: &[u8],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<(), CryptoError> {
        self.0.encrypt(iv, aad, input, output)
    }

    fn decrypt(
        &mut self,
        iv: &[u8; 12],
        aads: &[&[u8]],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize, CryptoError> {
        let len = self.0.decrypt(iv, aads, input, output)?;
        let clear = aads.iter().map(|part| part.len()).sum();
        admit(true, clear, output.get_mut(..len).unwrap_or_default())?;
        Ok(len)
    }
}

/// A client that lies inside its own encryption, for tests.
#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use jumpa_netsim::Rng;

    thread_local! {
        static LIES: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// From now on everything that this thread opens is changed, by chance that follows from the
    /// seed; `None` ends it.
    pub(crate) fn set_lies(seed: Option<u64>) {
        LIES.set(seed);
    }

    pub(super) fn tamper(plain: &mut [u8]) {
        let Some(seed) = LIES.get() else {
            return;
        };
        let mut rng = Rng::new(seed);
        LIES.set(Some(rng.next_u64()));
        for _ in 0..=rng.below(3) {
            let at = rng.below(plain.len() as u64) as usize;
            let Some(byte) = plain.get_mut(at) else {
                return;
            };
            *byte = match rng.below(4) {
                0 => 0,
                1 => 0xff,
                2 => *byte ^ (1 << rng.below(8)),
                _ => rng.next_u64() as u8,
            };
        }
    }
}
