//! One room of the SFU, sans-IO.

mod active_speakers;
mod allocator;
mod audio_slots;
mod bitrate_meter;
mod keyframe_throttle;
mod ladder;
mod layers_wanted;
mod level_report;
mod loss_tracker;
mod path_watch;
mod quality;
mod received_window;
mod rewriter;
mod voice;
