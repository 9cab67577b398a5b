//! Virtual clock and emulated links for tests.
