//! Recorders that were taken out of service.

use std::collections::BTreeSet;

use jumpa_db::AuditFilter;
use jumpa_test_database::{Engine, TestDatabase, on_both_engines};

use crate::{at, by};

#[on_both_engines]
async fn a_recorder_drains_until_it_is_taken_back(engine: Engine) {
    let world = TestDatabase::new(engine).await;
    let operator = world.database.operator();
    let drain = async |is_draining, seconds| {
        operator.set_recorder_draining("perekam-1", is_draining, &by(), at(seconds)).await.unwrap();
    };
    drain(true, 1).await;
    drain(true, 2).await;
    let draining = BTreeSet::from(["perekam-1".to_owned()]);
    assert_eq!(operator.draining_recorders().await.unwrap(), draining);
    drain(false, 3).await;
    drain(false, 4).await;
    assert_eq!(operator.draining_recorders().await.unwrap(), BTreeSet::new());
    let audit = operator.audit(None, &AuditFilter::default(), None, 10).await.unwrap();
    let acts: Vec<&str> = audit.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(acts, ["recorder.undrained", "recorder.drained"], "what changes nothing is no act");
}
