#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jumpa_rtc_fuzz::targets::h264(data));
