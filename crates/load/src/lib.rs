//! How far sound and pictures of a recording are apart, measured from end to end.
//!
//! [`av_offset`] has people who flash and beep in a real call, and finds both again in what was
//! recorded. [`encoded`] makes the media that they send. The program `jumpa-load` runs it for an
//! hour, the system tests for some seconds.

pub mod av_offset;
pub mod encoded;
