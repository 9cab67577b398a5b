use jumpa_db::{IdempotencyClaim, IdempotentRequest, StoredAnswer};
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::at;

const DAY: i64 = 24 * 60 * 60;

fn request(credential: &str, key: &str, body: &str) -> IdempotentRequest {
    IdempotentRequest::new(credential, key, &[b"POST", b"/v1/apps", body.as_bytes()])
}

fn answer() -> StoredAnswer {
    StoredAnswer {
        status_code: 201,
        content_type: Some("application/json".to_owned()),
        body: b"{\"secret\":\"rahasia\"}".to_vec(),
    }
}

#[on_both_engines]
async fn a_request_is_claimed_once_and_answered_as_before(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let first = request("sesi-rina", "kunci-1", "{}");
    let claim = |request: IdempotentRequest, seconds| async move {
        logins.claim_idempotent_request(&request, at(seconds)).await.unwrap()
    };
    assert!(matches!(claim(first.clone(), 10).await, IdempotencyClaim::Claimed));
    assert!(matches!(claim(first.clone(), 11).await, IdempotencyClaim::InFlight));
    let other = request("sesi-rina", "kunci-1", "{\"name\":1}");
    assert!(matches!(claim(other.clone(), 12).await, IdempotencyClaim::Reused));
    let somebody_else = request("sesi-budi", "kunci-1", "{}");
    assert!(matches!(claim(somebody_else, 12).await, IdempotencyClaim::Claimed));

    logins.finish_idempotent_request(&first, &answer()).await.unwrap();
    let again = claim(first.clone(), 20).await;
    assert!(matches!(again, IdempotencyClaim::Done(stored) if stored == answer()));
    assert!(matches!(claim(other, 21).await, IdempotencyClaim::Reused));
    assert!(matches!(claim(first, 10 + DAY).await, IdempotencyClaim::Claimed));
}

#[on_both_engines]
async fn a_request_whose_server_died_may_be_made_again(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let logins = world.database.logins();
    let first = request("sesi-rina", "kunci-1", "{}");
    logins.claim_idempotent_request(&first, at(10)).await.unwrap();
    let still = logins.claim_idempotent_request(&first, at(69)).await.unwrap();
    assert!(matches!(still, IdempotencyClaim::InFlight));
    let later = logins.claim_idempotent_request(&first, at(70)).await.unwrap();
    assert!(matches!(later, IdempotencyClaim::Claimed));
    logins.release_idempotent_request(&first).await.unwrap();
    let released = logins.claim_idempotent_request(&first, at(71)).await.unwrap();
    assert!(matches!(released, IdempotencyClaim::Claimed));
}

#[on_both_engines]
async fn answers_are_forgotten_after_a_day(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let first = request("sesi-rina", "kunci-1", "{}");
    world.database.logins().claim_idempotent_request(&first, at(10)).await.unwrap();
    let operator = world.database.operator();
    assert_eq!(operator.forget_idempotent_requests(at(9 + DAY)).await.unwrap(), 0);
    assert_eq!(operator.forget_idempotent_requests(at(10 + DAY)).await.unwrap(), 1);
}
