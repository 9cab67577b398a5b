//! The page that lists every operation of the API.

use std::fmt::Write as _;

use crate::{checked_in, document, operations};

const INTRODUCTION: &str = "\
# Operations of the API

Every operation under `/v1` but signalling, by subject.
Requests, answers and refusals of each stand in `GET /openapi.json`.
`session` is the cookie of a login; what a member needs for it: [Roles and permissions](permissions.md).
This page is generated from `crates/api/openapi.json`.
";

#[test]
fn the_page_of_operations_is_up_to_date() {
    let document = document();
    let mut page = String::from(INTRODUCTION);
    for tag in document["tags"].as_array().unwrap() {
        let (name, description) = (&tag["name"], tag["description"].as_str().unwrap());
        writeln!(page, "\n## {description}\n\n| request | does | needs |\n| --- | --- | --- |")
            .unwrap();
        for (method, path, operation) in operations(&document) {
            if operation["tags"][0] != *name {
                continue;
            }
            let text = operation["description"].as_str().unwrap_or_default().replace('\n', " ");
            let permission = text.split("Needs `").nth(1).and_then(|rest| rest.split('`').next());
            let is_open = operation["security"][0].as_object().is_some_and(|one| one.is_empty());
            let needs = match permission {
                Some(permission) => format!("`{permission}`"),
                None if path.starts_with("/v1/operator") => "an operator's session".to_owned(),
                None if is_open => String::new(),
                None => "session".to_owned(),
            };
            let (method, summary) = (method.to_uppercase(), operation["summary"].as_str().unwrap());
            writeln!(page, "| `{method} {path}` | {summary} | {needs} |").unwrap();
        }
    }
    checked_in::check(&checked_in::repository().join("docs/reference/operations.md"), &page);
}
