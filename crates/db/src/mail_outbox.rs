//! Mails on their way: written with the change that causes them, sent later.

use std::time::Duration;

use jumpa_protocol::{MailId, TenantId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    Author, Database, DbError, OperatorScope, Timestamp, audit::Act, statement::sql,
    transaction::Transaction,
};

/// How long a mail that is being sent is left alone. A server that dies meanwhile leaves it to the
/// next attempt after this.
const LEASE: Duration = Duration::from_secs(2 * 60);

/// A mail to be sent.
#[derive(Debug, Clone)]
pub struct OutgoingMail {
    /// Why it is sent, for example `invitation`.
    pub kind: &'static str,
    /// The tenant that it concerns.
    pub tenant_id: Option<TenantId>,
    /// The e-mail address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// Plain text. It holds links that are secrets, so it is stored sealed.
    pub body: String,
}

/// A mail that is to be sent now.
pub struct DueMail {
    /// Its id.
    pub id: MailId,
    /// The e-mail address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
}

/// A mail as the operator sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StoredMail {
    /// Its id.
    #[sqlx(try_from = "Uuid")]
    pub id: MailId,
    tenant_id: Option<Uuid>,
    /// Why it is sent.
    pub kind: String,
    /// The e-mail address.
    pub recipient: String,
    /// One line.
    pub subject: String,
    sealed_body: Option<Vec<u8>>,
    /// `pending`, `sent` or `failed`.
    pub status: String,
    /// How often it was tried.
    #[sqlx(try_from = "i64")]
    pub attempts: u32,
    /// When it is tried again, while it is pending.
    pub next_attempt_at: Timestamp,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
}

impl StoredMail {
    /// The tenant that it concerns.
    #[must_use]
    pub fn tenant_id(&self) -> Option<TenantId> {
        self.tenant_id.map(TenantId::from_uuid)
    }
}

#[derive(FromRow)]
struct ClaimedMail {
    #[sqlx(try_from = "Uuid")]
    id: MailId,
    recipient: String,
    subject: String,
    sealed_body: Option<Vec<u8>>,
    #[sqlx(try_from = "i64")]
    attempts: u32,
}

/// Puts a mail into the outbox as part of a change.
pub(crate) async fn queue_mail(
    change: &mut Transaction,
    database: &Database,
    mail: &OutgoingMail,
    now: Timestamp,
) -> Result<(), DbError> {
    let id = MailId::generate();
    let sealed_body = database.master_key().seal(&id.to_string(), mail.body.as_bytes());
    sql("INSERT INTO mail_outbox (id, tenant_id, kind, recipient, subject, sealed_body, status, \
         attempts, next_attempt_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7, $7)")
    .bind(id)
    .bind(mail.tenant_id)
    .bind(mail.kind)
    .bind(&mail.recipient)
    .bind(&mail.subject)
    .bind(sealed_body)
    .bind(now)
    .execute(change)
    .await?;
    Ok(())
}

impl OperatorScope<'_> {
    /// Takes the mail that waits longest, for somebody who sends it now. Nobody else gets it for
    /// two minutes.
    ///
    /// # Errors
    /// [`DbError::KeyFile`] when its text cannot be opened, [`DbError::Query`].
    pub async fn claim_mail(&self, now: Timestamp) -> Result<Option<DueMail>, DbError> {
        let mut change = self.begin().await?;
        change.lock("mail outbox").await?;
        let claimed: Option<ClaimedMail> = sql("UPDATE mail_outbox \
             SET attempts = attempts + 1, next_attempt_at = $2 \
             WHERE id = (SELECT id FROM mail_outbox WHERE status = 'pending' \
             AND next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT 1) \
             RETURNING id, recipient, subject, sealed_body, attempts")
        .bind(now)
        .bind(now + LEASE)
        .fetch_optional(&mut change)
        .await?;
        change.commit().await?;
        let Some(mail) = claimed else { return Ok(None) };
        Ok(Some(DueMail {
            id: mail.id,
            recipient: mail.recipient,
            subject: mail.subject,
            body: self.open_body(mail.id, mail.sealed_body.as_deref())?.unwrap_or_default(),
            attempts: mail.attempts,
        }))
    }

    /// Notes that a mail was sent, and forgets its text with the links in it.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_mail_sent(&self, id: MailId, now: Timestamp) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE mail_outbox SET status = 'sent', sent_at = $2, sealed_body = NULL, \
             last_error = NULL WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut change)
        .await?;
        change.commit().await
    }

    /// Notes that a mail could not be sent, and when it is tried again; never without a time.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn note_mail_failed(
        &self,
        id: MailId,
        error: &str,
        next_attempt_at: Option<Timestamp>,
    ) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        sql("UPDATE mail_outbox SET last_error = $2, \
             status = CASE WHEN $3 IS NULL THEN 'failed' ELSE 'pending' END, \
             next_attempt_at = COALESCE($3, next_attempt_at) WHERE id = $1")
        .bind(id)
        .bind(error)
        .bind(next_attempt_at)
        .execute(&mut change)
        .await?;
        change.commit().await
    }

    /// At most `limit` mails of one status, or of all, the newest first, after the given one.
    ///
    /// # Errors
    /// [`DbError::Query`].
    pub async fn mails(
        &self,
        status: Option<&str>,
        after: Option<&(Timestamp, MailId)>,
        limit: u32,
    ) -> Result<Vec<StoredMail>, DbError> {
        let newest = (Timestamp::from_micros(i64::MAX), MailId::from_uuid(Uuid::nil()));
        let (created_at, id) = after.copied().unwrap_or(newest);
        sql("SELECT * FROM mail_outbox WHERE (created_at < $1 OR (created_at = $1 AND id < $2)) \
             AND ($3 IS NULL OR status = $3) ORDER BY created_at DESC, id DESC LIMIT $4")
        .bind(created_at)
        .bind(id)
        .bind(status)
        .bind(limit)
        .fetch_all(self)
        .await
    }

    /// The text of a mail that was not sent yet, for an operator who hands the link over otherwise.
    ///
    /// # Errors
    /// [`DbError::KeyFile`].
    pub fn mail_body(&self, mail: &StoredMail) -> Result<Option<String>, DbError> {
        self.open_body(mail.id, mail.sealed_body.as_deref())
    }

    /// Sends a mail again that failed, or one that waits, at once.
    ///
    /// # Errors
    /// [`DbError::MailUnknown`] when there is no such mail or it was sent, [`DbError::Query`].
    pub async fn retry_mail(&self, id: MailId, by: &Author, now: Timestamp) -> Result<(), DbError> {
        let mut change = self.begin().await?;
        let done = sql("UPDATE mail_outbox SET status = 'pending', next_attempt_at = $2 \
             WHERE id = $1 AND status <> 'sent'")
        .bind(id)
        .bind(now)
        .execute(&mut change)
        .await?;
        if done == 0 {
            return Err(DbError::MailUnknown);
        }
        Act::new("mail.retried", None, ("mail", id)).record(&mut change, by, now).await?;
        change.commit().await
    }

    fn open_body(&self, id: MailId, sealed: Option<&[u8]>) -> Result<Option<String>, DbError> {
        let Some(sealed) = sealed else { return Ok(None) };
        let body = self.database().master_key().open(&id.to_string(), sealed)?;
        String::from_utf8(body).map(Some).map_err(|_| DbError::Damaged("mail"))
    }
}
