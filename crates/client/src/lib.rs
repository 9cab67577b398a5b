//! A participant in Rust: join, publish, view, reconnect.
