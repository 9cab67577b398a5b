//! Client and server are updated at different times: both ignore what they do not know.

use jumpa_protocol::{
    ErrorCode,
    fast::FastMessage,
    signal::{ClientMessage, ClientRequest, Event, ServerMessage},
};
use serde_json::{Value, json};

use crate::fixtures;

/// Adds a field that no version knows to every object inside a message.
fn with_unknown_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(with_unknown_fields);
            fields.insert("not_known_yet".to_owned(), json!({ "deep": [1, null] }));
        }
        Value::Array(items) => items.iter_mut().for_each(with_unknown_fields),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn unknown_fields_of_client_messages_are_ignored() {
    for (name, message) in fixtures::client_messages() {
        let mut json = serde_json::to_value(&message).expect("a message is plain JSON");
        with_unknown_fields(&mut json);
        let read: ClientMessage = serde_json::from_value(json).expect(name);
        assert_eq!(read, message, "{name}");
    }
}

#[test]
fn unknown_fields_of_server_messages_are_ignored() {
    for (name, message) in fixtures::server_messages() {
        let mut json = serde_json::to_value(&message).expect("a message is plain JSON");
        with_unknown_fields(&mut json);
        let read: ServerMessage = serde_json::from_value(json).expect(name);
        assert_eq!(read, message, "{name}");
    }
}

#[test]
fn an_unknown_request_type_is_read_as_unknown_with_its_request_id() {
    let json = r#"{"request_id":9,"type":"start_hologram","power":{"watts":[1,2]}}"#;
    let read: ClientMessage = serde_json::from_str(json).expect("readable");
    assert_eq!(read, ClientMessage { request_id: 9, request: ClientRequest::Unknown });
}

#[test]
fn the_type_may_come_before_or_after_the_other_fields() {
    let first = r#"{"type":"set_hand","is_raised":true,"request_id":3}"#;
    let last = r#"{"request_id":3,"is_raised":true,"type":"set_hand"}"#;
    let read = |json| serde_json::from_str::<ClientMessage>(json).expect("readable");
    assert_eq!(read(first), read(last));
}

#[test]
fn a_request_without_fields_takes_unknown_ones() {
    let json = r#"{"type":"leave","request_id":3,"because":"late"}"#;
    let read: ClientMessage = serde_json::from_str(json).expect("readable");
    assert_eq!(read.request, ClientRequest::Leave);
}

#[test]
fn unknown_server_types_and_events_are_read_as_unknown() {
    let read = |json| serde_json::from_str::<ServerMessage>(json).expect("readable");
    assert_eq!(read(r#"{"type":"hologram","x":1}"#), ServerMessage::Unknown);
    let event = r#"{"type":"event","seq":7,"event":{"type":"hologram_began","by":{"id":1}}}"#;
    assert_eq!(read(event), ServerMessage::Event { seq: 7, event: Event::Unknown });
}

#[test]
fn an_unknown_fast_message_is_read_as_unknown() {
    let read: FastMessage = serde_json::from_str(r#"{"type":"hum","hz":50}"#).expect("readable");
    assert_eq!(read, FastMessage::Unknown);
}

#[test]
fn a_request_without_type_or_id_or_with_a_wrong_type_is_refused() {
    for json in [
        r#"{"request_id":1}"#,
        r#"{"type":"leave"}"#,
        r#"{"type":"leave","request_id":-1}"#,
        r#"{"type":"leave","request_id":4294967296}"#,
        r#"{"type":"leave","request_id":"1"}"#,
        r#"{"type":"set_hand","request_id":1,"is_raised":"yes"}"#,
        r#"{"type":"react","request_id":1,"reaction":"bow"}"#,
        r#"{"type":7,"request_id":1}"#,
        r#"[1,"leave"]"#,
        "null",
        "",
    ] {
        assert!(serde_json::from_str::<ClientMessage>(json).is_err(), "{json}");
    }
}

#[test]
fn deep_nesting_is_refused_and_does_not_overflow_the_stack() {
    let json = format!(r#"{{"type":"x","request_id":1,"y":{}"#, "[".repeat(60_000));
    assert!(serde_json::from_str::<ClientMessage>(&json).is_err());
}

#[test]
fn every_error_code_has_its_own_text() {
    let texts: std::collections::HashSet<_> =
        ErrorCode::ALL.iter().map(|code| code.message()).collect();
    assert_eq!(texts.len(), ErrorCode::ALL.len());
}
