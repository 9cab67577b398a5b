//! The crypto library of all connections (aws-lc-rs), and what it saw.
//!
//! str0m does not tell whether a datagram was authentic, nor which packets a receiver asks for
//! again. Both can be seen where SRTP is opened: the ciphers here note in a thread-local register
//! that they opened something, and keep the plain text of RTCP. [`observe`] reads the register
//! around one call of str0m, which does all of its work on the calling thread.

use std::{
    cell::RefCell,
    sync::{Arc, LazyLock},
};

use str0m::crypto::{
    AeadAes128GcmCipher, AeadAes256GcmCipher, Aes128CmSha1_80Cipher, CryptoError, CryptoProvider,
    SrtpProvider, SupportedAeadAes128Gcm, SupportedAeadAes256Gcm, SupportedAes128CmSha1_80,
    from_feature_flags,
};

/// Bytes of an RTCP packet that are not encrypted.
const RTCP_CLEAR: usize = 8;

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
    /// Whether the plain text of what is opened shall be kept.
    keeps: bool,
    opened: Opened,
}

thread_local! {
    static REGISTER: RefCell<Register> = RefCell::default();
}

/// Calls `work` with a datagram of the other side and tells what was opened by it.
pub(crate) fn observe<T>(datagram: &[u8], work: impl FnOnce() -> T) -> (T, Opened) {
    let is_rtcp = datagram.get(1).is_some_and(|byte| (192..224).contains(byte));
    REGISTER.with_borrow_mut(|register| {
        register.keeps = is_rtcp;
        register.opened.is_authentic = false;
        register.opened.rtcp.clear();
        if is_rtcp {
            register.opened.rtcp.extend_from_slice(datagram.get(..RTCP_CLEAR).unwrap_or_default());
        }
    });
    let done = work();
    let opened = REGISTER.with_borrow_mut(|register| std::mem::take(&mut register.opened));
    (done, opened)
}

fn note(is_aead: bool, plain: &[u8]) {
    REGISTER.with_borrow_mut(|register| {
        register.opened.is_authentic = true;
        register.opened.is_aead = is_aead;
        if register.keeps {
            register.opened.rtcp.extend_from_slice(plain);
        }
    });
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
        note(false, out.get(..input.len()).unwrap_or_default());
        Ok(())
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
        note(true, output.get(..len).unwrap_or_default());
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
        note(true, output.get(..len).unwrap_or_default());
        Ok(len)
    }
}
