//! One room of the SFU, sans-IO.

mod active_speakers;
mod allocator;
mod audio_assignment;
mod audio_slot;
mod bitrate_meter;
mod keyframe_throttle;
mod keys;
mod ladder;
mod layers_wanted;
mod level_report;
mod loss_tracker;
mod path_watch;
mod quality;
mod received_window;
mod rewriter;
mod source;
#[cfg(test)]
mod test_packet;
mod video_slot;
mod voice;
