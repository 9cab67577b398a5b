//! Records calls: every source of every participant into a file of its own, as it came.
//!
//! Nothing is decoded or encoded. A packet of a source goes through [`depacketizer`], which makes
//! frames of it, and [`timeline`], which says when the frame was on the clock of the recording;
//! [`webm`] writes it down. [`track`] ties the three together. None of them knows a clock, a socket
//! or a file, so an hour of media with loss and drift is tested in milliseconds.

pub mod depacketizer;
pub mod timeline;
pub mod track;
pub mod webm;
