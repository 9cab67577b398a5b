//! What a decoder must know of pictures.

/// What pictures are coded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VideoCodec {
    /// RFC 7741.
    Vp8,
    /// RFC 6184.
    H264,
}

/// What a decoder must know before a keyframe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoFormat {
    /// Codec of the pictures.
    pub codec: VideoCodec,
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// `AVCDecoderConfigurationRecord` of H.264; empty for VP8.
    pub configuration: Vec<u8>,
}
