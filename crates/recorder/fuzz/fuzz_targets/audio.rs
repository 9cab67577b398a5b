#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jumpa_recorder_fuzz::targets::audio(data));
