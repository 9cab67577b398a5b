#![no_main]

use jumpa_sfu::datagram::{Datagram, answered_transaction};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(Datagram::Check(check)) = Datagram::parse(data) {
        assert!(!check.local_ufrag.is_empty() && !check.local_ufrag.contains(':'));
        assert_eq!(answered_transaction(data), None);
    }
});
