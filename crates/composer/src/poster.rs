//! A picture of a moment, for lists; and the logo, which is a picture too.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use gstreamer as gst;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use gst::prelude::{Cast, ElementExt, GstBinExt, ObjectExt};
use gst_video::VideoFrameExt;
use jumpa_protocol::{MediaKind, SourceKind};
use jumpa_recorded::files::{POSTER_FILE, TrackName, media_files};

use crate::{
    chain::{Chain, ChainError},
    picture::{Area, Overlay, Picture, even},
    scaler::Scaler,
    sources::Sources,
};

/// The first seconds of a call are people who look for their camera.
pub const POSTER_MS: u64 = 10_000;

const POSTER_WIDTH: usize = 640;

/// How much of the canvas a logo may take: a tenth of its height, a quarter of its width.
const LOGO_HEIGHT: usize = 10;
const LOGO_WIDTH: usize = 4;

/// How long reading a logo may take: it is a small file that somebody uploaded.
const LOGO_PATIENCE: gst::ClockTime = gst::ClockTime::from_seconds(5);

/// Writes a picture as the poster of a folder.
///
/// # Errors
/// When the disk does not take it, or the encoder is not installed.
pub fn write_poster(folder: &Path, picture: &Picture) -> io::Result<()> {
    let jpeg = jpeg_of(picture).map_err(io::Error::other)?;
    let path = folder.join(POSTER_FILE);
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(&jpeg)?;
    file.sync_all()?;
    fs::rename(new, path)
}

fn jpeg_of(picture: &Picture) -> Result<Vec<u8>, ChainError> {
    let (width, height) = picture.size();
    let poster = (POSTER_WIDTH, even(POSTER_WIDTH * height / width.max(1)).max(2));
    let scaled = Scaler::new(picture.size(), poster).and_then(|scaler| scaler.scale(picture));
    let picture = scaled.as_ref().unwrap_or(picture);
    let (width, height) = picture.size();
    let caps = gst::Caps::builder("video/x-raw")
        .field("format", "I420")
        .field("width", width as i32)
        .field("height", height as i32)
        .field("framerate", gst::Fraction::new(0, 1))
        .field("colorimetry", "bt601")
        .build();
    let chain = Chain::new("jpegenc quality=85", &caps)?;
    let mut rows = Vec::with_capacity(picture.data().len() * 5 / 4);
    for (plane, stride) in picture.planes() {
        // Rows are multiples of four bytes long in GStreamer.
        for row in plane.chunks(stride) {
            rows.extend_from_slice(row);
            rows.resize(rows.len() + stride.next_multiple_of(4) - stride, 0);
        }
    }
    let mut buffer = gst::Buffer::from_mut_slice(rows);
    if let Some(buffer) = buffer.get_mut() {
        buffer.set_pts(gst::ClockTime::ZERO);
    }
    let samples = chain.push(buffer)?;
    let jpeg = samples.first().and_then(|sample| sample.buffer()?.map_readable().ok());
    jpeg.map(|jpeg| jpeg.to_vec()).ok_or_else(|| ChainError::Start("jpegenc".to_owned()))
}

/// A poster out of the camera that has the most pixels, or the screen when there is no camera.
/// `false` when there is no picture at all.
///
/// # Errors
/// When a file cannot be read, or the disk does not take the poster.
pub fn poster_of_best_source(folder: &Path, zero_ms: u64, end_ms: u64) -> io::Result<bool> {
    let mut best: Option<(bool, u64, (_, SourceKind))> = None;
    for name in media_files(folder)? {
        let Some(track) = TrackName::parse(&name) else {
            continue;
        };
        if track.source.media_kind() == MediaKind::Video {
            let bytes = fs::metadata(folder.join(&name))?.len();
            let is_camera = track.source == SourceKind::Camera;
            let found = (is_camera, bytes, (track.participant_id, track.source));
            if best.is_none_or(|(camera, most, _)| (camera, most) < (is_camera, bytes)) {
                best = Some(found);
            }
        }
    }
    let Some((_, _, key)) = best else {
        return Ok(false);
    };
    let mut sources = Sources::new(folder);
    sources.open_new(zero_ms)?;
    let mut at_ms = POSTER_MS.min(end_ms);
    loop {
        sources.advance_pictures(at_ms, &[key])?;
        if let Some(shown) = sources.picture(key) {
            write_poster(folder, &shown.picture)?;
            return Ok(true);
        }
        if at_ms >= end_ms {
            return Ok(false);
        }
        at_ms = (at_ms + 1_000).min(end_ms);
    }
}

/// Reads a logo, as large as it may be on a canvas. `None` when it is no image: the composite is
/// worth more than its decoration.
#[must_use]
pub fn logo(path: &Path, (width, height): (u16, u16)) -> Option<Overlay> {
    let read = read_logo(path, (usize::from(width), usize::from(height)));
    if read.is_none() {
        tracing::warn!("the logo cannot be read");
    }
    read
}

fn read_logo(path: &Path, (width, height): (usize, usize)) -> Option<Overlay> {
    // The first round tells the size, the second scales to what it may be.
    let caps = gst::Caps::builder("video/x-raw").field("format", "AYUV");
    let size = gst_video::VideoInfo::from_caps(image(path, &caps.build())?.caps()?).ok()?;
    let room =
        Area { x: 0, y: 0, width: even(width / LOGO_WIDTH), height: even(height / LOGO_HEIGHT) };
    let place = room.fit((size.width() as usize, size.height() as usize));
    let caps = gst::Caps::builder("video/x-raw")
        .field("format", "AYUV")
        .field("width", place.width as i32)
        .field("height", place.height as i32)
        .field("pixel-aspect-ratio", gst::Fraction::new(1, 1))
        .field("colorimetry", "bt601");
    let sample = image(path, &caps.build())?;
    let info = gst_video::VideoInfo::from_caps(sample.caps()?).ok()?;
    let frame = gst_video::VideoFrameRef::from_buffer_ref_readable(sample.buffer()?, &info).ok()?;
    let stride = usize::try_from(*frame.plane_stride().first()?).ok()?;
    let (width, height) = (info.width() as usize, info.height() as usize);
    let rows = frame.plane_data(0).ok()?.chunks(stride).take(height);
    let pixels = rows.flat_map(|row| {
        row.as_chunks::<4>()
            .0
            .iter()
            .take(width)
            .map(|[alpha, luma, blueness, redness]| ([*luma, *blueness, *redness], *alpha))
    });
    Some(Overlay { width, height, pixels: pixels.collect() })
}

/// An image file in a form.
fn image(path: &Path, caps: &gst::Caps) -> Option<gst::Sample> {
    let pipeline = gst::parse::launch(
        "filesrc name=file ! decodebin ! videoconvert ! videoscale ! appsink name=out sync=false",
    )
    .ok()?
    .downcast::<gst::Pipeline>()
    .ok()?;
    pipeline.by_name("file")?.set_property("location", path.to_str()?);
    let out = pipeline.by_name("out")?.downcast::<gst_app::AppSink>().ok()?;
    out.set_caps(Some(caps));
    let started = pipeline.set_state(gst::State::Paused);
    let sample = started.ok().and_then(|_| out.try_pull_preroll(LOGO_PATIENCE));
    pipeline.set_state(gst::State::Null).ok()?;
    sample
}
