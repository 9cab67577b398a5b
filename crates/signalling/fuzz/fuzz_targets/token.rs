#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jumpa_signalling_fuzz::targets::token(data));
