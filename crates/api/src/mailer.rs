//! Sends the mails of the outbox by SMTP.

use std::time::Duration;

use jumpa_db::{Database, DueMail, Timestamp};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::authentication::Credentials,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// How often the outbox is looked at. Mails are written in the change that causes them, maybe by
/// another process.
const POLL_INTERVAL: Duration = Duration::from_secs(2);

/// How long the mail server may take for one mail.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// Pauses between attempts. After the last one the mail has failed, two days after it was written.
const PAUSES: [Duration; 8] = [
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(4 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
    Duration::from_secs(20 * 60 * 60),
];

/// How the connection to the mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpEncryption {
    /// TLS from the first byte, usually port 465.
    Tls,
    /// TLS after STARTTLS, usually port 587; without it nothing is sent.
    StartTls,
    /// None: for a mail server on the same machine.
    None,
}

/// Where mails are handed over.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Name or address of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub encryption: SmtpEncryption,
    /// User name and password, if the server asks for them.
    pub credentials: Option<(String, String)>,
    /// The sender, `Jumpa <call@example.org>` or only an address.
    pub from: String,
}

impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpConfig").field("host", &self.host).finish_non_exhaustive()
    }
}

/// Why mails cannot be sent with these settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MailerError {
    /// The sender is no e-mail address.
    #[error("`{0}` is no sender for mails: an address like call@example.org is needed")]
    From(String),
    /// The name of the mail server is not usable.
    #[error("the mail server `{host}` cannot be used")]
    Host {
        /// Its name.
        host: String,
        /// Why not.
        #[source]
        source: lettre::transport::smtp::Error,
    },
}

/// Sends what lies in the outbox.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// Prepares sending; nothing is sent and no connection made yet.
    ///
    /// # Errors
    /// [`MailerError`].
    pub fn new(config: &SmtpConfig) -> Result<Self, MailerError> {
        let from = config.from.parse().map_err(|_| MailerError::From(config.from.clone()))?;
        let unusable = |source| MailerError::Host { host: config.host.clone(), source };
        type Transport = AsyncSmtpTransport<Tokio1Executor>;
        let builder = match config.encryption {
            SmtpEncryption::Tls => Transport::relay(&config.host).map_err(unusable)?,
            SmtpEncryption::StartTls => {
                Transport::starttls_relay(&config.host).map_err(unusable)?
            }
            SmtpEncryption::None => Transport::builder_dangerous(&config.host),
        };
        let mut builder = builder.port(config.port).timeout(Some(SEND_TIMEOUT));
        if let Some((name, password)) = &config.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Sends mails as they come, until `stop`. A mail that fails is tried again later.
    pub async fn keep_sending(&self, database: Database, stop: CancellationToken) {
        let mut is_away = false;
        while !stop.is_cancelled() {
            match database.operator().claim_mail(Timestamp::now()).await {
                Ok(Some(mail)) => {
                    is_away = false;
                    self.deliver(&database, mail).await;
                    continue;
                }
                Ok(None) => is_away = false,
                Err(error) if !is_away => {
                    warn!(%error, "the outbox cannot be read");
                    is_away = true;
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
        }
    }

    async fn deliver(&self, database: &Database, mail: DueMail) {
        let operator = database.operator();
        let noted = match self.send(&mail.recipient, &mail.subject, &mail.body).await {
            Ok(()) => {
                info!(mail.id = %mail.id, "a mail was sent");
                operator.note_mail_sent(mail.id, Timestamp::now()).await
            }
            Err(error) => {
                let pause = PAUSES.get(mail.attempts.saturating_sub(1) as usize);
                let next = pause.map(|pause| Timestamp::now() + *pause);
                warn!(mail.id = %mail.id, error, attempts = mail.attempts, "a mail was not sent");
                operator.note_mail_failed(mail.id, &error, next).await
            }
        };
        if let Err(error) = noted {
            // It is sent once more after its lease: better twice than never.
            warn!(mail.id = %mail.id, %error, "the outbox could not be written");
        }
    }

    /// Hands one mail over to the mail server; the error is in its words.
    pub(crate) async fn send(
        &self,
        recipient: &str,
        subject: &str,
        body: &str,
    ) -> Result<(), String> {
        let to: Mailbox = recipient.parse().map_err(|_| "no e-mail address".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body.to_owned())
            .map_err(|error| error.to_string())?;
        self.transport.send(message).await.map(drop).map_err(|error| error.to_string())
    }
}
