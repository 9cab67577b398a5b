//! The page that lists every error code, for those who branch on them.

use std::fmt::Write as _;

use jumpa_protocol::ErrorCode;

use crate::checked_in;

const INTRODUCTION: &str = "\
# Error codes

Why a request of signalling was refused.
Codes are stable: branch on them, and show your own text.
The message beside a code is one English sentence for developers.
This page is generated from `crates/protocol/src/error_code.rs`.

| code | message |
| --- | --- |
";

#[test]
fn the_page_of_error_codes_is_up_to_date() {
    let mut page = String::from(INTRODUCTION);
    for code in ErrorCode::ALL {
        writeln!(page, "| `{}` | {} |", code.as_str(), code.message()).expect("a string takes all");
    }
    checked_in::check(&checked_in::repository().join("docs/reference/error-codes.md"), &page);
}
