//! The JSON Schema of the messages, for clients in other languages.

use jumpa_protocol::{fast::FastMessage, signal};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::checked_in;

#[test]
fn json_schema_is_up_to_date() {
    let path = checked_in::repository().join("docs/reference/signalling.schema.json");
    let mut text = serde_json::to_string_pretty(&document()).expect("plain JSON");
    text.push('\n');
    checked_in::check(&path, &text);
}

/// The schema: everything under `$defs`; `ClientMessage`, `ServerMessage` and `FastMessage` are the
/// three things that stand on a wire.
pub fn document() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    generator.subschema_for::<signal::ClientMessage>();
    generator.subschema_for::<signal::ServerMessage>();
    generator.subschema_for::<FastMessage>();
    let definitions = generator.take_definitions(true);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jumpa signalling, jumpa.v1",
        "description": "Clients send ClientMessage and get ServerMessage over the WebSocket; \
            FastMessage comes over the data channel.",
        "$defs": definitions,
    })
}

/// The values of `type` that a tagged enum knows, from its schema.
pub fn message_types(definition: &str) -> Vec<String> {
    let document = document();
    let variants = document["$defs"][definition]["oneOf"].as_array().expect("a tagged enum");
    variants
        .iter()
        .map(|variant| {
            variant["properties"]["type"]["const"].as_str().expect("a constant type").to_owned()
        })
        .collect()
}
