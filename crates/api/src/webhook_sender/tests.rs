use jumpa_db::WebhookFormat;
use jumpa_protocol::{ReportId, TenantId, WebhookDeliveryId, WebhookId};

use super::*;

fn delivery(attempts_of_round: u32) -> DueDelivery {
    DueDelivery {
        id: WebhookDeliveryId::generate(),
        tenant_id: TenantId::generate(),
        webhook_id: WebhookId::generate(),
        event_id: ReportId::generate(),
        url: "https://shop.example/hooks".to_owned(),
        format: WebhookFormat::Standard,
        secrets: vec![],
        body: String::new(),
        attempts: attempts_of_round,
        attempts_of_round,
        failing_since: None,
    }
}

fn attempt(status_code: Option<u16>) -> WebhookAttempt {
    WebhookAttempt {
        at: Timestamp::from_micros(0),
        status_code,
        error: None,
        duration_ms: 1,
        response_body: String::new(),
    }
}

#[test]
fn only_2xx_is_taken() {
    for status in [200, 204, 299] {
        assert_eq!(outcome(&delivery(1), &attempt(Some(status))), DeliveryOutcome::Delivered);
    }
    for status in [None, Some(301), Some(404), Some(500)] {
        let is_retried =
            matches!(outcome(&delivery(1), &attempt(status)), DeliveryOutcome::RetryAt(_));
        assert!(is_retried, "{status:?}");
    }
    assert_eq!(outcome(&delivery(1), &attempt(Some(GONE))), DeliveryOutcome::Failed);
}

#[test]
fn pauses_grow_to_a_day_and_then_it_has_failed() {
    let mut total = Duration::ZERO;
    for round in 1..=7 {
        let DeliveryOutcome::RetryAt(at) = outcome(&delivery(round), &attempt(None)) else {
            panic!("attempt {round} is the last one");
        };
        let pause = Duration::from_micros(u64::try_from(at.as_micros()).unwrap());
        assert!(pause > total || round == 1);
        total += pause;
    }
    assert!((Duration::from_secs(24 * 3_600)..Duration::from_secs(28 * 3_600)).contains(&total));
    assert_eq!(outcome(&delivery(8), &attempt(None)), DeliveryOutcome::Failed);
}
