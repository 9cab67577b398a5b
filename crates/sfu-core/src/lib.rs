//! One room of the SFU, sans-IO.

mod allocator;
mod bitrate_meter;
mod keyframe_throttle;
mod ladder;
mod loss_tracker;
mod received_window;
mod rewriter;
