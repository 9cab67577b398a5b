//! Makes the deliveries of webhooks: signs them, sends them, tries again.

mod signature;

use std::{sync::Arc, time::Duration};

use jumpa_db::{
    Database, DeliveryOutcome, DueDelivery, OutgoingMail, PausedWebhook, Timestamp, WebhookAttempt,
};
use jumpa_protocol::AllowedNetworks;
use tokio::{sync::Semaphore, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    mails,
    web_client::{self, WebClient},
};

/// How often the outbox is looked at. Events are written in the change that causes them, maybe by
/// another process.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Deliveries under way at a time: a receiver that hangs holds one place until it is given up.
const AT_A_TIME: usize = 32;

/// Pauses between attempts. After the last one the delivery has failed, a day after its event.
const PAUSES: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(60 * 60),
    Duration::from_secs(6 * 60 * 60),
    Duration::from_secs(17 * 60 * 60),
];

/// How long nothing has to be taken before a webhook is paused. Shorter pauses over a holiday,
/// longer goes on sending to somebody who is gone.
const PAUSED_AFTER: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// The receiver says that it is gone for good (RFC 9110 section 15.5.11).
const GONE: u16 = 410;

/// Sends what lies in the outbox of webhooks.
#[derive(Clone)]
pub struct WebhookSender {
    client: Arc<WebClient>,
    database: Database,
    /// What links in mails begin with.
    link_base: String,
}

impl WebhookSender {
    /// Prepares sending; no connection is made yet. Addresses inside `allowed` may be reached
    /// though they are not public.
    #[must_use]
    pub fn new(database: Database, allowed: AllowedNetworks, link_base: String) -> Self {
        Self { client: Arc::new(WebClient::new(allowed)), database, link_base }
    }

    /// Makes deliveries as they come, until `stop`. What is under way then is tried again by the
    /// next server.
    pub async fn keep_sending(self, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(AT_A_TIME));
        let mut under_way = JoinSet::new();
        let mut is_away = false;
        while !stop.is_cancelled() {
            while under_way.try_join_next().is_some() {}
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match self.database.operator().claim_webhook_delivery(Timestamp::now()).await {
                Ok(Some(delivery)) => {
                    is_away = false;
                    let sender = self.clone();
                    under_way.spawn(async move {
                        sender.deliver(&delivery).await;
                        drop(place);
                    });
                    continue;
                }
                Ok(None) => is_away = false,
                Err(error) if !is_away => {
                    warn!(%error, "the outbox of webhooks cannot be read");
                    is_away = true;
                }
                Err(_) => {}
            }
            drop(place);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
        }
    }

    async fn deliver(&self, delivery: &DueDelivery) {
        let attempt = self.attempt(delivery).await;
        let outcome = outcome(delivery, &attempt);
        let operator = self.database.operator();
        let noted = match operator.note_webhook_attempt(delivery, &attempt, outcome).await {
            Ok(failing_since) => self.pause_if_broken(delivery, &attempt, failing_since).await,
            Err(error) => Err(error),
        };
        match noted {
            Ok(()) => info!(
                webhook.id = %delivery.webhook_id,
                status = attempt.status_code,
                attempts = delivery.attempts,
                "a webhook was called"
            ),
            // It is made once more after its lease: better twice than never.
            Err(error) => warn!(
                webhook.id = %delivery.webhook_id,
                %error,
                "the outbox of webhooks could not be written"
            ),
        }
    }

    async fn attempt(&self, delivery: &DueDelivery) -> WebhookAttempt {
        let at = Timestamp::now();
        let begin = tokio::time::Instant::now();
        let headers = signature::headers(delivery, at);
        let answer = self.client.post(&delivery.url, headers, delivery.body.clone()).await;
        let duration_ms = u32::try_from(begin.elapsed().as_millis()).unwrap_or(u32::MAX);
        match answer {
            Ok(answer) => WebhookAttempt {
                at,
                status_code: Some(answer.status),
                error: None,
                duration_ms,
                response_body: answer.body,
            },
            Err(error) => WebhookAttempt {
                at,
                status_code: None,
                error: Some(error.to_string()),
                duration_ms,
                response_body: String::new(),
            },
        }
    }

    async fn pause_if_broken(
        &self,
        delivery: &DueDelivery,
        attempt: &WebhookAttempt,
        failing_since: Option<Timestamp>,
    ) -> Result<(), jumpa_db::DbError> {
        let is_long = failing_since.is_some_and(|since| since + PAUSED_AFTER <= attempt.at);
        let reason = match attempt.status_code {
            Some(GONE) => "gone",
            _ if is_long => "failing",
            _ => return Ok(()),
        };
        let platform = self.database.platform_settings().await?.name;
        let compose = |paused: &PausedWebhook| -> OutgoingMail {
            mails::webhook_paused(&platform, paused, reason, &self.link_base)
        };
        let operator = self.database.operator();
        operator.pause_webhook(delivery.webhook_id, reason, &compose, Timestamp::now()).await
    }
}

/// What follows from an attempt. Anything but 2xx is a failure, redirects included: they would
/// lead where nobody has looked.
fn outcome(delivery: &DueDelivery, attempt: &WebhookAttempt) -> DeliveryOutcome {
    match attempt.status_code {
        Some(200..=299) => return DeliveryOutcome::Delivered,
        Some(GONE) => return DeliveryOutcome::Failed,
        Some(_) | None => {}
    }
    let pause = PAUSES.get(delivery.attempts_of_round.saturating_sub(1) as usize);
    pause.map_or(DeliveryOutcome::Failed, |pause| {
        // Up to a tenth more, so that what failed together does not come back together.
        let more = pause.mul_f64(rand::random::<f64>() / 10.0);
        DeliveryOutcome::RetryAt(attempt.at + *pause + more)
    })
}

/// Whether a webhook can have this address, in words that say what is wrong.
pub(crate) fn check_url(url: &str) -> Result<(), &'static str> {
    web_client::Target::parse(url).map(drop)
}

#[cfg(test)]
mod tests;
