//! Who holds which permission: the table of the code against the one that was agreed, and the page
//! that shows it.

use std::fmt::Write as _;

use jumpa_api::{Holder, Permission};
use jumpa_protocol::Role;

use crate::checked_in;

/// Permission, then owner, admin, developer, agent, viewer, API key.
const AGREED: [(&str, [bool; 6]); 22] = [
    ("tenant:read", [true, true, true, true, true, false]),
    ("tenant:write", [true, true, false, false, false, false]),
    ("members:read", [true, true, true, true, true, false]),
    ("members:write", [true, true, false, false, false, false]),
    ("audit:read", [true, true, false, false, false, false]),
    ("apps:read", [true, true, true, true, true, true]),
    ("apps:write", [true, true, true, false, false, false]),
    ("keys:read", [true, true, true, false, false, false]),
    ("keys:write", [true, true, true, false, false, false]),
    ("tokens:create", [true, true, true, true, false, true]),
    ("rooms:read", [true, true, true, true, true, true]),
    ("rooms:write", [true, true, true, true, false, true]),
    ("calls:read", [true, true, true, true, true, true]),
    ("recordings:read", [true, true, true, true, true, true]),
    ("recordings:play", [true, true, false, true, false, true]),
    ("recordings:write", [true, true, false, true, false, true]),
    ("recordings:delete", [true, true, false, false, false, true]),
    ("storage:read", [true, true, false, false, false, false]),
    ("storage:write", [true, true, false, false, false, false]),
    ("usage:read", [true, true, true, false, true, true]),
    ("webhooks:read", [true, true, true, false, false, true]),
    ("webhooks:write", [true, true, true, false, false, true]),
];

const INTRODUCTION: &str = "\
# Roles and permissions

What a member of a tenant may do by role, and what an API key of an app may do with its app.
Only an owner makes somebody an owner or takes that away, and a tenant always keeps one.
Those who run the platform have their own operations under `/v1/operator`.
This page is generated from `crates/api/src/permission.rs`.

| permission | owner | admin | developer | agent | viewer | API key |
| --- | --- | --- | --- | --- | --- | --- |
";

fn holders() -> impl Iterator<Item = Holder> {
    Role::ALL.iter().copied().map(Holder::Member).chain([Holder::ApiKey])
}

#[test]
fn each_role_may_do_what_was_agreed() {
    assert_eq!(Permission::ALL.len(), AGREED.len());
    for (permission, (name, agreed)) in Permission::ALL.iter().zip(AGREED) {
        assert_eq!(permission.as_str(), name);
        let held: Vec<bool> = holders().map(|holder| permission.is_held_by(holder)).collect();
        assert_eq!(held, agreed, "{name}");
    }
}

#[test]
fn a_mightier_member_lacks_nothing_that_a_developer_holds() {
    for permission in Permission::ALL {
        if permission.is_held_by(Holder::Member(Role::Developer)) {
            assert!(permission.is_held_by(Holder::Member(Role::Admin)), "{permission:?}");
            assert!(permission.is_held_by(Holder::Member(Role::Owner)), "{permission:?}");
        }
    }
}

#[test]
fn the_page_of_permissions_is_up_to_date() {
    let mut page = String::from(INTRODUCTION);
    for permission in Permission::ALL {
        let cells: Vec<&str> = holders()
            .map(|holder| if permission.is_held_by(holder) { "yes" } else { "" })
            .collect();
        writeln!(page, "| `{}` | {} |", permission.as_str(), cells.join(" | ")).unwrap();
    }
    checked_in::check(&checked_in::repository().join("docs/reference/permissions.md"), &page);
}
