//! Secrets in links that people get by mail.

use crate::{
    master_key::token_hash,
    random_text::{ALPHANUMERIC, random_text},
};

/// Random characters of a token: 256 bits.
const TOKEN_LEN: usize = 43;

/// A secret that stands in a link. The database holds only its hash.
#[derive(Clone)]
pub struct LinkToken(String);

impl LinkToken {
    /// Makes one from the system's random source.
    #[must_use]
    pub fn generate() -> Self {
        Self(random_text(ALPHANUMERIC, TOKEN_LEN))
    }

    /// The secret as it stands in the link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        token_hash(&self.0)
    }
}

impl std::fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkToken")
    }
}
