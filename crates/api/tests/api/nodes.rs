//! The servers that run calls, for the operator.

use axum::http::{Method, StatusCode};
use jumpa_api::Node;
use jumpa_protocol::NodeId;
use jumpa_test_database::{Engine, on_both_engines};
use serde_json::json;

use crate::World;

#[on_both_engines]
async fn a_drained_node_says_so_until_it_is_taken_back(engine: Engine) {
    let world = World::on(engine).await;
    let cookie = world.operator_cookie().await;
    world.node.begin(&world.app.id, "ruang-1", 1_795_321_800);
    let nodes = world.get("/v1/operator/nodes", Some(&cookie)).await.body;
    let node = &nodes["data"][0];
    assert_eq!((&node["calls"], &node["participants"]), (&json!(1), &json!(1)));
    assert_eq!((&node["is_draining"], &node["cpu_ratio"]), (&json!(false), &json!(0.25)));

    let id = node["id"].as_str().unwrap();
    for (verb, is_draining) in [("drain", true), ("undrain", false)] {
        let path = format!("/v1/operator/nodes/{id}/{verb}");
        let answer = world.call(Method::POST, &path, &json!({}), &cookie).await;
        assert_eq!(answer.body["is_draining"], is_draining, "{:?}", answer.body);
        assert_eq!(world.node.status().is_draining, is_draining);
    }
    let audit = world.get("/v1/operator/audit", Some(&cookie)).await.body;
    assert_eq!(audit["data"][0]["action"], "node.undrained");
    assert_eq!(audit["data"][1]["action"], "node.drained");
}

#[tokio::test]
async fn another_node_is_not_found() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let path = format!("/v1/operator/nodes/{}/drain", NodeId::generate());
    let answer = world.call(Method::POST, &path, &json!({}), &cookie).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!world.node.status().is_draining);
}

#[tokio::test]
async fn the_health_page_tells_what_to_do() {
    let world = World::new().await;
    let cookie = world.operator_cookie().await;
    let health = world.get("/v1/operator/health", Some(&cookie)).await.body;
    assert_eq!(health["data"][0]["verdict"], "doubtful");
    assert_eq!(health["data"][0]["remedy"], "make room soon");
    assert_eq!(health["data"][0]["code"], "free_space_scarce");
    assert_eq!(health["data"][0]["params"], json!({ "mib": "412" }));
}
