//! Holds the HTTP contract to what it promises: the checked-in document is up to date and names
//! every route.
//!
//! `JUMPA_CODEGEN=1 cargo test -p jumpa-api --test contract` rewrites the checked-in files.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "../../../protocol/tests/contract/checked_in.rs"]
mod checked_in;
mod operations;
mod permissions;

use std::collections::BTreeSet;

use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(jumpa_api::document()).unwrap()
}

/// Every operation with its method and path.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        let methods = ["get", "post", "put", "patch", "delete"];
        methods
            .into_iter()
            .filter_map(move |method| Some((method, path.as_str(), item.get(method)?)))
    })
}

#[test]
fn the_document_is_up_to_date() {
    let text = jumpa_api::document().to_pretty_json().unwrap() + "\n";
    checked_in::check(&checked_in::repository().join("crates/api/openapi.json"), &text);
}

#[test]
fn the_document_is_openapi_3_1() {
    assert_eq!(document()["openapi"], "3.1.0");
}

#[test]
fn an_operation_is_named_by_a_verb_and_a_noun() {
    let verbs = [
        "accept", "admit", "cancel", "change", "check", "confirm", "create", "delete", "disable",
        "drain", "end", "enrol", "export", "list", "lock", "mute", "prepare", "remove", "request",
        "resend", "reset", "restore", "resume", "retry", "revoke", "rotate", "send", "show",
        "start", "stop", "suspend", "switch", "undrain", "update", "verify",
    ];
    let document = document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        let (verb, noun) = id.split_once('_').unwrap();
        assert!(verbs.contains(&verb) && !noun.is_empty(), "{id}");
        assert!(ids.insert(id), "{id} stands twice, the second time at {method} {path}");
    }
}

#[test]
fn an_operation_tells_its_tag_its_summary_and_who_may_use_it() {
    let document = document();
    let tags: Vec<&Value> =
        document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    for (method, path, operation) in operations(&document) {
        let name = format!("{method} {path}");
        assert!(tags.contains(&&operation["tags"][0]), "{name}");
        assert!(operation["summary"].is_string(), "{name}");
        assert!(!operation["security"].as_array().unwrap().is_empty(), "{name}");
    }
}

#[test]
fn a_refusal_is_a_problem_whose_codes_are_listed() {
    let document = document();
    let refusal = &document["components"]["responses"]["Refusal"]["content"];
    let schema = &refusal["application/problem+json"]["schema"]["$ref"];
    assert_eq!(schema, "#/components/schemas/Problem");
    let codes = document["components"]["schemas"]["ProblemCode"]["enum"].as_array().unwrap();
    for code in jumpa_api::Code::ALL {
        assert!(codes.contains(&code.as_str().into()), "{}", code.as_str());
    }
    for (method, path, operation) in operations(&document) {
        let fallback = &operation["responses"]["default"]["$ref"];
        assert_eq!(fallback, "#/components/responses/Refusal", "{method} {path}");
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|field| walk(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
            _ => {}
        }
    }
    let document = document();
    let mut references = vec![];
    walk(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}
