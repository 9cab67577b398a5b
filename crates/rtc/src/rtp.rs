//! Packets between our form and str0m's.

use std::{sync::Arc, time::Instant};

use str0m::{
    format::{Codec as Str0mCodec, CodecConfig},
    media::Pt,
    rtp::{ExtensionValues, RtpPacket, RtpWrite, VideoOrientation, Vp8Descriptor, Vp8Patch},
};

use crate::{
    Codec, Line, MediaPacket, OutPacket, Rid, SenderReport, Slot, VideoFacts, Vp8Rewrite, h264,
    red, vp8,
};

/// Longest payload that is sent, bytes: with headers and tag it fits every path that browsers
/// use. str0m has room for 2,000 bytes of packet and would panic above.
const MAX_PAYLOAD: usize = 1_400;

/// Payload types of one m-line, by codec.
#[derive(Debug, Clone, Default)]
pub(crate) struct PayloadTypes {
    pub(crate) opus: Option<Pt>,
    pub(crate) red: Option<Pt>,
    pub(crate) vp8: Option<Pt>,
    pub(crate) h264: Option<Pt>,
}

impl PayloadTypes {
    /// Of an m-line for which the other side agreed to `agreed`.
    pub(crate) fn new(config: &CodecConfig, agreed: &[Pt], has_red: bool) -> Self {
        let mut types = Self::default();
        for params in config.params().iter().filter(|params| agreed.contains(&params.pt())) {
            let pt = Some(params.pt());
            match params.spec().codec {
                Str0mCodec::Opus => {
                    types.opus = pt;
                    types.red = params.red().filter(|_| has_red);
                }
                Str0mCodec::Vp8 => types.vp8 = pt,
                Str0mCodec::H264 => types.h264 = types.h264.or(pt),
                _ => {}
            }
        }
        types
    }

    /// The codecs that have one, the better form first.
    pub(crate) fn codecs(&self) -> Vec<Codec> {
        [
            (Codec::Red, self.red),
            (Codec::Opus, self.opus),
            (Codec::Vp8, self.vp8),
            (Codec::H264, self.h264),
        ]
        .into_iter()
        .filter_map(|(codec, pt)| pt.map(|_| codec))
        .collect()
    }
}

/// The codec of a payload type that arrived.
pub(crate) fn codec_of(config: &CodecConfig, payload_type: Pt) -> Option<Codec> {
    config.params().iter().find_map(|params| {
        let codec = params.spec().codec;
        if params.red() == Some(payload_type) {
            (codec == Str0mCodec::Opus).then_some(Codec::Red)
        } else if params.pt() == payload_type {
            match codec {
                Str0mCodec::Opus => Some(Codec::Opus),
                Str0mCodec::Vp8 => Some(Codec::Vp8),
                Str0mCodec::H264 => Some(Codec::H264),
                _ => None,
            }
        } else {
            None
        }
    })
}

/// The two bytes of a one-byte header extension (RFC 8285 section 4.2) of an RTP packet, whose
/// header is readable also when it is encrypted. `None` when the packet does not have it.
pub(crate) fn extension(datagram: &[u8], wanted: u8) -> Option<u16> {
    let first = *datagram.first()?;
    if first & 0x10 == 0 {
        return None;
    }
    let start = 12 + usize::from(first & 0x0f) * 4;
    let (header, data) = datagram.get(start..)?.split_first_chunk::<4>()?;
    let [0xbe, 0xde, high, low] = *header else {
        return None;
    };
    let mut rest = data.get(..usize::from(u16::from_be_bytes([high, low])) * 4)?;
    while let Some((&head, after)) = rest.split_first() {
        if head == 0 {
            rest = after;
            continue;
        }
        let (value, after) = after.split_at_checked(usize::from(head & 0x0f) + 1)?;
        if head >> 4 == wanted {
            return value.try_into().ok().map(u16::from_be_bytes);
        }
        rest = after;
    }
    None
}

/// Where a packet came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) line: Line,
    pub(crate) slot: Slot,
    pub(crate) rid: Option<Rid>,
}

/// A packet that arrived, in our form; `None` without payload.
pub(crate) fn incoming(packet: RtpPacket, place: Place, codec: Codec) -> Option<MediaPacket> {
    if packet.payload.is_empty() {
        return None;
    }
    let header = &packet.header;
    let extensions = &header.ext_vals;
    let video = match codec {
        Codec::Vp8 => vp8::facts(&packet.payload),
        Codec::H264 => h264::facts(&packet.payload),
        Codec::Opus | Codec::Red => VideoFacts::default(),
    };
    Some(MediaPacket {
        line: place.line,
        slot: place.slot,
        rid: place.rid,
        ssrc: *header.ssrc,
        codec,
        seq: *packet.seq_no,
        timestamp: header.timestamp,
        marker: header.marker,
        csrc: (header.csrc_count > 0).then(|| header.csrc.first().copied()).flatten(),
        // str0m gives negative decibels.
        audio_level: extensions.audio_level.map(|level| level.unsigned_abs().min(127)),
        voice_activity: extensions.voice_activity,
        rotation: extensions.video_orientation.map(|orientation| match orientation {
            VideoOrientation::Deg0 => 0,
            VideoOrientation::Deg90 => 90,
            VideoOrientation::Deg180 => 180,
            VideoOrientation::Deg270 => 270,
        }),
        video,
        // Before its first packet a sender has no timestamp that it could report.
        report: packet.last_sender_info.filter(|report| report.sender_packet_count > 0).map(
            |report| SenderReport {
                at: report.ntp_time,
                timestamp: report.rtp_time.numer() as u32,
            },
        ),
        received_at: packet.timestamp,
        captured_at: packet.timestamp,
        payload: packet.payload,
    })
}

/// A packet to send, in str0m's form; `None` when the m-line has no payload type for it or its
/// payload is too long or malformed.
pub(crate) fn outgoing(packet: OutPacket, types: &PayloadTypes, now: Instant) -> Option<RtpWrite> {
    let (pt, payload) = match packet.codec {
        Codec::Opus => (types.opus?, packet.payload),
        Codec::H264 => (types.h264?, packet.payload),
        Codec::Vp8 => (types.vp8?, packet.payload),
        Codec::Red => redundant(packet.payload, types)?,
    };
    if payload.is_empty() || payload.len() > MAX_PAYLOAD {
        return None;
    }
    let patch = match packet.vp8.filter(|_| packet.codec == Codec::Vp8) {
        Some(new) => Some(patch(&payload, new)?),
        None => None,
    };
    let extensions = ExtensionValues {
        audio_level: packet.audio_level.map(|level| -(level.min(127) as i8)),
        voice_activity: packet.voice_activity,
        video_orientation: packet.rotation.map(|degrees| match degrees {
            90 => VideoOrientation::Deg90,
            180 => VideoOrientation::Deg180,
            270 => VideoOrientation::Deg270,
            _ => VideoOrientation::Deg0,
        }),
        ..ExtensionValues::default()
    };
    let is_video = matches!(packet.codec, Codec::Vp8 | Codec::H264);
    let wallclock = packet.captured_at.min(now);
    let mut write = RtpWrite::new(pt, packet.seq.into(), packet.timestamp, wallclock, payload)
        .marker(packet.marker)
        .nackable(is_video)
        .ext_vals(extensions);
    if let Some(csrc) = packet.csrc {
        write = write.csrc(&[csrc]);
    }
    if let Some(patch) = patch {
        write = write.vp8_patch(patch);
    }
    Some(write)
}

/// New numbers for the payload descriptor, as far as it has the fields; `None` when it is
/// malformed. str0m applies the patch while it copies the payload into the datagram.
fn patch(payload: &[u8], new: Vp8Rewrite) -> Option<Vp8Patch> {
    let descriptor = Vp8Descriptor::parse(payload).ok()?;
    let mut patch = descriptor.patch();
    if let Some(value) = new.tl0_pic_idx.filter(|_| descriptor.tl0_pic_idx().is_some()) {
        patch = patch.tl0_pic_idx(value);
    }
    let Some(id) = new.picture_id.filter(|_| descriptor.picture_id().is_some()) else {
        return patch.build().ok();
    };
    // A descriptor with a 7-bit picture id gets the low 7 bits.
    patch.picture_id(id & 0x7fff).build().or_else(|_| patch.picture_id(id & 0x7f).build()).ok()
}

/// RED for a receiver that takes it, its primary block for one that does not.
fn redundant(payload: Arc<[u8]>, types: &PayloadTypes) -> Option<(Pt, Arc<[u8]>)> {
    let opus = types.opus?;
    let red = red::Red::parse(&payload)?;
    let Some(red_type) = types.red else {
        return Some((opus, red.primary(&payload).into()));
    };
    if red.has_payload_type(&payload, *opus) {
        return Some((red_type, payload));
    }
    let mut payload = payload;
    red.set_payload_type(Arc::make_mut(&mut payload), *opus);
    Some((red_type, payload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_is_found_behind_csrcs_padding_and_others() {
        let mut datagram = vec![0x91, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 5];
        datagram.extend([0xbe, 0xde, 0, 2, 0x10, 0x80, 0, 0x31, 0x12, 0x34, 0, 0, 7, 7]);
        assert_eq!(extension(&datagram, 3), Some(0x1234));
        assert_eq!(extension(&datagram, 1), None);
        assert_eq!(extension(&datagram, 4), None);
        for end in 0..datagram.len() - 4 {
            assert_eq!(extension(&datagram[..end], 3), None);
        }
    }
}
