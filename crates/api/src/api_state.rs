//! What every handler can reach.

use std::{error::Error, net::IpAddr, sync::Arc, time::Duration};

use jumpa_db::Database;
use jumpa_protocol::{
    AppId, CallId, KeyId, ParticipantId, Refusal, RoomName, TenantId, UserId, directory::Directory,
    token::JoinClaims,
};
use serde_json::Value;
use tokio::sync::watch;

use crate::{
    Mailer, Node, OwnDomains, RateLimits, Recordings,
    attempt_limiter::{AttemptLimiter, Pace},
    passwords::Passwords,
    rate_limit::RequestLimiter,
};

/// What the control plane is made of.
#[derive(Clone)]
pub struct ApiConfig {
    /// Stored data.
    pub database: Database,
    /// Apps and keys as admission sees them.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// The server that runs the calls.
    pub node: Arc<dyn Node>,
    /// The recordings of all tenants.
    pub recordings: Recordings,
    /// Says for which call a rating token was made.
    pub rating_verifier: RatingVerifier,
    /// Signs and checks join tokens.
    pub join_tokens: JoinTokens,
    /// Where browsers reach the server, `https://call.example` without a path; absent when it is
    /// reached by whatever name the browser used.
    pub public_url: Option<String>,
    /// What links in mails begin with, without a slash at the end. Never what a request says, since
    /// whoever asks for a mail to somebody else would choose where its link leads.
    pub link_base: String,
    /// Sends mails; without it links are shown to whoever caused them.
    pub mailer: Option<Arc<Mailer>>,
    /// Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How fast one caller may ask.
    pub rate_limits: RateLimits,
}

/// Signs and checks join tokens. Signalling does both; the server connects the two.
#[derive(Clone)]
pub struct JoinTokens {
    /// Signs claims with a secret of a key.
    pub sign: TokenSigner,
    /// Says what somebody with a token would be told who joins a room, or the one that the token
    /// names.
    pub check: TokenChecker,
}

/// Signs claims with a secret of a key.
pub type TokenSigner = Arc<
    dyn Fn(&KeyId, &[u8], &JoinClaims) -> Result<String, Box<dyn Error + Send + Sync>>
        + Send
        + Sync,
>;

/// Checks a token for an app of a directory.
pub type TokenChecker =
    Arc<dyn Fn(&Directory, &AppId, Option<&RoomName>, &str) -> TokenReport + Send + Sync>;

/// What a join with a token would be told, and what stands in the token.
#[derive(Debug, Default)]
pub struct TokenReport {
    /// Why the join would be refused.
    pub refusal: Option<Refusal>,
    /// The header, whatever it says; `None` where it cannot be read.
    pub header: Option<Value>,
    /// The claims, whatever they say; `None` where they cannot be read.
    pub claims: Option<Value>,
}

/// Says for which call a rating token was made; `None` when the token is not one of ours or is too
/// old. Signalling makes and reads these tokens, the server connects the two.
pub type RatingVerifier = Arc<dyn Fn(&str) -> Option<RatingSubject> + Send + Sync>;

/// Who may rate what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatingSubject {
    /// The app of the call.
    pub app_id: AppId,
    /// The call.
    pub call_id: CallId,
    /// Who was in it.
    pub participant_id: ParticipantId,
}

#[derive(Clone)]
pub(crate) struct ApiState {
    pub(crate) config: Arc<ApiConfig>,
    pub(crate) passwords: Arc<Passwords>,
    pub(crate) limiters: Arc<Limiters>,
    pub(crate) own_domains: OwnDomains,
}

/// Who may try again when. Each limiter has its own lock, which is never held over an await.
pub(crate) struct Limiters {
    /// Logins from one address.
    pub(crate) login_addresses: AttemptLimiter<IpAddr>,
    /// Logins for one e-mail address. The pause is short, so that nobody can keep somebody else
    /// out by failing in their name.
    pub(crate) login_accounts: AttemptLimiter<String>,
    /// Password reset mails to one e-mail address.
    pub(crate) reset_accounts: AttemptLimiter<String>,
    /// Invitations by one tenant: they are mails to people who did not ask for them.
    pub(crate) invitations: AttemptLimiter<TenantId>,
    /// Proofs by one user who is logged in, so that a stolen session guesses slowly.
    pub(crate) proofs: AttemptLimiter<UserId>,
    /// Ratings from one address.
    pub(crate) rating_addresses: AttemptLimiter<IpAddr>,
    /// Requests of whatever kind.
    pub(crate) requests: RequestLimiter,
}

impl ApiState {
    pub(crate) fn new(config: ApiConfig) -> Self {
        let limiters = Limiters {
            login_addresses: AttemptLimiter::new(Pace {
                free_attempts: 20,
                first_pause: Duration::from_secs(1),
                longest_pause: Duration::from_secs(15 * 60),
                forgotten_after: Duration::from_secs(60 * 60),
            }),
            login_accounts: AttemptLimiter::new(Pace {
                free_attempts: 5,
                first_pause: Duration::from_secs(1),
                longest_pause: Duration::from_secs(30),
                forgotten_after: Duration::from_secs(15 * 60),
            }),
            reset_accounts: AttemptLimiter::new(Pace {
                free_attempts: 3,
                first_pause: Duration::from_secs(60),
                longest_pause: Duration::from_secs(60 * 60),
                forgotten_after: Duration::from_secs(24 * 60 * 60),
            }),
            invitations: AttemptLimiter::new(Pace {
                free_attempts: 50,
                first_pause: Duration::from_secs(10),
                longest_pause: Duration::from_secs(10 * 60),
                forgotten_after: Duration::from_secs(24 * 60 * 60),
            }),
            proofs: AttemptLimiter::new(Pace {
                free_attempts: 5,
                first_pause: Duration::from_secs(1),
                longest_pause: Duration::from_secs(60),
                forgotten_after: Duration::from_secs(15 * 60),
            }),
            rating_addresses: AttemptLimiter::new(Pace {
                free_attempts: 60,
                first_pause: Duration::from_secs(1),
                longest_pause: Duration::from_secs(60),
                forgotten_after: Duration::from_secs(10 * 60),
            }),
            requests: RequestLimiter::new(config.rate_limits),
        };
        let own_domains = OwnDomains::new(config.directory.clone(), config.public_url.as_deref());
        Self {
            own_domains,
            config: Arc::new(config),
            passwords: Arc::new(Passwords::new()),
            limiters: Arc::new(limiters),
        }
    }

    pub(crate) fn database(&self) -> &Database {
        &self.config.database
    }

    pub(crate) fn directory(&self) -> Arc<Directory> {
        Arc::clone(&self.config.directory.borrow())
    }
}
