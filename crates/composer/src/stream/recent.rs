//! The last frames of a stream: everything since the last keyframe.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::{Formats, Packet};

/// What a viewer needs who begins now.
#[derive(Debug, Default)]
pub(super) struct Recent {
    packets: VecDeque<Arc<Packet>>,
    /// The number of the last picture; none while a keyframe is waited for.
    last_picture: Option<u64>,
}

impl Recent {
    /// Takes a packet; `false` of one that nobody could decode, since others before it were lost.
    pub(super) fn push(&mut self, packet: Arc<Packet>) -> bool {
        if packet.is_keyframe() {
            // Sound comes a little before its picture.
            let begin = packet.at();
            self.packets.retain(|other| other.is_sound && other.at() >= begin);
            self.packets.push_front(Arc::clone(&packet));
            self.last_picture = Some(packet.coded.number);
            return true;
        }
        if packet.is_sound {
            if self.last_picture.is_some() || self.packets.len() < super::MAX_WAITING {
                self.packets.push_back(packet);
            }
            return self.last_picture.is_some();
        }
        if packet.after.is_none() || self.last_picture != packet.after {
            self.last_picture = None;
            self.packets.clear();
            return false;
        }
        self.last_picture = Some(packet.coded.number);
        self.packets.push_back(packet);
        true
    }

    /// Whether a stream cannot begin now.
    pub(super) const fn is_empty(&self) -> bool {
        self.last_picture.is_none()
    }

    pub(super) fn packets(&self) -> impl Iterator<Item = &Arc<Packet>> {
        self.packets.iter()
    }

    pub(super) fn formats(&self) -> Option<&Arc<Formats>> {
        self.packets.front().map(|packet| &packet.formats)
    }

    /// The moment of the newest picture.
    pub(super) fn newest(&self) -> Duration {
        let pictures = self.packets.iter().filter(|packet| !packet.is_sound);
        pictures.map(|packet| packet.at()).max().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::Coded;

    fn packet(is_sound: bool, number: u64, is_keyframe: bool) -> Arc<Packet> {
        let formats = Formats { pictures: Vec::new(), sound: Vec::new(), size: (640, 360) };
        let coded = Coded { number, is_keyframe, data: vec![1] };
        let after = number.checked_sub(1).filter(|_| !is_sound);
        Arc::new(Packet { is_sound, after, coded, formats: Arc::new(formats) })
    }

    #[test]
    fn a_stream_begins_with_a_keyframe_and_the_sound_that_belongs_to_it() {
        let mut recent = Recent::default();
        assert!(!recent.push(packet(false, 59, false)));
        for number in 90..100 {
            recent.push(packet(true, number, true));
        }
        assert!(recent.is_empty());
        assert!(recent.push(packet(false, 60, true)));
        assert!(recent.push(packet(false, 61, false)));
        let numbers: Vec<(bool, u64)> =
            recent.packets().map(|packet| (packet.is_sound, packet.coded.number)).collect();
        // 60 / 30 s is 93.75 packets of sound.
        let sound = (94..100).map(|number| (true, number));
        assert_eq!(
            numbers,
            [(false, 60)].into_iter().chain(sound).chain([(false, 61)]).collect::<Vec<_>>()
        );
    }

    #[test]
    fn after_a_loss_nothing_is_shown_before_the_next_keyframe() {
        let mut recent = Recent::default();
        assert!(recent.push(packet(false, 0, true)));
        assert!(!recent.push(packet(false, 2, false)));
        assert!(!recent.push(packet(false, 3, false)));
        assert!(recent.is_empty());
        assert!(recent.push(packet(false, 60, true)));
    }

    #[test]
    fn a_picture_that_was_never_made_is_no_loss() {
        let mut recent = Recent::default();
        let after = |number, after| {
            let packet = Arc::into_inner(packet(false, number, false)).unwrap();
            Arc::new(Packet { after, ..packet })
        };
        assert!(recent.push(packet(false, 0, true)));
        assert!(recent.push(after(4, Some(0))));
        assert!(recent.push(after(8, Some(4))));
        assert!(!recent.push(after(10, None)), "some were not handed over");
        assert!(!recent.push(after(11, Some(10))));
    }
}
