//! Pictures of other sizes.

use gstreamer_video as gst_video;

use gst_video::{VideoConverter, VideoConverterConfig, VideoFrameExt};

use crate::picture::Picture;

/// Makes pictures of one size from those of another. Says that both are BT.601, or every pixel would
/// be converted where a picture crosses the size from which on others assume BT.709.
pub struct Scaler {
    from: gst_video::VideoInfo,
    to: gst_video::VideoInfo,
    converter: VideoConverter,
}

impl std::fmt::Debug for Scaler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let size = |info: &gst_video::VideoInfo| (info.width(), info.height());
        f.debug_struct("Scaler")
            .field("from", &size(&self.from))
            .field("to", &size(&self.to))
            .finish()
    }
}

impl Scaler {
    /// From one size to another; `None` of sizes that cannot be.
    #[must_use]
    pub fn new(from: (usize, usize), to: (usize, usize)) -> Option<Self> {
        let (from, to) = (info(from)?, info(to)?);
        let mut config = VideoConverterConfig::new();
        config.set_resampler_method(gst_video::VideoResamplerMethod::Linear);
        config.set_threads(1);
        let converter = VideoConverter::new(&from, &to, Some(config)).ok()?;
        Some(Self { from, to, converter })
    }

    /// Whether it is for these sizes.
    #[must_use]
    pub fn is_for(&self, from: (usize, usize), to: (usize, usize)) -> bool {
        let is = |info: &gst_video::VideoInfo, size: (usize, usize)| {
            (info.width() as usize, info.height() as usize) == size
        };
        is(&self.from, from) && is(&self.to, to)
    }

    /// Scales a picture.
    #[must_use]
    pub fn scale(&self, picture: &Picture) -> Option<Picture> {
        let input = frame_of(picture, &self.from)?;
        let buffer = gstreamer::Buffer::with_size(self.to.size()).ok()?;
        let mut output = gst_video::VideoFrame::from_buffer_writable(buffer, &self.to).ok()?;
        self.converter.frame(&input, &mut output);
        let stride = |plane: usize| usize::try_from(*output.plane_stride().get(plane)?).ok();
        Picture::from_planes(
            (self.to.width() as usize, self.to.height() as usize),
            [output.plane_data(0).ok()?, output.plane_data(1).ok()?, output.plane_data(2).ok()?],
            [stride(0)?, stride(1)?, stride(2)?],
        )
    }
}

fn info((width, height): (usize, usize)) -> Option<gst_video::VideoInfo> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    gst_video::VideoInfo::builder(gst_video::VideoFormat::I420, width, height)
        .colorimetry(&"bt601".parse().ok()?)
        .build()
        .ok()
}

/// A picture as GStreamer has it: with rows whose lengths are multiples of four.
fn frame_of(
    picture: &Picture,
    info: &gst_video::VideoInfo,
) -> Option<gst_video::VideoFrame<gst_video::video_frame::Writable>> {
    let buffer = gstreamer::Buffer::with_size(info.size()).ok()?;
    let mut frame = gst_video::VideoFrame::from_buffer_writable(buffer, info).ok()?;
    for (plane, (rows, length)) in (0..).zip(picture.planes()) {
        let stride = usize::try_from(*frame.plane_stride().get(plane as usize)?).ok()?;
        let target = frame.plane_data_mut(plane).ok()?;
        for (row, target) in rows.chunks_exact(length).zip(target.chunks_mut(stride)) {
            target.get_mut(..length)?.copy_from_slice(row);
        }
    }
    Some(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Area;

    #[test]
    fn a_picture_keeps_its_colours_in_every_size() {
        gstreamer::init().unwrap();
        let (left, right) = ([81, 90, 240], [145, 54, 34]);
        let mut picture = Picture::new(1_280, 720, left);
        picture.fill(Area { x: 640, y: 0, width: 640, height: 720 }, right);
        for size in [(640, 360), (426, 238), (202, 360), (1_920, 1_080)] {
            let scaler = Scaler::new(picture.size(), size).unwrap();
            assert!(scaler.is_for((1_280, 720), size));
            let scaled = scaler.scale(&picture).unwrap();
            assert_eq!(scaled.size(), size);
            assert_eq!(scaled.at(size.0 / 4, size.1 / 2), Some(left), "{size:?}");
            assert_eq!(scaled.at(size.0 * 3 / 4, size.1 / 2), Some(right), "{size:?}");
        }
    }
}
