//! The sources of a call, each on its way into its files.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use jumpa_client::{Client, RemotePacket, RemoteSource, Slot};
use jumpa_protocol::ParticipantId;
use jumpa_recorded::{
    events::{Line, LogEvent},
    files::TrackName,
};
use jumpa_rtc::{CaptureClock, MediaPacket, SenderReport};

use crate::{
    clock::RecordingClock,
    depacketizer::RtpPacket,
    disk::{Disk, DiskWrite},
    track::{Track, TrackOutput},
};

/// Every source that was ever heard or seen in this stay.
#[derive(Debug)]
pub(super) struct Sources {
    tracks: HashMap<RemoteSource, Recorded>,
    slots: HashMap<Slot, Stream>,
    /// Sound and pictures of a person are captured by one clock.
    captures: HashMap<ParticipantId, CaptureClock>,
    /// Who has left. Packets that come after that begin no file.
    gone: HashSet<ParticipantId>,
    next_stream: u64,
    next_number: u32,
}

#[derive(Debug)]
struct Recorded {
    track: Track,
    /// Where it was received last.
    slot: Slot,
    /// The number of its present file.
    file: Option<u32>,
}

/// What a slot carries now. Numbers and timestamps of a slot mean one stream only as long as it
/// carries one source.
#[derive(Debug)]
struct Stream {
    source: RemoteSource,
    ssrc: u32,
    first_seq: u64,
    id: u64,
    /// A report of what the slot carried before.
    stale: Option<SenderReport>,
}

impl Sources {
    pub(super) fn new(first_number: u32) -> Self {
        Self {
            tracks: HashMap::new(),
            slots: HashMap::new(),
            captures: HashMap::new(),
            gone: HashSet::new(),
            next_stream: 0,
            next_number: first_number,
        }
    }

    /// Media begins anew: slots carry other streams from now on.
    pub(super) fn forget_slots(&mut self) {
        self.slots.clear();
    }

    /// Takes a packet, and writes what it completes.
    pub(super) fn push(&mut self, clock: &RecordingClock, disk: &Disk, remote: RemotePacket) {
        let RemotePacket { mut packet, source: Some(source) } = remote else {
            return;
        };
        if self.gone.contains(&source.participant_id) {
            return;
        }
        let Some(Stream { id: stream, stale, .. }) = self.stream_of(source, &packet) else {
            return;
        };
        packet.report = packet.report.filter(|report| Some(report) != stale.as_ref());
        let stream = *stream;
        let captures = self.captures.entry(source.participant_id).or_default();
        let captured = captures.captured_at(&packet).map(|at| clock.at(at));
        let arrived = clock.at(packet.received_at);
        let recorded = self.tracks.entry(source).or_insert_with(|| Recorded {
            track: Track::new(source.source.media_kind(), clock.began_at_ms()),
            slot: packet.slot,
            file: None,
        });
        recorded.slot = packet.slot;
        let rtp = RtpPacket {
            seq: packet.seq,
            timestamp: packet.timestamp,
            marker: packet.marker,
            arrived,
            captured,
            rotation: packet.rotation,
            payload: packet.payload,
        };
        recorded.track.push(stream, packet.codec, rtp);
        recorded.write(source, arrived, clock, disk, &mut self.next_number);
    }

    /// Writes what has waited long enough, and asks for keyframes that are missing.
    pub(super) fn look(&mut self, clock: &RecordingClock, disk: &Disk, client: &Client) {
        let now = clock.now();
        for (source, recorded) in &mut self.tracks {
            recorded.write(*source, now, clock, disk, &mut self.next_number);
            if recorded.track.poll_keyframe_request(now) {
                client.request_keyframe(recorded.slot);
            }
        }
    }

    /// Somebody has left: their files are complete, and need not wait for the end of the call to get
    /// into the storage.
    pub(super) fn leave(&mut self, who: ParticipantId, clock: &RecordingClock, disk: &Disk) {
        let now = clock.now();
        let theirs = self.tracks.extract_if(|source, _| source.participant_id == who);
        for (source, mut recorded) in theirs {
            recorded.track.flush();
            recorded.write(source, now, clock, disk, &mut self.next_number);
            if let Some(number) = recorded.file {
                disk.write(DiskWrite::End { number });
            }
        }
        self.captures.remove(&who);
        self.gone.insert(who);
    }

    /// Somebody is there, who may have left before.
    pub(super) fn join(&mut self, who: ParticipantId) {
        self.gone.remove(&who);
    }

    /// Writes everything that waits: nothing more will come.
    pub(super) fn flush(&mut self, clock: &RecordingClock, disk: &Disk) {
        let now = clock.now();
        for (source, recorded) in &mut self.tracks {
            recorded.track.flush();
            recorded.write(*source, now, clock, disk, &mut self.next_number);
        }
    }

    /// The stream that a packet belongs to; `None` when it comes after its slot went to another.
    fn stream_of(&mut self, source: RemoteSource, packet: &MediaPacket) -> Option<&Stream> {
        let MediaPacket { slot, ssrc, seq, report: stale, .. } = *packet;
        let known = self.slots.get(&slot).filter(|stream| stream.ssrc == ssrc);
        let is_same = known.is_some_and(|stream| stream.source == source);
        if !is_same {
            if known.is_some_and(|stream| seq < stream.first_seq) {
                return None;
            }
            let id = self.next_stream;
            self.next_stream += 1;
            self.slots.insert(slot, Stream { source, ssrc, first_seq: seq, id, stale });
        }
        self.slots.get(&slot)
    }
}

impl Recorded {
    fn write(
        &mut self,
        source: RemoteSource,
        now: Duration,
        clock: &RecordingClock,
        disk: &Disk,
        next_number: &mut u32,
    ) {
        let log = |event| {
            let at_ms = clock.now().as_millis() as u64;
            disk.log(&Line { at_ms, event });
        };
        let RemoteSource { participant_id, source } = source;
        while let Some(output) = self.track.poll(now) {
            match output {
                TrackOutput::Begin { format, at, bytes } => {
                    let number = *next_number;
                    *next_number += 1;
                    let extension = format.codec.extension();
                    let name = TrackName { number, participant_id, source, extension }.to_string();
                    if let Some(number) = self.file.take() {
                        // Without this word the file is completed at the end of the recording.
                        disk.write(DiskWrite::End { number });
                    }
                    if disk.write(DiskWrite::Begin { number, name: name.clone(), bytes }) {
                        self.file = Some(number);
                        log(LogEvent::FileBegan { file: name, start_ms: at.as_millis() as u64 });
                    } else {
                        self.track.lost_beginning();
                    }
                }
                TrackOutput::Append(bytes) => {
                    let is_written = self
                        .file
                        .is_some_and(|number| disk.write(DiskWrite::Append { number, bytes }));
                    if !is_written {
                        self.track.lost_frame();
                    }
                }
                TrackOutput::Gap { from, to } => {
                    let (from_ms, to_ms) = (from.as_millis() as u64, to.as_millis() as u64);
                    log(LogEvent::Gap { participant_id, source, from_ms, to_ms });
                }
                TrackOutput::Anchor { at, timestamp: rtp_timestamp } => {
                    let media_ms = at.as_millis() as u64;
                    log(LogEvent::ClockAnchored {
                        participant_id,
                        source,
                        media_ms,
                        rtp_timestamp,
                    });
                }
                TrackOutput::Rotation { at, degrees } => {
                    let from_ms = at.as_millis() as u64;
                    log(LogEvent::PictureTurned { participant_id, source, from_ms, degrees });
                }
            }
        }
    }
}
